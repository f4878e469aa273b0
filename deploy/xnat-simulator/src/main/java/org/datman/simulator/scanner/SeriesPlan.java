package org.datman.simulator.scanner;

import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.TreeMap;
import org.datman.simulator.scanner.Scenario.Fault;
import org.datman.simulator.scanner.Scenario.Scanner;
import org.datman.simulator.scanner.SeriesProtocol.Orientation;
import org.datman.simulator.scanner.SeriesProtocol.PhaseEncoding;
import org.jspecify.annotations.Nullable;

/**
 * One series as it will be written: its bytes depend on nothing else.
 *
 * @param seed of the scenario
 * @param sessionLabel also the patient's name in the header
 * @param phantom a sphere instead of a head
 * @param date of the examination
 * @param startSeconds begin of the series after midnight
 * @param number DICOM series number
 * @param run 1, or 2 for the second time of a repeated series
 * @param protocol with the drifted values applied
 * @param acquired volumes that were acquired before the scan stopped
 * @param faults those that live in the pixels
 * @param corruptFile ordinal of the file that is garbage, 0 for none
 * @param noDicom the folder holds something else
 * @param late when it reaches XNAT after the session; null when it comes with it
 */
record SeriesPlan(
        long seed,
        String project,
        String sessionLabel,
        String subjectLabel,
        Scanner scanner,
        boolean phantom,
        LocalDate date,
        double startSeconds,
        int number,
        int run,
        SeriesProtocol protocol,
        int acquired,
        List<Fault> faults,
        int corruptFile,
        boolean noDicom,
        @Nullable Duration late) {

    String studyUid() {
        return Uids.of(seed, project, sessionLabel, "study");
    }

    String seriesUid() {
        return Uids.of(seed, project, sessionLabel, number, protocol.key(), run);
    }

    String frameOfReferenceUid() {
        return Uids.of(seed, project, sessionLabel, "frame of reference");
    }

    String instanceUid(int instance) {
        return Uids.of(seriesUid(), instance);
    }

    /** Phase encoding runs along the image's columns (its row index grows), as opposed to along its rows. */
    boolean phaseAlongColumns() {
        PhaseEncoding pe = protocol.phaseEncoding();
        return protocol.orientation() == Orientation.AXIAL && (pe == PhaseEncoding.AP || pe == PhaseEncoding.PA);
    }

    /** Phase encoding runs in the direction in which the pixel index grows (axial: to P along columns, to L along rows). */
    boolean phasePositive() {
        return protocol.phaseEncoding() == PhaseEncoding.AP || protocol.phaseEncoding() == PhaseEncoding.RL;
    }

    /** Matrix along the phase-encoding axis. */
    int phaseSteps() {
        return phaseAlongColumns() ? protocol.rows() : protocol.columns();
    }

    /** The receive coil: the scanner's, unless it drifted. */
    String coil() {
        return protocol.headerOverrides().getOrDefault("ReceiveCoilName", scanner.coil());
    }

    /**
     * When the slices of one volume are excited, ms after its begin: interleaved. Siemens starts an even number of slices at the second,
     * an odd number and other vendors at the first.
     */
    double[] sliceTimes() {
        int n = protocol.slices();
        boolean oddFirst = scanner.vendor() == Scenario.Vendor.SIEMENS && n % 2 == 0;
        double[] times = new double[n];
        int order = 0;
        for (int pass = 0; pass < 2; pass++) {
            int first = (pass == 0) == oddFirst ? 1 : 0;
            for (int k = first; k < n; k += 2) {
                times[k] = order++ * protocol.repetitionTime() / n;
            }
        }
        return times;
    }

    String folderName() {
        return number + "-" + protocol.description().replaceAll("[^A-Za-z0-9.+]+", "_");
    }

    /** Text of all values that determine the bytes. */
    String canonical() {
        return String.join(
                "|",
                "" + seed,
                project,
                sessionLabel,
                subjectLabel,
                scanner.toString(),
                "" + phantom,
                date.toString(),
                "" + startSeconds,
                "" + number,
                "" + run,
                protocol.canonical(),
                "" + acquired,
                faults.stream()
                        .map(f -> f.kind() + new TreeMap<>(f.details()).toString())
                        .toList()
                        .toString(),
                "" + corruptFile,
                "" + noDicom);
    }
}

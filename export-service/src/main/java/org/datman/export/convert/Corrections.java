package org.datman.export.convert;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import org.datman.export.dicom.SourceHeaders;
import org.datman.export.dicom.SourceHeaders.Frames;
import org.datman.imaging.nifti.NiftiHeader;
import org.datman.imaging.nifti.NiftiHeaderEdits;
import org.jspecify.annotations.Nullable;

/** Corrects the times of a converted image to those of its source headers, and reports the changes. */
final class Corrections {

    /** Relative difference above which two repetition times count as different. */
    private static final double SAME = 0.01;

    private static final double EXACT = 1e-6;
    private static final String TR = "RepetitionTime";
    private static final String EXCITATION = "RepetitionTimeExcitation";
    private static final String DIRECTION = "PhaseEncodingDirection";
    private static final String GE_POLARITY = "PhaseEncodingPolarityGE";
    private static final String SLICE_TIMING = "SliceTiming";

    private final BidsSidecar sidecar;
    private final NiftiHeader header;
    private final ImageFacts facts;
    private final SourceHeaders source;
    private final List<String> made = new ArrayList<>();

    private Corrections(BidsSidecar sidecar, NiftiHeader header, ImageFacts facts, SourceHeaders source) {
        this.sidecar = sidecar;
        this.header = header;
        this.facts = facts;
        this.source = source;
    }

    /** Corrects sidecar and NIfTI header; the sidecar must be written afterwards. Returns a description of the changes. */
    static List<String> make(
            BidsSidecar sidecar, Path nifti, NiftiHeader header, ImageFacts facts, SourceHeaders source)
            throws IOException {
        Corrections corrections = new Corrections(sidecar, header, facts, source);
        corrections.repetitionTime(nifti);
        corrections.sliceTiming();
        corrections.phaseEncodingDirection();
        return corrections.made;
    }

    /**
     * dcm2niix (all versions up to 1.0.20260724) computes the repetition time of some vendors from the first and the last acquisition
     * time, which is wrong when the scanner's clock was set in between. If the header's own time is the interval between most
     * volumes, it is used; if the volumes have another interval, the converter's value is kept.
     */
    private void repetitionTime(Path nifti) throws IOException {
        Optional<Double> converted = sidecar.real(TR);
        OptionalDouble stated = source.repetitionTime();
        if (converted.isEmpty()
                || stated.isEmpty()
                || header.volumeCount() < 2
                || same(converted.get(), stated.getAsDouble(), SAME)) {
            return;
        }
        double own = stated.getAsDouble();
        OptionalDouble spacing = source.volumeSpacing(facts.echo(), facts.part(), (int) header.volumeCount());
        if (spacing.isEmpty() || !same(spacing.getAsDouble(), own, SAME)) {
            return;
        }
        sidecar.set(TR, own);
        if (sidecar.real(EXCITATION).filter(time -> same(time, own, SAME)).isPresent()) {
            sidecar.remove(EXCITATION);
        }
        NiftiHeaderEdits.setRepetitionTime(nifti, own);
        made.add(String.format(
                Locale.ROOT,
                "RepetitionTime is %s s as in the DICOM headers and between most volumes, not the converter's %s s",
                plain(own),
                plain(converted.get())));
    }

    /**
     * Debian's dcm2niix 1.0.20220720 inverts (0018,9034) of GE when de-identification has removed GE's private
     * block (0043,xx2A); 1.0.20260724 reads it correctly. A wrong sign doubles the distortion that a pipeline should remove.
     */
    private void phaseEncodingDirection() throws IOException {
        Optional<String> converted = sidecar.text(DIRECTION);
        Optional<String> stated = source.geDirection(facts.series());
        if (stated.isEmpty()
                || converted.isEmpty()
                || converted.equals(stated)
                || !converted.get().matches("j-?")) {
            return;
        }
        sidecar.set(DIRECTION, stated.get());
        if (sidecar.has(GE_POLARITY)) {
            sidecar.set(GE_POLARITY, stated.get().equals("j") ? "Flipped" : "Unflipped");
        }
        made.add("PhaseEncodingDirection is " + stated.get()
                + " as RectilinearPhaseEncodeReordering (0018,9034) states, not the converter's " + converted.get());
    }

    /**
     * Debian's dcm2niix 1.0.20220720 has errors of up to 1.41 s in the slice times of Siemens XA multiband EPI at a repetition time of 1.5 s,
     * and of up to 4.22 s for its classic export; 1.0.20241211 and later are correct. Newer versions are checked as well.
     */
    private void sliceTiming() throws IOException {
        int slices = header.nz();
        double[] converted = sidecar.numbers(SLICE_TIMING).orElse(null);
        double repetition = sidecar.real(TR).orElse(0.0);
        boolean sliceBySlice = source.acquisitionType().equals("2D") && slices > 1 && repetition > 0;
        if (!sliceBySlice && !sidecar.has(SLICE_TIMING)) {
            return;
        }
        Optional<Frames> frames =
                sliceBySlice ? source.firstVolume(facts.echo(), facts.part(), slices) : Optional.empty();
        Optional<double[]> times =
                frames.flatMap(all -> SliceTimes.inOrder(all.frames(), header.affine(), slices, repetition));
        if (times.isPresent()) {
            write(converted, times.get(), frames.get().source());
        } else if (sidecar.has(SLICE_TIMING)) {
            refuseImpossible(converted, slices, repetition);
        }
    }

    private void write(double @Nullable [] converted, double[] stated, String from) {
        double difference = converted == null ? Double.POSITIVE_INFINITY : SliceTimes.difference(converted, stated);
        if (difference <= SliceTimes.TOLERANCE) {
            return;
        }
        sidecar.set(SLICE_TIMING, stated);
        made.add("SliceTiming is that of the DICOM headers (" + from + "); the converter's "
                + (converted == null
                        ? "was missing"
                        : Double.isInfinite(difference)
                                ? "had another number of slices"
                                : "was up to " + plain(Math.rint(difference * 1e4) / 1e4) + " s off"));
    }

    private void refuseImpossible(double @Nullable [] converted, int slices, double repetition) throws IOException {
        Optional<double[]> mosaic = source.mosaicTimes(facts.echo(), facts.part());
        if (converted == null || !SliceTimes.possible(converted, slices, repetition)) {
            sidecar.remove(SLICE_TIMING);
            made.add("SliceTiming of the converter was left out: it is not one time per slice within a repetition of "
                    + plain(repetition) + " s, and the DICOM headers do not contain the times");
        } else if (mosaic.isPresent()
                && SliceTimes.differenceOfSorted(mosaic.get(), converted) > SliceTimes.TOLERANCE) {
            sidecar.remove(SLICE_TIMING);
            made.add(
                    "SliceTiming of the converter was left out: MosaicRefAcqTimes of the DICOM headers has other times");
        }
    }

    private static boolean same(double one, double other, double part) {
        return Math.abs(one - other) <= part * Math.max(Math.abs(one), Math.abs(other)) + EXACT;
    }

    private static String plain(double number) {
        return java.math.BigDecimal.valueOf(number).stripTrailingZeros().toPlainString();
    }
}

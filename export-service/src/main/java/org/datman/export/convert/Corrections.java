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

/** Makes the times of a converted image those of the headers that it was made of, and says what was changed. */
final class Corrections {

    /** Two repetition times further apart than this part of each other are two. */
    private static final double SAME = 0.01;

    private static final double EXACT = 1e-6;
    private static final String TR = "RepetitionTime";
    private static final String EXCITATION = "RepetitionTimeExcitation";
    private static final String DIRECTION = "PhaseEncodingDirection";
    private static final String GE_POLARITY = "PhaseEncodingPolarityGE";
    private static final String SLICE_TIMING = "SliceTiming";

    private final Sidecar sidecar;
    private final NiftiHeader header;
    private final ImageFacts facts;
    private final SourceHeaders source;
    private final List<String> made = new ArrayList<>();

    private Corrections(Sidecar sidecar, NiftiHeader header, ImageFacts facts, SourceHeaders source) {
        this.sidecar = sidecar;
        this.header = header;
        this.facts = facts;
        this.source = source;
    }

    /** Corrects sidecar and NIfTI header; the sidecar is still to be written. Returns what was changed, in words. */
    static List<String> make(Sidecar sidecar, Path nifti, NiftiHeader header, ImageFacts facts, SourceHeaders source)
            throws IOException {
        Corrections corrections = new Corrections(sidecar, header, facts, source);
        corrections.repetitionTime(nifti);
        corrections.sliceTiming();
        corrections.phaseEncodingDirection();
        return corrections.made;
    }

    /**
     * dcm2niix (all versions up to 1.0.20260724) takes the repetition time of some vendors from the first and the last acquisition
     * time, which is wrong when the scanner's clock was set meanwhile. Where the header's own time is what lies between most
     * volumes, it is that; where the volumes do come at another pace, the converter's stays.
     */
    private void repetitionTime(Path nifti) throws IOException {
        Optional<Double> converted = sidecar.real(TR);
        OptionalDouble told = source.repetitionTime();
        if (converted.isEmpty()
                || told.isEmpty()
                || header.volumeCount() < 2
                || same(converted.get(), told.getAsDouble(), SAME)) {
            return;
        }
        double own = told.getAsDouble();
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
                "RepetitionTime is %s s as the DICOM headers say and most volumes are apart, not the converter's %s s",
                plain(own),
                plain(converted.get())));
    }

    /**
     * Debian's dcm2niix 1.0.20220720 reads (0018,9034) of GE the wrong way round when de-identification has removed GE's private
     * block (0043,xx2A); 1.0.20260724 reads it rightly. A wrong sign doubles the distortion that a pipeline should take away.
     */
    private void phaseEncodingDirection() throws IOException {
        Optional<String> converted = sidecar.text(DIRECTION);
        Optional<String> told = source.geDirection(facts.series());
        if (told.isEmpty()
                || converted.isEmpty()
                || converted.equals(told)
                || !converted.get().matches("j-?")) {
            return;
        }
        sidecar.set(DIRECTION, told.get());
        if (sidecar.has(GE_POLARITY)) {
            sidecar.set(GE_POLARITY, told.get().equals("j") ? "Flipped" : "Unflipped");
        }
        made.add("PhaseEncodingDirection is " + told.get()
                + " as RectilinearPhaseEncodeReordering (0018,9034) says, not the converter's " + converted.get());
    }

    /**
     * Debian's dcm2niix 1.0.20220720 has slice times of Siemens XA multiband EPI up to 1.41 s wrong at a repetition time of 1.5 s,
     * and of the classic export of it up to 4.22 s; 1.0.20241211 and later have them right. Newer ones are checked as well.
     */
    private void sliceTiming() throws IOException {
        int slices = header.nz();
        Optional<double[]> converted = sidecar.numbers(SLICE_TIMING);
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

    private void write(Optional<double[]> converted, double[] told, String from) {
        double difference =
                converted.map(times -> SliceTimes.difference(times, told)).orElse(Double.POSITIVE_INFINITY);
        if (difference <= SliceTimes.TOLERANCE) {
            return;
        }
        sidecar.set(SLICE_TIMING, told);
        made.add("SliceTiming is that of the DICOM headers (" + from + "); the converter's "
                + (converted.isEmpty()
                        ? "was missing"
                        : Double.isInfinite(difference)
                                ? "had another number of slices"
                                : "was up to " + plain(Math.rint(difference * 1e4) / 1e4) + " s off"));
    }

    private void refuseImpossible(Optional<double[]> converted, int slices, double repetition) throws IOException {
        Optional<double[]> mosaic = source.mosaicTimes(facts.echo(), facts.part());
        if (converted.isEmpty() || !SliceTimes.possible(converted.get(), slices, repetition)) {
            sidecar.remove(SLICE_TIMING);
            made.add("SliceTiming of the converter was left out: it is not one time per slice within a repetition of "
                    + plain(repetition) + " s, and the DICOM headers do not tell the times");
        } else if (mosaic.isPresent()
                && SliceTimes.differenceOfSorted(mosaic.get(), converted.get()) > SliceTimes.TOLERANCE) {
            sidecar.remove(SLICE_TIMING);
            made.add(
                    "SliceTiming of the converter was left out: MosaicRefAcqTimes of the DICOM headers tells other times");
        }
    }

    private static boolean same(double one, double other, double part) {
        return Math.abs(one - other) <= part * Math.max(Math.abs(one), Math.abs(other)) + EXACT;
    }

    private static String plain(double number) {
        return java.math.BigDecimal.valueOf(number).stripTrailingZeros().toPlainString();
    }
}

package org.datman.metrics.input;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The time from volume to volume, decided from all sources. A sidecar in milliseconds, a header without unit or a converter that
 * misread the scanner's clock yield impossible values; durations computed from them would be wrong.
 *
 * @param seconds NaN when unknown
 * @param source its source and why, or why there is none; for people
 * @param contradiction between sources, for people; null when all agree
 */
public record RepetitionTime(
        double seconds, String source, @Nullable String contradiction) {

    /** The fastest whole volumes (3-D readouts) last a tenth of a second. */
    static final double SHORTEST = 0.1;

    /** Sparse sampling and diffusion wait for tens of seconds at most. */
    static final double LONGEST = 60;

    /** Written forms and rounded clocks of one time differ by less. */
    private static final double SAME = 0.01;

    private static final String SIDECAR = "sidecar";
    private static final String IMAGE = "image header";
    private static final String EXCITATION = "sidecar's RepetitionTimeExcitation";
    private static final String DICOM = "DICOM";

    private record Stated(String by, double seconds) {
        String text() {
            return by + " " + number(seconds) + " s";
        }
    }

    /** The stated value, for images that are no run over time and of which nothing is computed with it. */
    static RepetitionTime asStated(@Nullable Double sidecar, @Nullable Double image, @Nullable Double dicom) {
        List<Stated> all = stated(sidecar, image, null, dicom);
        return all.isEmpty()
                ? new RepetitionTime(Double.NaN, "no source states it", null)
                : new RepetitionTime(all.get(0).seconds(), all.get(0).by(), null);
    }

    /**
     * Of a run. Impossible values are left out: beyond {@link #SHORTEST} and {@link #LONGEST}, or shorter than the time between two
     * excitations of one slice. Of the rest the sidecar and the image decide; where they differ, the one that the DICOM confirms; else
     * the time is unknown.
     *
     * @param sidecar seconds, or null; and so the others
     * @param image the image's own header
     * @param excitation time between two excitations of a slice, which a volume cannot be shorter than
     * @param dicom RepetitionTime of the DICOM, which for most sequences is the volume's, for all at least the excitation's
     */
    static RepetitionTime ofRun(
            @Nullable Double sidecar, @Nullable Double image, @Nullable Double excitation, @Nullable Double dicom) {
        List<Stated> all = stated(sidecar, image, excitation, dicom);
        if (all.isEmpty()) {
            return new RepetitionTime(Double.NaN, "no source states it", null);
        }
        List<Stated> impossible = new ArrayList<>(all);
        List<Stated> possible = new ArrayList<>(all);
        possible.removeIf(one -> one.seconds() < SHORTEST || one.seconds() > LONGEST);
        double least = possible.stream()
                .filter(RepetitionTime::scanner)
                .mapToDouble(Stated::seconds)
                .max()
                .orElse(0);
        possible.removeIf(one -> !scanner(one) && one.seconds() < least * (1 - SAME));
        impossible.removeAll(possible);
        List<Stated> files = possible.stream().filter(one -> !scanner(one)).toList();
        Stated used;
        if (files.isEmpty()) {
            used = possible.isEmpty() ? null : possible.get(possible.size() - 1);
        } else if (files.size() == 1 || same(files.get(0), files.get(1))) {
            used = files.get(0);
        } else {
            used = files.stream()
                    .filter(one -> possible.stream().anyMatch(other -> scanner(other) && same(one, other)))
                    .findFirst()
                    .orElse(null);
        }
        return decided(used, all, impossible);
    }

    private static RepetitionTime decided(@Nullable Stated used, List<Stated> all, List<Stated> impossible) {
        if (used == null) {
            String why = impossible.size() == all.size()
                    ? "no run has the stated repetition time: " + text(all)
                    : "the sources do not agree: " + text(all);
            return new RepetitionTime(Double.NaN, why, text(all));
        }
        // A delay makes volumes longer than the excitations of a slice are apart: that is no contradiction of the
        // files.
        boolean agree = all.stream()
                .filter(one -> !scanner(one) || one.seconds() > used.seconds())
                .allMatch(one -> same(one, used));
        String others = impossible.isEmpty() ? "" : "; no run of this kind has " + text(impossible);
        return new RepetitionTime(used.seconds(), used.by() + others, agree ? null : text(all));
    }

    private static List<Stated> stated(
            @Nullable Double sidecar, @Nullable Double image, @Nullable Double excitation, @Nullable Double dicom) {
        List<Stated> all = new ArrayList<>();
        add(all, SIDECAR, sidecar);
        add(all, IMAGE, image);
        add(all, EXCITATION, excitation);
        add(all, DICOM, dicom);
        return all;
    }

    private static void add(List<Stated> all, String by, @Nullable Double seconds) {
        if (seconds != null && Double.isFinite(seconds) && seconds > 0) {
            all.add(new Stated(by, seconds));
        }
    }

    /** The scanner's values for its excitations, as opposed to the converter's for volumes. */
    private static boolean scanner(Stated one) {
        return one.by().equals(EXCITATION) || one.by().equals(DICOM);
    }

    private static boolean same(Stated a, Stated b) {
        return Math.abs(a.seconds() - b.seconds()) <= SAME * Math.max(a.seconds(), b.seconds());
    }

    private static String text(List<Stated> all) {
        return String.join(", ", all.stream().map(Stated::text).toList());
    }

    private static String number(double seconds) {
        return new BigDecimal(seconds)
                .round(new MathContext(5))
                .stripTrailingZeros()
                .toPlainString();
    }
}

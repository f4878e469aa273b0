package org.datman.simulator.scanner;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The faults that a scenario can plant. The name in a scenario file is the constant in lower case with dashes. */
public enum FaultKind {
    /** One slice of one volume loses signal: {@code series, volume, slice, loss} (0 to 1). */
    SLICE_DROPOUT(Set.of("series", "volume", "slice", "loss"), Set.of()),
    /**
     * The head moves: {@code series, course} ({@code step}, {@code drift} or {@code nod}), {@code volume} (where it
     * begins), {@code translation} mm [x, y, z] and {@code rotation} degrees [x, y, z] at the end of the course (RAS).
     */
    MOTION(Set.of("series", "course", "volume"), Set.of("translation", "rotation")),
    /** Half a field of view along the phase-encoding axis: {@code series, level} (fraction of the signal). */
    GHOST(Set.of("series", "level"), Set.of()),
    /**
     * One sample of k-space: {@code series, volume, slice, amplitude} (of the ripple in the image, in intensity units: the
     * brain is about 800, the noise 8).
     */
    SPIKE(Set.of("series", "volume", "slice", "amplitude"), Set.of()),
    /**
     * A parameter differs from the protocol: {@code series, parameter, value}. RepetitionTime, EchoTime, InversionTime, FlipAngle,
     * PixelBandwidth, EchoSpacing and PhaseEncodingDirection (AP, PA, RL, LR) change wherever they occur; any other keyword of
     * group 0008 or 0018 changes in the public header.
     */
    PARAMETER_DRIFT(Set.of("series", "parameter", "value"), Set.of()),
    /** The operator forgot a series of the protocol: {@code series}. */
    MISSING_SERIES(Set.of("series"), Set.of()),
    /** The operator ran a series twice: {@code series}. */
    REPEATED_SERIES(Set.of("series"), Set.of()),
    /** A description that matches no tag: {@code series, description}. */
    UNKNOWN_DESCRIPTION(Set.of("series", "description"), Set.of()),
    /** A description that matches two tags: {@code series, description}. */
    AMBIGUOUS_DESCRIPTION(Set.of("series", "description"), Set.of()),
    /** Stopped early: {@code series, volumes} acquired. */
    TRUNCATED_SERIES(Set.of("series", "volumes"), Set.of()),
    /** A series that reaches XNAT after the session: {@code series, after} (a duration such as 20s). */
    LATE_SERIES(Set.of("series", "after"), Set.of()),
    /** The session gets another label: {@code to, after}. */
    RENAMED_SESSION(Set.of("to", "after"), Set.of()),
    /** The session is deleted: {@code after}. */
    DELETED_SESSION(Set.of("after"), Set.of()),
    /** The session's label is outside the grammar; the label itself is the fault. */
    BAD_LABEL(Set.of(), Set.of()),
    /** One DICOM file is garbage behind its preamble: {@code series, file} (1 is the first). */
    CORRUPT_FILE(Set.of("series", "file"), Set.of()),
    /** A series whose only file is no DICOM: {@code series}. */
    NO_DICOM(Set.of("series"), Set.of());

    private final Set<String> required;
    private final Set<String> optional;

    FaultKind(Set<String> required, Set<String> optional) {
        this.required = required;
        this.optional = optional;
    }

    /** The name as a scenario file writes it, such as {@code slice-dropout}. */
    public String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Keys that a fault of this kind must have beside {@code kind}. */
    public Set<String> required() {
        return required;
    }

    /** Keys that it may have. */
    public Set<String> optional() {
        return optional;
    }

    /** True when the fault is about one series of the session. */
    public boolean aboutSeries() {
        return required.contains("series");
    }

    static Optional<FaultKind> of(String key) {
        return Arrays.stream(values()).filter(k -> k.key().equals(key)).findFirst();
    }
}

package org.datman.metrics.input;

import java.nio.file.Path;
import java.util.List;
import org.datman.plots.report.Compared;
import org.jspecify.annotations.Nullable;

/**
 * The references that a series is compared with.
 *
 * @param goldBval b-values as they should be, or null
 * @param goldBvec directions as they should be, or null
 * @param goldLikeness {@code likeness.json} of the gold standard, or null: then pictures are compared with the last of {@code before}
 * @param before {@code likeness.json} of earlier sessions of the same protocol on the same scanner, in order of time
 * @param leftOut references that cannot be compared with, with the reason
 */
public record References(
        @Nullable Path goldBval,
        @Nullable Path goldBvec,
        @Nullable Path goldLikeness,
        List<Path> before,
        List<Compared> leftOut) {

    /** Nothing. */
    public static final References NONE = new References(null, null, null, List.of());

    /** Nothing is left out. */
    public References(
            @Nullable Path goldBval, @Nullable Path goldBvec, @Nullable Path goldLikeness, List<Path> before) {
        this(goldBval, goldBvec, goldLikeness, before, List.of());
    }

    public References {
        before = List.copyOf(before);
        leftOut = List.copyOf(leftOut);
    }
}

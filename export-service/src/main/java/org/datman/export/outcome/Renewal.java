package org.datman.export.outcome;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.SeriesExported;
import org.datman.export.convert.ImageFacts;
import org.datman.export.index.SeriesState;

/**
 * Decides whether a new export may replace the current one. Data cannot be acquired twice: an attempt that failed,
 * or that would contain less of an image, removes nothing. Pure.
 */
public final class Renewal {

    /** The previous export is kept; creating it again failed. */
    public static final String FAILED = "renewal-failed";

    /** The previous export is kept; the new one would contain less. */
    static final String WORSE = "renewal-worse";

    /** With this loss the same files yield less than before; every other loss reports what was not known of them before. */
    private static final String CONVERTER_LOST = "partly-converted";

    private static final int NAMED = 3;

    private Renewal() {}

    /**
     * Why the previous export was not replaced, and its state.
     *
     * @param lost its files that are missing or differ from their published state
     */
    public static Reason failed(SeriesExported current, Reason why, List<FileRef> lost) {
        String rest = lost.isEmpty()
                ? "The export of " + current.finished() + " is kept"
                : lost.size() + " file(s) of the export of " + current.finished()
                        + " are missing or not as they were published (" + named(lost) + ")";
        if (why.code().equals(WORSE)) {
            return new Reason(
                    WORSE,
                    rest + "; " + why.message(),
                    (why.action().isEmpty() ? "" : why.action() + ". ")
                            + "If less is right, press 'Reconvert' of this scan once more: the new one is taken then, and what"
                            + " is left of the previous one is kept in .datman/withdrawn");
        }
        String nothingToDo = lost.isEmpty()
                ? "Nothing, if the files were removed from the server on purpose and the export is to be kept; else press 'Reconvert'"
                : "Check whether the series is complete on the server, then press 'Reconvert'";
        return new Reason(
                FAILED,
                rest + "; creating it again failed: " + why.message(),
                why.action().isEmpty() ? nothingToDo : why.action());
    }

    private static String named(List<FileRef> files) {
        return files.stream().limit(NAMED).map(FileRef::path).collect(Collectors.joining(", "))
                + (files.size() > NAMED ? " …" : "");
    }

    /**
     * The data that would be lost, and the action for it.
     *
     * @param before the current export
     * @param made the new images
     * @param losses known missing parts of them
     * @param source the files read for the new export
     * @param partLeft whether a part of the current image is no longer one: fewer files are correct then
     */
    static Optional<Reason> worse(
            SeriesState before,
            List<ImageFacts> made,
            List<Reason> losses,
            SeriesExported.Source source,
            boolean partLeft) {
        if (!before.isPublished()) {
            return Optional.empty();
        }
        SeriesExported current = before.exported().orElseThrow();
        List<Reason> less = new ArrayList<>(losses);
        if (!partLeft) {
            // Headers do not reveal missing last volumes of many runs: a lower file count does.
            current.source().flatMap(old -> fewer(old, source)).ifPresent(less::add);
        }
        if (less.isEmpty()) {
            return Optional.empty();
        }
        boolean sameFiles = current.source()
                .filter(old -> old.sha256().equals(source.sha256()))
                .isPresent();
        if (sameFiles && losses.stream().noneMatch(loss -> loss.code().equals(CONVERTER_LOST))) {
            return Optional.empty();
        }
        List<ImageFacts> old =
                before.images().stream().map(SeriesState.KeptImage::facts).toList();
        List<ImageFacts> open = new ArrayList<>(made);
        List<ImageFacts> lost = old.stream()
                .filter(image -> !image.derivedOf(old))
                .sorted(Comparator.comparingLong(ImageFacts::voxels).reversed())
                .filter(image -> open.stream()
                        .filter(other -> other.isSameKind(image) && other.voxels() >= image.voxels())
                        .findFirst()
                        .map(other -> !open.remove(other))
                        .orElse(true))
                .toList();
        if (lost.isEmpty()) {
            return Optional.empty();
        }
        Reason loss = ExportIssues.joined(less);
        return Optional.of(new Reason(
                WORSE,
                "the new export would contain less" + (made.isEmpty() ? "" : " (" + sizes(made) + ")")
                        + " than before (" + sizes(lost) + "): " + loss.message(),
                loss.action()));
    }

    private static Optional<Reason> fewer(SeriesExported.Source before, SeriesExported.Source now) {
        if (now.fileCount() < before.fileCount()) {
            return Optional.of(Reason.of(
                    "fewer-files", "The server has " + now.fileCount() + " files, " + before.fileCount() + " before"));
        }
        // A multi-frame file may have become smaller.
        return now.byteCount() < before.byteCount()
                ? Optional.of(Reason.of(
                        "fewer-files",
                        "The files on the server have " + now.byteCount() + " bytes, " + before.byteCount()
                                + " before"))
                : Optional.empty();
    }

    private static String sizes(List<ImageFacts> images) {
        return images.stream()
                .map(image -> image.dims().stream().map(String::valueOf).collect(Collectors.joining("×")))
                .collect(Collectors.joining(", "));
    }
}

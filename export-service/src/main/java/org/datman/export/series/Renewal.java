package org.datman.export.series;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.SeriesExported;
import org.datman.export.convert.ImageFacts;
import org.datman.export.publish.SeriesState;

/**
 * Whether an export that was made anew may take the place of the one that stands. Data cannot be acquired twice: a try that failed,
 * or that would leave less of an image than there is, takes nothing away. Pure.
 */
final class Renewal {

    /** The export of before stands; making it anew failed. */
    static final String FAILED = "renewal-failed";

    /** The export of before stands; made anew it would hold less. */
    static final String WORSE = "renewal-worse";

    /** By this loss the same files give less than before; every other one tells what was not known of them before. */
    private static final String CONVERTER_LOST = "partly-converted";

    private static final int NAMED = 3;

    private Renewal() {}

    /**
     * Why the export of before was not made anew, and what there is of it.
     *
     * @param lost those of its files that are missing or not as they were published
     */
    static Reason failed(SeriesExported standing, Reason why, List<FileRef> lost) {
        String rest = lost.isEmpty()
                ? "The export of " + standing.finished() + " stands"
                : lost.size() + " file(s) of the export of " + standing.finished()
                        + " are missing or not as they were published (" + named(lost) + ")";
        if (why.code().equals(WORSE)) {
            return new Reason(
                    WORSE,
                    rest + "; " + why.message(),
                    (why.action().isEmpty() ? "" : why.action() + ". ")
                            + "If less is right, press 'Reconvert' of this scan once more: the new one is taken then, and what"
                            + " is left of the one of before is kept in .datman/withdrawn");
        }
        String nothingToDo = lost.isEmpty()
                ? "Nothing, if the files were taken from XNAT on purpose and the export is to be kept; else press 'Reconvert'"
                : "Look whether the series is complete on XNAT, then press 'Reconvert'";
        return new Reason(
                FAILED,
                rest + "; making it anew failed: " + why.message(),
                why.action().isEmpty() ? nothingToDo : why.action());
    }

    private static String named(List<FileRef> files) {
        return files.stream().limit(NAMED).map(FileRef::path).collect(Collectors.joining(", "))
                + (files.size() > NAMED ? " …" : "");
    }

    /**
     * What would be lost, and what can be done about it.
     *
     * @param before what stands
     * @param made the images that were made now
     * @param losses what is known to be missing of them
     * @param source the files that were read now
     * @param partLeft whether a part of the image that stands is none any more: fewer files are right then
     */
    static Optional<Reason> worse(
            SeriesState before,
            List<ImageFacts> made,
            List<Reason> losses,
            SeriesExported.Source source,
            boolean partLeft) {
        if (!before.stands()) {
            return Optional.empty();
        }
        SeriesExported standing = before.exported().orElseThrow();
        List<Reason> less = new ArrayList<>(losses);
        if (!partLeft) {
            // No header tells of the last volumes of many runs: that there were more files does.
            standing.source().flatMap(old -> fewer(old, source)).ifPresent(less::add);
        }
        if (less.isEmpty()) {
            return Optional.empty();
        }
        boolean sameFiles = standing.source()
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
                "made anew it would hold less" + (made.isEmpty() ? "" : " (" + sizes(made) + ")") + " than before ("
                        + sizes(lost) + "): " + loss.message(),
                loss.action()));
    }

    private static Optional<Reason> fewer(SeriesExported.Source before, SeriesExported.Source now) {
        if (now.fileCount() < before.fileCount()) {
            return Optional.of(Reason.of(
                    "fewer-files", "XNAT has " + now.fileCount() + " files, " + before.fileCount() + " before"));
        }
        // One multi-frame file may have become shorter.
        return now.byteCount() < before.byteCount()
                ? Optional.of(Reason.of(
                        "fewer-files",
                        "The files on XNAT have " + now.byteCount() + " bytes, " + before.byteCount() + " before"))
                : Optional.empty();
    }

    private static String sizes(List<ImageFacts> images) {
        return images.stream()
                .map(image -> image.dims().stream().map(String::valueOf).collect(Collectors.joining("×")))
                .collect(Collectors.joining(", "));
    }
}

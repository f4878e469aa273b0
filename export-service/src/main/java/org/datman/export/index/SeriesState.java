package org.datman.export.index;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.FileRole;
import org.datman.contracts.event.SeriesExported;
import org.datman.contracts.event.SeriesTagged;
import org.datman.export.convert.ImageFacts;
import org.datman.export.dicom.DicomFacts;
import org.jspecify.annotations.Nullable;

/**
 * The exported state of a scan and its source. Written last in every change, so that it always describes a complete set.
 *
 * @param tagged the tagging that it results from
 * @param taggedId id of that event
 * @param taggedAt when that was published
 * @param exported its last published export; empty during the first export
 * @param images the converted images with their files
 * @param dicoms the kept DICOM files
 * @param conversionKey identity of the images, independent of their names; empty when there are none
 * @param unsettled paths that may exist under public names besides those in {@code exported}: a change was started
 * @param exam digest of the StudyInstanceUID of the exported series
 */
public record SeriesState(
        SeriesTagged tagged,
        String taggedId,
        Instant taggedAt,
        Optional<SeriesExported> exported,
        List<KeptImage> images,
        List<KeptDicom> dicoms,
        String conversionKey,
        List<String> unsettled,
        Optional<String> exam) {

    /** An image and its files in the archive: {@code nifti, sidecar, bval, bvec}. */
    public record KeptImage(ImageFacts facts, List<FileRef> files) {}

    /**
     * A DICOM file in the archive.
     *
     * @param form how it is kept; empty in an index of an earlier version, where it is as received
     * @param originalSha256 digest of the file on XNAT; empty likewise, where it is that of the file itself
     */
    public record KeptDicom(
            DicomFacts facts,
            FileRef file,
            Optional<org.datman.contracts.event.KeptDicom> form,
            Optional<String> originalSha256) {

        /** Whether the file may stay in a study that keeps such files so; those of earlier versions may. */
        public boolean serves(org.datman.contracts.event.KeptDicom wanted) {
            return form.map(wanted::equals).orElse(true);
        }
    }

    /** Whether an export exists under public names that a person may be using. */
    public boolean isPublished() {
        return exported.filter(last -> last.outcome() == SeriesExported.Outcome.EXPORTED
                        || last.outcome() == SeriesExported.Outcome.PARTIAL)
                .filter(last -> !last.products().isEmpty())
                .isPresent();
    }

    /** All published files. */
    public List<FileRef> files() {
        return exported.stream()
                .flatMap(event -> event.products().stream())
                .flatMap(product -> product.files().stream())
                .toList();
    }

    /** The first published file with that role. */
    public Optional<FileRef> file(FileRole role) {
        return files().stream().filter(file -> file.role() == role).findFirst();
    }

    /** All paths that are or may be published. */
    public Set<String> paths() {
        Set<String> paths = new TreeSet<>(unsettled);
        files().forEach(file -> paths.add(file.path()));
        return paths;
    }

    /** A copy with other paths that may exist. */
    public SeriesState withUnsettled(List<String> paths) {
        return new SeriesState(
                tagged, taggedId, taggedAt, exported, images, dicoms, conversionKey, List.copyOf(paths), exam);
    }

    /** A copy with another last published export. */
    public SeriesState withExported(SeriesExported published) {
        return new SeriesState(
                tagged, taggedId, taggedAt, Optional.of(published), images, dicoms, conversionKey, unsettled, exam);
    }

    /** A copy with that exam. */
    public SeriesState withExam(@Nullable String digest) {
        return new SeriesState(
                tagged,
                taggedId,
                taggedAt,
                exported,
                images,
                dicoms,
                conversionKey,
                unsettled,
                Optional.ofNullable(digest));
    }
}

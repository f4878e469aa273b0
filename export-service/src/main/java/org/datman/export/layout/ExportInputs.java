package org.datman.export.layout;

import java.nio.file.Path;
import java.util.List;
import org.datman.contracts.event.KeptDicom;
import org.datman.contracts.provenance.Provenance;
import org.datman.export.convert.ConvertedImage;
import org.datman.export.dicom.DicomFacts;
import org.jspecify.annotations.Nullable;

/**
 * All publishable files of a series, in the work directory, still without names: either from the converter, or
 * from the archive when only their names change.
 *
 * @param images as converted; empty when no tag requests NIfTI
 * @param dicoms in {@link DicomFacts#ORDER}
 * @param log the converter's output, null if it did not run
 * @param conversion null if no tag requests NIfTI
 * @param conversionKey identity of the images, independent of their names
 */
public record ExportInputs(
        List<ConvertedImage> images,
        List<Dicom> dicoms,
        @Nullable Path log,
        Provenance.Source source,
        Provenance.@Nullable Conversion conversion,
        String conversionKey) {

    /**
     * A DICOM file with an image.
     *
     * @param kept how it is kept in the archive; null as long as it is as received
     */
    public record Dicom(
            DicomFacts facts, Path file, @Nullable Kept kept) {}

    /**
     * How a DICOM file is kept.
     *
     * @param form null for a file of an earlier version: as received, and it may stay so in any study
     * @param originalSha256 digest of the file on XNAT
     */
    public record Kept(@Nullable KeptDicom form, String originalSha256) {}
}

package org.datman.export.series;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.datman.export.convert.ConvertedImage;
import org.datman.export.dicom.DicomFacts;
import org.datman.export.provenance.Provenance;

/**
 * All publishable files of a series, in the work directory, still without names: either from the converter, or
 * from the archive when only their names change.
 *
 * @param images as converted; empty when no tag requests NIfTI
 * @param dicoms in {@link DicomFacts#ORDER}
 * @param log the converter's output, if it ran
 * @param conversionKey see {@link RunKey#ofConversion}
 */
record ExportInputs(
        List<ConvertedImage> images,
        List<Dicom> dicoms,
        Optional<Path> log,
        Provenance.Source source,
        Optional<Provenance.Conversion> conversion,
        String conversionKey) {

    /** A DICOM file with an image. */
    record Dicom(DicomFacts facts, Path file) {}
}

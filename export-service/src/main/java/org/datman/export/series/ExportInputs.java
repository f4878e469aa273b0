package org.datman.export.series;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.datman.export.convert.ConvertedImage;
import org.datman.export.dicom.DicomFacts;
import org.datman.export.provenance.Provenance;

/**
 * All that can be published of a series, in the scratch folder, still without names: either fresh from the converter, or
 * what lies in the archive already and only gets other names.
 *
 * @param images as converted; empty when no tag wants NIfTI
 * @param dicoms in {@link DicomFacts#ORDER}
 * @param log what the converter printed, when it ran
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

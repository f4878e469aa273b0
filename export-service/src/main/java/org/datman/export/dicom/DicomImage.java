package org.datman.export.dicom;

import java.nio.file.Path;
import org.datman.export.download.VerifiedFile;

/**
 * A DICOM file with an image.
 *
 * @param file as received; its bytes are never changed
 * @param facts properties that distinguish it from the others
 * @param pixels how its pixels are stored
 * @param header header data for the expected number of images of the series
 */
public record DicomImage(VerifiedFile file, DicomFacts facts, Pixels pixels, ImageHeader header) {

    /** A copy with another file location. */
    public DicomImage at(Path place) {
        return new DicomImage(
                new VerifiedFile(file.path(), place, file.size(), file.sha256(), file.md5(), file.verified()),
                facts,
                pixels,
                header);
    }
}

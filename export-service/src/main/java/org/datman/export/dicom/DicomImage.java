package org.datman.export.dicom;

import java.nio.file.Path;
import org.datman.export.download.VerifiedFile;

/**
 * A DICOM file that holds an image.
 *
 * @param file as it came; its bytes are never changed
 * @param facts what tells it from the others
 * @param pixels how they are stored in it
 * @param header what tells how many images of the series there should be
 */
public record DicomImage(VerifiedFile file, DicomFacts facts, Pixels pixels, ImageHeader header) {

    /** The same file, lying elsewhere. */
    DicomImage at(Path place) {
        return new DicomImage(
                new VerifiedFile(file.path(), place, file.size(), file.sha256(), file.md5(), file.verified()),
                facts,
                pixels,
                header);
    }
}

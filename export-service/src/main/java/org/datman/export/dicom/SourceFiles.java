package org.datman.export.dicom;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.datman.export.download.Download;
import org.datman.export.download.VerifiedFile;
import org.datman.imaging.ImageFormatException;
import org.datman.imaging.dicom.DicomElement;
import org.datman.imaging.dicom.DicomHeader;
import org.datman.imaging.dicom.DicomReader;
import org.datman.imaging.dicom.ReadOptions;

/**
 * The files of a series by what they hold.
 *
 * @param images DICOM with pixels, complete, in {@link DicomFacts#ORDER}
 * @param withoutPixels other DICOM: reports, raw data, directories
 * @param notDicom files of other kinds
 * @param broken DICOM that cannot be read to its end
 */
public record SourceFiles(
        List<DicomImage> images, List<VerifiedFile> withoutPixels, List<VerifiedFile> notDicom, List<Broken> broken) {

    /** A file that is not what it claims to be, and why. */
    public record Broken(VerifiedFile file, String problem) {}

    /** Reads the header of every file, and proves that its pixels are all there. */
    public static SourceFiles read(Download download) throws IOException {
        List<DicomImage> images = new ArrayList<>();
        List<VerifiedFile> withoutPixels = new ArrayList<>();
        List<VerifiedFile> notDicom = new ArrayList<>();
        List<Broken> broken = new ArrayList<>();
        for (VerifiedFile file : download.files()) {
            try {
                if (!DicomReader.isDicom(file.local())) {
                    notDicom.add(file);
                    continue;
                }
                DicomHeader header = DicomReader.read(file.local(), ReadOptions.WHOLE);
                if (header.pixelData().isPresent()) {
                    images.add(image(file, header));
                } else {
                    withoutPixels.add(file);
                }
            } catch (ImageFormatException e) {
                broken.add(new Broken(file, e.getMessage()));
            }
        }
        images.sort(Comparator.comparing(DicomImage::facts, DicomFacts.ORDER));
        return new SourceFiles(images, withoutPixels, notDicom, broken);
    }

    private static DicomImage image(VerifiedFile file, DicomHeader header) {
        DicomFacts facts = new DicomFacts(
                file.path(),
                number(header.string("InstanceNumber")),
                number(header.findFirst("EchoNumbers").flatMap(DicomElement::string)),
                real(header.findFirst("EffectiveEchoTime")
                        .or(() -> header.findFirst("EchoTime"))
                        .flatMap(DicomElement::string)),
                ImageParts.of(header.strings("ImageType")));
        return new DicomImage(file, facts, Pixels.of(header));
    }

    private static Optional<Integer> number(Optional<String> text) {
        try {
            return text.map(String::strip).filter(t -> !t.isEmpty()).map(Integer::valueOf);
        } catch (NumberFormatException notANumber) {
            // Only the order of files hangs on it; the header itself is kept as it is.
            return Optional.empty();
        }
    }

    private static Optional<Double> real(Optional<String> text) {
        try {
            return text.map(String::strip).filter(t -> !t.isEmpty()).map(Double::valueOf);
        } catch (NumberFormatException notANumber) {
            // As above.
            return Optional.empty();
        }
    }

    /** The same with images that lie elsewhere. */
    public SourceFiles withImages(List<DicomImage> others) {
        return new SourceFiles(others, withoutPixels, notDicom, broken);
    }

    /** Removes from the scratch folder what the converter must not see; the images stay. */
    public void leaveOnlyImages() throws IOException {
        for (VerifiedFile file : withoutPixels) {
            Files.delete(file.local());
        }
        for (VerifiedFile file : notDicom) {
            Files.delete(file.local());
        }
        for (Broken file : broken) {
            Files.delete(file.file().local());
        }
    }
}

package org.datman.export.dicom;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.datman.contracts.event.BurnedInText;
import org.datman.export.download.VerifiedDownload;
import org.datman.export.download.VerifiedFile;
import org.datman.imaging.ImageFormatException;
import org.datman.imaging.deidentification.BurnedIn;
import org.datman.imaging.dicom.DicomElement;
import org.datman.imaging.dicom.DicomHeader;
import org.datman.imaging.dicom.DicomReader;
import org.datman.imaging.dicom.ReadOptions;
import org.jspecify.annotations.Nullable;

/**
 * The files of a series by content.
 *
 * @param images DICOM with pixels, complete, in {@link DicomFacts#ORDER}
 * @param withheld DICOM whose pixels may show text about the person, in a study that does not export it
 * @param withoutPixels other DICOM: reports, raw data, directories
 * @param notDicom files of other kinds
 * @param broken DICOM that cannot be read completely
 * @param copies DICOM that is byte-identical to one of the images: redundant
 * @param contested DICOM with the SOPInstanceUID of one of the images and other content: it is unknown which of them is right
 */
public record SourceFiles(
        List<DicomImage> images,
        List<Withheld> withheld,
        List<VerifiedFile> withoutPixels,
        List<VerifiedFile> notDicom,
        List<Broken> broken,
        List<VerifiedFile> copies,
        List<VerifiedFile> contested) {

    /**
     * An image that is not exported.
     *
     * @param instance its InstanceNumber, which is not missing among those of the others
     */
    public record Withheld(VerifiedFile file, @Nullable Integer instance) {}

    /** A file that is not what it claims to be, and why. */
    public record Broken(VerifiedFile file, String problem) {}

    /**
     * Reads the header of every file, and verifies that its pixel data is complete.
     *
     * @param burnedIn whether images are withheld whose pixels may show text about the person
     */
    public static SourceFiles read(VerifiedDownload download, BurnedInText burnedIn) throws IOException {
        List<DicomImage> images = new ArrayList<>();
        List<Withheld> withheld = new ArrayList<>();
        List<VerifiedFile> withoutPixels = new ArrayList<>();
        List<VerifiedFile> notDicom = new ArrayList<>();
        List<Broken> broken = new ArrayList<>();
        List<VerifiedFile> copies = new ArrayList<>();
        List<VerifiedFile> contested = new ArrayList<>();
        Map<String, String> digests = new HashMap<>();
        Map<String, Map<String, String>> protocols = new HashMap<>();
        for (VerifiedFile file : download.files()) {
            try {
                Optional<DicomHeader> read = DicomReader.readIfDicom(file.local(), ReadOptions.WHOLE);
                if (read.isEmpty()) {
                    notDicom.add(file);
                    continue;
                }
                DicomHeader header = read.get();
                boolean image = header.pixelData().isPresent();
                if (image && burnedIn == BurnedInText.WITHHELD && BurnedIn.isLikelyIn(header)) {
                    withheld.add(new Withheld(
                            file,
                            header.string("InstanceNumber")
                                    .flatMap(SourceFiles::number)
                                    .orElse(null)));
                } else if (image) {
                    String instance = header.string("SOPInstanceUID").orElse(file.sha256());
                    String known = digests.putIfAbsent(instance, file.sha256());
                    if (known == null) {
                        images.add(image(file, header, protocols));
                    } else {
                        (known.equals(file.sha256()) ? copies : contested).add(file);
                    }
                } else {
                    withoutPixels.add(file);
                }
            } catch (ImageFormatException e) {
                broken.add(new Broken(file, e.getMessage()));
            }
        }
        images = withEchoes(images);
        images.sort(Comparator.comparing(DicomImage::facts, DicomFacts.ORDER));
        return new SourceFiles(images, withheld, withoutPixels, notDicom, broken, copies, contested);
    }

    /** If no image has an echo number and there are several echo times, the echoes are numbered by echo time. */
    private static List<DicomImage> withEchoes(List<DicomImage> images) {
        TreeSet<Long> times = new TreeSet<>();
        images.forEach(image -> image.facts().echoTime().ifPresent(time -> times.add(Math.round(time * 100))));
        boolean stated =
                images.stream().anyMatch(image -> image.facts().echoNumber().isPresent());
        if (stated || times.size() < 2) {
            return images;
        }
        List<DicomImage> numbered = new ArrayList<>();
        for (DicomImage image : images) {
            DicomFacts facts = image.facts();
            Optional<Integer> echo = facts.echoTime()
                    .map(time -> times.headSet(Math.round(time * 100)).size() + 1);
            numbered.add(new DicomImage(
                    image.file(),
                    new DicomFacts(
                            facts.path(), facts.instance(), echo, facts.echoTime(), facts.part(), facts.polarity()),
                    image.pixels(),
                    image.header()));
        }
        return numbered;
    }

    private static DicomImage image(VerifiedFile file, DicomHeader header, Map<String, Map<String, String>> protocols) {
        ImageHeader all = ImageHeader.of(header, protocols);
        DicomFacts facts = new DicomFacts(
                file.path(),
                header.string("InstanceNumber").flatMap(SourceFiles::number),
                all.findEcho(),
                header.findFirst("EffectiveEchoTime")
                        .or(() -> header.findFirst("EchoTime"))
                        .flatMap(DicomElement::string)
                        .flatMap(SourceFiles::real),
                ImageParts.of(header.strings("ImageType")),
                all.polarity());
        return new DicomImage(file, facts, Pixels.of(header), all);
    }

    private static Optional<Integer> number(String text) {
        try {
            return Optional.of(Integer.valueOf(text.strip()));
        } catch (NumberFormatException notANumber) {
            // It only determines the order of files; the header itself is unchanged.
            return Optional.empty();
        }
    }

    private static Optional<Double> real(String text) {
        try {
            return Optional.of(Double.valueOf(text.strip()));
        } catch (NumberFormatException notANumber) {
            // As above.
            return Optional.empty();
        }
    }

    /** The images except those at these indices. */
    public List<DicomImage> imagesExcept(Set<Integer> indices) {
        return IntStream.range(0, images.size())
                .filter(index -> !indices.contains(index))
                .mapToObj(images::get)
                .toList();
    }
}

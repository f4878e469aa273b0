package org.datman.contracts.study;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.datman.contracts.event.SeriesDiscovered;

/**
 * The data about a series that its tag is decided from.
 *
 * @param scan XNAT's scan id
 * @param description SeriesDescription
 * @param xnatType XNAT's scan type
 * @param modality DICOM Modality or XNAT's data type
 * @param quality XNAT's quality label
 * @param imageType values of DICOM ImageType in order; empty when unknown
 * @param echoNumbers echoes that the series holds; empty when unknown
 * @param parts parts that the series holds; empty when unknown
 * @param header DICOM elements by keyword, several values joined with a backslash; empty text: not in the file
 */
public record SeriesFacts(
        String scan,
        String description,
        String xnatType,
        String modality,
        String quality,
        List<String> imageType,
        Set<Integer> echoNumbers,
        Set<Part> parts,
        Map<String, String> header) {

    public SeriesFacts {
        imageType = List.copyOf(imageType);
        echoNumbers = Set.copyOf(echoNumbers);
        parts = Set.copyOf(parts);
        header = Map.copyOf(header);
    }

    /** Whether the series holds images, as far as its header is known: every image has a number of rows. */
    boolean isImage() {
        return header.isEmpty() || header.containsKey("Rows");
    }

    /** The data of a discovered series. */
    public static SeriesFacts of(SeriesDiscovered series) {
        return new SeriesFacts(
                series.scan(),
                series.description(),
                series.xnatType(),
                series.header().getOrDefault("Modality", series.xsiType()),
                series.quality(),
                series.imageType(),
                series.echoNumbers(),
                Set.of(),
                series.header());
    }

    /** The value that a clause tests; empty text when it is not known. */
    String value(String field) {
        return switch (field) {
            case "SeriesDescription" -> description;
            case "XnatType" -> xnatType;
            case "Modality" -> modality;
            case "Quality" -> quality;
            case TextClause.IMAGE_TYPE -> String.join("\\", imageType);
            default -> header.getOrDefault(field.substring(SeriesClause.HEADER.length()), "");
        };
    }
}

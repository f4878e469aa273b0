package org.datman.ingest.read;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.datman.imaging.dicom.DicomDataset;
import org.datman.imaging.dicom.DicomDatasetBuilder;
import org.datman.imaging.dicom.DicomHeader;
import org.datman.imaging.dicom.Dictionary;
import org.datman.imaging.dicom.Tag;
import org.datman.imaging.dicom.TransferSyntax;
import org.datman.imaging.dicom.Vr;
import org.datman.xnat.XnatProtocol;

/** DICOM JSON (PS3.18 annex F) as a header: its public elements but bulk data. */
final class DicomJson {

    private static final String VALUE = "Value";

    /** The plug-in sets both in every header, whatever the file has. */
    private static final Set<String> NOT_OF_THE_FILE = Set.of("00080056", "00081190");

    private static final String CHARACTER_SET = "00080005";

    /** Tags without which the header is of no use. */
    private final Set<Integer> needed = new HashSet<>();

    /** @param needed keywords without which the header is of no use */
    DicomJson(Set<String> needed) {
        needed.forEach(keyword -> this.needed.add(Dictionary.tagOf(keyword)));
    }

    /**
     * The header of one instance.
     *
     * @throws XnatProtocol when it is not as the standard says, or has only an address for an element that is needed
     */
    DicomHeader header(JsonNode instance) {
        try {
            return new DicomHeader(
                    DicomDataset.builder().build(),
                    TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN,
                    dataset(instance),
                    List.of());
        } catch (IllegalArgumentException e) {
            throw new XnatProtocol("it has a header that is no DICOM JSON: " + e.getMessage(), e);
        }
    }

    private DicomDataset dataset(JsonNode object) {
        DicomDatasetBuilder dataset = DicomDataset.builder().set("SpecificCharacterSet", "ISO_IR 192");
        for (Map.Entry<String, JsonNode> element : object.properties()) {
            String name = element.getKey();
            if (name.equals(CHARACTER_SET)) {
                continue; // of the file; JSON is UTF-8
            }
            int tag = Integer.parseUnsignedInt(name, 16);
            boolean isForeign = NOT_OF_THE_FILE.contains(name);
            if ((isForeign || element.getValue().has("BulkDataURI")) && needed.contains(tag)) {
                throw new XnatProtocol(
                        "it gives no value of " + Dictionary.keyword(tag).orElse(name));
            }
            boolean isSet = !isForeign && !Tag.isPrivate(tag) && set(dataset, tag, element.getValue());
            if (!isSet && needed.contains(tag) && element.getValue().has(VALUE)) {
                throw new XnatProtocol(
                        "it gives " + Dictionary.keyword(tag).orElse(name) + " in a form that is not read");
            }
        }
        return dataset.build();
    }

    /** Whether its value is of a kind that is read: addresses of elements (AT) are not. */
    private boolean set(DicomDatasetBuilder dataset, int tag, JsonNode element) {
        Vr vr = Vr.valueOf(element.path("vr").asText());
        JsonNode values = element.path(VALUE);
        if (vr == Vr.SQ) {
            dataset.set(tag, values.valueStream().map(this::dataset).toArray(DicomDataset[]::new));
        } else if (element.has("InlineBinary")) {
            dataset.set(
                    tag,
                    vr,
                    Base64.getDecoder().decode(element.path("InlineBinary").asText()));
        } else if (vr.isText()) {
            dataset.set(tag, vr, values.valueStream().map(DicomJson::text).toArray(String[]::new));
        } else if (vr != Vr.AT && values.isArray()) {
            dataset.set(
                    tag,
                    vr,
                    values.valueStream().mapToDouble(JsonNode::asDouble).toArray());
        } else {
            return !element.has(VALUE);
        }
        return true;
    }

    /** A number as its value: {@link DicomHeader#texts} makes one text of all that mean it. */
    private static String text(JsonNode value) {
        return value.isNull() ? "" : (value.isObject() ? value.path("Alphabetic") : value).asText();
    }
}

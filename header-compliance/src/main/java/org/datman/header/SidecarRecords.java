package org.datman.header;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.commons.codec.digest.DigestUtils;

/** Parameter records of dcm2niix's sidecars, times in ms. */
public final class SidecarRecords {

    /** Who, when, where, free text and counters: no parameters, and never read. */
    private static final Pattern NOT_PARAMETERS = Pattern.compile(
            "Patient(?!Position$).*|.*UID|.*Date.*|AcquisitionTime|.*(Physician|Operator|Institution).*|Accession.*|Study.*"
                    + "|Series.*|ProtocolName|ProcedureStepDescription|ImageComments|AcquisitionNumber|EchoNumber|WipMemBlock"
                    + "|BidsGuess|ConversionSoftware|Modality|ConsistencyInfo|TablePosition|ImageOrientationText|PrescanReuseString"
                    + "|Philips(RWV|Rescale|Scale).*|UsePhilipsFloatNotDisplayScaling|TriggerDelayTime|ImageTypeText|RawImage"
                    + "|SourceCompleteness");

    private SidecarRecords() {}

    /**
     * Reads a sidecar file.
     *
     * @throws IOException if it cannot be read or is no JSON object
     */
    public static ParameterRecord read(Path file) throws IOException {
        Map<String, JsonNode> fields = new TreeMap<>();
        SidecarJson.read(file).root().properties().forEach(entry -> fields.put(entry.getKey(), entry.getValue()));
        return of(fields);
    }

    /** The record of a sidecar's fields. Of fields that the table does not list a digest is kept. */
    public static ParameterRecord of(Map<String, JsonNode> sidecar) {
        Map<String, Parameter> parameters = new TreeMap<>();
        Map<String, String> withheld = new TreeMap<>();
        sidecar.forEach((name, node) -> {
            Optional<Field> field =
                    FieldTable.field(name).filter(known -> known.sidecarFactor().isPresent());
            if (name.equals("Manufacturer")) {
                parameters.put(
                        name, new Parameter(Value.of(DerivedFields.vendor(node.asText())), List.of("JSON " + name)));
            } else if (field.isPresent()) {
                value(node, field.get())
                        .ifPresent(value -> parameters.put(name, new Parameter(value, List.of("JSON " + name))));
            } else if (!NOT_PARAMETERS.matcher(name).matches()) {
                withheld.put(name, digest(node));
            }
        });
        return new ParameterRecord(Set.of(Origin.SIDECAR), parameters, List.of(), withheld, List.of());
    }

    /** The unchanged value of any sidecar field: numbers if all are, else texts; nested objects as JSON text. */
    public static Value plain(JsonNode node) {
        return DicomValues.numbersIn(texts(node));
    }

    private static List<String> texts(JsonNode node) {
        List<String> texts = new ArrayList<>();
        if (node.isArray()) {
            node.forEach(element -> texts.add(element.isValueNode() ? element.asText() : element.toString()));
        } else if (!node.isNull()) {
            texts.add(node.isValueNode() ? node.asText() : node.toString());
        }
        return texts;
    }

    private static Optional<Value> value(JsonNode node, Field field) {
        List<String> texts = texts(node);
        if (texts.isEmpty()) {
            return Optional.empty();
        }
        double factor = field.sidecarFactor().orElse(1);
        return Optional.of(
                field.compare().numeric() && DicomValues.numbersIn(texts) instanceof Value.Numbers numbers
                        ? new Value.Numbers(numbers.all().stream()
                                .map(number -> number * factor)
                                .toList())
                        : new Value.Texts(texts));
    }

    private static String digest(JsonNode node) {
        return DigestUtils.sha256Hex(node.toString()).substring(0, 16);
    }
}

package org.datman.contracts.study;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.datman.contracts.tree.Section;
import org.datman.contracts.tree.TreeNode;

/**
 * The fields of sidecars of MRI that a study file may give, with the types that the BIDS schema gives them:
 * {@code bids-fields.tsv}, which a test of pipeline-service compares with the schema.
 */
final class BidsFields {

    private static final String RESOURCE = "bids-fields.tsv";
    private static final String LIST = "list of ";
    private static final String TEXT = "text";

    /** Fields that DATMAN writes, with the key that they follow from. */
    private static final Map<String, String> WRITTEN = Map.of(
            "TaskName", "Task",
            "IntendedFor", "IntendedFor beside Metadata",
            "B0FieldIdentifier", "IntendedFor beside Metadata",
            "B0FieldSource", "IntendedFor of the field map");

    private static final Map<String, List<String>> FORMS = read();

    private BidsFields() {}

    /** The fields of a mapping that are right; a fault for each that is not. */
    static Map<String, JsonNode> read(Section in) {
        Map<String, JsonNode> fields = new TreeMap<>();
        for (String field : List.copyOf(in.names())) {
            Optional<JsonNode> value = in.value(field).map(TreeNode::toJson);
            List<String> forms = FORMS.get(field);
            if (WRITTEN.containsKey(field)) {
                in.fault(field, "is written by DATMAN", "the key " + WRITTEN.get(field));
            } else if (forms == null) {
                in.fault(
                        field,
                        "is no field of a BIDS sidecar of MRI" + Section.guess(field, FORMS.keySet()),
                        "fields of BIDS 1.11, as EchoTime");
            } else if (value.isEmpty() || forms.stream().noneMatch(form -> hasForm(value.get(), form))) {
                in.fault(field, "is not what BIDS allows", allowed(forms));
            } else {
                fields.put(field, value.get());
            }
        }
        in.done();
        return fields;
    }

    private static String allowed(List<String> forms) {
        return String.join(", or ", forms).replace(TEXT + ":", "").replace("|", ", ");
    }

    private static boolean hasForm(JsonNode value, String form) {
        if (form.startsWith(LIST)) {
            if (!value.isArray()) {
                return false;
            }
            for (JsonNode item : value) {
                if (!hasForm(item, form.substring(LIST.length()))) {
                    return false;
                }
            }
            return true;
        }
        return switch (form) {
            case "number" -> value.isNumber();
            case "integer" -> value.isNumber() && value.canConvertToExactIntegral();
            case "boolean" -> value.isBoolean();
            case TEXT -> value.isTextual() && !value.textValue().isBlank();
            default ->
                value.isTextual()
                        && List.of(form.substring(TEXT.length() + 1).split("\\|"))
                                .contains(value.textValue());
        };
    }

    private static Map<String, List<String>> read() {
        try (InputStream in = BidsFields.class.getResourceAsStream(RESOURCE)) {
            Map<String, List<String>> forms = new TreeMap<>();
            new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().forEach(line -> {
                String[] cells = line.split("\t");
                forms.put(cells[0], List.of(cells[1].split(", ")));
            });
            return forms;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package org.datman.pipeline.bids;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.datman.bids.schema.BidsSchema;
import org.datman.contracts.study.BidsRule;
import org.junit.jupiter.api.Test;

/** The fields that a study file may give are those of the BIDS schema, with its types. */
class StudyFieldsTest {

    private static final List<String> PARTS_OF_MRI = List.of("anat", "asl", "dwi", "fmap", "func", "mri", "qmri");

    /** DATMAN writes them. */
    private static final Set<String> WRITTEN = Set.of("TaskName", "IntendedFor", "B0FieldIdentifier", "B0FieldSource");

    @Test
    void theFieldsOfTheStudyFileAreThoseOfTheSchema() throws Exception {
        // Given
        JsonNode schema = new ObjectMapper().valueToTree(BidsSchema.bundled().whole());
        JsonNode objects = schema.at("/objects/metadata");
        Map<String, Set<String>> forms = new TreeMap<>();
        for (String part : PARTS_OF_MRI) {
            schema.at("/rules/sidecars/" + part).findValues("fields").forEach(fields -> fields.fieldNames()
                    .forEachRemaining(field -> forms.computeIfAbsent(
                                    objects.path(field).path("name").asText(), name -> new TreeSet<>())
                            .addAll(forms(objects.path(field)))));
        }
        forms.keySet().removeAll(WRITTEN);
        List<String> expected = new ArrayList<>();
        forms.forEach((field, all) -> {
            if (all.contains("text")) {
                all.removeIf(form -> form.startsWith("text:"));
            }
            if (!all.isEmpty()) {
                expected.add(field + "\t" + String.join(", ", all));
            }
        });

        // When
        List<String> table;
        try (InputStream in = BidsRule.class.getResourceAsStream("bids-fields.tsv")) {
            table = new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        }

        // Then
        assertThat(table).hasSizeGreaterThan(100).isEqualTo(expected);
    }

    private static List<String> forms(JsonNode type) {
        List<String> forms = new ArrayList<>();
        type.path("anyOf").forEach(choice -> forms.addAll(forms(choice)));
        switch (type.path("type").asText()) {
            case "number", "integer", "boolean" -> forms.add(type.path("type").asText());
            case "array" -> forms(type.path("items")).forEach(form -> forms.add("list of " + form));
            case "string" -> {
                List<String> words = new ArrayList<>();
                type.path("enum").forEach(word -> words.add(word.asText()));
                forms.add(words.isEmpty() ? "text" : "text:" + String.join("|", words));
            }
            default -> {
                // A mapping: study files give none.
            }
        }
        return forms;
    }
}

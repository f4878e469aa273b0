package org.datman.contracts.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.datman.contracts.tree.TreeNode.Entry;
import org.datman.contracts.tree.TreeNode.Mapping;
import org.datman.contracts.tree.TreeNode.Place;
import org.datman.contracts.tree.TreeNode.Sequence;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TreeReaderTest {

    private static final String YAML = "one: 1\nsome:\n  - x: ja\n  - true\n  - ~\n";
    private static final String JSON = "{\"one\": 1,\n \"some\": [\n  {\"x\": \"ja\"},\n  true,\n  null]}\n";

    @Test
    void theSameValuesAreReadFromBothFormats() throws TreeException {
        // When
        TreeNode yaml = TreeReader.yaml(bytes(YAML)).orElseThrow();
        TreeNode json = TreeReader.json(bytes(JSON)).orElseThrow();

        // Then
        assertThat(yaml.toJson()).isEqualTo(json.toJson());
        assertThat(json.toJson()).hasToString("{\"one\":1,\"some\":[{\"x\":\"ja\"},true,null]}");
    }

    @Test
    void everyValueHasItsPlace() throws TreeException {
        // When
        List<Place> yaml = places(TreeReader.yaml(bytes(YAML)).orElseThrow());
        List<Place> json = places(TreeReader.json(bytes(JSON)).orElseThrow());

        // Then: the whole, each key and its value, each item
        assertThat(yaml)
                .containsExactly(
                        new Place(1, 1),
                        new Place(1, 1),
                        new Place(1, 6),
                        new Place(2, 1),
                        new Place(3, 3),
                        new Place(3, 5),
                        new Place(3, 5),
                        new Place(3, 8),
                        new Place(4, 5),
                        new Place(5, 5));
        assertThat(json)
                .containsExactly(
                        new Place(1, 1),
                        new Place(1, 2),
                        new Place(1, 9),
                        new Place(2, 2),
                        new Place(2, 10),
                        new Place(3, 3),
                        new Place(3, 4),
                        new Place(3, 9),
                        new Place(4, 3),
                        new Place(5, 3));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"a\": }", "{\"a\": 1} 2", "[1", "{\"a\" 1}", "NaN", "{'a': 1}"})
    void whatIsNoJsonHasAPlace(String text) {
        // When
        TreeException fault = catchThrowableOfType(TreeException.class, () -> TreeReader.json(bytes(text)));

        // Then
        assertThat(fault.place())
                .hasValueSatisfying(place -> assertThat(place.line()).isEqualTo(1));
    }

    @Test
    void aliasesCountTowardsTheDepthAndTheSize() {
        // Given: each list holds the one before, and one holds another 24 x 24 times
        StringBuilder deep = new StringBuilder("l0: &l0 [1]\n");
        for (int i = 1; i < 25; i++) {
            deep.append("l%d: &l%d [*l%d]\n".formatted(i, i, i - 1));
        }
        String often = "a: &a [" + "1, ".repeat(2_000) + "1]\nb: &b [" + "*a, ".repeat(24) + "1]\nc: ["
                + "*b, ".repeat(24) + "1]\n";

        // When
        TreeException tooDeep =
                catchThrowableOfType(TreeException.class, () -> TreeReader.yaml(bytes(deep.toString())));
        TreeException tooMuch = catchThrowableOfType(TreeException.class, () -> TreeReader.yaml(bytes(often)));

        // Then
        assertThat(tooDeep).hasMessageContaining("nested too deep");
        assertThat(tooMuch).hasMessageContaining("repeats too much");
    }

    @Test
    void neitherFormatIsReadWithoutLimits() {
        // Given 30 lists in each other, more text than any file of ours has, and bytes that are no UTF-8
        byte[] deep = bytes("[".repeat(30) + "]".repeat(30));
        byte[] large = bytes("[" + "1, ".repeat(400_000) + "1]");
        byte[] latin = {'"', (byte) 0xe4, '"'};
        List<String> refused = new ArrayList<>();

        // When
        for (byte[] hostile : List.of(deep, large, latin)) {
            refused.add(catchThrowableOfType(TreeException.class, () -> TreeReader.json(hostile))
                    .getMessage());
            refused.add(catchThrowableOfType(TreeException.class, () -> TreeReader.yaml(hostile))
                    .getMessage());
        }

        // Then
        assertThat(refused).hasSize(6).doesNotContainNull();
        assertThat(refused.subList(4, 6)).containsOnly("the file is not UTF-8");
    }

    private static List<Place> places(TreeNode node) {
        List<Place> places = new ArrayList<>(List.of(node.place()));
        if (node instanceof Mapping mapping) {
            for (Entry entry : mapping.entries()) {
                places.addAll(places(entry.key()));
                places.addAll(places(entry.value()));
            }
        } else if (node instanceof Sequence sequence) {
            sequence.items().forEach(item -> places.addAll(places(item)));
        }
        return places;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}

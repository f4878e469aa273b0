package org.datman.bids.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class SchemaReaderTest {

    /** Of schema.json in the package bidsschematools 1.2.7, and in the official validator 3.0.2. */
    private static final String PUBLISHED = "d0502ce6a64495384ec53ac2690201edf7c23a949267c233edcf63d93db21895";

    @Test
    void theBundledSchemaIsThePublishedOneByteForByte() throws Exception {
        // Given
        MessageDigest digest = MessageDigest.getInstance("SHA-256");

        // When
        try (InputStream json = SchemaReader.class.getResourceAsStream("schema.json")) {
            digest.update(json.readAllBytes());
        }

        // Then
        assertThat(HexFormat.of().formatHex(digest.digest())).isEqualTo(PUBLISHED);
    }

    @Test
    void everyRuleOfTheSchemaIsRead() {
        // When
        BidsSchema schema = BidsSchema.bundled();

        // Then: counted in the JSON with another program
        assertThat(schema.version()).isEqualTo("1.2.7");
        assertThat(schema.bidsVersion()).isEqualTo("1.11.1");
        assertThat(schema.rules()).hasSize(373);
        assertThat(schema.rules()).filteredOn(rule -> !rule.checks().isEmpty()).hasSize(130);
        assertThat(schema.rules()).filteredOn(rule -> !rule.fields().isEmpty()).hasSize(215);
        assertThat(schema.rules()).filteredOn(rule -> rule.table() != null).hasSize(28);
        assertThat(schema.entities()).hasSize(35).containsKeys("sub", "ses", "acq");
        assertThat(schema.associations()).hasSize(13);
        assertThat(schema.unknown()).isEmpty();
    }

    @Test
    void whatIsNotUnderstoodIsCounted() throws Exception {
        // Given
        String json = """
                {"schema_version": "9", "objects": {}, "meta": {}, "rules": {"checks": {
                  "A": {"selectors": ["true"], "checks": ["1 == 1"], "wishes": ["x"]},
                  "B": {"selectors": ["true"], "wishes": ["y"]}}}}
                """;

        // When
        BidsSchema schema = SchemaReader.read(new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)));

        // Then
        assertThat(schema.unknown()).containsEntry("wishes", 2);
        assertThat(schema.rules()).extracting(Rule::path).containsExactly("rules.checks.A");
    }

    @Test
    void whatIsNoSchemaIsRefused() {
        assertThatThrownBy(() -> SchemaReader.read(new ByteArrayInputStream("{}".getBytes(StandardCharsets.UTF_8))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("schema_version");
    }
}

package org.datman.bids.validation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.datman.bids.schema.BidsSchema;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BidsValidatorTest {

    @TempDir
    static Path shared;

    private static ValidationReport faulty;

    @TempDir
    Path folder;

    @BeforeAll
    static void plantAllFaults() throws IOException {
        faulty = validate(Fault.all(shared.resolve("faulty"), List.of(Fault.values())));
    }

    static ValidationReport validate(SyntheticDataset dataset) throws IOException {
        return new BidsValidator(dataset.root(), BidsSchema.bundled(), true).validate();
    }

    @ParameterizedTest
    @EnumSource
    void eachPlantedFaultIsFoundInItsSubject(Fault fault) {
        // Given
        String subject = "/sub-" + fault.label() + "/";

        // When
        List<Finding> found = faulty.findings().stream()
                .filter(finding -> finding.location().startsWith(subject))
                .toList();

        // Then
        assertThat(found).extracting(Finding::code).contains(fault.code());
    }

    @Test
    void aDatasetWithoutFaultHasOnlyRecommendations() throws IOException {
        // Given
        SyntheticDataset dataset = new SyntheticDataset(folder);
        dataset.addSubject("01", "a", "b");
        dataset.addSubject("02");

        // When
        ValidationReport report = validate(dataset);

        // Then
        assertThat(report.hasErrors()).isFalse();
        assertThat(report.findings())
                .extracting(Finding::code)
                .containsOnly("B0_FIELD_IDENTIFIER_RECOMMENDED", "JSON_KEY_RECOMMENDED", "SIDECAR_KEY_RECOMMENDED");
        assertThat(report.notChecked()).isEmpty();
    }

    @Test
    void whatNoRuleLooksAtIsNamed() throws IOException {
        // Given
        SyntheticDataset dataset = new SyntheticDataset(folder);
        dataset.addSubject("01");
        dataset.write("CITATION.cff", "cff-version: 1.2.0");
        dataset.write(
                "dataset_description.json",
                "{\"Name\": \"n\", \"BIDSVersion\": \"1.11.1\", \"HEDVersion\": \"8.2.0\"}");

        // When
        ValidationReport report = validate(dataset);

        // Then
        assertThat(report.notChecked()).containsExactly("CITATION.cff is not read", "HED tags are not checked");
    }

    @Test
    void aDatasetWithoutDescriptionIsRaw() throws IOException {
        // Given
        SyntheticDataset dataset = new SyntheticDataset(folder);
        dataset.addSubject("01");
        dataset.delete("dataset_description.json");

        // When
        ValidationReport report = validate(dataset);

        // Then
        assertThat(report.findings())
                .filteredOn(finding -> finding.severity() == FindingSeverity.ERROR)
                .extracting(Finding::code, Finding::location)
                .containsExactly(tuple("MISSING_DATASET_DESCRIPTION", ""));
    }
}

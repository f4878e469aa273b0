package org.datman.bids.validation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.datman.bids.dataset.Contents;
import org.datman.bids.schema.BidsSchema;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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

    /** As a clone of a dataset has it whose contents git-annex did not bring. */
    @ParameterizedTest
    @CsvSource({
        "sub-01/dwi/sub-01_dwi.bval, true",
        "sub-01/dwi/sub-01_dwi.bvec, true",
        "sub-01/anat/sub-01_T1w.nii.gz, true",
        "sub-01/anat/sub-01_T1w.json, true",
        "sub-01/func/sub-01_task-rest_events.tsv, true",
        ".bidsignore, true",
        "sub-01/anat/sub-01_T1w.nii.gz, false",
    })
    void aFileThatCannotBeReadIsNamed(String path, boolean readHeaders) throws IOException {
        // Given
        SyntheticDataset dataset = new SyntheticDataset(folder);
        dataset.addSubject("01");
        Path file = dataset.root().resolve(path);
        Files.deleteIfExists(file);
        Files.createSymbolicLink(file, Path.of(".git/annex/objects/xx/MD5E-s12--00000000.x"));

        // When
        ValidationReport report = new BidsValidator(folder, BidsSchema.bundled(), readHeaders).validate();

        // Then
        assertThat(report.findings())
                .filteredOn(finding -> finding.code().equals("FILE_READ"))
                .extracting(Finding::location)
                .isEqualTo(readHeaders ? List.of("/" + path) : List.of());
        assertThat(report.findings()).extracting(Finding::code).doesNotContain("NIFTI_HEADER_UNREADABLE");
    }

    @Test
    void aLinkToAParentIsOneFindingAndItsSubjectIsValidated() throws IOException {
        // Given
        SyntheticDataset dataset = new SyntheticDataset(folder);
        dataset.addSubject("01");
        dataset.write("sub-01/anat/sub-01_T1w.json", "{\"EchoTime\": \"short\"}");
        Files.createSymbolicLink(dataset.root().resolve("sub-01/again"), Path.of(".."));

        // When
        ValidationReport report = validate(dataset);

        // Then
        assertThat(report.findings())
                .filteredOn(finding -> finding.severity() == FindingSeverity.ERROR)
                .extracting(Finding::code, Finding::location)
                .containsExactly(
                        tuple("JSON_SCHEMA_VALIDATION_ERROR", "/sub-01/anat/sub-01_T1w.json"),
                        tuple("SYMLINK_CYCLE", "/sub-01/again"));
    }

    @Test
    void rowsThatAreTooManyForTheMemoryAndLinesThatAreNoPatternAreNamed() throws IOException {
        // Given: a fault in the last row
        SyntheticDataset dataset = new SyntheticDataset(folder);
        dataset.addSubject("01");
        dataset.write(".bidsignore", "[z-a]\n");
        String events = "sub-01/func/sub-01_task-rest_events.tsv";
        dataset.write(events, "onset\tduration\n" + "1.0\t0.5\n".repeat(1_000) + "late\t0.5\n");

        // When
        ValidationReport report = new BidsValidator(folder, BidsSchema.bundled(), true, new Contents(5_000)).validate();

        // Then
        assertThat(report.notChecked())
                .containsExactly(
                        "the line '[z-a]' of .bidsignore is no pattern and ignores nothing",
                        "/" + events
                                + ": rows after the first 5,000 bytes are not read, they may not fit into the memory");
        assertThat(report.hasErrors()).isFalse();
        assertThat(validate(dataset).findings())
                .extracting(Finding::code, Finding::location)
                .contains(tuple("TSV_VALUE_INCORRECT_TYPE", "/" + events));
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

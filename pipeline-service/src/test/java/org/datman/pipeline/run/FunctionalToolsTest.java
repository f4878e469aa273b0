package org.datman.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tools of the catalogue for functional runs that no machine of ours has: the whole command with stand-ins. */
class FunctionalToolsTest {

    /** The way of one degree on a sphere of 50 mm. */
    private static final double DEGREE = Math.toRadians(1) * 50;

    @TempDir
    Path folder;

    @Test
    void epitomeGivesHeadMotionOfEachRun() throws Exception {
        // Given
        CatalogueRun run = epitome().parameter("modules", "[\"init_epi high 3 on alt+z scale loose FSL\"]");

        // When
        CatalogueRun.Ended ended = run.run();

        // Then four volumes: 0.1 mm, 0.1 mm, one degree, as the stand-in says
        assertThat(ended.exitCode()).as(ended.errors()).isZero();
        assertThat(ended.missing()).isEmpty();
        assertThat(ended.folder().resolve("results/func_scaled.datman.02.nii.gz"))
                .hasContent("scaled, without 3");
        assertThat(ended.measures()).hasSize(6).containsEntry("volumes run-02 1", 4.0);
        assertThat(ended.measures().get("framewise_displacement_mean run-01 mm"))
                .isCloseTo((0.1 + 0.1 + DEGREE) / 3, within(1e-5));
        assertThat(ended.measures().get("framewise_displacement_max run-01 mm")).isCloseTo(DEGREE, within(1e-5));
    }

    @ParameterizedTest
    @CsvSource({
        "fails, init_epi high 4 on alt+z scale loose FSL, 6, 3dvolreg: cannot go on",
        "silent, init_epi high 4 on alt+z scale loose FSL, 7, did not write func_scaled.datman.01.nii.gz",
        "none, no_such_module, 5, epitome has no module no_such_module"
    })
    void aFailureHasACodeThatTheDescriptorExplains(String fault, String module, int code, String words)
            throws Exception {
        // Given
        CatalogueRun run = epitome().environment("STAND_IN_FAULT", fault).parameter("modules", "[\"" + module + "\"]");

        // When
        CatalogueRun.Ended ended = run.run();

        // Then
        assertThat(ended.exitCode()).as(ended.errors()).isEqualTo(code);
        assertThat(ended.errors()).contains(words);
        assertThat(run.descriptor().errorCodes()).containsKey(code);
    }

    @Test
    void aMachineWithoutEpitomeSaysSo() throws Exception {
        // Given
        CatalogueRun run = epitome().environment("EPITOME_HOME", folder.toString());

        // When
        CatalogueRun.Ended ended = run.run();

        // Then
        assertThat(ended.exitCode()).isEqualTo(4);
    }

    /** Two runs. */
    private CatalogueRun epitome() throws Exception {
        return new CatalogueRun(folder, "epitome")
                .environment(
                        "EPITOME_HOME", CatalogueRun.standIn("epitome", ".").toString())
                .file("runs", "S_RST_05.nii.gz", "series")
                .file("runs", "S_RST_06.nii", "series");
    }
}

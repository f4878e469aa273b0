package org.datman.contracts.naming;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReproInTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "anat",
                "Sag T1 BRAVO",
                "functional run",
                "func bold",
                "dwi dir80 PA",
                "anat-T1w_something",
                "DWI_dir80",
                "func_task-rest_run-12345",
                "func_task-rest_run-two",
                "func_task-rest_run-1_run-99999999999"
            })
    void otherNamesDeclareNothing(String name) {
        assertThat(ReproIn.of(name)).isEmpty();
    }

    @Test
    void aTextThatNoScannerHasRoomForDeclaresNothing() {
        // Given
        String begin = "func_task-rest_run-1__";

        // When, then
        assertThat(ReproIn.of(begin + "x".repeat(256 - begin.length()))).isPresent();
        assertThat(ReproIn.of(begin + "x".repeat(257 - begin.length()))).isEmpty();
    }

    @Test
    void theEntitiesAreThoseOfTheNameWithoutSessionAndRun() {
        // When
        ReproIn name = ReproIn.of("func-bold_ses-01_task-face+hand_acq-mb4_dir-AP_run-02__second_try")
                .orElseThrow();

        // Then
        assertThat(name.entities()).isEqualTo(Map.of("task", "face+hand", "acq", "mb4", "dir", "AP"));
    }

    @ParameterizedTest
    @CsvSource({
        "func_task-rest_run-02, 02",
        "func_task-rest_run+, +",
        "func-sbref_task-rest_run=__again, =",
        "WIP func_task-rest_run-3_acq-x, 3",
    })
    void theRunIsAsItIsNamed(String text, String run) {
        // When
        ReproIn name = ReproIn.of(text).orElseThrow();

        // Then
        assertThat(name.findRun()).contains(run);
        assertThat(name.entities()).containsEntry("task", "rest").doesNotContainKey("run");
    }
}

package org.datman.local.proposal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReproInTest {

    @ParameterizedTest
    @CsvSource({
        "anat-T1w, T1",
        "anat-T2w_acq-space, T2",
        "anat-scout, LOCALIZER",
        "func-bold_task-rest_run-01, BOLD",
        "func_task-rest_acq-1p5mm_run+, BOLD",
        "func_run-1_task-rest__dup0, BOLD",
        "fmap_dir-AP, FIELD_MAP_EPI",
        "fmap-magnitude1, FIELD_MAP_MAGNITUDE",
        "WIP dwi_dir-PA_ses-02, DWI",
        "Lab: anat-FLAIR, FLAIR",
        "anat-angio, UNKNOWN",
    })
    void theNameDeclaresTheKind(String name, Kind kind) {
        assertThat(ReproIn.of(name).orElseThrow().kind()).isEqualTo(kind);
    }

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
                "DWI_dir80"
            })
    void otherNamesDeclareNothing(String name) {
        assertThat(ReproIn.of(name)).isEmpty();
    }

    @Test
    void theEntitiesAreThoseOfTheNameWithoutSessionAndRun() {
        // When
        ReproIn name = ReproIn.of("func-bold_ses-01_task-face+hand_acq-mb4_dir-AP_run-02__second_try")
                .orElseThrow();

        // Then
        assertThat(name.entities()).isEqualTo(Map.of("task", "face+hand", "acq", "mb4", "dir", "AP"));
    }
}

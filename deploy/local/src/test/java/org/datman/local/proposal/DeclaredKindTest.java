package org.datman.local.proposal;

import static org.assertj.core.api.Assertions.assertThat;

import org.datman.contracts.naming.ReproIn;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeclaredKindTest {

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
        assertThat(SeriesKind.declared(ReproIn.of(name).orElseThrow())).isEqualTo(kind);
    }
}

package org.datman.bids.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BidsFileNameTest {

    @ParameterizedTest
    @CsvSource({
        "sub-01_T1w.nii.gz, T1w, .nii.gz",
        "participants.tsv, participants, .tsv",
        "README, README, ''",
        "sub-01, '', ''",
        "sub-01_meg.ds, meg, .ds",
        ".bidsignore, '', .bidsignore",
    })
    void suffixAndExtensionAreTheEnd(String name, String suffix, String extension) {
        // When
        BidsFileName parts = BidsFileName.parse(name);

        // Then
        assertThat(parts.suffix()).isEqualTo(suffix);
        assertThat(parts.extension()).isEqualTo(extension);
    }

    @Test
    void entitiesKeepTheirOrderAndOnlyTheFirstHyphenDivides() {
        // When
        BidsFileName parts = BidsFileName.parse("sub-01_acq-a-b_run_bold.nii");

        // Then
        assertThat(List.copyOf(parts.entities().entrySet()))
                .containsExactly(
                        Map.entry("sub", "01"), Map.entry("acq", "a-b"), Map.entry("run", BidsFileName.NO_LABEL));
    }
}

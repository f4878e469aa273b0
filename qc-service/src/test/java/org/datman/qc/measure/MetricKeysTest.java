package org.datman.qc.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import org.datman.contracts.metric.MetricCatalogue;
import org.datman.contracts.metric.MetricDefinition;
import org.datman.contracts.study.MetricKeys;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A study file may name exactly the metrics that are measured. */
class MetricKeysTest {

    @Test
    void studyFilesKnowTheKeysOfTheCatalogue() {
        assertThat(MetricKeys.all())
                .isEqualTo(MetricCatalogue.all().stream()
                        .map(MetricDefinition::key)
                        .collect(Collectors.toSet()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"tsnr", "fd_power_max", "fd_power_perc", "tsnrr", "fd_power_most", "_max", ""})
    void aKeyIsKnownToBothOrToNone(String key) {
        // When
        boolean known = MetricKeys.known(key);

        // Then
        assertThat(known).isEqualTo(MetricCatalogue.find(key).isPresent());
    }
}

package org.datman.contracts.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class MetricCatalogueTest {

    @Test
    void everySummaryOfACourseHasADefinition() {
        // When
        MetricDefinition perc = MetricCatalogue.get("fd_power_perc");

        // Then
        assertThat(perc.unit()).isEqualTo("%");
        assertThatThrownBy(() -> MetricCatalogue.get("invented_max")).hasMessageContaining("metrics.tsv");
    }
}

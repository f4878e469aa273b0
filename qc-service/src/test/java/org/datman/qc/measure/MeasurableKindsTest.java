package org.datman.qc.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.List;
import org.datman.contracts.metric.QcKind;
import org.datman.metrics.Measurement;
import org.junit.jupiter.api.Test;

class MeasurableKindsTest {

    @Test
    void everyKindButThatOfIgnoredSeriesIsMeasured() {
        // Given
        EnumSet<QcKind> kinds = EnumSet.complementOf(EnumSet.of(QcKind.IGNORE));

        // When
        List<QcKind> measured =
                kinds.stream().map(QcKind::measuredAs).distinct().toList();

        // Then
        assertThat(Measurement.kinds()).containsExactlyInAnyOrderElementsOf(measured);
    }
}

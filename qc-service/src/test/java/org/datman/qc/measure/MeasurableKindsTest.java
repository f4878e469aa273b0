package org.datman.qc.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.List;
import org.datman.contracts.study.QcKind;
import org.datman.metrics.Measurement;
import org.junit.jupiter.api.Test;

class MeasurableKindsTest {

    @Test
    void everyKindThatAStudyMayWriteHasItsOwnMeasurement() {
        // Given: field maps are measured as any image, ignored series not at all
        EnumSet<QcKind> written = EnumSet.complementOf(EnumSet.of(QcKind.FMAP, QcKind.IGNORE));

        // When
        List<String> kinds = written.stream().map(QcKind::key).toList();

        // Then
        assertThat(Measurement.kinds()).containsAll(kinds);
    }
}

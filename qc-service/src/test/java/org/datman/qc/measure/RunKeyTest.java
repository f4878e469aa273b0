package org.datman.qc.measure;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.IntNode;
import java.time.LocalDate;
import java.util.Map;
import org.datman.contracts.study.GoldStandard;
import org.junit.jupiter.api.Test;

class RunKeyTest {

    private static final LocalDate FROM = LocalDate.of(2026, 1, 31);

    @Test
    void aStandardHasTheTextThatStoredResultsHave() {
        // Given
        GoldStandard file = new GoldStandard("CMH", "T1", FROM, "standards/T1.json", Map.of());
        GoldStandard parameters = new GoldStandard("CMH", "T1", FROM, null, Map.of("FlipAngle", IntNode.valueOf(9)));

        // When
        String ofFile = Measurer.ofRunKey(file);
        String ofParameters = Measurer.ofRunKey(parameters);

        // Then
        assertThat(ofFile).isEqualTo("2026-01-31 Optional[standards/T1.json] {}");
        assertThat(ofParameters).isEqualTo("2026-01-31 Optional.empty {FlipAngle=9}");
    }
}

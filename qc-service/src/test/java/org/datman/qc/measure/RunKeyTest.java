package org.datman.qc.measure;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.IntNode;
import java.time.LocalDate;
import java.util.Map;
import org.datman.contracts.study.GoldStandard;
import org.datman.plots.report.Compared;
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

    @Test
    void aReferenceThatIsLeftOutHasTheTextThatStoredResultsHave() {
        // Given
        Compared leftOut =
                new Compared("STU_CMH_0001_01_01_T1", Compared.EARLIER, null, ReferenceSelector.NO_REFERENCE);

        // When
        String fed = leftOut.toString();

        // Then
        assertThat(fed)
                .isEqualTo("Compared[series=STU_CMH_0001_01_01_T1, role=earlier, sha256=null, leftOut=it was measured"
                        + " before reference images were kept, or shows no object]");
    }
}

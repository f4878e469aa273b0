package org.datman.qc.header;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.datman.contracts.event.QcComplete.HeaderDifference;
import org.datman.contracts.study.HeaderRules;
import org.datman.contracts.study.Tolerance;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HeaderComparisonTest {

    private static final HeaderRules RULES = new HeaderRules(
            Set.of("AcquisitionTime"),
            Map.of("RepetitionTime", new Tolerance(0.001, 0), "SliceTiming", new Tolerance(0.0025, 0)),
            Map.of());

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'RepetitionTime': 2.0} | {'RepetitionTime': 2.0} | 0",
                "{'RepetitionTime': 2.0} | {'RepetitionTime': 2.0009} | 0",
                "{'RepetitionTime': 2.0} | {'RepetitionTime': 2.002} | 1",
                "{'RepetitionTime': 2} | {'RepetitionTime': 2.0} | 0",
                "{'EchoTime': 0.03} | {'EchoTime': 0.0300002} | 1",
                "{'EchoTime': 0.03} | {} | 1",
                "{'SliceTiming': [0, 1, 0.5]} | {'SliceTiming': [0, 1.002, 0.5]} | 0",
                "{'SliceTiming': [0, 1, 0.5]} | {'SliceTiming': [0, 0.5, 1]} | 1",
                "{'SliceTiming': [0, 1, 0.5]} | {'SliceTiming': [0, 1]} | 1",
                "{'AcquisitionTime': '1'} | {'AcquisitionTime': '2'} | 0",
                "{'PhaseEncodingDirection': 'j'} | {'PhaseEncodingDirection': 'j-'} | 1",
                "{'FlipAngle': 9} | {'FlipAngle': '9'} | 0",
            })
    void fieldsAgreeOrDiffer(String standard, String series, int differences) throws Exception {
        // Given
        Standard gold = new Standard("gold", false, fields(standard));

        // When
        List<HeaderDifference> found = HeaderComparison.differences(gold, fields(series), RULES);

        // Then
        assertThat(found).hasSize(differences);
    }

    @Test
    void whatOnlyOneSideHasIsToldOnItsOwn() throws Exception {
        // Given
        Standard gold = new Standard("gold", true, fields("{'A': 1}"));

        // When
        List<HeaderDifference> found = HeaderComparison.differences(gold, fields("{'B': 2}"), RULES);

        // Then
        assertThat(found).extracting(HeaderDifference::field).containsExactly("A", "B");
        assertThat(found.get(0).actual()).isEmpty();
        assertThat(found.get(1).expected()).isEmpty();
    }

    private static Map<String, JsonNode> fields(String json) throws Exception {
        Map<String, JsonNode> fields = new TreeMap<>();
        new ObjectMapper()
                .readTree(json.replace('\'', '"'))
                .properties()
                .forEach(field -> fields.put(field.getKey(), field.getValue()));
        return fields;
    }
}

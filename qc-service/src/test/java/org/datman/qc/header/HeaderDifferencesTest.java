package org.datman.qc.header;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.datman.contracts.event.QcComplete.HeaderDifference;
import org.datman.contracts.study.HeaderRules;
import org.datman.contracts.study.Severity;
import org.datman.contracts.study.Tolerance;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HeaderDifferencesTest {

    private static final HeaderRules RULES = new HeaderRules(
            Set.of("AcquisitionTime"),
            Map.of("RepetitionTime", new Tolerance(0.001, 0), "SliceTiming", new Tolerance(0.0025, 0)),
            Map.of());

    private static final HeaderRules NONE = new HeaderRules(Set.of(), Map.of(), Map.of());

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'RepetitionTime': 2.0} | {'RepetitionTime': 2.0} | 0",
                "{'RepetitionTime': 2.0} | {'RepetitionTime': 2.0009} | 0",
                "{'RepetitionTime': 2.0} | {'RepetitionTime': 2.002} | 1",
                "{'RepetitionTime': 2} | {'RepetitionTime': 2.0} | 0",
                "{'EchoTime': 0.03} | {'EchoTime': 0.0300002} | 0",
                "{'EchoTime': 0.03} | {'EchoTime': 0.0301} | 1",
                "{'EchoTime': 0.03} | {} | 1",
                "{'SliceTiming': [0, 1, 0.5]} | {'SliceTiming': [0, 1.002, 0.5]} | 0",
                "{'SliceTiming': [0, 1, 0.5]} | {'SliceTiming': [0, 0.5, 1]} | 1",
                "{'SliceTiming': [0, 1, 0.5]} | {'SliceTiming': [0, 1]} | 1",
                "{'AcquisitionTime': '1'} | {'AcquisitionTime': '2'} | 0",
                "{'PhaseEncodingDirection': 'j'} | {'PhaseEncodingDirection': 'j-'} | 1",
                "{'FlipAngle': 9} | {'FlipAngle': '9'} | 0",
                "{'ProtocolName': 'T1'} | {'ProtocolName': 'T2'} | 1",
                "{'ProtocolName': 'T1'} | {'ProtocolName': 'T1'} | 0",
                "{'StudysOwn': {'a': 1}} | {'StudysOwn': {'a': 2}} | 1",
            })
    void fieldsAgreeOrDiffer(String standard, String series, int differences) throws Exception {
        // Given
        Standard gold = new Standard("gold", false, fields(standard));

        // When
        List<HeaderDifference> found = HeaderDifferences.of(gold, fields(series), null, RULES);

        // Then
        assertThat(found).hasSize(differences);
    }

    @Test
    void whatOnlyOneSideHasIsReportedOnItsOwn() throws Exception {
        // Given
        Standard gold = new Standard("gold", true, fields("{'A': 1, 'EchoTime': 0.03}"));

        // When
        List<HeaderDifference> found = HeaderDifferences.of(gold, fields("{'B': 2, 'FlipAngle': 9}"), null, RULES);

        // Then
        assertThat(found).extracting(HeaderDifference::field).containsExactly("A", "B", "EchoTime", "FlipAngle");
        assertThat(found).extracting(d -> d.expected().isPresent()).containsExactly(true, false, true, false);
        assertThat(found).extracting(d -> d.actual().isPresent()).containsExactly(false, true, false, true);
    }

    @Test
    void differencesCarryTheSidecarsNamesAndUnits() throws Exception {
        // Given
        Standard gold =
                new Standard("gold", false, fields("{'RepetitionTime': 2, 'SoftwareVersions': '5.7.1\\\\5.7.1.1'}"));
        Map<String, JsonNode> series = fields("{'RepetitionTime': 2.2, 'SoftwareVersions': '5.7.1\\\\5.7.1.2'}");

        // When
        List<HeaderDifference> found = HeaderDifferences.of(gold, series, null, RULES);

        // Then
        assertThat(found)
                .containsExactly(
                        new HeaderDifference(
                                "RepetitionTime", Optional.of("2"), Optional.of("2.2"), Optional.of("0.001"), "flag"),
                        new HeaderDifference(
                                "SoftwareVersions",
                                Optional.of("5.7.1\\5.7.1.1"),
                                Optional.of("5.7.1\\5.7.1.2"),
                                Optional.empty(),
                                "warn"));
    }

    @Test
    void theStudysSeverityPrecedesTheTables() throws Exception {
        // Given
        HeaderRules rules = new HeaderRules(Set.of(), Map.of(), Map.of("EchoTime", Severity.NOTE));

        // When
        List<HeaderDifference> found = HeaderDifferences.of(
                new Standard("gold", false, fields("{'EchoTime': 0.03, 'FlipAngle': 9}")),
                fields("{'EchoTime': 0.04, 'FlipAngle': 10}"),
                null,
                rules);

        // Then
        assertThat(found).extracting(HeaderDifference::severity).containsExactly("note", "flag");
    }

    @Test
    void studiesThatReportNothingGetTheTablesTolerances() throws Exception {
        // Given
        Standard gold = new Standard("gold", false, fields("{'RepetitionTime': 2}"));

        // When
        List<HeaderDifference> found =
                HeaderDifferences.of(gold, fields("{'RepetitionTime': 2.2}"), null, HeaderRules.USUAL);

        // Then
        assertThat(found).extracting(HeaderDifference::field).containsExactly("RepetitionTime");
    }

    @Test
    void personsDayAndUidsOfAWholeSidecarAreNeitherComparedNorShown() throws Exception {
        // Given
        String person =
                "'PatientID': 'X', 'PatientBirthDate': '1990', 'SeriesInstanceUID': '1.2', 'AcquisitionDateTime': '2020'";
        Standard gold = new Standard("gold", true, fields("{" + person + ", 'FutureField': 'secret'}"));
        Map<String, JsonNode> series =
                fields("{'PatientName': 'Y', 'SeriesInstanceUID': '1.3', 'FutureField': 'hidden'}");

        // When
        List<HeaderDifference> found = HeaderDifferences.of(gold, series, null, NONE);

        // Then
        assertThat(found).extracting(HeaderDifference::field).containsExactly("FutureField");
        assertThat(found.toString()).doesNotContain("secret", "hidden");
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

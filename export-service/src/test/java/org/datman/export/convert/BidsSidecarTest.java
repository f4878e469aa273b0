package org.datman.export.convert;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.datman.imaging.deidentification.PersonalNames;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BidsSidecarTest {

    @TempDir
    Path folder;

    private final List<String> repairs = new ArrayList<>();

    private JsonNode cleaned(byte[] content, PersonalNames names) throws IOException {
        Path file = Files.write(folder.resolve("i.json"), content);
        BidsSidecar sidecar = BidsSidecar.read(file, repairs).orElseThrow();
        sidecar.keepListed(names);
        sidecar.write(file);
        return new ObjectMapper().readTree(Files.readAllBytes(file));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void onlyListedFieldsLeaveWithTheirNumbersAsWritten() throws IOException {
        // Given: what dcm2niix 1.0.20220720 and 1.0.20260724 keep under -ba y, and an unknown field
        byte[] converted = utf8("{\"Modality\": \"MR\", \"InstitutionName\": \"GHU\", \"StationName\": \"S1\","
                + " \"DeviceSerialNumber\": \"67022\", \"AcquisitionTime\": \"10:15:0.0\", \"ImageComments\": \"c\","
                + " \"ProcedureStepDescription\": \"p\", \"StudyDescription\": \"s\", \"SeriesDescription\": \"d\","
                + " \"BidsGuess\": [\"func\", \"_task-x\"], \"OfTomorrow\": \"t\", \"DwellTime\": 5.4e-06,"
                + " \"EchoTime\": 0.030, \"SliceTiming\": [0, 0.5], \"RawImage\": false}");

        // When
        JsonNode left = cleaned(converted, PersonalNames.NONE);

        // Then
        List<String> fields = new ArrayList<>();
        left.fieldNames().forEachRemaining(fields::add);
        assertThat(fields).containsExactly("Modality", "DwellTime", "EchoTime", "SliceTiming", "RawImage");
        assertThat(Files.readString(folder.resolve("i.json"))).contains("0.030").contains("0.0000054");
    }

    @Test
    void aListedFieldWithAValueOfAnotherKindIsLeftOut() throws IOException {
        // Given
        byte[] converted = utf8("{\"EchoTime\": \"Müller\", \"ReceiveCoilName\": \"Spule Jörg\", \"RawImage\": \"no\","
                + " \"SoftwareVersions\": \"syngo MR E11\", \"CoilString\": [\"HC1\", {\"who\": \"x\"}]}");

        // When
        JsonNode left = cleaned(converted, PersonalNames.NONE);

        // Then
        assertThat(left.size()).isEqualTo(1);
        assertThat(left.path("SoftwareVersions").textValue()).isEqualTo("syngo MR E11");
    }

    @Test
    void aTextThatNamesWhomTheHeaderNamesIsLeftOut() throws IOException {
        // Given
        byte[] converted = utf8("{\"PulseSequenceName\": \"ep2d LARSSON\", \"SequenceName\": \"tfl_p4711x\","
                + " \"ReceiveCoilName\": \"Head_32\"}");

        // When
        JsonNode left = cleaned(converted, new PersonalNames(Set.of("larsson"), Set.of("p4711")));

        // Then
        assertThat(left.has("PulseSequenceName")).isFalse();
        assertThat(left.has("SequenceName")).isFalse();
        assertThat(left.path("ReceiveCoilName").textValue()).isEqualTo("Head_32");
    }

    @Test
    void numbersThatAreNoneAreTakenOutAndReported() throws IOException {
        // Given: what C prints; similar text is kept
        byte[] converted = utf8("{\"RepetitionTime\": 2, \"EchoTime\": nan, \"SAR\": -inf, \"FlipAngle\": -nan(ind),"
                + " \"SliceTiming\": [0, NaN, 1], \"ScanOptions\": \"inf nan\"}");

        // When
        JsonNode left = cleaned(converted, PersonalNames.NONE);

        // Then
        assertThat(left.toString()).isEqualTo("{\"RepetitionTime\":2,\"ScanOptions\":\"inf nan\"}");
        assertThat(repairs).singleElement().asString().contains("EchoTime, SAR, FlipAngle, SliceTiming");
    }

    @Test
    void aByteOfLatin1IsReadAndReported() throws IOException {
        // Given
        byte[] converted = "{\"EchoTime\": 0.03, \"ProtocolName\": \"für\"}".getBytes(StandardCharsets.ISO_8859_1);

        // When
        JsonNode left = cleaned(converted, PersonalNames.NONE);

        // Then
        assertThat(left.toString()).isEqualTo("{\"EchoTime\":0.03}");
        assertThat(repairs).singleElement().asString().contains("Latin-1");
    }

    @Test
    void whatIsNoJsonIsNotRead() throws IOException {
        // Given
        Path file = Files.writeString(folder.resolve("i.json"), "{\"EchoTime\": 0.03, ");

        // When
        Optional<BidsSidecar> sidecar = BidsSidecar.read(file, repairs);

        // Then
        assertThat(sidecar).isEmpty();
    }
}

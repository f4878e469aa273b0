package org.datman.export.index;

import static org.assertj.core.api.Assertions.assertThat;

import org.datman.contracts.event.EventJson;
import org.datman.contracts.provenance.Provenance;
import org.datman.contracts.study.Part;
import org.datman.export.dicom.DicomFacts;
import org.junit.jupiter.api.Test;

/** Files that an earlier version stored are read: fields that it did not have are empty. */
class EarlierFilesTest {

    @Test
    void aConversionWithoutChangesOfItsFilesIsRead() throws Exception {
        // Given
        String stored = """
                {"program": "dcm2niix", "version": "1.0.20260724", "arguments": [], "parameters": "-z y", "exitCode": 0,
                 "problems": [], "remarks": [], "log": "a.log"}""";

        // When
        Provenance.Conversion conversion = EventJson.mapper().readValue(stored, Provenance.Conversion.class);

        // Then
        assertThat(conversion.prepared()).isEmpty();
        assertThat(conversion.corrections()).isEmpty();
    }

    @Test
    void aRunWithoutTheVersionOfDatmanIsRead() throws Exception {
        // Given
        String stored = """
                {"runKey": "k", "eventId": "e", "correlationId": "c", "exportRevision": 2, "host": "h", "actor": "a",
                 "started": "2026-03-05T10:00:00Z", "finished": "2026-03-05T10:00:01Z"}""";

        // When
        Provenance.Run run = EventJson.mapper().readValue(stored, Provenance.Run.class);

        // Then
        assertThat(run.software()).isEmpty();
        assertThat(run.exportRevision()).isEqualTo(2);
    }

    @Test
    void aDicomFileWithoutPolarityIsRead() throws Exception {
        // Given
        String stored = """
                {"path": "1.dcm", "instance": 3, "part": "MAGNITUDE"}""";

        // When
        DicomFacts facts = EventJson.mapper().readValue(stored, DicomFacts.class);

        // Then
        assertThat(facts.polarity()).isEmpty();
        assertThat(facts.instance()).contains(3);
        assertThat(facts.echoTime()).isEmpty();
        assertThat(facts.part()).isEqualTo(Part.MAGNITUDE);
    }
}

package org.datman.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.datman.contracts.event.Event;
import org.datman.contracts.event.EventJson;
import org.datman.contracts.event.ProcessingFailed;
import org.datman.contracts.event.ResourceDiscovered;
import org.datman.contracts.event.SeriesDiscovered;
import org.datman.contracts.event.SessionDiscovered;
import org.datman.contracts.event.SessionSettled;
import org.datman.ingest.Lab.Planned;
import org.datman.ingest.queue.QueueTable;
import org.datman.ingest.reconcile.Reconciler;
import org.datman.platform.testkit.EventsOnKafka;
import org.datman.platform.testkit.KafkaAndPostgres;
import org.datman.simulator.archive.Session;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * A person's name in every free-text field on XNAT and at the scanner, and where it may occur in
 * the values of events: only where something is named by it, according to docs/event-contracts.md.
 */
@QuarkusTest
@QuarkusTestResource(KafkaAndPostgres.class)
@QuarkusTestResource(Lab.class)
class NamesInEventsTest {

    @Inject
    Reconciler reconciler;

    @Inject
    QueueTable hints;

    @AfterEach
    void end() {
        hints.deleteAll();
    }

    /** Event fields that may contain the text of a field. */
    private static final Map<String, TreeSet<String>> ALLOWED = new LinkedHashMap<>();

    private static void allow(String name, String... fields) {
        ALLOWED.put(name, new TreeSet<>(List.of(fields)));
    }

    static {
        allow("LabelÅsa", "/label", "/sessionLabel", "/nameProblem/message");
        allow("SubjectЖанна", "/subjectLabel");
        allow("DescriptionZoë", "/description", "/header/SeriesDescription");
        allow("TypeMüller", "/xnatType");
        allow("QualityJürgen", "/quality");
        allow("FolderBjørn", "/label");
        allow("File山田", "/path");
        allow("ScanNoteŁucja");
        allow("SessionNoteŽaneta");
        allow("VariableNoël");
        allow("DicomNameRenée");
        allow("DOE");
        allow("SECRET-ID");
        allow("19700101");
    }

    private static void collect(JsonNode node, String at, Map<String, TreeSet<String>> found) {
        if (node.isObject()) {
            node.properties().forEach(field -> collect(field.getValue(), at + "/" + field.getKey(), found));
        } else if (node.isArray()) {
            node.forEach(item -> collect(item, at, found));
        } else {
            ALLOWED.keySet().stream()
                    .filter(name -> node.asText().contains(name))
                    .forEach(name ->
                            found.computeIfAbsent(name, n -> new TreeSet<>()).add(at));
        }
    }

    @Test
    void aNameIsOnlyWhereSomethingIsNamedByIt() throws IOException {
        // Given
        Lab.sendNoWebhooks();
        Session session = Lab.scanIn("SPN01", "SPN01_CMH_0040_01_01", new Planned(3, "DescriptionZoë", 1));
        Lab.xnat().archive().renameSubject(session.subjectId(), "SubjectЖанна");
        Lab.xnat().archive().editScan(session.id(), "3", scan -> scan.withType("TypeMüller")
                .withQuality("QualityJürgen")
                .withNote("ScanNoteŁucja"));
        Map<String, Object> fields = new TreeMap<>(session.fields());
        fields.put("note", "SessionNoteŽaneta");
        fields.put("dcmPatientName", "DicomNameRenée");
        fields.put("dcmPatientId", "DicomNameRenée");
        fields.put("operator", "DicomNameRenée");
        Lab.xnat().archive().edit(session.id(), s -> s.withFields(fields).withVariable("remark", "VariableNoël"));
        Lab.xnat()
                .addResourceFile(
                        session.id(), "FolderBjørn", "consent/File山田.pdf", "x".getBytes(StandardCharsets.UTF_8));
        Lab.xnat().archive().rename(session.id(), "LabelÅsa");

        // When
        reconciler.listAllNow();

        // Then
        try (EventsOnKafka events = EventsOnKafka.ofTests()) {
            events.await(SessionSettled.class, e -> e.key().equals(session.id()));
            events.await(ResourceDiscovered.class, e -> e.key().equals(session.id()));
            List<Event> reported = Stream.of(
                            SessionDiscovered.class,
                            SeriesDiscovered.class,
                            ResourceDiscovered.class,
                            SessionSettled.class,
                            ProcessingFailed.class)
                    .flatMap(type -> events.all(type).stream())
                    .<Event>map(envelope -> envelope.event())
                    .filter(event -> event.key().equals(session.id()))
                    .toList();
            Map<String, TreeSet<String>> found = new TreeMap<>();
            for (Event event : reported) {
                collect(EventJson.mapper().valueToTree(event), "", found);
            }
            Map<String, TreeSet<String>> expected = new TreeMap<>(ALLOWED);
            expected.values().removeIf(TreeSet::isEmpty);
            assertThat(found).isEqualTo(expected);
        }
    }
}

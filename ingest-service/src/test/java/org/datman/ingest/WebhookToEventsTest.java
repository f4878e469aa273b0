package org.datman.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.URI;
import org.datman.contracts.event.SeriesDiscovered;
import org.datman.contracts.event.SessionDiscovered;
import org.datman.contracts.event.SessionSettled;
import org.datman.ingest.Lab.Planned;
import org.datman.platform.testkit.EventsOnKafka;
import org.datman.platform.testkit.KafkaAndPostgres;
import org.datman.simulator.archive.Session;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(KafkaAndPostgres.class)
@QuarkusTestResource(Lab.class)
class WebhookToEventsTest {

    @TestHTTPResource("/")
    URI address;

    EventsOnKafka events;

    @BeforeEach
    void begin() {
        Lab.sendWebhooksTo(address.getPort());
        events = EventsOnKafka.ofTests();
    }

    @AfterEach
    void end() {
        events.close();
        Lab.xnat().faults().clear();
        Lab.sendNoWebhooks();
    }

    @Test
    void rawDataInASeriesDoesNotHideWhatItsImagesAre() throws IOException {
        // Given
        Planned asl = new Planned(4, "pCASL", 2);

        // When
        Session session = Lab.scanWithRawData("SPN01_CMH_0002_01_01", asl);

        // Then
        SeriesDiscovered series = events.await(
                        SeriesDiscovered.class, e -> e.key().equals(session.id()))
                .event();
        assertThat(series.fileCount()).isEqualTo(3);
        assertThat(series.header()).containsEntry("SOPClassUID", "1.2.840.10008.5.1.4.1.1.4");
        assertThat(series.imageType()).containsExactly("ORIGINAL", "PRIMARY", "M", "NORM");
    }

    @Test
    void aSessionThatIsArchivedIsReportedWithItsSeriesAndSettles() throws IOException {
        // Given
        Planned t1 = new Planned(3, "Sag T1 MPRAGE", 3);

        // When
        Session session = Lab.scan("SPN01_CMH_0001_01_01", new Planned(1, "localizer", 1), t1);

        // Then
        SessionDiscovered reported = events.await(
                        SessionDiscovered.class, e -> e.key().equals(session.id()))
                .event();
        assertThat(reported.status()).isEqualTo(SessionDiscovered.Status.PRESENT);
        assertThat(reported.name()).contains("SPN01_CMH_0001_01_01");
        assertThat(reported.site()).contains("CMH");
        SeriesDiscovered series = events.await(
                        SeriesDiscovered.class,
                        e -> e.key().equals(session.id()) && e.scan().equals("3"))
                .event();
        assertThat(series.status()).isEqualTo(SeriesDiscovered.Status.PRESENT);
        assertThat(series.seriesNumber()).contains(3L);
        assertThat(series.fileCount()).isEqualTo(3);
        assertThat(series.imageType()).containsExactly("ORIGINAL", "PRIMARY", "M", "NORM");
        assertThat(series.header())
                .containsEntry("RepetitionTime", "2300")
                .containsEntry("ImageType", "ORIGINAL\\PRIMARY\\M\\NORM")
                .doesNotContainKeys("PatientName", "PatientID", "PatientBirthDate");
        SessionSettled settled = events.await(SessionSettled.class, e -> e.key().equals(session.id()))
                .event();
        assertThat(settled.cause()).isEqualTo(SessionSettled.Cause.QUIET);
        assertThat(settled.series())
                .containsExactlyInAnyOrder(
                        new SessionSettled.SettledSeries("1", 1), new SessionSettled.SettledSeries("3", 1));
    }
}

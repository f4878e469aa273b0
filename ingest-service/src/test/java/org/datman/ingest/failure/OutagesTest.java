package org.datman.ingest.failure;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.datman.contracts.event.ProcessingFailed;
import org.datman.ingest.IngestSettings;
import org.datman.ingest.Lab;
import org.datman.ingest.TestClock;
import org.datman.ingest.setting.Settings;
import org.datman.ingest.xnat.XnatAvailability;
import org.datman.platform.testkit.EventsOnKafka;
import org.datman.platform.testkit.KafkaAndPostgres;
import org.datman.xnat.XnatDenied;
import org.datman.xnat.XnatOutage;
import org.datman.xnat.XnatSettings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An outage of the server is published once, and so is its end, whatever happens to ingest in between. */
@QuarkusTest
@QuarkusTestResource(KafkaAndPostgres.class)
@QuarkusTestResource(Lab.class)
class OutagesTest {

    @Inject
    IngestFailures failures;

    @Inject
    Settings stored;

    @Inject
    IngestSettings settings;

    @Inject
    Clock clock;

    private final String server = "server-" + UUID.randomUUID();
    private EventsOnKafka events;

    @BeforeEach
    void begin() {
        events = EventsOnKafka.ofTests();
    }

    @AfterEach
    void end() {
        events.close();
    }

    @Test
    void anOutageIsPublishedOnceAndClosedByTheFirstAnswerAfterARestart() {
        // Given: three failures in a row count
        Outages before = outages(clock);
        boolean once = before.down(new XnatOutage("did not answer /first"));
        before.up();
        before.down(new XnatOutage("did not answer /second"));
        before.down(new XnatOutage("did not answer /third"));
        boolean away = before.down(new XnatOutage("did not answer /fourth"));
        before.down(new XnatOutage("did not answer /fifth"));

        // When
        Outages after = outages(clock);
        after.down(new XnatOutage("did not answer /sixth"));
        after.up();
        after.up();

        // Then
        ProcessingFailed resumed = await("xnat-resumed");
        assertThat(once).isFalse();
        assertThat(away).isTrue();
        assertThat(published())
                .extracting(failed -> failed.reason().code())
                .containsExactly("xnat-away", "xnat-resumed");
        assertThat(published().get(0).reason().message()).isEqualTo("did not answer /fourth");
        assertThat(published().get(0).identity()).isEqualTo(resumed.identity());
    }

    @Test
    void aRefusedAccountIsNoOutageAndCountsApart() {
        // Given
        Outages outages = outages(clock);
        XnatDenied refusal = XnatDenied.account("XNAT refuses account 'datman' (401)", null);
        outages.down(new XnatOutage("did not answer /first"));
        outages.down(new XnatOutage("did not answer /second"));
        outages.refused(refusal, Duration.ofMinutes(10));
        outages.refused(refusal, Duration.ofMinutes(10));
        boolean away = outages.down(new XnatOutage("did not answer /third"));

        // When
        outages.up();

        // Then
        await("xnat-account-resumed");
        assertThat(away).isFalse();
        assertThat(published())
                .extracting(failed -> failed.reason().code())
                .containsExactly("xnat-refuses-account", "xnat-account-resumed");
    }

    @Test
    void aTroubleThatBeginsAndEndsAllTheTimeIsPublishedEveryTenMinutes() {
        // Given
        TestClock minutes = new TestClock();
        Outages outages = outages(minutes);

        // When
        for (int minute = 0; minute < 15; minute++) {
            for (int failure = 0; failure < 3; failure++) {
                outages.down(new XnatOutage("did not answer"));
            }
            outages.up();
            minutes.advance(Duration.ofMinutes(1));
        }

        // Then
        assertThat(events.awaitAll(ProcessingFailed.class, this::isOurs, 4))
                .extracting(envelope -> envelope.event().reason().code())
                .containsExactly("xnat-away", "xnat-resumed", "xnat-away", "xnat-resumed");
    }

    private Outages outages(Clock time) {
        XnatSettings xnat = new SmallRyeConfigBuilder()
                .withMapping(XnatSettings.class)
                .addDefaultInterceptors()
                .withSources(new PropertiesConfigSource(
                        Map.of(
                                "datman.xnat.url", "http://localhost:1",
                                "datman.xnat.user", "datman",
                                "datman.xnat.server", server),
                        "test",
                        100))
                .build()
                .getConfigMapping(XnatSettings.class);
        return new Outages(new XnatAvailability(xnat, time), new Troubles(failures, stored, time), settings, xnat);
    }

    private boolean isOurs(ProcessingFailed failed) {
        return failed.cause().filter(cause -> cause.endsWith(server)).isPresent();
    }

    private List<ProcessingFailed> published() {
        return events.all(ProcessingFailed.class).stream()
                .map(envelope -> envelope.event())
                .filter(this::isOurs)
                .toList();
    }

    private ProcessingFailed await(String code) {
        return events.await(
                        ProcessingFailed.class,
                        failed -> isOurs(failed) && failed.reason().code().equals(code))
                .event();
    }
}

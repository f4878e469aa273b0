package org.datman.export.xnat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.datman.contracts.event.SessionRef;
import org.datman.platform.event.PermanentException;
import org.datman.simulator.XnatSimulator;
import org.datman.simulator.fault.Fault;
import org.datman.simulator.fault.FaultRule;
import org.datman.xnat.ImageSource;
import org.datman.xnat.OrthancClient;
import org.datman.xnat.XnatConfig;
import org.datman.xnat.XnatDenied;
import org.datman.xnat.XnatOutage;
import org.datman.xnat.XnatSettings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Export obeys every setting of {@code datman.xnat}, as ingest does: both read the same ones. */
class XnatProducerTest {

    private XnatSimulator simulator;

    @BeforeEach
    void start() throws IOException {
        simulator = XnatSimulator.builder().users(Map.of("datman", "secret")).start();
    }

    @AfterEach
    void stop() {
        simulator.close();
    }

    static Stream<Arguments> settings() {
        return Stream.of(
                of(
                        "datman.xnat.url",
                        "http://xnat.example.org/x",
                        XnatConfig::base,
                        URI.create("http://xnat.example.org/x")),
                of("datman.xnat.server", "lab", XnatConfig::server, "lab"),
                of("datman.xnat.user", "reader", XnatConfig::user, "reader"),
                of("datman.xnat.password", "other", config -> config.password().get(), "other"),
                of("datman.xnat.zone", "America/Toronto", XnatConfig::zone, ZoneId.of("America/Toronto")),
                of("datman.xnat.concurrency", "7", XnatConfig::concurrency, 7),
                of("datman.xnat.connect-timeout", "PT3S", XnatConfig::connectTimeout, Duration.ofSeconds(3)),
                of("datman.xnat.answer-timeout", "PT4S", XnatConfig::answerTimeout, Duration.ofSeconds(4)),
                of("datman.xnat.idle-timeout", "PT5S", XnatConfig::idleTimeout, Duration.ofSeconds(5)),
                of("datman.xnat.attempts", "9", XnatConfig::attempts, 9),
                of("datman.xnat.first-pause", "PT0.3S", XnatConfig::firstPause, Duration.ofMillis(300)),
                of("datman.xnat.lock-out-pause", "PT1H", XnatConfig::lockOutPause, Duration.ofHours(1)),
                of("datman.xnat.dicom-web", "true", XnatConfig::dicomWeb, true));
    }

    @ParameterizedTest
    @MethodSource("settings")
    void everySettingIsObeyed(String name, String value, Function<XnatConfig, Object> read, Object expected) {
        // Given
        Map<String, String> properties = Map.of(name, value);

        // When
        try (ImageSource client = client(properties)) {

            // Then
            assertThat(read.apply(client.config())).isEqualTo(expected);
        }
    }

    @Test
    void theKindOfTheServerIsASetting() {
        // Given
        Map<String, String> properties = Map.of("datman.xnat.kind", "orthanc");

        // When
        try (ImageSource client = client(properties)) {

            // Then
            assertThat(client).isInstanceOf(OrthancClient.class);
        }
    }

    @Test
    void withoutSettingsItsPatienceIsThatOfIngest() {
        // When
        try (ImageSource client = client(Map.of())) {

            // Then four attempts: with the six that export had, an outage was published four times as late as by ingest
            assertThat(client.config().attempts()).isEqualTo(4);
            assertThat(client.config().zone()).isEqualTo(ZoneId.of("UTC"));
            assertThat(client.config().lockOutPause()).isEqualTo(Duration.ofMinutes(10));
        }
    }

    @Test
    void thePasswordFileIsReadAtEachLogin(@TempDir Path folder) throws IOException {
        // Given
        Path file = folder.resolve("password");
        Files.writeString(file, "first");
        Map<String, String> properties =
                Map.of("datman.xnat.password", "", "datman.xnat.password-file", file.toString());
        try (ImageSource client = client(properties)) {
            assertThat(client.config().password().get()).isEqualTo("first");

            // When
            Files.writeString(file, "second");

            // Then
            assertThat(client.config().password().get()).isEqualTo("second");
        }
    }

    @Test
    void aHangingXnatIsAnOutageAfterTheAnswerTimeout() {
        // Given
        simulator.faults().add(FaultRule.of(Fault.HANG).on("/data/experiments"));
        Map<String, String> hasty = Map.of("datman.xnat.answer-timeout", "PT0.3S", "datman.xnat.attempts", "1");
        try (ImageSource client = client(hasty)) {

            // When / Then
            assertThatThrownBy(() -> client.session("XNAT_E1"))
                    .isInstanceOf(XnatOutage.class)
                    .hasMessageContaining("PT0.3S");
        }
    }

    @Test
    void aRefusedLoginIsTriedAgainWhenTheLockOutPauseIsOver() {
        // Given
        Map<String, String> wrong = Map.of("datman.xnat.password", "wrong", "datman.xnat.lock-out-pause", "PT0S");
        try (ImageSource client = client(wrong)) {
            assertThatThrownBy(client::whoAmI).isInstanceOf(XnatDenied.class);
            long before = logins();

            // When
            assertThatThrownBy(client::whoAmI).isInstanceOf(XnatDenied.class);

            // Then
            assertThat(logins()).isEqualTo(before + 1);
        }
    }

    @Test
    void aSessionOfAFurtherServerIsReadThereWithItsOwnAccount() throws IOException {
        // Given another XNAT, named in the environment
        try (XnatSimulator second =
                        XnatSimulator.builder().users(Map.of("reader", "other")).start();
                ImageSource client = client(Map.of("datman.xnat.attempts", "9"))) {
            OtherXnats others = new SmallRyeConfigBuilder()
                    .withMapping(OtherXnats.class)
                    .withSources(new EnvConfigSource(
                            Map.of(
                                    "DATMAN_OTHER_XNATS__SECOND__URL",
                                            second.url().toString(),
                                    "DATMAN_OTHER_XNATS__SECOND__USER", "reader",
                                    "DATMAN_OTHER_XNATS__SECOND__PASSWORD", "other"),
                            300))
                    .build()
                    .getConfigMapping(OtherXnats.class);

            // When
            Xnat xnat = new XnatProducer().xnat(client, others, new SimpleMeterRegistry());

            // Then
            ImageSource other = xnat.client(new SessionRef("second", "XNAT_E1"));
            assertThat(other.whoAmI()).isEqualTo("reader");
            assertThat(other.config().attempts()).isEqualTo(9);
            assertThat(xnat.client(new SessionRef("xnat", "XNAT_E1"))).isSameAs(client);
            assertThatThrownBy(() -> xnat.client(new SessionRef("third", "XNAT_E1")))
                    .isInstanceOf(PermanentException.class)
                    .hasMessageContaining("'second', 'xnat'");
        }
    }

    @Test
    void aSettingThatMakesNoSenseIsRefusedAtTheStart() {
        // When / Then
        assertThatThrownBy(() -> client(Map.of("datman.xnat.concurrency", "0")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("datman.xnat.concurrency is 0");
    }

    private long logins() {
        return simulator.requestLog().entries().stream()
                .filter(e -> e.method().equals("POST") && e.uri().contains("JSESSION"))
                .count();
    }

    private ImageSource client(Map<String, String> properties) {
        Map<String, String> all = new HashMap<>(Map.of(
                "datman.xnat.url", simulator.url().toString(),
                "datman.xnat.user", "datman",
                "datman.xnat.password", "secret"));
        all.putAll(properties);
        XnatSettings settings = new SmallRyeConfigBuilder()
                .withMapping(XnatSettings.class)
                .withSources(new PropertiesConfigSource(all, "test", 100))
                .build()
                .getConfigMapping(XnatSettings.class);
        return new XnatProducer().client(settings, new SimpleMeterRegistry());
    }

    private static Arguments of(String name, String value, Function<XnatConfig, Object> read, Object expected) {
        return Arguments.of(name, value, read, expected);
    }
}

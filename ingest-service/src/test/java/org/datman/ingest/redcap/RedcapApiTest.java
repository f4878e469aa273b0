package org.datman.ingest.redcap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.datman.contracts.study.RedcapRule;
import org.datman.simulator.redcap.RedcapStandIn;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An answer of REDCap has an end, in time and in bytes. */
class RedcapApiTest {

    private RedcapStandIn redcap;

    @BeforeEach
    void start() throws Exception {
        redcap = new RedcapStandIn();
    }

    @AfterEach
    void stop() {
        redcap.close();
    }

    @Test
    @Timeout(20)
    void anAnswerThatTricklesWithoutAnEndIsGivenUp() {
        // Given
        CountDownLatch trickling = redcap.trickle();
        RedcapApi api = api("datman.redcap.timeout", "PT0.5S");

        // When
        RedcapException stalled =
                catchThrowableOfType(RedcapException.class, () -> api.changed("RDC", rule(), Instant.EPOCH));

        // Then
        assertThat(trickling.getCount()).isEqualTo(1);
        assertThat(stalled.reason().code()).isEqualTo("redcap-not-read");
        assertThat(stalled.reason().message()).contains("not complete", "datman.redcap.timeout");
    }

    @Test
    void anAnswerThatIsTooLargeIsRefusedAndOneOfTheLargestSizeIsNot() throws Exception {
        // Given
        redcap.save("1", "", "RDC_CMH_0001_01", "2026-11-18", "2", LocalDateTime.of(2026, 11, 18, 12, 0));
        int size =
                "[{\"record_id\":\"1\",\"par_id\":\"RDC_CMH_0001_01\",\"date\":\"2026-11-18\",\"scan_completed_complete\":\"2\"}]"
                        .length();

        // When
        RedcapException tooLarge = catchThrowableOfType(
                RedcapException.class, () -> api("datman.redcap.max-answer", Integer.toString(size - 1))
                        .records("RDC", rule(), List.of("1")));

        // Then
        assertThat(tooLarge.reason().message()).contains("larger than datman.redcap.max-answer");
        assertThat(api("datman.redcap.max-answer", Integer.toString(size)).records("RDC", rule(), List.of("1")))
                .hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"429, redcap-not-read", "408, redcap-not-read", "503, redcap-not-read", "403, redcap-refused"})
    void aServerThatIsBusyRefusesNothing(int status, String code) {
        // Given
        redcap.answerWith(status);
        RedcapApi api = api("datman.redcap.timeout", "PT5S");

        // When
        RedcapException fault =
                catchThrowableOfType(RedcapException.class, () -> api.records("RDC", rule(), List.of("1")));

        // Then
        assertThat(fault.reason().code()).isEqualTo(code);
    }

    private static RedcapApi api(String setting, String value) {
        return new RedcapApi(new SmallRyeConfigBuilder()
                .withMapping(RedcapSettings.class)
                .addDefaultInterceptors()
                .withSources(new PropertiesConfigSource(
                        Map.of(setting, value, "datman.redcap.token.RDC", RedcapStandIn.TOKEN), "test", 100))
                .build()
                .getConfigMapping(RedcapSettings.class));
    }

    private RedcapRule rule() {
        return new RedcapRule(
                redcap.url(),
                "42",
                "scan_completed",
                "record_id",
                "par_id",
                "date",
                Set.of("2"),
                Duration.ofHours(48),
                null,
                Set.of());
    }
}

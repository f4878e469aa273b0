package org.datman.platform.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.LogRecord;
import java.util.stream.IntStream;
import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.Level;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RepeatedLinesTest {

    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 7);
    private final RepeatedLines lines = new RepeatedLines(nanos::get, false);

    @Test
    void anOutageIsWrittenOnceAMinuteWithHowOftenItCame() {
        // Given
        String message = "Outbox waits: %s";

        // When
        long written = IntStream.range(0, 413)
                .filter(i -> lines.isLoggable(ours(Level.WARN, message, "Connection refused")))
                .count();

        // Then
        assertThat(written).isEqualTo(1);
        assertThat(lines.over()).isEmpty();
        pass(60);
        assertThat(lines.over()).containsExactly("Outbox waits: Connection refused (repeated 412 times in 60 s)");
    }

    @Test
    void whatComesAgainAfterAQuietMinuteIsAFirstLineAgain() {
        // Given
        lines.isLoggable(ours(Level.WARN, "Outbox waits: %s", "away"));
        pass(61);

        // When
        boolean again = lines.isLoggable(ours(Level.WARN, "Outbox waits: %s", "away"));

        // Then
        assertThat(again).isTrue();
    }

    @Test
    void aFloodIsThrottledHoweverManyOtherLinesCameBefore() {
        // Given
        IntStream.range(0, 6_000).forEach(i -> lines.isLoggable(ours(Level.INFO, "Exported scan=%s", "" + i)));
        pass(61);

        // When
        long written = IntStream.range(0, 413)
                .filter(i -> lines.isLoggable(ours(Level.WARN, "Outbox waits: %s", "Connection refused")))
                .count();

        // Then
        assertThat(written).isEqualTo(1);
    }

    @ParameterizedTest(name = "[{index}] {0} {1} {2}|{3} -> {4}")
    @CsvSource({
        // Another session is another line; another attempt is not.
        "ours,  WARN,  E00042,                     E00043,                     2",
        "ours,  WARN,  E00042,                     E00042,                     1",
        "ours,  INFO,  E00042,                     E00043,                     2",
        // For other loggers, ports and transaction ids do not count as different; at start, versions do.
        "other, WARN,  Node 1 (127.0.0.1:9092),    Node 2 (127.0.0.1:9093),    1",
        "other, ERROR, gtrid=0:ffff7f000101:8d2b,  gtrid=0:ffff7f000101:8d2c,  1",
        "other, WARN,  Kafka is away,              PostgreSQL is away,         2",
        "other, INFO,  to version 1,               to version 2,               2"
    })
    void whatMakesTwoLinesTheSame(String whose, String level, String first, String second, int written) {
        // Given
        Level at = Map.of("INFO", Level.INFO, "WARN", Level.WARN, "ERROR", Level.ERROR)
                .get(level);

        // When
        long count = IntStream.range(0, 2)
                .filter(i -> lines.isLoggable(
                        whose.equals("ours")
                                ? ours(at, "Handling failed session=%s attempt=%d", i == 0 ? first : second, i)
                                : record("org.apache.kafka", at, i == 0 ? first : second)))
                .count();

        // Then
        assertThat(count).isEqualTo(written);
    }

    @Test
    void whatIsBelowInfoIsNotCounted() {
        // When
        long written = IntStream.range(0, 3)
                .filter(i -> lines.isLoggable(ours(Level.DEBUG, "Nothing to decide")))
                .count();

        // Then
        assertThat(written).isEqualTo(3);
    }

    private void pass(long seconds) {
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(seconds));
    }

    private static LogRecord ours(Level level, String format, Object... parameters) {
        LogRecord record =
                new ExtLogRecord(level, format, ExtLogRecord.FormatStyle.PRINTF, RepeatedLinesTest.class.getName());
        record.setLoggerName("org.datman.platform.event.EventConsumer");
        record.setParameters(parameters);
        return record;
    }

    private static LogRecord record(String logger, Level level, String message) {
        LogRecord record = new LogRecord(level, message);
        record.setLoggerName(logger);
        return record;
    }
}

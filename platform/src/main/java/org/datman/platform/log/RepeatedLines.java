package org.datman.platform.log;

import io.quarkus.logging.LoggingFilter;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.logging.Filter;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jboss.logmanager.ExtFormatter;
import org.jboss.logmanager.formatters.PatternFormatter;
import org.jspecify.annotations.Nullable;

/**
 * Logs the same message of the same logger once a minute, with its count: while PostgreSQL or Kafka is
 * unavailable, clients log many lines a second. In warnings and errors numbers do not count as a difference (attempts, ports,
 * ids of transactions); texts of DATMAN's own lines do (sessions, scans). Used by all services as {@code quarkus.log.console.filter}.
 */
@LoggingFilter(name = "repeated-lines")
public final class RepeatedLines implements Filter {

    private static final Duration INTERVAL = Duration.ofSeconds(60);
    private static final long LOOK_EVERY_SECONDS = 5;
    private static final int MOST_KEYS = 5_000;
    private static final ExtFormatter MESSAGES = new PatternFormatter("%s");
    private static final String OURS = "org.datman.";
    private static final Pattern WITH_DIGITS = Pattern.compile("[\\w.:-]*\\d[\\w.:-]*");

    private final Repeats<Line> repeats;
    private final boolean withTimer;
    private volatile @Nullable ScheduledExecutorService timer;
    private volatile @Nullable Thread reporter;

    /** For Quarkus. */
    public RepeatedLines() {
        this(System::nanoTime, true);
    }

    RepeatedLines(LongSupplier nanos, boolean withTimer) {
        this.repeats = new Repeats<>(INTERVAL, nanos, MOST_KEYS);
        this.withTimer = withTimer;
    }

    /** The data needed to log a line again. */
    record Line(String logger, Level level, String text) {}

    @Override
    public boolean isLoggable(LogRecord record) {
        if (record.getLevel().intValue() < Level.INFO.intValue() || Thread.currentThread() == reporter) {
            return true;
        }
        String text = text(record);
        boolean first = repeats.isFirst(key(record, text), new Line(record.getLoggerName(), record.getLevel(), text));
        if (!first && withTimer && timer == null) {
            startTimer();
        }
        return first;
    }

    private synchronized void startTimer() {
        if (timer == null) {
            timer = Executors.newSingleThreadScheduledExecutor(task -> {
                Thread thread = new Thread(task, "log-repeats");
                thread.setDaemon(true);
                reporter = thread;
                return thread;
            });
            timer.scheduleWithFixedDelay(this::logRepeated, LOOK_EVERY_SECONDS, LOOK_EVERY_SECONDS, TimeUnit.SECONDS);
        }
    }

    private void logRepeated() {
        for (Repeats.Repeated<Line> repeated : repeats.over()) {
            Logger.getLogger(repeated.line().logger()).log(repeated.line().level(), text(repeated));
        }
    }

    /** The lines of elapsed intervals, as they are logged; for tests. */
    List<String> over() {
        return repeats.over().stream().map(RepeatedLines::text).toList();
    }

    private static String text(Repeats.Repeated<Line> repeated) {
        return repeated.line().text() + " (repeated " + repeated.count() + " times in "
                + repeated.within().toSeconds() + " s)";
    }

    private static String text(LogRecord record) {
        return String.valueOf(MESSAGES.formatMessage(record));
    }

    /** The key under which two lines count as equal. */
    static String key(LogRecord record, String text) {
        String place = record.getLoggerName() + "|" + record.getLevel() + "|"
                + (record.getThrown() == null
                        ? ""
                        : record.getThrown().getClass().getName()) + "|";
        boolean trouble = record.getLevel().intValue() >= Level.WARNING.intValue();
        if (!trouble) {
            return place + text;
        }
        if (!String.valueOf(record.getLoggerName()).startsWith(OURS)) {
            return place + WITH_DIGITS.matcher(text).replaceAll("#");
        }
        Object[] parameters = record.getParameters();
        return parameters == null || parameters.length == 0
                ? place + text
                : place
                        + record.getMessage()
                        + Arrays.stream(parameters)
                                .map(parameter -> parameter instanceof Number ? "#" : String.valueOf(parameter))
                                .collect(Collectors.joining("|", "|", ""));
    }
}

package org.datman.simulator.fault;

import io.soabase.recordbuilder.core.RecordBuilder;
import java.time.Duration;
import java.util.regex.Pattern;

/**
 * When and how a response fails. Made by one of the factory methods, then narrowed:
 * {@code FaultRule.status(503).on("/scans/3/.*format=zip").times(2)}.
 *
 * @param path regular expression searched in raw path + {@code ?} + raw query
 * @param method HTTP method, empty for any
 * @param times how often it applies, -1 for always
 * @param skip number of matching requests that are skipped first
 * @param probability probability to apply to a matching request, 0..1
 * @param status for {@link Fault#STATUS}
 * @param bytes position or count, see {@link Fault}
 * @param column for the column faults
 * @param value for the column faults
 * @param action for {@link Fault#ACTION}
 */
@RecordBuilder
public record FaultRule(
        Fault fault,
        Pattern path,
        String method,
        int times,
        int skip,
        double probability,
        Duration latency,
        int status,
        long bytes,
        String column,
        String value,
        Runnable action)
        implements FaultRuleBuilder.With {

    /** A rule that always applies, everywhere under {@code /data}, {@code /REST} and {@code /xapi}. */
    public static FaultRule of(Fault fault) {
        return new FaultRule(fault, Pattern.compile("^/"), "", -1, 0, 1.0, Duration.ZERO, 500, 0, "", "", () -> {});
    }

    public static FaultRule latency(Duration latency) {
        return of(Fault.LATENCY).withLatency(latency);
    }

    public static FaultRule status(int status) {
        return of(Fault.STATUS).withStatus(status);
    }

    /** The body stops after so many bytes, see {@link Fault#TRUNCATE}. */
    public static FaultRule truncate(long bytes) {
        return of(Fault.TRUNCATE).withBytes(bytes);
    }

    /** A valid zip that lacks its last entries. */
    public static FaultRule missingEntries(int count) {
        return of(Fault.MISSING_ENTRIES).withBytes(count);
    }

    /** An inverted byte in the first file sent. */
    public static FaultRule wrongByte(long position) {
        return of(Fault.WRONG_BYTE).withBytes(position);
    }

    public static FaultRule blank(String column) {
        return of(Fault.BLANK_COLUMN).withColumn(column, "");
    }

    public static FaultRule wrong(String column, String value) {
        return of(Fault.WRONG_COLUMN).withColumn(column, value);
    }

    /** Runs an action on the archive just before a request is answered. */
    public static FaultRule doing(Runnable action) {
        return of(Fault.ACTION).times(1).withAction(action);
    }

    public FaultRule on(String regex) {
        return withPath(Pattern.compile(regex));
    }

    public FaultRule method(String newMethod) {
        return withMethod(newMethod);
    }

    public FaultRule times(int newTimes) {
        return withTimes(newTimes);
    }

    public FaultRule after(int newSkip) {
        return withSkip(newSkip);
    }

    public FaultRule probability(double newProbability) {
        return withProbability(newProbability);
    }

    public FaultRule withColumn(String newColumn, String newValue) {
        return with(rule -> rule.column(newColumn).value(newValue));
    }
}

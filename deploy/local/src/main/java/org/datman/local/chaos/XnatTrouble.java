package org.datman.local.chaos;

import java.time.Duration;
import java.util.List;
import org.datman.simulator.fault.Fault;
import org.datman.simulator.fault.FaultRule;

/** Groups of rules of the simulated XNAT that are in force together. */
enum XnatTrouble {
    ERRORS,
    SLOW,
    CUT,
    ACCOUNT,
    RESETS;

    private static final String DATA = "^/data/(?!JSESSION)";
    private static final String ZIP = "format=zip";

    List<FaultRule> rules() {
        return switch (this) {
            case ERRORS ->
                List.of(
                        FaultRule.status(500).on(DATA).probability(0.2),
                        FaultRule.status(503).on(DATA).probability(0.2),
                        FaultRule.status(429).on(DATA).probability(0.1));
            case SLOW ->
                List.of(
                        FaultRule.latency(Duration.ofSeconds(2)).on(DATA).probability(0.6),
                        FaultRule.of(Fault.HANG).on(DATA).probability(0.1));
            case CUT ->
                List.of(
                        FaultRule.truncate(5_000).on(ZIP).probability(0.5),
                        FaultRule.missingEntries(2).on(ZIP).probability(0.3),
                        FaultRule.wrongByte(700).on(ZIP).probability(0.3));
            case ACCOUNT ->
                List.of(
                        FaultRule.of(Fault.SESSION_EXPIRED).on(DATA).probability(0.2),
                        FaultRule.of(Fault.LOGIN_PAGE).on(DATA).probability(0.1));
            case RESETS ->
                List.of(
                        FaultRule.of(Fault.RESET).on(DATA).probability(0.3),
                        FaultRule.of(Fault.RESET_AFTER_HEADERS)
                                .withBytes(20_000)
                                .on(ZIP)
                                .probability(0.4));
        };
    }
}

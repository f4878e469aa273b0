package org.datman.header;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.datman.contracts.study.Tolerance;

/** Standards derived from the sessions themselves: the rolling baseline, and the candidate that a person may approve. */
public final class Baselines {

    /** Fewer sessions make no majority. */
    public static final int FEWEST_FOR_CANDIDATE = 3;

    /** Fewer sessions are no baseline for drift. */
    public static final int FEWEST_FOR_DRIFT = 3;

    private Baselines() {}

    /** A record and the day of its scan. */
    public record Dated(LocalDate day, ParameterRecord header) {}

    /**
     * A proposal; it applies only after a person sets it.
     *
     * @param header the values that more than half of the sessions have
     * @param sessions number of sessions considered
     * @param undecided fields without a majority
     */
    public record Candidate(ParameterRecord header, int sessions, List<String> undecided) {}

    /**
     * A field that moved away from the sessions before, even if a tolerance allows it.
     *
     * @param field the field
     * @param since first day with the new value
     * @param before the baseline's value
     * @param now the value of the latest session
     */
    public record Drift(Field field, LocalDate since, Value before, Value now) {

        /** Whether the field's tolerance allows it. */
        public boolean tolerated() {
            return field.compare().judge(before, now, field.tolerance()).agrees();
        }
    }

    /** Median of numbers (one by one; of the most frequent length) and most frequent text per field; empty without records. */
    public static Optional<ParameterRecord> rolling(List<ParameterRecord> sessions) {
        if (sessions.isEmpty()) {
            return Optional.empty();
        }
        Map<String, Parameter> parameters = new TreeMap<>();
        for (Field field : FieldTable.all()) {
            List<Value> values = values(field, sessions);
            // A field that most sessions do not have is not part of the baseline.
            if (values.size() * 2 > sessions.size()) {
                parameters.put(
                        field.name(),
                        new Parameter(typical(values), List.of("typical of " + values.size() + " sessions")));
            }
        }
        return Optional.of(ParameterRecord.of(origins(sessions), parameters));
    }

    /** What more than half of at least three sessions have; empty for fewer sessions. */
    public static Optional<Candidate> candidate(List<ParameterRecord> sessions) {
        if (sessions.size() < FEWEST_FOR_CANDIDATE) {
            return Optional.empty();
        }
        Map<String, Parameter> parameters = new TreeMap<>();
        List<String> undecided = new ArrayList<>();
        for (Field field : FieldTable.all()) {
            List<Value> values = values(field, sessions);
            Optional<Value> major = values.stream()
                    .filter(value -> 2 * alike(field, value, values) > sessions.size())
                    .findFirst();
            int votes = major.map(value -> alike(field, value, values)).orElse(0);
            major.ifPresent(value -> parameters.put(
                    field.name(), new Parameter(value, List.of(votes + " of " + sessions.size() + " sessions"))));
            if (major.isEmpty() && 2 * values.size() > sessions.size()) {
                undecided.add(field.name());
            }
        }
        return Optional.of(
                new Candidate(ParameterRecord.of(origins(sessions), parameters), sessions.size(), undecided));
    }

    /**
     * Fields of the latest session that are not as in the {@code window} sessions before its run of like values began; only fields that
     * four of five of those sessions agree in.
     *
     * @param history in order of days
     * @param window how many sessions make the baseline, at least 1
     */
    public static List<Drift> drifts(List<Dated> history, int window) {
        List<Drift> drifts = new ArrayList<>();
        if (history.size() < 2) {
            return drifts;
        }
        Dated latest = history.get(history.size() - 1);
        for (Field field : FieldTable.all()) {
            if (field.tracked() || latest.header().value(field.name()).isEmpty()) {
                continue;
            }
            Value now = latest.header().value(field.name()).get();
            int start = history.size() - 1;
            while (start > 0 && same(field, history.get(start - 1).header(), now)) {
                start--;
            }
            List<ParameterRecord> before = history.subList(Math.max(0, start - window), start).stream()
                    .map(Dated::header)
                    .toList();
            List<Value> values = values(field, before);
            if (values.size() >= FEWEST_FOR_DRIFT && values.size() * 2 > before.size()) {
                Value typical = typical(values);
                if (steady(field, typical, values)
                        && !field.compare().judge(typical, now, Tolerance.NONE).agrees()) {
                    drifts.add(new Drift(field, history.get(start).day(), typical, now));
                }
            }
        }
        return drifts;
    }

    /** A field that varies from session to session, such as a duration, does not drift. */
    private static boolean steady(Field field, Value typical, List<Value> values) {
        long alike = values.stream()
                .filter(value ->
                        field.compare().judge(typical, value, Tolerance.NONE).agrees())
                .count();
        return 5 * alike >= 4 * values.size();
    }

    private static boolean same(Field field, ParameterRecord before, Value now) {
        return before.value(field.name())
                .filter(value ->
                        field.compare().judge(now, value, Tolerance.NONE).agrees())
                .isPresent();
    }

    private static int alike(Field field, Value value, List<Value> values) {
        return (int) values.stream()
                .filter(other ->
                        field.compare().judge(value, other, field.tolerance()).agrees())
                .count();
    }

    private static List<Value> values(Field field, List<ParameterRecord> sessions) {
        return sessions.stream()
                .flatMap(session -> session.value(field.name()).stream())
                .toList();
    }

    private static Set<Origin> origins(List<ParameterRecord> sessions) {
        return sessions.get(sessions.size() - 1).origins();
    }

    private static Value typical(List<Value> values) {
        List<List<Double>> numbers = new ArrayList<>();
        for (Value value : values) {
            if (value instanceof Value.Numbers some) {
                numbers.add(some.all());
            }
        }
        if (numbers.size() * 2 <= values.size()) {
            return mostFrequent(values);
        }
        int length = mostFrequent(numbers.stream().map(List::size).toList());
        List<List<Double>> usual =
                numbers.stream().filter(some -> some.size() == length).toList();
        List<Double> medians = new ArrayList<>();
        for (int i = 0; i < length; i++) {
            int at = i;
            List<Double> sorted =
                    usual.stream().map(some -> some.get(at)).sorted().toList();
            int half = sorted.size() / 2;
            medians.add(sorted.size() % 2 == 1 ? sorted.get(half) : (sorted.get(half - 1) + sorted.get(half)) / 2);
        }
        return new Value.Numbers(medians);
    }

    /** Of equally frequent ones the first. */
    private static <T> T mostFrequent(List<T> values) {
        Map<T, Integer> counts = new LinkedHashMap<>();
        values.forEach(value -> counts.merge(value, 1, Integer::sum));
        int most = Collections.max(counts.values());
        return values.stream()
                .filter(value -> counts.getOrDefault(value, 0) == most)
                .findFirst()
                .orElseThrow();
    }
}

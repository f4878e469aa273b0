package org.datman.local.chaos.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.datman.local.chaos.check.Violation.Kind;

/** All properties of a run with faults. */
public final class HistoryChecker {

    private HistoryChecker() {}

    /** The properties that did not hold; empty when all did. */
    public static List<Violation> check(RecordedHistory history, List<ExpectedSession> expected) {
        List<Violation> violations = new ArrayList<>();
        history.open().forEach(what -> violations.add(new Violation(Kind.NOT_QUIET, "system", what)));
        violations.addAll(LostFacts.in(history, expected));
        violations.addAll(DoubledEffects.in(history));
        violations.addAll(KeyOrder.in(history));
        violations.addAll(SameFiles.in(history));
        violations.addAll(CalmComparison.in(history, expected));
        violations.addAll(readModel(history));
        violations.addAll(OutageTraces.in(history));
        return violations;
    }

    private static List<Violation> readModel(RecordedHistory history) {
        return Stream.of(history.readModel(), history.rebuilt())
                .flatMap(all -> all.keySet().stream())
                .collect(Collectors.toCollection(TreeSet::new))
                .stream()
                .filter(address -> !Objects.equals(
                        history.readModel().get(address), history.rebuilt().get(address)))
                .map(address -> new Violation(
                        Kind.READ_MODEL,
                        address,
                        difference(
                                String.valueOf(history.rebuilt().get(address)),
                                String.valueOf(history.readModel().get(address)))))
                .toList();
    }

    /** The place where two texts begin to differ, with some characters of both. */
    static String difference(String expected, String found) {
        int at = 0;
        while (at < Math.min(expected.length(), found.length()) && expected.charAt(at) == found.charAt(at)) {
            at++;
        }
        return "expected '" + around(expected, at) + "', found '" + around(found, at) + "'";
    }

    private static String around(String text, int at) {
        return text.substring(Math.max(0, at - 60), Math.min(text.length(), at + 60));
    }
}

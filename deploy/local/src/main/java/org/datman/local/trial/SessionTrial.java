package org.datman.local.trial;

import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.datman.contracts.event.SeriesDiscovered;
import org.datman.contracts.event.SeriesTagged;
import org.datman.contracts.event.SessionRef;
import org.datman.contracts.study.SeriesTagger;
import org.datman.contracts.study.SessionNaming;
import org.datman.contracts.study.StudyConfigurations;

/**
 * What a study file makes of one session.
 *
 * @param folder the session's own name in the folder
 * @param label the label under which it was tried
 * @param series each series with the decision of the tagging service
 * @param counts tags whose number of series is given, or that have a series, in the order of the alphabet
 */
public record SessionTrial(String folder, String label, List<SeriesTagged> series, List<TagCount> counts) {

    private static final SessionRef NOWHERE = new SessionRef("trial", "TRIAL");

    /**
     * How many series a tag has.
     *
     * @param expected empty when the study gives no number for the day of the scan
     */
    public record TagCount(String tag, OptionalInt expected, int found) {

        /** Whether a number is given and another one was found. */
        public boolean differs() {
            return expected.isPresent() && expected.getAsInt() != found;
        }
    }

    public SessionTrial {
        series = List.copyOf(series);
        counts = List.copyOf(counts);
    }

    /**
     * Reads the headers of a session and decides as the services would.
     *
     * @param session folder or archive of DICOM files
     * @param work where archives are unpacked
     * @throws IOException when the session cannot be read
     */
    public static SessionTrial of(Path session, String project, String label, StudyConfigurations studies, Path work)
            throws IOException {
        List<SeriesTagged> decisions = new ArrayList<>();
        for (SeriesDiscovered series : SessionFolder.read(session, NOWHERE, project, label, work)) {
            decisions.add(SeriesTagger.decide(series, studies));
        }
        return new SessionTrial(
                session.getFileName().toString(), label, decisions, counts(decisions, project, label, studies));
    }

    private static List<TagCount> counts(
            List<SeriesTagged> decisions, String project, String label, StudyConfigurations studies) {
        if (!(SessionNaming.resolve(studies, project, label, label) instanceof SessionNaming.Resolved named)) {
            return List.of();
        }
        // Without a date in any header the periods of today hold, as for a session that arrives now.
        LocalDate day = decisions.stream()
                .flatMap(decision -> decision.date().stream())
                .map(LocalDate::parse)
                .min(Comparator.naturalOrder())
                .orElseGet(LocalDate::now);
        boolean phantom = named.id().isPhantom();
        Map<String, Integer> found = new TreeMap<>();
        Map<String, OptionalInt> expected = new LinkedHashMap<>();
        named.site().tags().forEach((tag, rule) -> {
            if (rule.appliesTo().covers(phantom)) {
                expected.put(tag, rule.expectation().on(day, phantom));
                if (expected.get(tag).isPresent()) {
                    found.put(tag, 0);
                }
            }
        });
        decisions.forEach(decision -> images(decision).forEach((tag, n) -> found.merge(tag, n, Integer::sum)));
        return found.entrySet().stream()
                .map(entry -> new TagCount(
                        entry.getKey(), expected.getOrDefault(entry.getKey(), OptionalInt.empty()), entry.getValue()))
                .toList();
    }

    private static Map<String, Integer> images(SeriesTagged decision) {
        Map<String, Integer> tags = new TreeMap<>();
        decision.assignments().forEach(assignment -> tags.put(assignment.tag(), 1));
        return tags;
    }

    /** Whether some series has no clear decision or some tag another number of series than expected. */
    public boolean needsAttention() {
        return counts.stream().anyMatch(TagCount::differs)
                || series.stream().map(SeriesTagged::decision).anyMatch(decision -> switch (decision) {
                    case UNMATCHED, AMBIGUOUS, UNNAMED -> true;
                    case TAGGED, IGNORED, NOT_CONVERTIBLE, REMOVED -> false;
                });
    }

    /** The session's reason for having no name, when it has none. */
    public Optional<String> unnamed() {
        return series.stream()
                .filter(decision -> decision.sessionName().isEmpty())
                .map(decision ->
                        decision.reason().message() + "; " + decision.reason().action())
                .findFirst();
    }
}

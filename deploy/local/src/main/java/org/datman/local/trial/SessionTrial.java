package org.datman.local.trial;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.datman.contracts.event.SeriesTagged;
import org.datman.contracts.event.SessionRef;
import org.datman.contracts.study.ExpectedCount;
import org.datman.contracts.study.HeaderKeywords;
import org.datman.contracts.study.SeriesTagger;
import org.datman.contracts.study.SessionNaming;
import org.datman.contracts.study.StudyConfigurations;

/**
 * The result of applying a study file to one session.
 *
 * @param folder the session's own name in the folder
 * @param label the label under which it was tried
 * @param studyUid StudyInstanceUID of most of its images; empty when there is none
 * @param studies number of different StudyInstanceUIDs in it
 * @param series each series with the decision of the tagging service
 * @param counts tags whose number of images is given, or that have one, in alphabetical order
 * @param others files that are no image of a series, each with a description
 */
public record SessionTrial(
        String folder,
        String label,
        String studyUid,
        int studies,
        List<SeriesTagged> series,
        List<TagCount> counts,
        List<String> others) {

    private static final SessionRef NOWHERE = new SessionRef("trial", "TRIAL");

    /** The part of an image that the others follow comes first, as export has it. */
    private static final Comparator<SeriesTagged> LEADING_FIRST = Comparator.comparing(
                    (SeriesTagged part) -> part.seriesNumber().orElse(Long.MAX_VALUE))
            .thenComparing(SeriesTagged::scan);

    /**
     * The images of a tag: each is a series, or several series that {@code Combine} joins.
     *
     * @param expected the numbers that the study accepts of this session
     */
    public record TagCount(String tag, ExpectedCount expected, int found) {

        /** Whether a number is given and another one was found. */
        public boolean differs() {
            return !expected.accepts(found);
        }
    }

    public SessionTrial {
        series = List.copyOf(series);
        counts = List.copyOf(counts);
        others = List.copyOf(others);
    }

    /**
     * Reads the headers of a session and decides like the services.
     *
     * @param session folder or archive of DICOM files
     * @param work where archives are unpacked
     * @param clock the day whose expected numbers apply to a session without a date
     * @throws IOException when the session cannot be read
     */
    public static SessionTrial of(
            Path session, String project, String label, StudyConfigurations studies, Path work, Clock clock)
            throws IOException {
        Set<String> keywords = new HashSet<>(HeaderKeywords.CARRIED);
        studies.valid().values().forEach(study -> keywords.addAll(study.headerKeywords()));
        SessionFolder read = SessionFolder.read(session, NOWHERE, project, label, work, keywords);
        List<SeriesTagged> decisions = read.series().stream()
                .map(series -> SeriesTagger.decide(series, studies))
                .toList();
        return new SessionTrial(
                session.getFileName().toString(),
                label,
                read.studyUid(),
                read.studies(),
                decisions,
                counts(decisions, project, label, studies, clock),
                read.others());
    }

    private static List<TagCount> counts(
            List<SeriesTagged> decisions, String project, String label, StudyConfigurations studies, Clock clock) {
        if (!(SessionNaming.resolve(studies, project, label, label) instanceof SessionNaming.Resolved named)) {
            return List.of();
        }
        // Without a date in any header today's expected numbers apply, as for a session that arrives now.
        LocalDate day = decisions.stream()
                .flatMap(decision -> decision.date().stream())
                .min(Comparator.naturalOrder())
                .orElseGet(() -> LocalDate.now(clock));
        boolean phantom = named.id().isPhantom();
        Map<String, Set<String>> images = new TreeMap<>();
        Map<String, ExpectedCount> expected = new LinkedHashMap<>();
        named.site().tags().forEach((tag, rule) -> {
            if (rule.appliesTo().covers(phantom)) {
                ExpectedCount count =
                        rule.expectation().of(day, phantom, named.id().timepoint());
                expected.put(tag, count);
                if (!count.any()) {
                    images.put(tag, new HashSet<>());
                }
            }
        });
        decisions.forEach(decision -> decision.assignments()
                .forEach(assignment -> images.computeIfAbsent(assignment.tag(), tag -> new HashSet<>())
                        .add(decision.combined().orElse("scan " + decision.scan()))));
        return images.entrySet().stream()
                .map(entry -> new TagCount(
                        entry.getKey(),
                        expected.getOrDefault(entry.getKey(), ExpectedCount.ANY),
                        entry.getValue().size()))
                .toList();
    }

    /** The series of one image, the one that gives it its name first: usually only one. */
    public List<SeriesTagged> parts(SeriesTagged one) {
        return one.combined().isEmpty()
                ? List.of(one)
                : series.stream()
                        .filter(other -> other.combined().equals(one.combined()))
                        .sorted(LEADING_FIRST)
                        .toList();
    }

    /** Whether there is no series, some has no clear decision or fails a check, or some tag another number of images than expected. */
    public boolean needsAttention() {
        return series.isEmpty()
                || series.stream().anyMatch(decision -> !decision.failedChecks().isEmpty())
                || counts.stream().anyMatch(TagCount::differs)
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

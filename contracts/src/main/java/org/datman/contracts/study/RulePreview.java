package org.datman.contracts.study;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.datman.contracts.event.EventFormatException;
import org.datman.contracts.event.EventJson;
import org.datman.contracts.event.ScanId;
import org.datman.contracts.event.SeriesDiscovered;
import org.datman.contracts.event.SeriesTagged;
import org.datman.contracts.event.SeriesTagged.Assignment;
import org.datman.contracts.event.SeriesTagged.Decision;
import org.datman.contracts.event.SeriesTagged.FailedCheck;
import org.datman.contracts.study.SessionNaming.Resolved;
import org.jspecify.annotations.Nullable;

/**
 * What a candidate text of a study would change: every known series is decided by the texts in force and by these with the
 * candidate. Nothing is stored, published or read from XNAT. Memory holds the totals, the first examples and the names of the
 * sessions that change, never all series.
 */
public final class RulePreview {

    /** Decisions of a person on one image, which are bound to its name. */
    private static final Set<String> OF_AN_IMAGE = Set.of("PASS", "FLAGGED", "BLACKLISTED");

    private static final int MOST_REMEMBERED = 20_000;

    /** In no header: a NUL is removed from each. */
    private static final String UNREAD = "\0";

    private final StudyConfigurations now;
    private final StudyConfigurations then;
    private final StudyConfiguration candidate;
    private final Map<String, Set<String>> tagsOfPipelines = new TreeMap<>();
    private final int most;
    private final List<String> fields;
    private final boolean combines;

    /** The series of a study repeat few facts, and most are decided as before. */
    private final Set<Facts> same = ConcurrentHashMap.newKeySet();

    private final Map<Change, Long> counts = new EnumMap<>(Change.class);
    private final Map<String, Set<String>> runs = new TreeMap<>();
    private final Set<String> signOffs = new HashSet<>();
    private final List<Example> examples = new ArrayList<>();
    private final Map<Change, Integer> shown = new HashMap<>();
    private long series;
    private long renamed;
    private long measured;
    private long withdrawn;
    private long decisions;
    private long assigned;
    private long notNeeded;
    private long assignedLost;
    private long warned;

    /** What happens to a series. */
    public enum Change {
        /** Same tags, with the same names. */
        SAME,
        /** Its tags are others. */
        OTHER_TAG,
        /** Same tags, but its images are chosen, kept, measured or combined otherwise. */
        OTHER_TREATMENT,
        /** It has no tag and gets one. */
        GAINS_TAG,
        /** It has a tag and gets none. */
        LOSES_TAG,
        /** Several tags claim it. */
        BECOMES_AMBIGUOUS,
        /** Same tags, with the same names, and a check warns of it that did not. */
        WARNED,
        /** A rule ignores it. */
        BECOMES_IGNORED,
        /** It has no tag, for another reason. */
        STILL_WITHOUT_TAG,
        /** The candidate looks at elements that were not read of it: it is decided after the text is accepted. */
        NOT_KNOWN
    }

    /**
     * A series as it is known.
     *
     * @param discovered the latest {@code series-discovered}, as JSON
     * @param review decision of a person on its images: {@code PASS, FLAGGED, BLACKLISTED}, another word or empty
     * @param signedOff whether its session is signed off
     */
    public record Known(String discovered, String review, boolean signedOff) {}

    /**
     * One of the first series that change.
     *
     * @param key of the session: XNAT server and accession id, {@code server/accession}
     * @param session name of the session, or its label on XNAT when it has no name
     * @param before tags with file names, or the decision
     * @param after the same by the candidate
     */
    public record Example(
            Change change, String key, String session, String scan, String description, String before, String after) {}

    /**
     * The totals.
     *
     * @param revision of the text in force; empty when the study is new
     * @param candidate revision of the candidate
     * @param series known series of the study, by the text in force or by the candidate
     * @param renamed series whose files get other names
     * @param withdrawn series that have files and get none
     * @param measured series with an image to be measured under another name or as another kind
     * @param runs sessions whose inputs change, by pipeline
     * @param decisions people's decisions on images that no longer apply, because their image gets another name or is withdrawn
     * @param assigned series whose tag a person assigned: exceptions that stay
     * @param notNeeded those of them for which the candidate's rules give the same
     * @param assignedLost series that a person assigned to a tag that the candidate does not have: they are left without one
     * @param warned series that have a tag by the candidate, of which a check warns that does not now
     * @param signOffs sessions that are signed off and get an image that the sign-off does not cover
     */
    public record Totals(
            String study,
            String revision,
            String candidate,
            long series,
            Map<Change, Long> changes,
            long renamed,
            long withdrawn,
            long measured,
            Map<String, Integer> runs,
            long decisions,
            long assigned,
            long notNeeded,
            long assignedLost,
            long warned,
            long signOffs,
            List<Example> examples) {

        /** Whether no series is affected. */
        public boolean isSame() {
            return changes.getOrDefault(Change.SAME, 0L) == series;
        }
    }

    /**
     * How one series compares.
     *
     * @param decided null when nothing changes
     */
    private record Compared(Change change, @Nullable Decided decided, Exempt exempt) {
        private static final Compared SAME = new Compared(Change.SAME, null, Exempt.NONE);
    }

    /** Whether a person assigned the tag of a series, and what the candidate makes of that. */
    private enum Exempt {
        NONE,
        STAYS,
        NOT_NEEDED,
        LOST;

        static Exempt of(SeriesTagged after) {
            if (after.assigned().isEmpty()) {
                return NONE;
            }
            return switch (after.reason().code()) {
                case SeriesTagger.NOT_NEEDED -> NOT_NEEDED;
                case SeriesTagger.UNKNOWN_TAG -> LOST;
                default -> STAYS;
            };
        }
    }

    private record Decided(SeriesTagged before, SeriesTagged after, String label, Known known) {}

    /** All that the outcome of a series under both texts can depend on, but for the names of its session and files. */
    private record Facts(
            String site,
            boolean phantom,
            SeriesDiscovered.Status status,
            boolean problem,
            boolean numbered,
            Set<Integer> echoes,
            List<String> values) {}

    /**
     * A preview.
     *
     * @param most examples of each kind of change
     * @throws IllegalArgumentException when the candidate claims what another study owns
     */
    public RulePreview(StudyConfigurations now, StudyConfiguration candidate, int most) {
        Map<String, StudyConfiguration> all = new HashMap<>(now.valid());
        all.put(candidate.code(), candidate);
        this.now = now;
        this.candidate = candidate;
        this.then = StudyConfigurations.of(all.values());
        this.most = most;
        if (!then.errors().isEmpty()) {
            throw new IllegalArgumentException(
                    then.errors().stream().map(ConfigurationError::toString).collect(Collectors.joining("; ")));
        }
        List<StudyConfiguration> both = Stream.concat(now.study(candidate.code()).stream(), Stream.of(candidate))
                .toList();
        this.fields = both.stream()
                .flatMap(StudyConfiguration::clauses)
                .map(SeriesClause::field)
                .distinct()
                .toList();
        this.combines = both.stream()
                .flatMap(study -> study.sites().values().stream())
                .flatMap(site -> site.tags().values().stream())
                .anyMatch(rule -> rule.combine() != null);
        both.stream().flatMap(study -> study.pipelines().stream()).forEach(pipeline -> tagsOfPipelines
                .computeIfAbsent(pipeline.name(), any -> new TreeSet<>())
                .addAll(pipeline.tags()));
    }

    /** The XNAT projects whose series can change. */
    public Set<String> projects() {
        Set<String> projects = new TreeSet<>(candidate.xnatProjects());
        now.study(candidate.code()).ifPresent(study -> projects.addAll(study.xnatProjects()));
        return projects;
    }

    /**
     * Decides some series, on all processors.
     *
     * @throws IllegalStateException when one was stored in a form that this program cannot read any more
     */
    public void addAll(List<Known> batch) {
        batch.parallelStream()
                .flatMap(known -> compared(known).stream())
                .toList()
                .forEach(this::count);
    }

    /** Empty for a series that is of the study neither now nor then. */
    private Optional<Compared> compared(Known known) {
        SeriesDiscovered discovered;
        try {
            discovered = EventJson.read(known.discovered().getBytes(StandardCharsets.UTF_8), SeriesDiscovered.class);
        } catch (EventFormatException e) {
            throw new IllegalStateException("A stored series cannot be read any more", e);
        }
        Optional<Facts> facts = factsIfSameName(discovered);
        if (facts.filter(same::contains).isPresent()) {
            return Optional.of(Compared.SAME);
        }
        SeriesTagged before = SeriesTagger.decide(discovered, now);
        SeriesTagged after = SeriesTagger.decide(discovered, then);
        boolean isOfStudy = Stream.of(before, after)
                .anyMatch(tagged ->
                        tagged.study().filter(candidate.code()::equals).isPresent());
        if (!isOfStudy) {
            return Optional.empty();
        }
        Change change = change(discovered, before, after);
        if (change != Change.SAME) {
            return Optional.of(new Compared(
                    change, new Decided(before, after, discovered.sessionLabel(), known), Exempt.of(after)));
        }
        if (discovered.assigned().isPresent()) {
            return Optional.of(new Compared(change, null, Exempt.of(after)));
        }
        // Without a file name a series is the same whatever its tag: that says nothing about others.
        if (before.decision() != Decision.UNNAMED) {
            facts.ifPresent(this::remember);
        }
        return Optional.of(Compared.SAME);
    }

    private void remember(Facts facts) {
        if (same.size() >= MOST_REMEMBERED) {
            same.clear();
        }
        same.add(facts);
    }

    /** Empty when its session has no name, or another one by the candidate, and when a person assigned its tag. */
    private Optional<Facts> factsIfSameName(SeriesDiscovered series) {
        if (series.assigned().isPresent()
                || !(resolved(now, series) instanceof Resolved before)
                || !(resolved(then, series) instanceof Resolved after)
                || !after.study().code().equals(candidate.code())
                || !before.study().code().equals(candidate.code())
                || !before.site().code().equals(after.site().code())
                || !before.id().equals(after.id())) {
            return Optional.empty();
        }
        SeriesFacts facts = SeriesFacts.of(series);
        List<String> values = new ArrayList<>(fields.size() + 1);
        for (String field : fields) {
            values.add(isUnread(field, facts.header()) ? UNREAD : facts.value(field));
        }
        if (combines) {
            values.add(facts.header().getOrDefault("SeriesNumber", facts.scan()));
        }
        return Optional.of(new Facts(
                after.site().code(),
                after.id().isPhantom(),
                series.status(),
                series.problem().isPresent(),
                series.seriesNumber().isPresent()
                        || new ScanId(series.scan()).number().isPresent(),
                facts.echoNumbers(),
                values));
    }

    private static SessionNaming.Resolution resolved(StudyConfigurations studies, SeriesDiscovered series) {
        return SessionNaming.resolve(studies, series.project(), series.subjectLabel(), series.sessionLabel());
    }

    private Change change(SeriesDiscovered discovered, SeriesTagged before, SeriesTagged after) {
        if (dependsOnUnread(discovered, after)) {
            return Change.NOT_KNOWN;
        }
        boolean had = before.decision() == Decision.TAGGED;
        if (after.decision() == Decision.TAGGED) {
            if (!had) {
                return Change.GAINS_TAG;
            }
            if (before.assignments().equals(after.assignments())) {
                return newWarnings(before, after).isEmpty() ? Change.SAME : Change.WARNED;
            }
            return tags(before).equals(tags(after)) ? Change.OTHER_TREATMENT : Change.OTHER_TAG;
        }
        if (before.decision() == after.decision()) {
            return Change.SAME;
        }
        return switch (after.decision()) {
            case AMBIGUOUS -> Change.BECOMES_AMBIGUOUS;
            case IGNORED -> Change.BECOMES_IGNORED;
            default -> had ? Change.LOSES_TAG : Change.STILL_WITHOUT_TAG;
        };
    }

    private static List<FailedCheck> newWarnings(SeriesTagged before, SeriesTagged after) {
        return after.decision() != Decision.TAGGED
                ? List.of()
                : after.failedChecks().stream()
                        .filter(check -> !before.failedChecks().contains(check))
                        .toList();
    }

    /** Whether a rule fails by nothing but elements that were not read of the series. */
    private boolean dependsOnUnread(SeriesDiscovered discovered, SeriesTagged after) {
        if (discovered.assigned().isPresent() || !discovered.lacksAnyOf(candidate.headerKeywords())) {
            return false;
        }
        return after.failedChecks().stream().anyMatch(check -> isUnread(check.field(), discovered.header()))
                || after.explanation().stream().filter(rule -> !rule.matched()).anyMatch(rule -> rule.clauses().stream()
                        .filter(clause -> !clause.matched())
                        .allMatch(clause -> isUnread(clause.field(), discovered.header())));
    }

    private static boolean isUnread(String field, Map<String, String> header) {
        String keyword = field.startsWith(SeriesClause.HEADER) ? field.substring(SeriesClause.HEADER.length()) : "";
        return !keyword.isEmpty() && !HeaderKeywords.CARRIED.contains(keyword) && !header.containsKey(keyword);
    }

    private void count(Compared one) {
        series++;
        counts.merge(one.change(), 1L, Long::sum);
        assigned += one.exempt() == Exempt.NONE || one.exempt() == Exempt.LOST ? 0 : 1;
        notNeeded += one.exempt() == Exempt.NOT_NEEDED ? 1 : 0;
        assignedLost += one.exempt() == Exempt.LOST ? 1 : 0;
        Decided decided = one.decided();
        if (decided == null) {
            return;
        }
        SeriesTagged before = decided.before();
        SeriesTagged after = decided.after();
        if (shown.merge(one.change(), 1, Integer::sum) <= most) {
            examples.add(new Example(
                    one.change(),
                    after.session().identity(),
                    after.sessionName().or(before::sessionName).orElse(decided.label()),
                    after.scan(),
                    after.description(),
                    described(before, List.of()),
                    described(after, newWarnings(before, after))));
        }
        if (one.change() != Change.NOT_KNOWN) {
            consequences(decided.known(), before, after);
        }
    }

    private void consequences(Known known, SeriesTagged before, SeriesTagged after) {
        Map<String, Assignment> old = byStem(before);
        Map<String, Assignment> next = byStem(after);
        boolean isOtherName = !old.keySet().equals(next.keySet());
        if (!newWarnings(before, after).isEmpty()) {
            warned++;
        }
        if (!old.isEmpty() && !next.isEmpty() && isOtherName) {
            renamed++;
        }
        if (!old.isEmpty() && next.isEmpty()) {
            withdrawn++;
        }
        if (next.values().stream().anyMatch(image -> isMeasuredAnew(old.get(image.stem()), image))) {
            measured++;
        }
        if (isOtherName && OF_AN_IMAGE.contains(known.review())) {
            decisions++;
        }
        String session = after.session().identity();
        boolean isOtherImage = !selections(before).containsAll(selections(after));
        if (known.signedOff() && isOtherImage) {
            signOffs.add(session);
        }
        Set<String> tags = new HashSet<>();
        changed(old, next).forEach(image -> tags.add(image.tag()));
        changed(next, old).forEach(image -> tags.add(image.tag()));
        tagsOfPipelines.forEach((pipeline, inputs) -> {
            if (inputs.stream().anyMatch(tags::contains)) {
                runs.computeIfAbsent(pipeline, any -> new HashSet<>()).add(session);
            }
        });
    }

    private static Stream<Assignment> changed(Map<String, Assignment> these, Map<String, Assignment> others) {
        return these.values().stream().filter(image -> !image.equals(others.get(image.stem())));
    }

    private static boolean isMeasuredAnew(@Nullable Assignment before, Assignment image) {
        return !image.qcKind().equals("ignore")
                && (before == null || !before.qcKind().equals(image.qcKind()));
    }

    /** Which images of the series are taken, whatever their names: a sign-off is bound to their content. */
    private static Set<Assignment> selections(SeriesTagged tagged) {
        return tagged.assignments().stream()
                .map(image -> image.withTag("").withStem("").withQcKind("ignore"))
                .collect(Collectors.toSet());
    }

    private static Map<String, Assignment> byStem(SeriesTagged tagged) {
        Map<String, Assignment> byStem = new LinkedHashMap<>();
        if (tagged.decision() == Decision.TAGGED) {
            tagged.assignments().forEach(image -> byStem.put(image.stem(), image));
        }
        return byStem;
    }

    private static Set<String> tags(SeriesTagged tagged) {
        return tagged.assignments().stream().map(Assignment::tag).collect(Collectors.toSet());
    }

    private static String described(SeriesTagged tagged, List<FailedCheck> warnings) {
        return tagged.decision() != Decision.TAGGED
                ? tagged.reason().message()
                : tagged.assignments().stream().map(Assignment::stem).collect(Collectors.joining(", "))
                        + warnings.stream().map(check -> "; " + check.text()).collect(Collectors.joining());
    }

    /** What was found so far. */
    public Totals totals() {
        Map<String, Integer> sessions = new TreeMap<>();
        runs.forEach((pipeline, of) -> sessions.put(pipeline, of.size()));
        return new Totals(
                candidate.code(),
                now.study(candidate.code()).map(StudyConfiguration::revision).orElse(""),
                candidate.revision(),
                series,
                new TreeMap<>(counts),
                renamed,
                withdrawn,
                measured,
                sessions,
                decisions,
                assigned,
                notNeeded,
                assignedLost,
                warned,
                signOffs.size(),
                List.copyOf(examples));
    }
}

package org.datman.contracts.study;

import com.google.re2j.Pattern;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.datman.contracts.naming.DatmanIds;
import org.datman.contracts.naming.IdMap;
import org.datman.contracts.tree.Section;
import org.jspecify.annotations.Nullable;

/** Reads {@code Redcap} of a study. */
final class RedcapReader {

    /** As REDCap allows them. */
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]*");

    private static final Pattern EVENT = Pattern.compile("[a-z0-9_]+");

    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");
    private static final Set<String> LOCAL = Set.of("localhost", "127.0.0.1");
    private static final String URL = "the address of REDCap's API, as https://redcap.example.org/api/";
    private static final String FIELD = "lower-case letters, digits and _, as in REDCap";

    private static final String EVENTS = "unique names of events as REDCap lists them, as visit_2_arm_1";
    private static final String VISITS = "timepoints, each with the field that has its planned day";
    private static final Map<String, String> ALLOWED = Map.of("Url", URL, "Project", "a number", "Visits", VISITS);

    private static final List<String> FORM = List.of("Instrument", "SessionField", "DateField");
    private static final List<String> OF_FORMS =
            List.of("Instrument", "SessionField", "DateField", "Complete", "Delay", "From", "Exceptions");
    private static final List<String> PLAN = List.of("SubjectField", "Visits");

    private RedcapReader() {}

    /**
     * What a study has in REDCap.
     *
     * @param forms the form that is expected of its sessions; null when none is
     * @param plan its visit plan; null when there is none
     */
    record Redcap(@Nullable RedcapRule forms, @Nullable RedcapPlan plan) {

        private static final Redcap NONE = new Redcap(null, null);
    }

    /**
     * Reads it.
     *
     * @param sitesByCode the study's codes, each with the sites that use it
     */
    static Redcap read(Section study, IdMap map, Map<String, Set<String>> sitesByCode) {
        return study.section("Redcap").map(in -> one(in, map, sitesByCode)).orElse(Redcap.NONE);
    }

    private static Redcap one(Section in, IdMap map, Map<String, Set<String>> sitesByCode) {
        boolean planned = PLAN.stream().anyMatch(in::has);
        // A form is expected unless the plan alone is there.
        boolean forms = !planned || OF_FORMS.stream().anyMatch(in::has);
        List<String> required = new ArrayList<>(List.of("Url", "Project"));
        required.addAll(forms ? FORM : List.of());
        required.addAll(planned ? PLAN : List.of());
        for (String key : required) {
            if (!in.has(key)) {
                in.fault(key, "is missing", ALLOWED.getOrDefault(key, FIELD));
            }
        }
        Optional<URI> url = in.parsed("Url", RedcapReader::url, URL);
        Optional<String> project =
                in.parsed("Project", text -> matching(NUMBER, text), "REDCap's number of the project");
        Optional<String> instrument = name(in, "Instrument");
        String record = name(in, "RecordField").orElse("record_id");
        Optional<String> session = name(in, "SessionField");
        Optional<String> date = name(in, "DateField");
        List<String> complete = in.texts("Complete");
        Duration delay = in.duration("Delay").orElse(Duration.ofHours(48));
        // Read as the form's own field is, so that what is copied from REDCap fits.
        Set<String> exceptions = Set.copyOf(in.severalParsed(
                "Exceptions",
                text -> DatmanIds.parseRedcapFor(text.toUpperCase(Locale.ROOT), map, sitesByCode)
                        .sessionOrTimepoint(),
                "names of sessions or timepoints of this study"));
        var from = in.date("From").orElse(null);
        Optional<String> subject = name(in, "SubjectField");
        List<RedcapVisit> visits = visits(in);
        if (visits.isEmpty() && in.isMapping("Visits")) {
            in.fault("Visits", "names no timepoint", VISITS);
        }
        in.done();
        if (url.isEmpty() || project.isEmpty()) {
            return Redcap.NONE;
        }
        RedcapRule rule = instrument.isEmpty() || session.isEmpty() || date.isEmpty()
                ? null
                : new RedcapRule(
                        url.get(),
                        project.get(),
                        instrument.get(),
                        record,
                        session.get(),
                        date.get(),
                        complete.isEmpty() ? Set.of("2") : Set.copyOf(complete),
                        delay,
                        from,
                        exceptions);
        RedcapPlan plan = subject.isEmpty() || visits.isEmpty()
                ? null
                : new RedcapPlan(url.get(), project.get(), record, subject.get(), visits);
        return new Redcap(rule, plan);
    }

    private static List<RedcapVisit> visits(Section redcap) {
        List<RedcapVisit> visits = new ArrayList<>();
        redcap.sections("Visits").forEach((timepoint, in) -> {
            TagReader.requireTimepoint(redcap, "Visits", timepoint);
            if (!in.has("DateField")) {
                in.fault("DateField", "is missing", FIELD);
            }
            SortedSet<String> events = new TreeSet<>(in.severalParsed("Events", text -> matching(EVENT, text), EVENTS));
            int window = in.integer("Window", 0).orElse(0);
            name(in, "DateField").ifPresent(field -> {
                RedcapVisit visit =
                        new RedcapVisit(timepoint, field, Collections.unmodifiableSortedSet(events), window);
                visits.stream()
                        .filter(visit::overlaps)
                        .findFirst()
                        .ifPresent(other -> in.fault(
                                "DateField",
                                "is that of timepoint " + other.timepoint() + " too, in the same event",
                                "another field, or other Events"));
                visits.add(visit);
            });
            in.done();
        });
        return List.copyOf(visits);
    }

    private static Optional<String> name(Section in, String key) {
        return in.parsed(key, text -> matching(NAME, text), FIELD);
    }

    private static String matching(Pattern pattern, String text) {
        if (!pattern.matches(text)) {
            throw new IllegalArgumentException("is not right");
        }
        return text;
    }

    /** The token is sent to it: over TLS, or on this machine. */
    private static URI url(String text) {
        URI url = URI.create(text);
        boolean safe = "https".equals(url.getScheme())
                || "http".equals(url.getScheme()) && url.getHost() != null && LOCAL.contains(url.getHost());
        if (!safe || url.getHost() == null || url.getUserInfo() != null) {
            throw new IllegalArgumentException("is no https address without an account");
        }
        return url;
    }
}

package org.datman.contracts.study;

import com.google.re2j.Pattern;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.datman.contracts.naming.DatmanIds;
import org.datman.contracts.naming.IdMap;
import org.datman.contracts.tree.Section;

/** Reads {@code Redcap} of a study. */
final class RedcapReader {

    /** As REDCap allows them. */
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]*");

    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");
    private static final Set<String> LOCAL = Set.of("localhost", "127.0.0.1");
    private static final String URL = "the address of REDCap's API, as https://redcap.example.org/api/";
    private static final String FIELD = "lower-case letters, digits and _, as in REDCap";

    private RedcapReader() {}

    /**
     * Reads it.
     *
     * @param sitesByCode the study's codes, each with the sites that use it
     */
    static Optional<RedcapRule> read(Section study, IdMap map, Map<String, Set<String>> sitesByCode) {
        return study.section("Redcap").flatMap(in -> one(in, map, sitesByCode));
    }

    private static Optional<RedcapRule> one(Section in, IdMap map, Map<String, Set<String>> sitesByCode) {
        for (String key : List.of("Url", "Project", "Instrument", "SessionField", "DateField")) {
            if (!in.has(key)) {
                in.fault(key, "is missing", key.equals("Url") ? URL : key.equals("Project") ? "a number" : FIELD);
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
        in.done();
        if (url.isEmpty() || project.isEmpty() || instrument.isEmpty() || session.isEmpty() || date.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new RedcapRule(
                url.get(),
                project.get(),
                instrument.get(),
                record,
                session.get(),
                date.get(),
                complete.isEmpty() ? Set.of("2") : Set.copyOf(complete),
                delay,
                from,
                exceptions));
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

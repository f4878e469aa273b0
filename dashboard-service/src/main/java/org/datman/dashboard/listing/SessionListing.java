package org.datman.dashboard.listing;

import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.datman.dashboard.web.BadParameterException;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.mapper.reflect.ConstructorMapper;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** Pages of sessions by keyset pagination: the thousandth page costs as much as the first. */
@ApplicationScoped
public class SessionListing {

    /** The allowed values of the filters. */
    public static final List<String> STATES = List.of("WORKING", "ATTENTION", "FAILED", "DONE", "REMOVED");
    /** Levels of automatic QC. */
    public static final List<String> VERDICTS = List.of("PASS", "WARN", "FLAG", "ERROR");
    /** States of the human review. */
    public static final List<String> REVIEWS = List.of("NEW", "REVIEWED", "SIGNED_OFF", "STALE");

    private static final List<String> KINDS = List.of("people", "phantoms");
    private static final String COLUMNS = """
            select session, server, accession, study, site, name, label, phantom, scan_day, status, state, named,
                name_problem, name_action, checked, complete, missing, series, working, attention, failed, unreviewed,
                verdict, review, first_published, last_published, verdict_seconds from session
            """;

    // SQL, for reading only: keyset pagination by comparison of rows, with any combination of filters.
    private final Jdbi jdbi;

    SessionListing(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /** A session in a list; the columns are documented at {@code SessionSummary}. */
    public record Listed(
            String session,
            String server,
            String accession,
            String study,
            String site,
            String name,
            String label,
            boolean phantom,
            LocalDate scanDay,
            String status,
            String state,
            boolean named,
            String nameProblem,
            String nameAction,
            boolean checked,
            boolean complete,
            int missing,
            int series,
            int working,
            int attention,
            int failed,
            int unreviewed,
            String verdict,
            String review,
            Instant firstPublished,
            Instant lastPublished,
            @Nullable Double verdictSeconds) {

        /** The name that people use. */
        public String title() {
            return !name.isEmpty() ? name : !label.isEmpty() ? label : accession;
        }

        /** Series that no service processes any more. */
        public int done() {
            return series - working;
        }

        public boolean dayKnown() {
            return !scanDay.equals(LocalDate.EPOCH);
        }
    }

    /** The sort keys of a list. */
    public enum Sort {
        CHANGED("last_published", true, "timestamptz"),
        NAME("name", false, "text"),
        DAY("scan_day", true, "date"),
        STATE("state", false, "text");

        private final String column;
        private final boolean descending;
        private final String type;

        Sort(String column, boolean descending, String type) {
            this.column = column;
            this.descending = descending;
            this.type = type;
        }

        /** The sort of that name in any case; by last change for an empty text. */
        public static Sort of(String text) {
            for (Sort sort : values()) {
                if (sort.name().equalsIgnoreCase(text)) {
                    return sort;
                }
            }
            if (text.isEmpty()) {
                return CHANGED;
            }
            throw new BadParameterException("sort", text, "CHANGED, NAME, DAY, STATE");
        }
    }

    /**
     * Which sessions. Empty texts mean any.
     *
     * @param study empty for those of no study; null for all
     * @param text part of a name, label or accession, in any case
     * @param kind {@code people} or {@code phantoms}
     * @param gaps only sessions that are not complete
     * @param after where the page before ended, as {@link Page#next()} had it
     */
    public record Filter(
            @Nullable String study,
            String text,
            String site,
            String state,
            String verdict,
            String review,
            String kind,
            boolean gaps,
            String from,
            String to,
            Sort sort,
            String after,
            int size) {

        /** @throws BadParameterException when a value is none of those allowed */
        public Filter {
            BadParameterException.oneOf("state", state, STATES);
            BadParameterException.oneOf("verdict", verdict, VERDICTS);
            BadParameterException.oneOf("review", review, REVIEWS);
            BadParameterException.oneOf("kind", kind, KINDS);
            BadParameterException.day("from", from);
            BadParameterException.day("to", to);
            cursor(after);
        }

        /** All sessions of a study. */
        static Filter ofStudy(String study) {
            return new Filter(study, "", "", "", "", "", "", false, "", "", Sort.CHANGED, "", 50);
        }
    }

    /** A page of sessions, and where the next begins; empty at the end. */
    public record Page(List<Listed> sessions, String next) {}

    /** The sessions that the filter lets through, in its order. */
    public Page page(Filter filter) {
        List<String> where = new ArrayList<>();
        Map<String, Object> values = new HashMap<>();
        if (filter.study() != null) {
            equal(where, values, "study", filter.study());
        }
        unlessEmpty(where, values, "site", filter.site());
        unlessEmpty(where, values, "state", filter.state());
        unlessEmpty(where, values, "verdict", filter.verdict());
        unlessEmpty(where, values, "review", filter.review());
        if (!filter.text().isBlank()) {
            where.add("search like :text escape '!'");
            values.put("text", "%" + literal(filter.text()) + "%");
        }
        if (!filter.kind().isEmpty()) {
            equal(where, values, "phantom", filter.kind().equals("phantoms"));
        }
        if (filter.gaps()) {
            where.add("checked and not complete");
        }
        BadParameterException.day("from", filter.from()).ifPresent(day -> {
            where.add("scan_day >= :from");
            values.put("from", day);
        });
        BadParameterException.day("to", filter.to()).ifPresent(day -> {
            where.add("scan_day <= :to");
            values.put("to", day);
        });
        Sort sort = filter.sort();
        String direction = sort.descending ? " desc" : "";
        cursor(filter.after()).ifPresent(cursor -> {
            // Both parts in one direction, so that the row comparison is one range of the index.
            where.add("(" + sort.column + ", session) " + (sort.descending ? "<" : ">") + " (cast(:value as "
                    + sort.type + "), :key)");
            values.put("value", cursor.value());
            values.put("key", cursor.key());
        });
        String sql = COLUMNS + (where.isEmpty() ? "" : " where " + String.join(" and ", where)) + " order by "
                + sort.column + direction + ", session" + direction + " limit " + (filter.size() + 1);
        List<Listed> found = jdbi.withHandle(handle -> {
            Query query = handle.createQuery(sql);
            values.forEach(query::bind);
            return query.map(ConstructorMapper.of(Listed.class)).list();
        });
        if (found.size() <= filter.size()) {
            return new Page(found, "");
        }
        List<Listed> page = found.subList(0, filter.size());
        return new Page(page, cursorAfter(page.get(page.size() - 1), sort));
    }

    /** One session, by {@code server/accession}. */
    public Optional<Listed> one(String session) {
        return jdbi.withHandle(handle -> handle.createQuery(COLUMNS + " where session = :session")
                .bind("session", session)
                .map(ConstructorMapper.of(Listed.class))
                .findOne());
    }

    /** Whether any session belongs to the study. */
    public boolean hasStudy(String study) {
        return jdbi.withHandle(
                handle -> handle.createQuery("select exists (select 1 from session where study = :study)")
                        .bind("study", study)
                        .mapTo(Boolean.class)
                        .one());
    }

    /** The sites that a study has sessions of. */
    public List<String> sites(String study) {
        return jdbi.withHandle(handle -> handle.createQuery(
                        "select distinct site from session where study = :study and site <> '' order by site")
                .bind("study", study)
                .mapTo(String.class)
                .list());
    }

    private record Cursor(String value, String key) {}

    private static String cursorAfter(Listed last, Sort sort) {
        String value =
                switch (sort) {
                    case CHANGED -> last.lastPublished().toString();
                    case NAME -> last.name();
                    case DAY -> last.scanDay().toString();
                    case STATE -> last.state();
                };
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString((value + "\n" + last.session()).getBytes(StandardCharsets.UTF_8));
    }

    private static Optional<Cursor> cursor(String after) {
        if (after.isEmpty()) {
            return Optional.empty();
        }
        try {
            String text = new String(Base64.getUrlDecoder().decode(after), StandardCharsets.UTF_8);
            int line = text.indexOf('\n');
            if (line >= 0) {
                return Optional.of(new Cursor(text.substring(0, line), text.substring(line + 1)));
            }
        } catch (IllegalArgumentException notOurs) {
            // Reported below, as for a text without a separator.
        }
        throw new BadParameterException("after", after, "what the page before gave as 'next'");
    }

    private static String literal(String text) {
        return text.strip()
                .toLowerCase(Locale.ROOT)
                .replace("!", "!!")
                .replace("%", "!%")
                .replace("_", "!_")
                .replace("\0", "");
    }

    private static void unlessEmpty(List<String> where, Map<String, Object> values, String column, String value) {
        if (!value.isEmpty()) {
            equal(where, values, column, value);
        }
    }

    private static void equal(List<String> where, Map<String, Object> values, String column, Object value) {
        where.add(column + " = :" + column);
        values.put(column, value);
    }
}

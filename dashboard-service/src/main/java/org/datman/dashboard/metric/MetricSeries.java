package org.datman.dashboard.metric;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.mapper.reflect.ConstructorMapper;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** Reads metric values from the read model, each query by an index. */
@ApplicationScoped
public class MetricSeries {

    /** The maximum number of readings that are drawn and judged at once. */
    static final int MOST_POINTS = 5_000;

    private static final int PAGE = 2_000;

    private static final String COLUMNS = "session, scan, stem, study, site, tag, name, day, key, value, unit, version,"
            + " scanner, software, coil, phantom, content, standing, verdict, review";

    // SQL, for reading only: jumps from value to value of an index, and a stream of a million rows.
    private final Jdbi jdbi;

    MetricSeries(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /** A metric value of an image. */
    public record Point(
            String session,
            String scan,
            String stem,
            String study,
            String site,
            String tag,
            String name,
            LocalDate day,
            String key,
            double value,
            String unit,
            String version,
            String scanner,
            String software,
            String coil,
            boolean phantom,
            String content,
            String standing,
            String verdict,
            String review) {}

    /** The values that can be selected. */
    public record Choice(List<String> studies, List<String> sites, List<String> tags, List<String> keys) {}

    /** A day from which a site has another gold standard, and the account that set it. */
    public record GoldChange(String site, LocalDate day, String setBy) {}

    /** The selectable values within a study and tag; empty texts select nothing. */
    public Choice choice(String study, String tag) {
        return jdbi.withHandle(handle -> new Choice(
                distinct(handle, "session", "study", "study <> ''", Map.of()),
                distinct(handle, "session", "site", "study = :study and site <> ''", Map.of("study", study)),
                distinct(handle, "metric", "tag", "study = :study", Map.of("study", study)),
                distinct(
                        handle, "metric", "key", "study = :study and tag = :tag", Map.of("study", study, "tag", tag))));
    }

    /** Distinct values of an indexed column: jumps from value to value, however many rows have each. */
    private static List<String> distinct(
            Handle handle, String table, String column, String condition, Map<String, String> names) {
        return handle.createQuery("""
                        with recursive jump as (
                            (select <column> as v from <table> where <condition> order by <column> limit 1)
                            union all
                            select (select <column> from <table> where <condition> and <column> > jump.v
                                order by <column> limit 1) from jump where jump.v is not null)
                        select v from jump where v is not null
                        """)
                .define("table", table)
                .define("column", column)
                .define("condition", condition)
                .bindMap(names)
                .mapTo(String.class)
                .list();
    }

    /** The newest points of one metric up to a day, oldest first. An empty site means all. */
    public List<Point> points(String study, String site, String tag, String key, LocalDate to) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        select * from (
                            select <columns> from metric
                            where study = :study and tag = :tag and key = :key and day \\<= :to
                                and (:site = '' or site = :site)
                            order by day desc, stem desc limit :limit) newest
                        order by day, stem, session, scan
                        """)
                .define("columns", COLUMNS)
                .bind("study", study)
                .bind("site", site)
                .bind("tag", tag)
                .bind("key", key)
                .bind("to", to)
                .bind("limit", MOST_POINTS)
                .map(ConstructorMapper.of(Point.class))
                .list());
    }

    /** The days from which each site of a study has a gold standard of a tag that a person set. */
    public List<GoldChange> standards(String study, String tag) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        select distinct payload ->> 'site' as site, (payload ->> 'validFrom')::date as day,
                            payload ->> 'setBy' as set_by
                        from latest_event where topic = 'gold-standard-set' and payload ->> 'study' = :study
                            and payload ->> 'tag' = :tag order by 2
                        """)
                .bind("study", study)
                .bind("tag", tag)
                .map(ConstructorMapper.of(GoldChange.class))
                .list());
    }

    /**
     * Every metric value of a study, page by page: a million rows need no more memory than a thousand, and while the consumer is slow no connection
     * waits for it. A value that comes or changes meanwhile may be there or not.
     */
    public void all(String study, Consumer<Point> consumer) {
        Point last = null;
        List<Point> page;
        do {
            page = after(study, last);
            page.forEach(consumer);
            last = page.isEmpty() ? last : page.get(page.size() - 1);
        } while (page.size() == PAGE);
    }

    private List<Point> after(String study, @Nullable Point last) {
        return jdbi.withHandle(handle -> {
            Query query = handle.createQuery("""
                            select <columns> from metric where study = :study
                                <beyond>
                            order by tag, key, day, stem, session, scan, version limit :page
                            """)
                    .define("columns", COLUMNS)
                    .define(
                            "beyond",
                            last == null
                                    ? ""
                                    : "and (tag, key, day, stem, session, scan, version)"
                                            + " > (:tag, :key, :day, :stem, :session, :scan, :version)")
                    .bind("study", study)
                    .bind("page", PAGE);
            if (last != null) {
                query.bindMethods(last);
            }
            return query.map(ConstructorMapper.of(Point.class)).list();
        });
    }
}

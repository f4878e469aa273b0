package org.datman.dashboard.metric;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.LocalDate;
import java.util.List;
import java.util.function.Consumer;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.mapper.reflect.ConstructorMapper;
import org.jdbi.v3.core.statement.Query;

/** Reads numbers from the read model. */
@ApplicationScoped
public class MetricSeries {

    private static final int MOST_POINTS = 5_000;
    private static final int FETCH = 1_000;

    private final Jdbi jdbi;

    MetricSeries(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /** A number of an image. */
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
            String unit) {}

    /** What there is to choose from. */
    public record Choice(List<String> studies, List<String> sites, List<String> tags, List<String> keys) {}

    /** What can be chosen within a study and tag; empty texts choose nothing yet. */
    public Choice choice(String study, String tag) {
        return jdbi.withHandle(handle -> new Choice(
                handle.createQuery("select distinct study from session where study <> '' order by 1")
                        .mapTo(String.class)
                        .list(),
                handle.createQuery("select distinct site from session where study = :study and site <> '' order by 1")
                        .bind("study", study)
                        .mapTo(String.class)
                        .list(),
                distinct(handle.createQuery("select distinct tag from metric where study = :study order by 1")
                        .bind("study", study)),
                distinct(handle.createQuery(
                                "select distinct key from metric where study = :study and tag = :tag order by 1")
                        .bind("study", study)
                        .bind("tag", tag))));
    }

    private static List<String> distinct(Query query) {
        return query.mapTo(String.class).list();
    }

    /** The newest points of one metric, oldest first. An empty site means all. */
    public List<Point> points(String study, String site, String tag, String key) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        select * from (
                            select session, scan, stem, study, site, tag, name, day, key, value, unit from metric
                            where study = :study and tag = :tag and key = :key and (:site = '' or site = :site)
                            order by day desc, stem desc limit :limit) newest
                        order by day, stem
                        """)
                .bind("study", study)
                .bind("site", site)
                .bind("tag", tag)
                .bind("key", key)
                .bind("limit", MOST_POINTS)
                .map(ConstructorMapper.of(Point.class))
                .list());
    }

    /** Every number of a study, one at a time: a million rows need no more memory than a thousand. */
    public void all(String study, Consumer<Point> consumer) {
        jdbi.useTransaction(handle -> handle.createQuery("""
                        select session, scan, stem, study, site, tag, name, day, key, value, unit from metric
                        where study = :study order by tag, key, day, stem
                        """)
                .bind("study", study)
                .setFetchSize(FETCH)
                .map(ConstructorMapper.of(Point.class))
                .forEach(consumer));
    }
}

package org.datman.dashboard.listing;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.datman.contracts.study.AcceptedStudies;
import org.datman.contracts.study.ConfigurationError;
import org.datman.contracts.study.StudyConfigurations;
import org.datman.dashboard.access.Access;
import org.datman.dashboard.access.GrantedStudies;
import org.datman.platform.event.OutageException;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.mapper.reflect.ConstructorMapper;
import org.jspecify.annotations.Nullable;

/** Each study with its sums: those that are configured, and those that sessions name. */
@ApplicationScoped
public class StudyListing {

    private static final int TREND_DAYS = 14;

    // SQL, for reading only: sums of all sessions in one pass, with filters.
    private final Jdbi jdbi;
    private final GrantedStudies studies;
    private final SessionListing sessions;
    private final Access access;
    private final Clock clock;

    StudyListing(Jdbi jdbi, GrantedStudies studies, SessionListing sessions, Access access, Clock clock) {
        this.access = access;
        this.jdbi = jdbi;
        this.studies = studies;
        this.sessions = sessions;
        this.clock = clock;
    }

    /**
     * A study in the table.
     *
     * @param code empty for sessions that belong to no study
     * @param configured whether it has a study file; true when that is not known
     * @param open whether it still collects data
     * @param newToday sessions first reported in the last 24 hours
     * @param working sessions in progress
     * @param trend new sessions per day, the last 14 days, today last
     */
    public record Listed(
            String code,
            String name,
            boolean configured,
            boolean open,
            int sessions,
            int newToday,
            int working,
            int attention,
            int failed,
            int unreviewed,
            int missing,
            List<Integer> trend) {

        /** The trend as points of an SVG polyline in a box of 100 by 20. */
        public String points() {
            int top =
                    Math.max(1, trend.stream().mapToInt(Integer::intValue).max().orElse(1));
            StringBuilder points = new StringBuilder();
            for (int i = 0; i < trend.size(); i++) {
                points.append(i * 100 / Math.max(1, trend.size() - 1))
                        .append(',')
                        .append(19 - 18 * trend.get(i) / top)
                        .append(' ');
            }
            return points.toString().strip();
        }
    }

    /** The sums of one study in the database. */
    public record Sums(
            String study,
            int sessions,
            int newToday,
            int working,
            int attention,
            int failed,
            int unreviewed,
            int missing) {}

    /** New sessions of a study, so many days ago. */
    public record Day(String study, int ago, int sessions) {}

    /**
     * The content of the study's file.
     *
     * @param open whether it still collects data; a closed study expects nothing
     */
    public record About(String name, String description, String contact, boolean open) {}

    /**
     * The table of studies.
     *
     * @param unreadable why it is not known which studies are configured; empty when it is
     */
    public record Table(List<Listed> studies, @Nullable String unreadable) {}

    /** Whether the study is configured or has sessions, or may be configured. */
    public boolean known(String code) {
        if (!access.scope().study(code)) {
            return false;
        }
        StudyConfigurations now = studies.shown();
        return now.valid().containsKey(code) || unreadable(now).isPresent() || sessions.hasStudy(code);
    }

    /** Empty for a study that is not configured. */
    public Optional<About> about(String code) {
        return Optional.ofNullable(studies.shown().valid().get(code))
                .map(study -> new About(study.name(), study.description(), study.contact(), study.open()));
    }

    private static Optional<String> unreadable(StudyConfigurations shown) {
        return shown.errors().stream()
                .filter(error -> error.file().equals(AcceptedStudies.PATH))
                .map(ConfigurationError::problem)
                .findFirst();
    }

    /**
     * All studies by code.
     *
     * @throws OutageException when it is not known which are configured
     */
    public List<Listed> all() {
        return table(studies.current()).studies();
    }

    /** The same for pages: while it is not known which are configured, those that sessions name, and why. */
    public Table table() {
        return table(studies.shown());
    }

    private Table table(StudyConfigurations configured) {
        Optional<String> unreadable = unreadable(configured);
        Instant now = clock.instant();
        Map<String, Sums> sums = jdbi
                .withHandle(handle -> handle.createQuery("""
                        select study, count(*) as sessions,
                            count(*) filter (where first_published > :day) as new_today,
                            count(*) filter (where state = 'WORKING') as working,
                            count(*) filter (where state = 'ATTENTION') as attention,
                            count(*) filter (where state = 'FAILED') as failed,
                            coalesce(sum(unreviewed), 0) as unreviewed, coalesce(sum(missing), 0) as missing
                        from session where status <> 'DELETED' group by study
                        """)
                        .bind("day", now.minus(Duration.ofDays(1)))
                        .map(ConstructorMapper.of(Sums.class))
                        .list())
                .stream()
                .collect(Collectors.toMap(Sums::study, Function.identity()));
        Map<String, List<Integer>> trends = trends(now);
        Map<String, Listed> listed = new TreeMap<>();
        configured
                .valid()
                .forEach((code, study) -> listed.put(
                        code, listed(code, study.name(), true, study.open(), sums.get(code), trends.get(code))));
        sums.forEach((code, sum) -> listed.computeIfAbsent(
                code,
                c -> listed(
                        c,
                        c.isEmpty() ? "Sessions of no study" : "",
                        c.isEmpty() || unreadable.isPresent(),
                        true,
                        sum,
                        trends.get(c))));
        return new Table(List.copyOf(listed.values()), unreadable.orElse(null));
    }

    private Map<String, List<Integer>> trends(Instant now) {
        List<Day> days = jdbi.withHandle(handle -> handle.createQuery("""
                        select study, (floor(extract(epoch from cast(:now as timestamptz) - first_published) / 86400))::int as ago,
                            count(*) as sessions
                        from session where first_published > :from and first_published <= :now and status <> 'DELETED'
                        group by 1, 2
                        """)
                .bind("now", now)
                .bind("from", now.minus(Duration.ofDays(TREND_DAYS)))
                .map(ConstructorMapper.of(Day.class))
                .list());
        Map<String, List<Integer>> trends = new TreeMap<>();
        for (Day day : days) {
            trends.computeIfAbsent(day.study(), study -> new ArrayList<>(java.util.Collections.nCopies(TREND_DAYS, 0)))
                    .set(TREND_DAYS - 1 - Math.min(TREND_DAYS - 1, day.ago()), day.sessions());
        }
        return trends;
    }

    private static Listed listed(
            String code,
            String name,
            boolean configured,
            boolean open,
            @Nullable Sums sums,
            @Nullable List<Integer> trend) {
        List<Integer> days = trend == null ? java.util.Collections.nCopies(TREND_DAYS, 0) : trend;
        if (sums == null) {
            return new Listed(code, name, configured, open, 0, 0, 0, 0, 0, 0, 0, days);
        }
        return new Listed(
                code,
                name,
                configured,
                open,
                sums.sessions(),
                sums.newToday(),
                sums.working(),
                sums.attention(),
                sums.failed(),
                sums.unreviewed(),
                sums.missing(),
                days);
    }
}

package org.datman.dashboard.operations;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.datman.contracts.event.EventType;
import org.datman.dashboard.access.Access;
import org.datman.dashboard.projection.DetailsReader;
import org.datman.dashboard.projection.OpenFailure;
import org.datman.dashboard.projection.Rebuild;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.mapper.reflect.ConstructorMapper;
import org.jspecify.annotations.Nullable;

/** Reads the state of operations from the read model. */
@ApplicationScoped
public class Operations {

    private static final int MOST = 200;
    private static final Duration RECENT = Duration.ofDays(7);

    // SQL, for reading only: percentiles, and the first row of each stage.
    private final Jdbi jdbi;
    private final DetailsReader detailsReader;
    private final Rebuild rebuild;
    private final Access access;
    private final Clock clock;

    Operations(Jdbi jdbi, DetailsReader detailsReader, Rebuild rebuild, Access access, Clock clock) {
        this.access = access;
        this.jdbi = jdbi;
        this.detailsReader = detailsReader;
        this.rebuild = rebuild;
        this.clock = clock;
    }

    /** The last event of a topic, null when there was none, and the number of events published in the last 24 hours. */
    public record LastEvent(String topic, @Nullable Instant last, long events) {}

    /** The series that has been in progress longest at a stage. */
    public record Oldest(
            String stage, int waiting, String session, String scan, String name, Instant since, String reason) {}

    /** Seconds from the first event of a series to its verdict, over those measured in the last seven days; null when there are none. */
    public record Speed(
            int series,
            @Nullable Double median,
            @Nullable Double p95,
            @Nullable Double slowest) {}

    /** All of it. */
    public record Content(
            List<OpenFailure> failures,
            List<Oldest> oldest,
            List<Operations.LastEvent> lastEvents,
            Speed speed,
            Rebuild.Progress rebuild) {}

    /** The state now. */
    public Content content() {
        return new Content(detailsReader.openFailures(true, MOST), oldest(), lastEvents(), speed(), progress());
    }

    /** How many events there are of all studies is for those who may see all. */
    private Rebuild.Progress progress() {
        Rebuild.Progress now = rebuild.progress();
        return access.scope().everything() ? now : new Rebuild.Progress(now.wanted(), now.started(), now.ended(), 0);
    }

    /** Times to the verdict. */
    public Speed speed() {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        select count(*) as series,
                            percentile_cont(0.5) within group (order by verdict_seconds) as median,
                            percentile_cont(0.95) within group (order by verdict_seconds) as p95,
                            max(verdict_seconds) as slowest
                        from series where measured > :from and verdict_seconds is not null
                        """)
                .bind("from", clock.instant().minus(RECENT))
                .map(ConstructorMapper.of(Speed.class))
                .one());
    }

    private List<Oldest> oldest() {
        return jdbi.withHandle(handle ->
                handle.createQuery("""
                        select distinct on (stage) stage, (count(*) over (partition by stage))::int as waiting, session,
                            scan, name, since, reason
                        from series where state = 'WORKING' order by stage, since
                        """).map(ConstructorMapper.of(Oldest.class)).list());
    }

    private List<Operations.LastEvent> lastEvents() {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        select t.topic, (select max(published) from timeline_event h where h.topic = t.topic) as last,
                            (select count(*) from timeline_event h where h.topic = t.topic and h.published > :day) as events
                        from unnest(:topics) with ordinality as t (topic, place) order by t.place
                        """)
                .bind("day", clock.instant().minus(Duration.ofDays(1)))
                .bindArray(
                        "topics",
                        String.class,
                        Arrays.stream(EventType.values()).map(EventType::topic).toArray())
                .map(ConstructorMapper.of(Operations.LastEvent.class))
                .list());
    }
}

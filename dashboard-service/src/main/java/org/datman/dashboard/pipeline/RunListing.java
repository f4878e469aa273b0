package org.datman.dashboard.pipeline;

import com.fasterxml.jackson.annotation.JsonIgnore;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.datman.contracts.event.PipelinePaused;
import org.datman.contracts.event.PipelineUpdated.State;
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.SessionRef;
import org.datman.contracts.study.OffPeak;
import org.datman.contracts.study.PipelineRule;
import org.datman.contracts.study.PipelineSchedule;
import org.datman.contracts.study.StudyConfiguration;
import org.datman.dashboard.projection.DetailsReader;
import org.datman.platform.study.Studies;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.mapper.reflect.ConstructorMapper;
import org.jspecify.annotations.Nullable;

/** Lists what the pipelines of studies last said of each session, and what queued runs wait for. */
@ApplicationScoped
public class RunListing {

    /** The most rows of a list on a page. */
    public static final int MOST = 500;

    private static final String RUN =
            "select session, pipeline, study, name, tool, run_key, attempt, state, code, reason, action, log, log_sha256, since"
                    + " from latest_run";

    /**
     * A run of DATMAN's own, as the BIDS dataset, is reported otherwise. What a person cancelled failed for nobody, and what is of a deleted
     * session is not run again.
     */
    private static final String FAILED =
            "state = 'FAILED' and code not in ('cancelled-by-person', 'withdrawn') and pipeline not like 'datman:%'"
                    + " and not exists (select 1 from session s where s.session = latest_run.session and s.status = 'DELETED')";

    // SQL, for reading only: sums and lists of derived rows.
    private final Jdbi jdbi;
    private final Studies studies;
    private final DetailsReader detailsReader;
    private final Clock clock;

    RunListing(Jdbi jdbi, Studies studies, DetailsReader detailsReader, Clock clock) {
        this.jdbi = jdbi;
        this.studies = studies;
        this.detailsReader = detailsReader;
        this.clock = clock;
    }

    /**
     * What a pipeline last said of a session.
     *
     * @param session {@code server/accession}
     * @param name of the session
     * @param tool name and version
     * @param state of {@link State}
     * @param code of the reason, empty without one
     * @param log path in the archive of what a failed tool wrote last, empty without one
     */
    public record Run(
            String session,
            String pipeline,
            String study,
            String name,
            String tool,
            String runKey,
            int attempt,
            String state,
            String code,
            String reason,
            String action,
            String log,
            String logSha256,
            Instant since) {

        /** The server of the session. */
        @JsonIgnore
        public String server() {
            return session.substring(0, session.indexOf('/'));
        }

        /** The accession id of the session. */
        @JsonIgnore
        public String accession() {
            return session.substring(session.indexOf('/') + 1);
        }

        /** What is dismissed with it: an attempt of another run, which counts from 1 again, is another failure, and so is the next one. */
        String dismissal() {
            return "run " + session + "/" + pipeline + "@" + runKey + "@" + attempt;
        }
    }

    /**
     * A pipeline of a study.
     *
     * @param descriptor path of its Boutiques descriptor
     * @param sessions number of sessions, or images for a tool that defaces, by what it last said of them
     * @param failed number of runs that failed and that nobody cancelled
     * @param priority runs of a higher one start first
     * @param atOnce how many of its runs may be under way at a time; null for any number
     * @param hours when its runs may start; empty for always
     * @param paused by whom, when and why it is paused; null when it is not
     */
    public record Pipeline(
            String name,
            String descriptor,
            Map<String, Long> sessions,
            long failed,
            int priority,
            @Nullable Integer atOnce,
            String hours,
            @Nullable PipelinePaused paused) {

        /** Number in a state. */
        public long in(String state) {
            return sessions.getOrDefault(state, 0L);
        }
    }

    /** A number of runs of a pipeline. */
    public record Sum(String pipeline, String state, boolean failed, long runs) {}

    /** The pipelines of a study, in the order of its file; empty for a study that is not configured. */
    public List<Pipeline> pipelines(String study) {
        List<PipelineRule> rules =
                studies.shown().study(study).map(StudyConfiguration::pipelines).orElse(List.of());
        Map<String, Map<String, Long>> states = new LinkedHashMap<>();
        Map<String, Long> failed = new LinkedHashMap<>();
        for (Sum sum : sums(study)) {
            PipelineRule.find(rules, sum.pipeline()).map(PipelineRule::name).ifPresent(rule -> {
                states.computeIfAbsent(rule, any -> new TreeMap<>()).merge(sum.state(), sum.runs(), Long::sum);
                failed.merge(rule, sum.failed() ? sum.runs() : 0, Long::sum);
            });
        }
        Map<String, PipelinePaused> pauses = detailsReader.pauses(study);
        return rules.stream()
                .map(rule -> new Pipeline(
                        rule.name(),
                        rule.descriptor(),
                        states.getOrDefault(rule.name(), Map.of()),
                        failed.getOrDefault(rule.name(), 0L),
                        rule.schedule().priority(),
                        rule.schedule().atOnce(),
                        Optional.ofNullable(rule.schedule().hours())
                                .map(OffPeak::words)
                                .orElse(""),
                        Optional.ofNullable(pauses.get(rule.name()))
                                .filter(pause -> pause.decision() == PipelinePaused.Decision.PAUSED)
                                .orElse(null)))
                .toList();
    }

    private List<Sum> sums(String study) {
        return jdbi.withHandle(handle -> handle.createQuery("select pipeline, state, (" + FAILED
                        + ") as failed, count(*) as runs from latest_run where study = :study group by 1, 2, 3")
                .bind("study", study)
                .map(ConstructorMapper.of(Sum.class))
                .list());
    }

    /** The rule of a study of which runs of that name are. */
    public Optional<PipelineRule> rule(String study, String pipeline) {
        return studies.shown().study(study).flatMap(known -> PipelineRule.find(known.pipelines(), pipeline));
    }

    /**
     * The runs of a pipeline that failed and that nobody cancelled, newest first.
     *
     * @param until only those that had failed by then
     */
    public List<Run> failed(String study, PipelineRule rule, Instant until) {
        return jdbi.withHandle(handle -> handle.createQuery(RUN + " where study = :study and " + FAILED
                        + " and (pipeline = :pipeline or :images and starts_with(pipeline, :pipeline || ':'))"
                        + " and since <= :until order by since desc, session, pipeline")
                .bind("study", study)
                .bind("pipeline", rule.name())
                .bind("images", rule.defaces())
                .bind("until", until)
                .map(ConstructorMapper.of(Run.class))
                .list());
    }

    /** The failed runs of all studies, newest first, of sessions that are not deleted; what somebody dismissed is left out. */
    public List<Run> openFailures(int limit) {
        return jdbi.withHandle(handle -> handle.createQuery(RUN + " where " + FAILED + """
                         and not exists (select 1 from acknowledgement a
                            where a.failure = 'run ' || latest_run.session || '/' || pipeline || '@' || run_key || '@' || attempt)
                        order by since desc, session, pipeline limit :limit
                        """)
                .bind("limit", limit)
                .map(ConstructorMapper.of(Run.class))
                .list());
    }

    /**
     * What the pipelines of a study last said of its sessions, by name of the session.
     *
     * @param states only runs in one of these states
     * @param limit the most rows
     */
    public List<Run> ofStudy(String study, Collection<State> states, int limit) {
        return explained(jdbi.withHandle(handle -> handle.createQuery(
                        RUN
                                + " where study = :study and state = any(:states) order by name, session, pipeline limit :limit")
                .bind("study", study)
                .bindArray(
                        "states", String.class, states.stream().map(State::name).toList())
                .bind("limit", limit)
                .map(ConstructorMapper.of(Run.class))
                .list()));
    }

    /** What a pipeline last said of a session. */
    Optional<Run> of(SessionRef session, String pipeline) {
        return jdbi.withHandle(handle -> handle.createQuery(RUN + " where session = :session and pipeline = :pipeline")
                .bind("session", session.identity())
                .bind("pipeline", pipeline)
                .map(ConstructorMapper.of(Run.class))
                .findOne());
    }

    /**
     * What the pipelines last said of a session.
     *
     * @param session its name, its accession id, or both server and accession id
     */
    public List<Run> ofSession(String session) {
        return explained(jdbi.withHandle(handle -> handle.createQuery(
                        RUN
                                + " where name = :text or session = :text or split_part(session, '/', 2) = :text order by session, pipeline")
                .bind("text", session)
                .map(ConstructorMapper.of(Run.class))
                .list()));
    }

    private List<Run> explained(List<Run> runs) {
        List<Run> explained = new ArrayList<>();
        Map<String, Waits> known = new LinkedHashMap<>();
        for (Run run : runs) {
            if (run.state().equals(State.QUEUED.name()) && run.reason().isEmpty()) {
                Reason why = known.computeIfAbsent(run.study(), this::waits).of(run.pipeline());
                explained.add(new Run(
                        run.session(),
                        run.pipeline(),
                        run.study(),
                        run.name(),
                        run.tool(),
                        run.runKey(),
                        run.attempt(),
                        run.state(),
                        why.code(),
                        why.message(),
                        why.action(),
                        run.log(),
                        run.logSha256(),
                        run.since()));
            } else {
                explained.add(run);
            }
        }
        return explained;
    }

    /** What queued runs of a study wait for now. */
    public static final class Waits {

        private final List<PipelineRule> rules;
        private final Map<String, PipelinePaused> pauses;
        private final List<Sum> running;
        private final Instant now;

        private Waits(List<PipelineRule> rules, Map<String, PipelinePaused> pauses, List<Sum> running, Instant now) {
            this.rules = rules;
            this.pauses = pauses;
            this.running = running;
            this.now = now;
        }

        /** Of a pipeline. */
        public Reason of(String pipeline) {
            PipelineRule rule = PipelineRule.find(rules, pipeline).orElse(null);
            PipelineSchedule schedule = rule == null ? PipelineSchedule.ALWAYS : rule.schedule();
            long underWay = running.stream()
                    .filter(sum -> rule != null && rule.isOf(sum.pipeline()))
                    .mapToLong(Sum::runs)
                    .sum();
            return schedule.waitsFor(now, underWay, rule == null ? null : pauses.get(rule.name()))
                    .orElseGet(() -> Reason.of(
                            "queued", "It waits for a free worker or a free place where it runs, behind earlier runs"));
        }
    }

    /** What queued runs of a study wait for now, as the pipeline service decides. */
    public Waits waits(String study) {
        List<Sum> running = jdbi.withHandle(
                handle -> handle.createQuery("select pipeline, state, false as failed, count(*) as runs from latest_run"
                                + " where study = :study and state = 'RUNNING' group by 1, 2")
                        .bind("study", study)
                        .map(ConstructorMapper.of(Sum.class))
                        .list());
        return new Waits(
                studies.shown().study(study).map(StudyConfiguration::pipelines).orElse(List.of()),
                detailsReader.pauses(study),
                running,
                clock.instant());
    }
}

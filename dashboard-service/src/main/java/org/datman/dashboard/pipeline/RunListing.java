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
import java.util.function.Consumer;
import org.datman.contracts.event.PipelinePaused;
import org.datman.contracts.event.PipelineUpdated.State;
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.SessionRef;
import org.datman.contracts.study.OffPeak;
import org.datman.contracts.study.PipelineRule;
import org.datman.contracts.study.PipelineSchedule;
import org.datman.contracts.study.StudyConfiguration;
import org.datman.dashboard.access.GrantedStudies;
import org.datman.dashboard.projection.DetailsReader;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.mapper.reflect.ConstructorMapper;
import org.jdbi.v3.core.statement.Query;
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

    private static final String FAILED_OF_RULE = " where study = :study and " + FAILED
            + " and (pipeline = :pipeline or :images and starts_with(pipeline, :pipeline || ':')) and since <= :until";

    /** Of these all rows are in memory at once. */
    private static final int ROWS = 5_000;

    // SQL, for reading only: sums and lists of derived rows.
    private final Jdbi jdbi;
    private final GrantedStudies studies;
    private final DetailsReader detailsReader;
    private final Clock clock;

    RunListing(Jdbi jdbi, GrantedStudies studies, DetailsReader detailsReader, Clock clock) {
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

        private Run with(Reason why) {
            return new Run(
                    session,
                    pipeline,
                    study,
                    name,
                    tool,
                    runKey,
                    attempt,
                    state,
                    why.code(),
                    why.message(),
                    why.action(),
                    log,
                    logSha256,
                    since);
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
        return failed(study, rule, until, Integer.MAX_VALUE);
    }

    /**
     * The newest of them.
     *
     * @param limit the most rows
     */
    List<Run> failed(String study, PipelineRule rule, Instant until, int limit) {
        return jdbi.withHandle(handle -> ofRule(
                        handle.createQuery(
                                RUN + FAILED_OF_RULE + " order by since desc, session, pipeline limit :limit"),
                        study,
                        rule,
                        until)
                .bind("limit", limit)
                .map(ConstructorMapper.of(Run.class))
                .list());
    }

    /** How many there are. */
    long countFailed(String study, PipelineRule rule, Instant until) {
        return jdbi.withHandle(handle -> ofRule(
                        handle.createQuery("select count(*) from latest_run" + FAILED_OF_RULE), study, rule, until)
                .mapTo(Long.class)
                .one());
    }

    private static Query ofRule(Query query, String study, PipelineRule rule, Instant until) {
        return query.bind("study", study)
                .bind("pipeline", rule.name())
                .bind("images", rule.defaces())
                .bind("until", until);
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

    /** Manual steps of all studies that wait for a person, newest first, of sessions that are not deleted. */
    public List<Run> manualSteps(int limit) {
        return jdbi.withHandle(handle -> handle.createQuery(RUN + """
                         where state = 'WAITING' and code = :code
                            and not exists (select 1 from session s where s.session = latest_run.session and s.status = 'DELETED')
                        order by since desc, session, pipeline limit :limit
                        """)
                .bind("code", ManualSteps.CODE)
                .bind("limit", limit)
                .map(ConstructorMapper.of(Run.class))
                .list());
    }

    /**
     * What the pipelines of a study last said of its sessions, by name of the session; no connection is held while the consumer is slow.
     *
     * @param states only runs in one of these states
     */
    public void ofStudy(String study, Collection<State> states, Consumer<Run> consumer) {
        List<Run> some = List.of();
        do {
            Run last = some.isEmpty() ? null : some.get(some.size() - 1);
            some = jdbi.withHandle(handle -> handle.createQuery(RUN + " where study = :study and state = any(:states)"
                            + " and (name, session, pipeline) > (:name, :session, :pipeline)"
                            + " order by name, session, pipeline limit :rows")
                    .bind("study", study)
                    .bindArray(
                            "states",
                            String.class,
                            states.stream().map(State::name).toList())
                    .bind("name", last == null ? "" : last.name())
                    .bind("session", last == null ? "" : last.session())
                    .bind("pipeline", last == null ? "" : last.pipeline())
                    .bind("rows", ROWS)
                    .map(ConstructorMapper.of(Run.class))
                    .list());
            explained(some).forEach(consumer);
        } while (some.size() == ROWS);
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
            if (run.state().equals(State.QUEUED.name())) {
                Reason said = run.code().isEmpty() ? null : new Reason(run.code(), run.reason(), run.action());
                explained.add(
                        run.with(known.computeIfAbsent(run.study(), this::waits).why(run.pipeline(), said)));
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

        /**
         * Why a queued run has not started.
         *
         * @param said the reason in its event, as that an earlier start ended and when the next one is; null when it has none
         */
        public Reason why(String pipeline, @Nullable Reason said) {
            Optional<Reason> held = held(pipeline);
            if (said == null) {
                return held.orElseGet(() -> Reason.of(
                        "queued", "It waits for a free worker or a free place where it runs, behind earlier runs"));
            }
            return held.map(now -> new Reason(
                            now.code(),
                            said.message() + ". " + now.message(),
                            now.action().isEmpty() ? said.action() : now.action()))
                    .orElse(said);
        }

        private Optional<Reason> held(String pipeline) {
            PipelineRule rule = PipelineRule.find(rules, pipeline).orElse(null);
            PipelineSchedule schedule = rule == null ? PipelineSchedule.ALWAYS : rule.schedule();
            long underWay = running.stream()
                    .filter(sum -> rule != null && rule.isOf(sum.pipeline()))
                    .mapToLong(Sum::runs)
                    .sum();
            return schedule.waitsFor(now, underWay, rule == null ? null : pauses.get(rule.name()));
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

package org.datman.pipeline.run;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.datman.contracts.event.PipelinePaused;
import org.datman.contracts.study.PipelineRule;
import org.datman.contracts.study.PipelineSchedule;
import org.datman.pipeline.runner.Runners;
import org.datman.platform.latest.LatestEvents;
import org.datman.platform.lease.LeasedQueue.Due;
import org.datman.platform.study.Studies;
import org.jspecify.annotations.Nullable;

/** Decides which queued runs may start now: by priority, limits, hours and pauses of their pipelines, as the rules are now. */
@ApplicationScoped
@Transactional(Transactional.TxType.MANDATORY)
class Turns {

    private static final String OF_LINES =
            "r.state = 'QUEUED' and r.notBefore <= :now and concat(r.study, '/', r.rule) in :lines";

    private final JobRows rows;
    private final Studies studies;
    private final Runners runners;
    private final LatestEvents latest;
    private final Clock clock;

    Turns(JobRows rows, Studies studies, Runners runners, LatestEvents latest, Clock clock) {
        this.rows = rows;
        this.studies = studies;
        this.runners = runners;
        this.latest = latest;
        this.clock = clock;
    }

    /** The queued runs of a pipeline of a study. */
    record Line(String study, String rule) {

        String key() {
            return study + "/" + rule;
        }
    }

    /** How many runs of a pipeline are under way on a runner; empty runner: not known. */
    record UnderWay(String study, String rule, String runner, long runs) {}

    /**
     * By what the runs of a line start.
     *
     * @param paused the last decision of a person to pause the pipeline or not; null when there was none
     * @param mostOnRunner how many runs may be under way on the runner; null for any number
     */
    record Terms(
            PipelineSchedule schedule,
            @Nullable PipelinePaused paused,
            String runner,
            @Nullable Integer mostOnRunner) {}

    /** The lines of which a run may start now: those of the highest priority. */
    static Set<Line> next(Map<Line, Terms> lines, List<UnderWay> underWay, Instant now) {
        Map<Line, Terms> open = new HashMap<>();
        lines.forEach((line, terms) -> {
            long ofLine = underWay.stream()
                    .filter(some ->
                            some.study().equals(line.study()) && some.rule().equals(line.rule()))
                    .mapToLong(UnderWay::runs)
                    .sum();
            long onRunner = underWay.stream()
                    .filter(some -> some.runner().equals(terms.runner()))
                    .mapToLong(UnderWay::runs)
                    .sum();
            boolean full = terms.mostOnRunner() != null && onRunner >= terms.mostOnRunner();
            if (!full && terms.schedule().waitsFor(now, ofLine, terms.paused()).isEmpty()) {
                open.put(line, terms);
            }
        });
        int highest = open.values().stream()
                .mapToInt(terms -> terms.schedule().priority())
                .max()
                .orElse(0);
        return open.entrySet().stream()
                .filter(line -> line.getValue().schedule().priority() == highest)
                .map(Map.Entry::getKey)
                .collect(Collectors.toUnmodifiableSet());
    }

    /**
     * The runs of which the next may be claimed, in the transaction of the claim; empty when none may start. Until its end no other
     * process decides: together they do not exceed a limit.
     */
    Optional<Due> due() {
        Instant now = clock.instant();
        // Without the lock first: while all that is queued waits, the workers do not wait for each other.
        if (next(now).isEmpty()) {
            return Optional.empty();
        }
        rows.lockClaims();
        Set<Line> next = next(now);
        if (next.isEmpty()) {
            return Optional.empty();
        }
        List<String> keys = next.stream().map(Line::key).toList();
        return Optional.of(new Due(OF_LINES, "r.notBefore, r.id", Map.of("now", now, "lines", keys)));
    }

    private Set<Line> next(Instant now) {
        Map<Line, Terms> lines = rows.lines(now).stream().collect(Collectors.toMap(line -> line, this::terms));
        return lines.isEmpty() ? Set.of() : next(lines, rows.underWay(), now);
    }

    private Terms terms(Line line) {
        PipelineRule rule = rule(line.study(), line.rule()).orElse(null);
        // A run of a rule that is gone starts, and fails with that as the reason.
        String runner =
                rule == null ? runners.standard().name() : runners.of(rule).name();
        return new Terms(
                rule == null ? PipelineSchedule.ALWAYS : rule.schedule(),
                latest.find(PipelinePaused.class, line.key()).orElse(null),
                runner,
                runners.most(runner));
    }

    /** The runner of a run that starts now. */
    String runner(JobRow row) {
        return rule(row.study(), row.pipeline())
                .map(runners::of)
                .orElse(runners.standard())
                .name();
    }

    /** The name of the rule of which a run of that name is; the name itself when there is no such rule. */
    String ruleName(String study, String pipeline) {
        return rule(study, pipeline).map(PipelineRule::name).orElse(pipeline);
    }

    private Optional<PipelineRule> rule(String study, String pipeline) {
        return studies.current().study(study).flatMap(known -> PipelineRule.find(known.pipelines(), pipeline));
    }
}

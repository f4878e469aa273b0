package org.datman.pipeline.runner;

import io.fabric8.kubernetes.client.KubernetesClient;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.datman.contracts.study.PipelineRule;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/** The runners of this installation. */
@ApplicationScoped
public class Runners {

    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(60);

    private final LocalRunner local;
    private final JobRunner chosen;
    private final Map<String, JobRunner> clusters;
    private final Map<String, Integer> most;

    /** With one place only. */
    public Runners(JobRunner only) {
        this.local = new LocalRunner(List.of());
        this.chosen = only;
        this.most = Map.of();
        this.clusters = only instanceof LocalRunner ? Map.of() : Map.of(only.name(), only);
    }

    @Inject
    Runners(
            LocalRunner local,
            ClusterOutages outages,
            ClusterTurns turns,
            Clock clock,
            Config config,
            @ConfigProperty(name = "datman.pipelines.runner") String runner,
            @ConfigProperty(name = "datman.pipelines.pass-environment") List<String> passed,
            @ConfigProperty(name = "datman.pipelines.cluster.poll") Duration poll,
            @ConfigProperty(name = "datman.pipelines.cluster.jobs") Optional<Integer> limit,
            @ConfigProperty(name = "datman.pipelines.slurm.options") Optional<List<String>> slurm,
            @ConfigProperty(name = "datman.pipelines.slurm.configuration") Optional<Path> configuration,
            @ConfigProperty(name = "datman.pipelines.sge.options") Optional<List<String>> sge,
            @ConfigProperty(name = "datman.pipelines.sge.parallel-environment") Optional<String> parallel,
            @ConfigProperty(name = "datman.pipelines.sge.memory") String memory,
            @ConfigProperty(name = "datman.pipelines.kubernetes.namespace") Optional<String> namespace,
            @ConfigProperty(name = "datman.pipelines.kubernetes.claim") Optional<String> claim,
            @ConfigProperty(name = "datman.pipelines.kubernetes.user") Optional<String> user,
            Instance<KubernetesClient> kubernetes) {
        Map<String, String> environment = configuration
                .map(file -> Map.of("SLURM_CONF", file.toAbsolutePath().toString()))
                .orElse(Map.of());
        List<Scheduler> schedulers = List.of(
                new Slurm(new SchedulerProgram(environment, ANSWER_WITHIN), slurm.orElse(List.of())),
                new Sge(
                        new SchedulerProgram(Map.of(), ANSWER_WITHIN),
                        System.getProperty("user.name"),
                        parallel.orElse(""),
                        memory,
                        sge.orElse(List.of())),
                new Kubernetes(
                        kubernetes::get,
                        new Kubernetes.Settings(namespace.orElse(""), claim.orElse(""), user.orElse(""))));
        Map<String, JobRunner> known = new LinkedHashMap<>();
        for (Scheduler scheduler : schedulers) {
            known.put(
                    scheduler.name(),
                    new ClusterRunner(
                            new ObservedScheduler(scheduler, clock, outages),
                            limit.orElse(ClusterRunner.NO_LIMIT),
                            turns,
                            passed,
                            clock,
                            poll));
        }
        this.local = local;
        this.clusters = Map.copyOf(known);
        known.put(local.name(), local);
        Map<String, Integer> limits = new HashMap<>();
        known.keySet().forEach(name -> config.getOptionalValue("datman.pipelines." + name + ".at-once", Integer.class)
                .ifPresent(most -> limits.put(name, most)));
        this.most = Map.copyOf(limits);
        JobRunner named = known.get(runner);
        if (named == null) {
            throw new IllegalArgumentException(
                    "datman.pipelines.runner is '" + runner + "'; it must be one of " + known.keySet());
        }
        this.chosen = named;
    }

    /** That of new runs of a rule. */
    public JobRunner of(PipelineRule rule) {
        PipelineRule.Runner named = rule.runner();
        if (named == null) {
            return chosen;
        }
        return switch (named) {
            case LOCAL -> local;
            case SLURM -> Objects.requireNonNull(clusters.get(Slurm.NAME));
            case SGE -> Objects.requireNonNull(clusters.get(Sge.NAME));
            case KUBERNETES -> Objects.requireNonNull(clusters.get(Kubernetes.NAME));
        };
    }

    /** That of rules that name none. */
    public JobRunner standard() {
        return chosen;
    }

    /** How many runs may be under way on a runner, in all processes together; null for any number. */
    public @Nullable Integer most(String runner) {
        return most.get(runner);
    }

    /** That of an earlier run, which may be another than that of new ones. */
    public JobRunner of(String handle) {
        return clusters.values().stream()
                .filter(runner -> handle.startsWith(runner.name() + ":"))
                .findFirst()
                .orElse(local);
    }

    /** Whether what runs under this handle goes on when this service ends. */
    public static boolean goesOn(String handle) {
        // A process is its number and its start.
        return !handle.matches("\\d+@.*");
    }

    /** The handle of a job of a cluster. */
    static String handle(String runner, String job) {
        return runner + ":" + job;
    }

    /** The working folder of what runs under a handle that goes on. */
    public static String folder(String handle) {
        return handle.substring(handle.indexOf(':') + 1 + ClusterRunner.PREFIX.length());
    }
}

package org.datman.pipeline.runner;

import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.datman.pipeline.runner.JobRunner.AwayException;
import org.datman.pipeline.runner.JobRunner.Command;
import org.datman.pipeline.runner.JobRunner.FullException;
import org.datman.pipeline.runner.JobRunner.RefusedException;
import org.jspecify.annotations.Nullable;

/** Kubernetes by its API: each run is a Job with one pod. */
final class Kubernetes implements Scheduler {

    static final String NAME = "kubernetes";

    private static final Pattern BY_DIGEST = Pattern.compile("\\S+@sha256:[0-9a-f]{64}");
    private static final int NOT_PROCESSABLE = 422;
    /** Of the server: what is wrong with a Job, which it will not take later either. */
    private static final Set<Integer> REFUSALS = Set.of(
            HttpURLConnection.HTTP_BAD_REQUEST,
            HttpURLConnection.HTTP_FORBIDDEN,
            HttpURLConnection.HTTP_NOT_FOUND,
            NOT_PROCESSABLE);

    private final Supplier<KubernetesClient> client;
    private final Settings settings;

    /**
     * Settings.
     *
     * @param namespace empty: that of the client's configuration
     * @param claim name of the PersistentVolumeClaim with the folders of runs
     * @param user number of the tools' user, and after a colon of their group; empty: the owner of the folder
     */
    record Settings(String namespace, String claim, String user) {}

    /** @param client made when it is first needed: most installations have no Kubernetes */
    Kubernetes(Supplier<KubernetesClient> client, Settings settings) {
        this.client = client;
        this.settings = settings;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String question() {
        return "kubectl get jobs,pods --selector app.kubernetes.io/managed-by=datman";
    }

    @Override
    public boolean imageHasEnvironment() {
        return true;
    }

    @Override
    public boolean listsUntilDeleted() {
        return true;
    }

    @Override
    public void submit(String job, Path script, Path log, Command command) throws RefusedException, IOException {
        String image = command.image();
        if (image == null || !BY_DIGEST.matcher(image).matches()) {
            throw new RefusedException("the container-image of the tool's descriptor must be an image with its digest"
                    + " (NAME@sha256:…), and is " + (image == null ? "missing" : image));
        }
        if (settings.claim().isEmpty()) {
            throw new RefusedException("no PersistentVolumeClaim is named that holds the folders of runs"
                    + " (datman.pipelines.kubernetes.claim)");
        }
        Job manifest = KubernetesJob.manifest(job, image, script, command, place(command));
        try {
            client.get()
                    .batch()
                    .v1()
                    .jobs()
                    .inNamespace(namespace())
                    .resource(manifest)
                    .create();
        } catch (KubernetesClientException e) {
            // Another answer was lost.
            if (e.getCode() == HttpURLConnection.HTTP_CONFLICT) {
                return;
            }
            String words = words(e);
            if (words.contains("exceeded quota")) {
                throw new FullException(words);
            }
            if (REFUSALS.contains(e.getCode())) {
                throw new RefusedException(words);
            }
            throw new AwayException(words);
        }
    }

    private KubernetesJob.Place place(Command command) throws RefusedException, IOException {
        long user;
        long group;
        if (settings.user().isEmpty()) {
            user = ((Number) Files.getAttribute(command.folder(), "unix:uid")).longValue();
            group = ((Number) Files.getAttribute(command.folder(), "unix:gid")).longValue();
        } else {
            String[] numbers = settings.user().split(":", 2);
            user = Long.parseLong(numbers[0]);
            group = Long.parseLong(numbers[numbers.length - 1]);
        }
        if (user == 0) {
            throw new RefusedException("tools do not run as root there: run the pipeline service as another user,"
                    + " or name one (datman.pipelines.kubernetes.user)");
        }
        return new KubernetesJob.Place(settings.claim(), user, group);
    }

    @Override
    public void cancel(String job) throws IOException {
        try {
            client.get()
                    .batch()
                    .v1()
                    .jobs()
                    .inNamespace(namespace())
                    .withName(KubernetesJob.name(job))
                    .withPropagationPolicy(DeletionPropagation.BACKGROUND)
                    .delete();
        } catch (KubernetesClientException e) {
            throw new AwayException(words(e));
        }
    }

    @Override
    public Map<String, State> jobs() throws IOException {
        try {
            Map<String, Pod> pods = new HashMap<>();
            // Jobs first: of one that has ended meanwhile the pod is there, too.
            var jobs = client.get()
                    .batch()
                    .v1()
                    .jobs()
                    .inNamespace(namespace())
                    .withLabels(KubernetesJob.LABELS)
                    .list()
                    .getItems();
            client.get().pods().inNamespace(namespace()).withLabels(KubernetesJob.LABELS).list().getItems().stream()
                    .sorted(Comparator.comparing(pod -> pod.getMetadata().getName()))
                    .forEach(pod -> pods.put(KubernetesJob.run(pod), pod));
            Map<String, State> states = new HashMap<>();
            for (Job job : jobs) {
                if (job.getMetadata().getDeletionTimestamp() == null) {
                    String run = KubernetesJob.run(job);
                    states.put(run, KubernetesJob.state(job, pods.get(run)));
                }
            }
            return states;
        } catch (KubernetesClientException e) {
            throw new AwayException(words(e));
        }
    }

    private String namespace() {
        if (!settings.namespace().isEmpty()) {
            return settings.namespace();
        }
        String own = client.get().getNamespace();
        return own == null ? "default" : own;
    }

    private static String words(KubernetesClientException e) {
        Throwable cause = e.getCause();
        String words = e.getStatus() != null && e.getStatus().getMessage() != null
                ? e.getStatus().getMessage()
                : String.valueOf(e.getMessage());
        @Nullable String more = cause == null ? null : cause.getMessage();
        return more == null || words.contains(more) ? words : words + ": " + more;
    }
}

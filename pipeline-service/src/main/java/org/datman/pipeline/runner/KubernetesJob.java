package org.datman.pipeline.runner;

import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStateWaiting;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.JobCondition;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.datman.pipeline.runner.JobRunner.Cause;
import org.datman.pipeline.runner.JobRunner.Command;
import org.datman.pipeline.runner.Scheduler.State;
import org.jspecify.annotations.Nullable;

/**
 * A run as a Job of Kubernetes: its manifest, and what the state of Job and pod says.
 *
 * <p>https://kubernetes.io/docs/concepts/workloads/controllers/job/,
 * https://kubernetes.io/docs/concepts/security/pod-security-standards/ (restricted),
 * https://kubernetes.io/docs/concepts/workloads/pods/disruptions/#pod-disruption-conditions
 */
final class KubernetesJob {

    static final Map<String, String> LABELS = Map.of("app.kubernetes.io/managed-by", "datman");
    /** Of the pods: the NetworkPolicy that is with DATMAN selects them by it. */
    static final String NETWORK = "datman.org/network";
    /** The whole name of the run: that of an object has 63 characters. */
    static final String RUN = "datman.org/run";

    private static final int LONGEST_NAME = 63;
    /** Seconds for which an ended Job is listed. */
    private static final int LISTED = 3600;

    private static final String VOLUME = "run";
    private static final String TEMPORARY = "tmp";

    /** Reasons for which a container waits until somebody changes its image or its manifest. */
    private static final Set<String> NEVER_STARTS =
            Set.of("InvalidImageName", "ErrImageNeverPull", "ImageInspectError", "SignatureValidationFailed");

    private static final Set<String> NOT_PULLED = Set.of("ErrImagePull", "ImagePullBackOff");
    /** Words of a registry that does not have the image, or does not give it. */
    private static final List<String> NO_IMAGE = List.of(
            "not found",
            "manifest unknown",
            "does not exist",
            "unauthorized",
            "authorization failed",
            "denied",
            "forbidden");

    /** Reasons of the container runtime that did not start the script. */
    private static final Set<String> NOT_STARTED = Set.of("StartError", "ContainerCannotRun", "RunContainerError");

    private KubernetesJob() {}

    /**
     * Of all runs.
     *
     * @param claim PersistentVolumeClaim that holds the folders of runs, where the pipeline service has them
     * @param user number of the user and group of the tool, who owns the folders; not 0
     */
    record Place(String claim, long user, long group) {}

    /** The name of its objects. */
    static String name(String job) {
        return job.length() <= LONGEST_NAME
                ? job
                : job.substring(0, LONGEST_NAME).replaceAll("-+$", "");
    }

    /**
     * The manifest. The tool sees its own folder, at the path that it has here, and no other of the claim.
     *
     * @param image with its digest
     */
    static Job manifest(String job, String image, Path script, Command command, Place place) {
        Map<String, Quantity> resources = new LinkedHashMap<>();
        resources.put("cpu", new Quantity(Integer.toString(ToolEnvironment.cores(command))));
        Double gigabytes = command.resources().ramGigabytes();
        if (gigabytes != null) {
            resources.put("memory", new Quantity(Math.max(1, (long) Math.ceil(gigabytes * 1024)) + "Mi"));
        }
        Map<String, String> annotations = Map.of(RUN, job);
        return new JobBuilder()
                .withNewMetadata()
                .withName(name(job))
                .withLabels(LABELS)
                .withAnnotations(annotations)
                .endMetadata()
                .withNewSpec()
                // The jobs table decides about a second run, and counts it.
                .withBackoffLimit(0)
                .withCompletions(1)
                .withParallelism(1)
                .withTtlSecondsAfterFinished(LISTED)
                .withNewTemplate()
                .withNewMetadata()
                .addToLabels(LABELS)
                .addToLabels(NETWORK, "none")
                .withAnnotations(annotations)
                .endMetadata()
                .withNewSpec()
                .withRestartPolicy("Never")
                // Of the pod and not of the Job: the time that it waits for a node does not count.
                .withActiveDeadlineSeconds(Math.max(1, command.walltime().toSeconds()))
                .withAutomountServiceAccountToken(false)
                .withEnableServiceLinks(false)
                .withNewSecurityContext()
                .withRunAsNonRoot(true)
                .withRunAsUser(place.user())
                .withRunAsGroup(place.group())
                .withNewSeccompProfile()
                .withType("RuntimeDefault")
                .endSeccompProfile()
                .endSecurityContext()
                .addNewContainer()
                .withName("tool")
                .withImage(image)
                .withImagePullPolicy("IfNotPresent")
                .withCommand("/bin/sh", script.toString())
                .withWorkingDir(command.folder().toString())
                .withNewResources()
                .withRequests(resources)
                .withLimits(resources)
                .endResources()
                .withNewSecurityContext()
                .withAllowPrivilegeEscalation(false)
                .withPrivileged(false)
                .withReadOnlyRootFilesystem(true)
                .withNewCapabilities()
                .withDrop("ALL")
                .endCapabilities()
                .endSecurityContext()
                .addNewVolumeMount()
                .withName(VOLUME)
                .withMountPath(command.folder().toString())
                .withSubPath(command.folder().getFileName().toString())
                .endVolumeMount()
                .addNewVolumeMount()
                .withName(TEMPORARY)
                .withMountPath("/tmp")
                .endVolumeMount()
                .endContainer()
                .addNewVolume()
                .withName(VOLUME)
                .withNewPersistentVolumeClaim()
                .withClaimName(place.claim())
                .endPersistentVolumeClaim()
                .endVolume()
                .addNewVolume()
                .withName(TEMPORARY)
                .withNewEmptyDir()
                .endEmptyDir()
                .endVolume()
                .endSpec()
                .endTemplate()
                .endSpec()
                .build();
    }

    /** The whole name of the run that a Job or pod is of; that of the object where it is not DATMAN's. */
    static String run(HasMetadata object) {
        Map<String, String> annotations = object.getMetadata().getAnnotations();
        String run = annotations == null ? null : annotations.get(RUN);
        return run == null ? object.getMetadata().getName() : run;
    }

    /**
     * What is known of a Job.
     *
     * @param pod of the Job; null before it has one, and when it is gone
     */
    static State state(Job job, @Nullable Pod pod) {
        String host = pod == null || pod.getSpec() == null
                ? ""
                : Objects.toString(pod.getSpec().getNodeName(), "");
        Outcome outcome = outcome(job, pod);
        return new State(job.getMetadata().getName(), outcome.cause(), outcome.exitCode(), outcome.detail(), host);
    }

    private record Outcome(@Nullable Cause cause, int exitCode, String detail) {}

    private static Outcome outcome(Job job, @Nullable Pod pod) {
        if (condition(job, "Complete").isPresent()) {
            return new Outcome(Cause.EXITED, 0, "Complete");
        }
        Optional<JobCondition> failed = condition(job, "Failed");
        if (failed.isEmpty()) {
            return pod == null ? new Outcome(null, -1, "waits for its pod") : active(pod);
        }
        String words = words(failed.get().getReason(), failed.get().getMessage());
        if ("DeadlineExceeded".equals(failed.get().getReason())) {
            return new Outcome(Cause.WALLTIME, -1, words);
        }
        return pod == null || pod.getMetadata().getDeletionTimestamp() != null
                ? new Outcome(Cause.LOST, -1, "its pod was deleted, or its node is lost: " + words)
                : failed(pod, words);
    }

    private static Optional<JobCondition> condition(Job job, String type) {
        return job.getStatus() == null
                ? Optional.empty()
                : job.getStatus().getConditions().stream()
                        .filter(condition -> condition.getType().equals(type) && "True".equals(condition.getStatus()))
                        .findFirst();
    }

    private static Outcome active(Pod pod) {
        PodStatus status = pod.getStatus();
        if (status == null) {
            return new Outcome(null, -1, "waits for its node");
        }
        Optional<ContainerStateWaiting> waiting = containerState(status).map(ContainerState::getWaiting);
        if (waiting.isPresent()) {
            String reason = Objects.toString(waiting.get().getReason(), "");
            String message = Objects.toString(waiting.get().getMessage(), "");
            String words = words(reason, message);
            if (NEVER_STARTS.contains(reason) || NOT_PULLED.contains(reason) && isNotThere(message)) {
                return new Outcome(Cause.NO_IMAGE, -1, words);
            }
            // What the kubelet does not accept of a manifest it does not accept later.
            return reason.equals("CreateContainerConfigError")
                    ? new Outcome(Cause.REFUSED, -1, words)
                    : new Outcome(null, -1, words);
        }
        String unscheduled = status.getConditions().stream()
                .filter(condition ->
                        condition.getType().equals("PodScheduled") && "False".equals(condition.getStatus()))
                .map(condition -> words(condition.getReason(), condition.getMessage()))
                .findFirst()
                .orElse("");
        return new Outcome(null, -1, unscheduled.isEmpty() ? Objects.toString(status.getPhase(), "") : unscheduled);
    }

    private static boolean isNotThere(String message) {
        return NO_IMAGE.stream().anyMatch(message::contains);
    }

    private static Outcome failed(Pod pod, String words) {
        PodStatus status = pod.getStatus();
        if (status == null) {
            return new Outcome(Cause.LOST, -1, words);
        }
        if ("DeadlineExceeded".equals(status.getReason())) {
            return new Outcome(Cause.WALLTIME, -1, words(status.getReason(), status.getMessage()));
        }
        Optional<PodCondition> disrupted = status.getConditions().stream()
                .filter(condition ->
                        condition.getType().equals("DisruptionTarget") && "True".equals(condition.getStatus()))
                .findFirst();
        if (disrupted.isPresent()) {
            return new Outcome(
                    Cause.LOST,
                    -1,
                    words(disrupted.get().getReason(), disrupted.get().getMessage()));
        }
        // Evicted, NodeLost, Shutdown, Terminated: the pod has a reason, and not its container.
        if (status.getReason() != null) {
            return new Outcome(Cause.LOST, -1, words(status.getReason(), status.getMessage()));
        }
        Optional<ContainerStateTerminated> end = containerState(status).map(ContainerState::getTerminated);
        if (end.isEmpty()) {
            return new Outcome(Cause.LOST, -1, words);
        }
        String reason = Objects.toString(end.get().getReason(), "");
        int exitCode = end.get().getExitCode() == null ? -1 : end.get().getExitCode();
        String detail = words(reason + " " + exitCode, end.get().getMessage());
        if (reason.equals("OOMKilled")) {
            return new Outcome(Cause.MEMORY, exitCode, detail);
        }
        return new Outcome(NOT_STARTED.contains(reason) ? Cause.REFUSED : Cause.EXITED, exitCode, detail);
    }

    private static Optional<ContainerState> containerState(PodStatus status) {
        return status.getContainerStatuses().stream().findFirst().map(ContainerStatus::getState);
    }

    private static String words(@Nullable String reason, @Nullable String message) {
        String first = Objects.toString(reason, "");
        return message == null || message.isBlank() ? first : first + ": " + message.strip();
    }
}

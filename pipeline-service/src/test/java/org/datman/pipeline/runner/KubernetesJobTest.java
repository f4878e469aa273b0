package org.datman.pipeline.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.datman.pipeline.boutiques.Descriptor.Resources;
import org.datman.pipeline.runner.JobRunner.Cause;
import org.datman.pipeline.runner.JobRunner.Command;
import org.datman.pipeline.runner.Scheduler.State;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The manifest of a Job, and what the states of Job and pod say, as the documentation of Kubernetes has them. */
class KubernetesJobTest {

    static final String IMAGE = "docker.io/lab/tool@sha256:" + "0123456789abcdef".repeat(4);
    private static final String RUN = "datman-0123456789abcdef-1234567-1-123e4567-e89b-12d3-a456-426614174000";

    @Test
    void aToolRunsWithoutRightsInItsOwnFolderOnly() {
        // When
        Job job = manifest();

        // Then: the restricted standard for pods, and what it does not ask for
        PodSpec pod = job.getSpec().getTemplate().getSpec();
        Container tool = pod.getContainers().get(0);
        assertThat(pod.getSecurityContext().getRunAsNonRoot()).isTrue();
        assertThat(pod.getSecurityContext().getRunAsUser()).isEqualTo(1000);
        assertThat(pod.getSecurityContext().getRunAsGroup()).isEqualTo(100);
        assertThat(pod.getSecurityContext().getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
        assertThat(tool.getSecurityContext().getAllowPrivilegeEscalation()).isFalse();
        assertThat(tool.getSecurityContext().getPrivileged()).isFalse();
        assertThat(tool.getSecurityContext().getReadOnlyRootFilesystem()).isTrue();
        assertThat(tool.getSecurityContext().getCapabilities().getDrop()).containsExactly("ALL");
        assertThat(tool.getSecurityContext().getCapabilities().getAdd()).isEmpty();
        assertThat(pod.getAutomountServiceAccountToken()).isFalse();
        assertThat(pod.getEnableServiceLinks()).isFalse();
        assertThat(pod.getHostNetwork()).isNull();
        assertThat(job.getSpec().getTemplate().getMetadata().getLabels()).containsEntry("datman.org/network", "none");
        assertThat(tool.getVolumeMounts())
                .extracting(VolumeMount::getMountPath, VolumeMount::getSubPath)
                .containsExactlyInAnyOrder(
                        tuple("/scratch/" + RUN.substring(7), RUN.substring(7)), tuple("/tmp", null));
        assertThat(pod.getVolumes().get(0).getPersistentVolumeClaim().getClaimName())
                .isEqualTo("scratch");
    }

    @Test
    void aJobRunsOnceWithTheLimitsOfTheDescriptor() {
        // When
        Job job = manifest();

        // Then
        PodSpec pod = job.getSpec().getTemplate().getSpec();
        Container tool = pod.getContainers().get(0);
        assertThat(job.getSpec().getBackoffLimit()).isZero();
        assertThat(pod.getRestartPolicy()).isEqualTo("Never");
        assertThat(pod.getActiveDeadlineSeconds()).isEqualTo(5400);
        assertThat(tool.getImage()).isEqualTo(IMAGE);
        assertThat(tool.getCommand()).containsExactly("/bin/sh", "/scratch/" + RUN.substring(7) + "/logs/job.sh");
        assertThat(tool.getResources().getLimits())
                .isEqualTo(tool.getResources().getRequests());
        assertThat(tool.getResources().getLimits().get("cpu").getNumericalAmount())
                .isEqualByComparingTo("2");
        assertThat(tool.getResources().getLimits().get("memory").getNumericalAmount())
                .isEqualByComparingTo(Long.toString(1536L << 20));
        assertThat(job.getMetadata().getName()).hasSizeLessThanOrEqualTo(63).matches("[a-z0-9]([-a-z0-9]*[a-z0-9])?");
        assertThat(KubernetesJob.run(job)).isEqualTo(RUN);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    status: {}                                                                                  | NONE                                                               |           |
                    status: {active: 1}                                                                         | {phase: Pending, conditions: [{type: PodScheduled, status: 'False', reason: Unschedulable, message: 0/3 nodes are available}]} | | Unschedulable: 0/3 nodes
                    status: {active: 1}                                                                         | {phase: Running, containerStatuses: [{state: {running: {}}}]}      |           | Running
                    status: {conditions: [{type: Complete, status: 'True'}]}                                    | {phase: Succeeded}                                                 | EXITED    | Complete
                    status: {conditions: [{type: Failed, status: 'True', reason: BackoffLimitExceeded}]}        | {phase: Failed, containerStatuses: [{state: {terminated: {exitCode: 3, reason: Error}}}]} | EXITED | Error 3
                    status: {conditions: [{type: Failed, status: 'True', reason: BackoffLimitExceeded}]}        | {phase: Failed, containerStatuses: [{state: {terminated: {exitCode: 137, reason: OOMKilled}}}]} | MEMORY | OOMKilled
                    status: {conditions: [{type: Failed, status: 'True', reason: BackoffLimitExceeded}]}        | {phase: Failed, reason: Evicted, message: The node was low on resource memory} | LOST | Evicted: The node
                    status: {conditions: [{type: Failed, status: 'True', reason: BackoffLimitExceeded}]}        | {phase: Failed, conditions: [{type: DisruptionTarget, status: 'True', reason: PreemptionByScheduler}], containerStatuses: [{state: {terminated: {exitCode: 137, reason: Error}}}]} | LOST | PreemptionByScheduler
                    status: {conditions: [{type: Failed, status: 'True', reason: BackoffLimitExceeded}]}        | NONE                                                               | LOST      | its pod was deleted
                    status: {conditions: [{type: Failed, status: 'True', reason: BackoffLimitExceeded}]}        | {phase: Failed, reason: DeadlineExceeded, message: Pod was active on the node longer than the specified deadline} | WALLTIME | DeadlineExceeded
                    status: {conditions: [{type: Failed, status: 'True', reason: DeadlineExceeded}]}            | NONE                                                               | WALLTIME  | DeadlineExceeded
                    status: {active: 1}                                                                         | {phase: Pending, containerStatuses: [{state: {waiting: {reason: ImagePullBackOff, message: 'Back-off pulling image: ErrImagePull: manifest unknown'}}}]} | NO_IMAGE | manifest unknown
                    status: {active: 1}                                                                         | {phase: Pending, containerStatuses: [{state: {waiting: {reason: ErrImagePull, message: 'pull access denied, repository does not exist'}}}]} | NO_IMAGE | denied
                    status: {active: 1}                                                                         | {phase: Pending, containerStatuses: [{state: {waiting: {reason: InvalidImageName}}}]} | NO_IMAGE | InvalidImageName
                    status: {active: 1}                                                                         | {phase: Pending, containerStatuses: [{state: {waiting: {reason: ErrImagePull, message: 'dial tcp: i/o timeout'}}}]} | | i/o timeout
                    status: {active: 1}                                                                         | {phase: Pending, containerStatuses: [{state: {waiting: {reason: ContainerCreating}}}]} | | ContainerCreating
                    status: {active: 1}                                                                         | {phase: Pending, containerStatuses: [{state: {waiting: {reason: CreateContainerConfigError, message: container has runAsNonRoot}}}]} | REFUSED | runAsNonRoot
                    status: {conditions: [{type: Failed, status: 'True', reason: BackoffLimitExceeded}]}        | {phase: Failed, containerStatuses: [{state: {terminated: {exitCode: 128, reason: StartError, message: 'exec: /bin/sh: no such file or directory'}}}]} | REFUSED | StartError
                    """)
    void theStateOfJobAndPodSaysWhatBecameOfTheRun(
            String status, String podStatus, @Nullable Cause cause, @Nullable String words) {
        // Given
        Job job = new JobBuilder(manifest())
                .withStatus(Serialization.unmarshal(status, Job.class).getStatus())
                .build();
        Pod pod = podStatus.equals("NONE") ? null : pod(podStatus);

        // When
        State state = KubernetesJob.state(job, pod);

        // Then
        assertThat(state.ended()).isEqualTo(cause);
        assertThat(state.detail()).contains(Objects.toString(words, ""));
        assertThat(state.host()).isEqualTo(pod == null ? "" : "node1");
    }

    private static Pod pod(String status) {
        return new PodBuilder()
                .withNewMetadata()
                .withName("pod")
                .endMetadata()
                .withNewSpec()
                .withNodeName("node1")
                .endSpec()
                .withStatus(
                        Serialization.unmarshal("status: " + status, Pod.class).getStatus())
                .build();
    }

    private static Job manifest() {
        Path folder = Path.of("/scratch", RUN.substring(7));
        return KubernetesJob.manifest(
                RUN,
                IMAGE,
                folder.resolve("logs/job.sh"),
                new Command(
                        RUN.substring(7),
                        folder,
                        List.of("true"),
                        Map.of(),
                        new Resources(5400.0, 1.5, 1.5),
                        Duration.ofMinutes(90),
                        folder.resolve("logs/out"),
                        folder.resolve("logs/err"),
                        List.of(),
                        IMAGE),
                new KubernetesJob.Place("scratch", 1000, 100));
    }
}

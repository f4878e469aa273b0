package org.datman.pipeline.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.datman.pipeline.boutiques.Descriptor.Resources;
import org.datman.pipeline.runner.JobRunner.Cause;
import org.datman.pipeline.runner.JobRunner.Command;
import org.datman.pipeline.runner.JobRunner.Ended;
import org.datman.pipeline.runner.JobRunner.Running;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a real API server, without controllers and nodes, takes of the manifest, and allows the account that is with DATMAN. */
class KubernetesApiServerTest {

    private static final String NAMESPACE = "lab";

    @TempDir
    static Path files;

    private static @Nullable KubernetesApiServer server;
    private static @Nullable KubernetesClient administrator;
    private static @Nullable KubernetesClient datman;

    @TempDir
    Path folder;

    @BeforeAll
    static void aNamespaceWithTheFilesOfDatman() throws IOException {
        assumeThat(KubernetesApiServer.isInstalled())
                .as("no API server of Kubernetes (kube-apiserver and etcd) is on the PATH")
                .isTrue();
        server = new KubernetesApiServer(files);
        administrator = server.client(null);
        administrator
                .resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(NAMESPACE)
                        .addToLabels("pod-security.kubernetes.io/enforce", "restricted")
                        .endMetadata()
                        .build())
                .create();
        try (InputStream file = Files.newInputStream(Path.of("../deploy/kubernetes/base/pipeline-jobs.yaml"))) {
            administrator.load(file).items().forEach(item -> administrator
                    .resource(item)
                    .inNamespace(NAMESPACE)
                    .create());
        }
        administrator
                .resource(
                        "{\"apiVersion\": \"v1\", \"kind\": \"ServiceAccount\", \"metadata\": {\"name\": \"default\"}}")
                .inNamespace(NAMESPACE)
                .create();
        datman = server.client("system:serviceaccount:" + NAMESPACE + ":datman-pipeline");
    }

    @AfterAll
    static void stop() throws IOException {
        if (datman != null) {
            datman.close();
        }
        if (administrator != null) {
            administrator.close();
        }
        if (server != null) {
            server.close();
        }
    }

    @Test
    void aRunLivesWithTheRightsOfTheRole() throws Exception {
        // Given a Job whose pod is there and fails
        Command command = command("run-1");
        Running running = runner().start(command);
        Optional<Ended> meanwhile = running.await(Duration.ofMillis(100));
        Job job = administrator()
                .batch()
                .v1()
                .jobs()
                .inNamespace(NAMESPACE)
                .withName("datman-run-1")
                .get();
        Pod pod = podOf(job);
        pod.setStatus(Serialization.unmarshal(
                        "status: {phase: Failed, containerStatuses: [{name: tool, image: i, imageID: i, ready: false,"
                                + " restartCount: 0, state: {terminated: {exitCode: 137, reason: OOMKilled}}}]}",
                        Pod.class)
                .getStatus());
        administrator().resource(pod).inNamespace(NAMESPACE).updateStatus();

        // When
        job.setStatus(Serialization.unmarshal("""
                        status:
                          startTime: '2026-11-30T10:00:00Z'
                          failed: 1
                          conditions:
                            - {type: FailureTarget, status: 'True', reason: BackoffLimitExceeded}
                            - {type: Failed, status: 'True', reason: BackoffLimitExceeded}
                        """, Job.class).getStatus());
        administrator().resource(job).inNamespace(NAMESPACE).updateStatus();
        Ended end = running.await(Duration.ofSeconds(30)).orElseThrow();
        runner().end(running.handle());

        // Then
        assertThat(meanwhile).isEmpty();
        assertThat(end.cause()).isEqualTo(Cause.MEMORY);
        assertThat(runner().resume(running.handle(), command)).isEmpty();
    }

    @Test
    void aManifestIsTakenAsItIs() throws Exception {
        // Given
        Command command = command("run-2");

        // When
        runner().start(command);

        // Then nothing of it is another than was sent, where the server does not add its own
        Job stored = administrator()
                .batch()
                .v1()
                .jobs()
                .inNamespace(NAMESPACE)
                .withName("datman-run-2")
                .get();
        assertThat(stored.getSpec()
                        .getTemplate()
                        .getSpec()
                        .getContainers()
                        .get(0)
                        .getSecurityContext())
                .isEqualTo(KubernetesJob.manifest(
                                "datman-run-2",
                                KubernetesJobTest.IMAGE,
                                command.folder().resolve("logs/job.sh"),
                                command,
                                new KubernetesJob.Place("scratch", 1000, 100))
                        .getSpec()
                        .getTemplate()
                        .getSpec()
                        .getContainers()
                        .get(0)
                        .getSecurityContext());
        // The standard is enforced at pods.
        assertThat(podOf(stored).getMetadata().getName()).isEqualTo("datman-run-2-x1y2z");
    }

    @Test
    void theAccountMayNothingElse() {
        // When, then
        assertThatThrownBy(() -> Objects.requireNonNull(datman)
                        .pods()
                        .inNamespace(NAMESPACE)
                        .withName("some")
                        .delete())
                .isInstanceOf(KubernetesClientException.class)
                .hasMessageContaining("forbidden");
        assertThatThrownBy(() -> Objects.requireNonNull(datman)
                        .secrets()
                        .inNamespace(NAMESPACE)
                        .list())
                .isInstanceOf(KubernetesClientException.class)
                .hasMessageContaining("forbidden");
    }

    /** As the controller of Jobs makes it. */
    private static Pod podOf(Job job) {
        return administrator()
                .pods()
                .inNamespace(NAMESPACE)
                .resource(new PodBuilder()
                        .withNewMetadata()
                        .withName(job.getMetadata().getName() + "-x1y2z")
                        .withLabels(job.getSpec().getTemplate().getMetadata().getLabels())
                        .withAnnotations(
                                job.getSpec().getTemplate().getMetadata().getAnnotations())
                        .endMetadata()
                        .withSpec(job.getSpec().getTemplate().getSpec())
                        .build())
                .create();
    }

    private static KubernetesClient administrator() {
        return Objects.requireNonNull(administrator);
    }

    private static ClusterRunner runner() {
        return new ClusterRunner(
                new Kubernetes(
                        () -> Objects.requireNonNull(datman),
                        new Kubernetes.Settings(NAMESPACE, "scratch", "1000:100")),
                ClusterRunner.NO_LIMIT,
                (name, submission) -> submission.submit(),
                List.of("PATH"),
                Clock.systemUTC(),
                Duration.ZERO);
    }

    private Command command(String name) throws IOException {
        Path work = Files.createDirectories(folder.resolve(name));
        Path logs = Files.createDirectories(work.resolve("logs"));
        return new Command(
                name,
                work,
                List.of("true"),
                Map.of(),
                new Resources(60.0, 1.0, 0.1),
                Duration.ofSeconds(60),
                logs.resolve("out.txt"),
                logs.resolve("err.txt"),
                List.of(),
                KubernetesJobTest.IMAGE);
    }
}

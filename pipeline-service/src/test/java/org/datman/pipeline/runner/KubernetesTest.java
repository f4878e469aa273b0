package org.datman.pipeline.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.fabric8.mockwebserver.http.RecordedRequest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.datman.pipeline.boutiques.Descriptor.Resources;
import org.datman.pipeline.runner.JobRunner.AwayException;
import org.datman.pipeline.runner.JobRunner.Cause;
import org.datman.pipeline.runner.JobRunner.Command;
import org.datman.pipeline.runner.JobRunner.Ended;
import org.datman.pipeline.runner.JobRunner.FullException;
import org.datman.pipeline.runner.JobRunner.RefusedException;
import org.datman.pipeline.runner.JobRunner.Running;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The life of runs on an API server that keeps objects and does nothing by itself: the test is controller and node. */
@EnableKubernetesMockClient(crud = true)
class KubernetesTest {

    private static final Path DEPLOYED = Path.of("../deploy/kubernetes/base/pipeline-jobs.yaml");
    private static final String NAMESPACE = "lab";

    @TempDir
    Path folder;

    private KubernetesMockServer server;
    private KubernetesClient client;
    private Command command;

    @BeforeEach
    void aClientThatAsksOnce() throws IOException {
        // As in application.properties: the runner itself asks again.
        client = new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder(client.getConfiguration())
                        .withRequestRetryBackoffLimit(0)
                        .build())
                .build();
        command = command("run-1", KubernetesJobTest.IMAGE);
    }

    @AfterEach
    void close() {
        client.close();
    }

    @Test
    void theExitCodeIsThatOfTheToolAndItsLogsAreItsOwn() throws Exception {
        // Given
        Running running = runner().start(command);
        int script = new ProcessBuilder("sh", "logs/job.sh")
                .directory(command.folder().toFile())
                .start()
                .waitFor();

        // When
        status("conditions: [{type: Failed, status: 'True', reason: BackoffLimitExceeded}]");
        Ended end = end(running);

        // Then
        assertThat(script).isEqualTo(3);
        assertThat(end.cause()).isEqualTo(Cause.EXITED);
        assertThat(end.exitCode()).isEqualTo(3);
        assertThat(command.stdout()).hasContent("out\n");
        assertThat(command.stderr()).hasContent("err\n");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    reason: Evicted                                                                          | LOST
                    containerStatuses: [{name: tool, state: {terminated: {exitCode: 137, reason: OOMKilled}}}] | MEMORY
                    reason: DeadlineExceeded                                                                 | WALLTIME
                    """)
    void whyThePodEndedIsTold(String pod, Cause cause) throws Exception {
        // Given
        Running running = runner().start(command);
        pod(pod);

        // When
        status("conditions: [{type: Failed, status: 'True', reason: BackoffLimitExceeded}]");

        // Then
        assertThat(end(running).cause()).isEqualTo(cause);
    }

    @Test
    void anImageThatIsNotThereEndsTheRunAndItsJobIsRemoved() throws Exception {
        // Given
        Running running = runner().start(command);

        // When
        pod("containerStatuses: [{name: tool, state: {waiting: {reason: ErrImagePull, message: manifest unknown}}}]");
        Ended end = end(running);

        // Then
        assertThat(end.cause()).isEqualTo(Cause.NO_IMAGE);
        assertThat(end.detail()).contains("manifest unknown");
        assertThat(jobs()).isEmpty();
    }

    @Test
    void aJobThatAPersonDeletesIsCancelled() throws Exception {
        // Given
        ClusterRunner runner = runner();
        Running running = runner.start(command);
        Optional<Ended> meanwhile = running.await(Duration.ofMillis(50));

        // When
        client.batch().v1().jobs().inNamespace(NAMESPACE).delete();

        // Then
        assertThat(meanwhile).isEmpty();
        assertThat(end(running).cause()).isEqualTo(Cause.CANCELLED);
    }

    @Test
    void aJobIsFoundAgainByItsNameAndNotMadeTwice() throws Exception {
        // Given
        Running first = runner().start(command);
        first.abandon();

        // When
        Running second = runner().start(command);
        Optional<Running> resumed = runner().resume(first.handle(), command);
        Optional<Running> unknown =
                runner().resume("kubernetes:datman-other", command("other", KubernetesJobTest.IMAGE));

        // Then
        assertThat(second.handle()).isEqualTo(first.handle());
        assertThat(jobs()).hasSize(1);
        assertThat(resumed).isPresent();
        assertThat(unknown).isEmpty();
    }

    @Test
    void whatIsEndedIsDeleted() throws Exception {
        // Given
        ClusterRunner runner = runner();
        Running running = runner.start(command);

        // When
        runner.end(running.handle());
        runner.end(running.handle());

        // Then
        assertThat(jobs()).isEmpty();
    }

    @Test
    void aToolWithoutAnImageByDigestIsRefused() throws Exception {
        // Given
        Command byTag = command("run-2", "docker.io/lab/tool:1.0");

        // When, then
        assertThatThrownBy(() -> runner().start(byTag))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("@sha256:");
    }

    @Test
    void anApiServerThatIsNotThereIsAway() throws Exception {
        // Given
        Running running = runner().start(command);
        server.shutdown();

        // When, then
        assertThatThrownBy(() -> runner().start(command)).isInstanceOf(AwayException.class);
        assertThatThrownBy(() -> runner().end(running.handle())).isInstanceOf(AwayException.class);
        assertThatThrownBy(() -> runner().resume(running.handle(), command)).isInstanceOf(AwayException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "403, 'jobs.batch \"x\" is forbidden: exceeded quota: lab', FULL",
        "403, 'jobs.batch is forbidden: User cannot create resource', REFUSED",
        "422, 'Job.batch \"x\" is invalid', REFUSED",
        "404, 'namespaces \"lab\" not found', REFUSED",
        "401, Unauthorized, AWAY",
        "500, etcdserver: request timed out, AWAY",
        "503, apiserver is shutting down, AWAY"
    })
    void theWordsOfTheServerSayWhetherItMayTakeTheJobLater(int code, String words, String meaning) {
        // Given
        server.clearExpectations();
        server.expect()
                .post()
                .withPath("/apis/batch/v1/namespaces/lab/jobs")
                .andReturn(
                        code,
                        new StatusBuilder().withCode(code).withMessage(words).build())
                .always();

        // When, then
        assertThatThrownBy(() -> runner().start(command))
                .isInstanceOf(Map.of(
                                "FULL", FullException.class,
                                "REFUSED", RefusedException.class,
                                "AWAY", AwayException.class)
                        .get(meaning))
                .hasMessageContaining(words);
    }

    @Test
    void theRoleThatIsWithDatmanHasTheRightsThatAreUsedAndNoOther() throws Exception {
        // Given
        ClusterRunner runner = runner();
        Running running = runner.start(command);
        running.await(Duration.ofMillis(50));
        runner.resume(running.handle(), command);

        // When
        runner.end(running.handle());
        Set<String> used = new TreeSet<>();
        RecordedRequest request = server.takeRequest(1, TimeUnit.SECONDS);
        while (request != null) {
            used.add(right(request));
            request = server.takeRequest(100, TimeUnit.MILLISECONDS);
        }

        // Then
        Role role = deployed(Role.class);
        assertThat(role.getRules().stream().flatMap(rule -> rule.getResources().stream()
                        .flatMap(resource -> rule.getVerbs().stream().map(verb -> verb + " " + resource))))
                .containsExactlyInAnyOrderElementsOf(used);
    }

    @Test
    void thePolicyThatIsWithDatmanSelectsTheToolsAndAllowsNothing() throws Exception {
        // Given
        runner().start(command);

        // When
        NetworkPolicy policy = deployed(NetworkPolicy.class);

        // Then
        Map<String, String> labels =
                jobs().get(0).getSpec().getTemplate().getMetadata().getLabels();
        assertThat(labels)
                .containsAllEntriesOf(policy.getSpec().getPodSelector().getMatchLabels());
        assertThat(policy.getSpec().getPodSelector().getMatchLabels()).isNotEmpty();
        assertThat(policy.getSpec().getPolicyTypes()).containsExactlyInAnyOrder("Ingress", "Egress");
        assertThat(policy.getSpec().getIngress()).isEmpty();
        assertThat(policy.getSpec().getEgress()).isEmpty();
    }

    /** The verb of Kubernetes and the resource. */
    private static String right(RecordedRequest request) {
        String path = Objects.requireNonNull(request.getPath()).replaceFirst("\\?.*", "");
        boolean one = path.matches(".*/(jobs|pods)/[^/]+");
        String resource = path.replaceFirst(".*/(jobs|pods)(/[^/]+)?$", "$1");
        String verb =
                switch (request.getMethod().toUpperCase(Locale.ROOT)) {
                    case "POST" -> "create";
                    case "DELETE" -> one ? "delete" : "deletecollection";
                    case "GET" -> one ? "get" : "list";
                    default -> request.getMethod();
                };
        return verb + " " + resource;
    }

    private <T extends HasMetadata> T deployed(Class<T> type) throws IOException {
        try (InputStream file = Files.newInputStream(DEPLOYED)) {
            return client.load(file).items().stream()
                    .filter(type::isInstance)
                    .map(type::cast)
                    .findFirst()
                    .orElseThrow();
        }
    }

    private List<Job> jobs() {
        return client.batch().v1().jobs().inNamespace(NAMESPACE).list().getItems();
    }

    /** As the controller of Jobs writes it. */
    private void status(String status) {
        Job job = jobs().get(0);
        job.setStatus(
                Serialization.unmarshal("status: {" + status + "}", Job.class).getStatus());
        client.batch().v1().jobs().inNamespace(NAMESPACE).resource(job).updateStatus();
    }

    /** As the controller of Jobs makes it, and the node writes its status. */
    private void pod(String status) {
        Job job = jobs().get(0);
        client.pods()
                .inNamespace(NAMESPACE)
                .resource(new PodBuilder()
                        .withNewMetadata()
                        .withName(job.getMetadata().getName() + "-x1y2z")
                        .withLabels(job.getSpec().getTemplate().getMetadata().getLabels())
                        .withAnnotations(
                                job.getSpec().getTemplate().getMetadata().getAnnotations())
                        .endMetadata()
                        .withSpec(job.getSpec().getTemplate().getSpec())
                        .withStatus(Serialization.unmarshal("status: {" + status + "}", Pod.class)
                                .getStatus())
                        .build())
                .create();
    }

    private ClusterRunner runner() {
        return new ClusterRunner(
                new Kubernetes(() -> client, new Kubernetes.Settings(NAMESPACE, "scratch", "1000:100")),
                ClusterRunner.NO_LIMIT,
                (name, submission) -> submission.submit(),
                List.of("PATH"),
                Clock.systemUTC(),
                Duration.ZERO);
    }

    private Command command(String name, @Nullable String image) throws IOException {
        Path work = Files.createDirectories(folder.resolve(name));
        Path logs = Files.createDirectories(work.resolve("logs"));
        return new Command(
                name,
                work,
                List.of("sh", "-c", "echo out; echo err >&2; exit 3"),
                Map.of(),
                new Resources(60.0, 1.0, 0.1),
                Duration.ofSeconds(60),
                logs.resolve("out.txt"),
                logs.resolve("err.txt"),
                List.of(),
                image);
    }

    private static Ended end(Running running) throws InterruptedException {
        return running.await(Duration.ofSeconds(30)).orElseThrow(() -> new AssertionError("The job did not end"));
    }
}

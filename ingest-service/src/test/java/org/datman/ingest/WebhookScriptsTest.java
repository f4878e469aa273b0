package org.datman.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpServer;
import groovy.lang.Binding;
import groovy.lang.GroovyShell;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import org.datman.ingest.webhook.DeliveryTable;
import org.datman.platform.testkit.KafkaAndPostgres;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nrg.xft.event.persist.PersistentWorkflowI;
import org.nrg.xft.security.UserI;

/** The scripts of docs/xnat-webhook.md for XNAT, run unchanged. */
@QuarkusTest
@QuarkusTestResource(KafkaAndPostgres.class)
@QuarkusTestResource(Lab.class)
class WebhookScriptsTest {

    private static final String SECRET = new String(Lab.SECRET, StandardCharsets.UTF_8);

    @TempDir
    Path folder;

    @Inject
    DeliveryTable table;

    @Inject
    TestClock clock;

    @BeforeEach
    void theScriptsKnowTheRealTimeOnly() {
        clock.showRealTime();
    }

    private final String accession =
            "DOC_" + UUID.randomUUID().toString().substring(0, 8).toUpperCase(java.util.Locale.ROOT);

    private static String address() {
        return "http://localhost:" + RestAssured.port + "/webhooks/xnat";
    }

    /** The last code block of that language which contains the text. */
    private static String fromTheDocument(String language, String words) throws IOException {
        String text = Files.readString(Path.of(System.getProperty("datman.root"), "docs", "xnat-webhook.md"));
        return Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL)
                .matcher(text)
                .results()
                .map(result -> result.group(1))
                .filter(block -> block.contains(words))
                .findFirst()
                .orElseThrow();
    }

    private String run(String script, Map<String, String> environment) throws IOException, InterruptedException {
        ProcessBuilder shell = new ProcessBuilder("sh", "-c", script).redirectErrorStream(true);
        shell.environment().putAll(environment);
        Process process = shell.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }

    /** The workflow that XNAT opens for the script itself. */
    private record OwnWorkflow() implements PersistentWorkflowI {
        @Override
        public String getId() {
            return "P";
        }

        @Override
        public String getDataType() {
            return "xnat:projectData";
        }

        @Override
        public String getExternalid() {
            return "P";
        }

        @Override
        public String getPipelineName() {
            return "Executed script datman-webhook";
        }

        @Override
        public String getStatus() {
            return "In Progress";
        }

        @Override
        public Integer getWorkflowId() {
            return 3392;
        }
    }

    private record Janitor() implements UserI {
        @Override
        public String getUsername() {
            return "jdoe";
        }

        @Override
        public String getLogin() {
            return "jdoe";
        }

        @Override
        public String getFirstname() {
            return "Jane";
        }

        @Override
        public String getLastname() {
            return "Doe";
        }

        @Override
        public String getEmail() {
            return "jane.doe@example.org";
        }
    }

    /** All that XNAT binds for a script that an event of a workflow starts (its AutomatedScriptRequestListener). */
    private static Map<String, Object> bindings(String event, String dataType, String dataId) {
        Map<String, Object> bound = new HashMap<>();
        bound.put("user", new Janitor());
        bound.put("scriptId", "datman-webhook");
        bound.put("event", event);
        bound.put("srcEventId", "org.nrg.xft.event.entities.WorkflowStatusEvent");
        bound.put("srcEventClass", "org.nrg.xft.event.entities.WorkflowStatusEvent");
        bound.put("srcWorkflowId", 3391);
        bound.put("scriptWorkflowId", "3392");
        bound.put("dataType", dataType);
        bound.put("dataId", dataId);
        bound.put("externalId", "SPN01");
        bound.put("workflow", new OwnWorkflow());
        bound.put("arguments", "{}");
        return bound;
    }

    private void runAutomation(Map<String, Object> bindings, String address) throws IOException {
        Path secret = Files.writeString(folder.resolve("webhook.secret"), SECRET + "\n");
        String script = fromTheDocument("groovy", "HmacSHA256")
                .replace("https://datman.example.org/webhooks/xnat", address)
                .replace("/etc/xnat/datman-webhook.secret", secret.toString());
        Binding xnat = new Binding();
        bindings.forEach(xnat::setVariable);
        new GroovyShell(xnat).evaluate(script);
    }

    private List<DeliveryTable.Delivery> deliveries() {
        return table.of(accession);
    }

    @Test
    void theAutomationScriptReportsTheEventAndNotItsOwnWorkflow() throws IOException {
        // Given
        Map<String, Object> xnat = bindings("Transferred", "xnat:mrSessionData", accession);

        // When
        runAutomation(xnat, address());

        // Then
        assertThat(deliveries()).singleElement().satisfies(delivery -> {
            assertThat(delivery.event()).isEqualTo("Transferred");
            assertThat(delivery.shape()).isEqualTo("script");
            assertThat(new String(delivery.body(), StandardCharsets.UTF_8))
                    .contains("\"status\":\"Complete\"", "\"workflowId\":\"3391\"")
                    .doesNotContain("Executed script", "In Progress", "Doe", "jdoe");
        });
    }

    @Test
    void theAutomationScriptRunsWithoutASourceWorkflow() throws IOException {
        // Given
        Map<String, Object> xnat = bindings("File(s) uploaded", "xnat:petmrSessionData", accession);
        xnat.put("srcWorkflowId", null);

        // When
        runAutomation(xnat, address());

        // Then
        assertThat(deliveries()).extracting(delivery -> delivery.event()).containsExactly("File(s) uploaded");
    }

    @ParameterizedTest
    @ValueSource(strings = {"xnat:subjectData", "xnat:projectData", "xnat:qcManualAssessorData"})
    void theAutomationScriptIsSilentOfWhatIsNoSession(String dataType) throws IOException {
        // Given
        Map<String, Object> xnat = bindings("Modified Subject", dataType, accession);

        // When
        runAutomation(xnat, address());

        // Then
        assertThat(deliveries()).isEmpty();
    }

    @Test
    void theAutomationScriptHoldsItsWorkflowForAFewSecondsOnlyWhileDatmanIsAway() throws IOException {
        // Given: a server that accepts connections and never answers
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Map<String, Object> xnat = bindings("Transferred", "xnat:mrSessionData", accession);
            Instant begin = Instant.now();

            // When
            runAutomation(xnat, "http://localhost:" + silent.getLocalPort() + "/webhooks/xnat");

            // Then
            assertThat(Duration.between(begin, Instant.now())).isLessThan(Duration.ofSeconds(15));
        }
    }

    @Test
    void everyEventIsRegisteredUnderTheNameThatXnatGivesIt() throws IOException, InterruptedException {
        // Given: an XNAT that stores what is put to it
        List<JsonNode> handlers = new CopyOnWriteArrayList<>();
        HttpServer xnat = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        xnat.createContext("/data/projects/SPN01/automation/handlers", exchange -> {
            handlers.add(JsonMapper.builder().build().readTree(exchange.getRequestBody()));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        xnat.start();
        try {
            // When
            run(
                    fromTheDocument("sh", "automation/handlers"),
                    Map.of(
                            "XNAT",
                            "http://localhost:" + xnat.getAddress().getPort(),
                            "PROJECT",
                            "SPN01",
                            "XNAT_USER",
                            "u",
                            "XNAT_PASS",
                            "p"));
        } finally {
            xnat.stop(0);
        }

        // Then
        assertThat(handlers).allSatisfy(handler -> {
            assertThat(handler.at("/scriptId").asText()).isEqualTo("datman-webhook");
            assertThat(handler.at("/filters/status/0").asText()).isEqualTo("Complete");
        });
        assertThat(handlers)
                .extracting(handler -> handler.get("event").asText())
                .doesNotHaveDuplicates()
                .doesNotContain("Removed Resource Catalog")
                .contains(
                        "Transferred",
                        "Merged",
                        "Renamed",
                        "Added MR Session",
                        "Modified MR Session",
                        "Modified PET Session",
                        "Modified CT Session",
                        "Removed MR Session",
                        "Removed MR Scan",
                        "File(s) uploaded",
                        "Uploaded File",
                        "File Deleted",
                        "Removed File",
                        "Catalog(s) Refreshed",
                        "Deleted");
    }

    private JsonNode command() throws IOException {
        return JsonMapper.builder().build().readTree(fromTheDocument("json", "command-line"));
    }

    /** The line with its inputs resolved, as by Container Service. */
    private String resolved(JsonNode command) {
        return command.get("command-line")
                .textValue()
                .replace("https://datman.example.org/webhooks/xnat", address())
                .replace("#ID#", accession)
                .replace("#PROJECT#", "SPN01")
                .replace("#TYPE#", "xnat:mrSessionData");
    }

    /** What a container has: the secrets' values and what Container Service adds, and no folder of the host. */
    private Map<String, String> environment(JsonNode command) {
        Map<String, String> environment = new HashMap<>(Map.of(
                "XNAT_HOST", "http://xnat", "XNAT_USER", "alias", "XNAT_PASS", "x", "XNAT_WORKFLOW_ID", accession));
        for (JsonNode secret : command.get("secrets")) {
            assertThat(secret.at("/source/type").asText()).isEqualTo("system-property");
            assertThat(secret.at("/destination/type").asText()).isEqualTo("environment-variable");
            environment.put(secret.at("/destination/identifier").asText(), SECRET);
        }
        return environment;
    }

    @Test
    void theContainerIsUnderstoodWithItsSecretFromTheEnvironment() throws IOException, InterruptedException {
        // Given
        JsonNode command = command();

        // When
        run(resolved(command), environment(command));

        // Then
        assertThat(deliveries()).singleElement().satisfies(delivery -> {
            assertThat(delivery.event()).isEqualTo("SessionEvent");
            assertThat(delivery.project()).isEqualTo("SPN01");
        });
        assertThat(command.get("mounts")).isEmpty();
        assertThat(command.get("override-entrypoint").asBoolean()).isTrue();
    }

    @Test
    void everyInputOfTheContainerIsDerivedFromTheSession() throws IOException {
        // Given
        JsonNode command = command();

        // When
        List<String> derived = new ArrayList<>();
        command.at("/xnat/0/derived-inputs")
                .forEach(input -> derived.add(
                        input.get("provides-value-for-command-input").asText()));

        // Then
        List<String> inputs = new ArrayList<>();
        command.get("inputs").forEach(input -> inputs.add(input.get("name").asText()));
        assertThat(derived).containsExactlyInAnyOrderElementsOf(inputs);
        assertThat(command.at("/xnat/0/contexts/0").asText()).isEqualTo("xnat:imageSessionData");
    }

    @Test
    void theLineToTryItOutIsUnderstood() throws IOException, InterruptedException {
        // Given
        String script = fromTheDocument("sh", "openssl")
                .replaceAll("http://localhost:\\d+/webhooks/xnat", address())
                .replace("SITE_E00042", accession);

        // When
        String output = run(script, Map.of("SECRET", SECRET));

        // Then
        assertThat(output).contains("202").contains("accepted");
    }
}

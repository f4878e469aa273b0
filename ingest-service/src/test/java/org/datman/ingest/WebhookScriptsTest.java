package org.datman.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import groovy.lang.Binding;
import groovy.lang.GroovyShell;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.datman.ingest.webhook.WebhookDelivery;
import org.datman.platform.testkit.KafkaAndPostgres;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What docs/xnat-webhook.md tells labs to put on their XNAT, run as it stands there. */
@QuarkusTest
@QuarkusTestResource(KafkaAndPostgres.class)
@QuarkusTestResource(Lab.class)
class WebhookScriptsTest {

    private static final String SECRET = new String(Lab.SECRET, StandardCharsets.UTF_8);

    @TempDir
    Path folder;

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

    /** The last code block of that language which contains the words. */
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

    private long stored() {
        return QuarkusTransaction.requiringNew().call(() -> WebhookDelivery.count("accession", accession));
    }

    private String run(String script, Map<String, String> environment) throws IOException, InterruptedException {
        ProcessBuilder shell = new ProcessBuilder("sh", "-c", script).redirectErrorStream(true);
        shell.environment().putAll(environment);
        Process process = shell.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return said;
    }

    @Test
    void theAutomationScriptIsUnderstood() throws IOException {
        // Given
        Path secret = Files.writeString(folder.resolve("webhook.secret"), SECRET + "\n");
        String script = fromTheDocument("groovy", "HmacSHA256")
                .replace("https://datman.example.org/webhooks/xnat", address())
                .replace("/etc/xnat/datman-webhook.secret", secret.toString());
        Binding xnat = new Binding();
        xnat.setVariable("workflow", Map.of("pipelineName", "Transferred", "status", "Complete"));
        xnat.setVariable("srcWorkflowId", 3391);
        xnat.setVariable("dataType", "xnat:mrSessionData");
        xnat.setVariable("dataId", accession);
        xnat.setVariable("externalId", "SPN01");

        // When
        new GroovyShell(xnat).evaluate(script);

        // Then
        assertThat(stored()).isEqualTo(1);
    }

    @Test
    void theContainerIsUnderstood() throws IOException, InterruptedException {
        // Given
        Path secret = Files.writeString(folder.resolve("datman-webhook.secret"), SECRET + "\n");
        String command = JsonMapper.builder()
                .build()
                .readTree(fromTheDocument("json", "command-line"))
                .get("command-line")
                .textValue()
                .replace("https://datman.example.org/webhooks/xnat", address())
                .replace("/secret/datman-webhook.secret", secret.toString())
                .replace("#ID#", accession)
                .replace("#PROJECT#", "SPN01");

        // When
        run(command, Map.of("XNAT_WORKFLOW_ID", accession));

        // Then
        assertThat(stored()).isEqualTo(1);
    }

    @Test
    void theLineToTryItOutIsUnderstood() throws IOException, InterruptedException {
        // Given
        String script = fromTheDocument("sh", "openssl")
                .replaceAll("http://localhost:\\d+/webhooks/xnat", address())
                .replace("SITE_E00042", accession);

        // When
        String said = run(script, Map.of("SECRET", SECRET));

        // Then
        assertThat(said).contains("202").contains("accepted");
    }
}

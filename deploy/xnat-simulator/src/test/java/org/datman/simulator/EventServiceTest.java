package org.datman.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.datman.simulator.archive.Session;
import org.datman.simulator.auth.User;
import org.datman.simulator.container.ContainerRunner;
import org.datman.simulator.importer.LoadOptions;
import org.datman.simulator.webhook.DeliverySignature;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The Event Service part of docs/xnat-webhook.md, run as documented; and its rejections. */
class EventServiceTest {
    private static final String SECRET = "shh";
    private static final String SESSION_EVENT = "org.nrg.xnat.eventservice.events.SessionEvent";

    @TempDir
    Path folder;

    Receiver receiver;
    XnatSimulator sim;
    Client client;

    @BeforeEach
    void start() throws Exception {
        receiver = new Receiver();
        start(this::shell, Map.of("datman.webhook.secret", SECRET));
    }

    private void start(ContainerRunner runner, Map<String, String> systemProperties) throws IOException {
        if (sim != null) {
            sim.close();
        }
        sim = XnatSimulator.builder()
                .users(Map.of("svc", "secret"))
                .containers(runner)
                .systemProperties(systemProperties)
                .start();
        sim.archive().createProject("P");
        client = Client.session(sim, "svc", "secret").with("Content-Type", "application/json");
    }

    @AfterEach
    void stop() {
        sim.close();
        receiver.close();
    }

    /** The container: its line in a shell of this machine, with DATMAN at the receiver's address. */
    private ContainerRunner.Result shell(ContainerRunner.Job job) throws IOException, InterruptedException {
        assertThat(job.overrideEntrypoint()).isTrue();
        String line = job.commandLine()
                .replace(
                        "https://datman.example.org/webhooks/xnat",
                        receiver.uri().toString());
        return sh(line, job.environment());
    }

    private ContainerRunner.Result sh(String line, Map<String, String> environment)
            throws IOException, InterruptedException {
        ProcessBuilder shell =
                new ProcessBuilder("sh", "-c", line).directory(folder.toFile()).redirectErrorStream(true);
        shell.environment().putAll(environment);
        Process process = shell.start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        return new ContainerRunner.Result(process.waitFor(), output);
    }

    /** The block of the page in that language that contains the text. */
    private static String fromThePage(String language, String words) throws IOException {
        return Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(Path.of("../../docs/xnat-webhook.md")))
                .results()
                .map(result -> result.group(1))
                .filter(block -> block.contains(words))
                .findFirst()
                .orElseThrow();
    }

    private void register() throws Exception {
        Files.writeString(folder.resolve("datman-webhook.json"), fromThePage("json", "command-line"));
        ContainerRunner.Result tools = sh("command -v curl && command -v jq && command -v openssl", Map.of());
        assumeTrue(tools.exitCode() == 0, "skipped: no curl, jq or openssl here");
        ContainerRunner.Result registered = sh(
                fromThePage("sh", "events/subscription"),
                Map.of("XNAT", sim.url().toString(), "XNAT_USER", "svc", "XNAT_PASS", "secret", "PROJECT", "P"));
        assertThat(registered.exitCode()).as(registered.output()).isZero();
    }

    private JsonNode deliveries(int atLeast) {
        await().atMost(Duration.ofSeconds(30))
                .until(() -> client.get("/xapi/events/delivered/count").json().asInt() >= atLeast);
        return client.post("/xapi/events/delivered", new byte[0]).json();
    }

    @Test
    void whatThePageRegistersNotifiesDatmanOfANewSessionAndOfAMerge() throws Exception {
        // Given the page's lines, run unchanged
        register();
        Session session = sim.addSession(Dicoms.session(folder.resolve("A")), LoadOptions.project("P"));
        Dicoms.series(folder.resolve("late"), Dicoms.STUDY, "1.2.3.9", "9", "late", 1);

        // When
        sim.addTo(session.id(), folder.resolve("late"));

        // Then
        JsonNode deliveries = deliveries(2);
        assertThat(receiver.received()).hasSize(2).allSatisfy(message -> {
            assertThat(message.signature())
                    .isEqualTo(DeliverySignature.of(SECRET.getBytes(UTF_8), message.timestamp(), message.body()));
            assertThat(message.text())
                    .contains(
                            "\"dataId\":\"SIM_E00001\"", "\"externalId\":\"P\"", "\"dataType\":\"xnat:mrSessionData\"");
        });
        assertThat(deliveries.get(0).at("/trigger/status").asText()).isEqualTo("CREATED");
        assertThat(deliveries.get(1).at("/trigger/status").asText()).isEqualTo("MERGED");
        assertThat(deliveries.get(0).get("status").findValuesAsText("status"))
                .containsExactly(
                        "EVENT_TRIGGERED",
                        "SUBSCRIPTION_TRIGGERED",
                        "OBJECT_SERIALIZED",
                        "ACTION_CALLED",
                        "ACTION_COMPLETE");
        assertThat(client.get("/xapi/projects/P/containers").json().findValuesAsText("status"))
                .containsExactly("Complete", "Complete");
    }

    @Test
    void whatIsNotOfTheProjectOrHappensWhileItIsOffIsNotReported() throws Exception {
        // Given the page's lines, and the Event Service turned off again
        register();
        client.put("/xapi/events/prefs", "{\"enabled\":false}".getBytes(UTF_8));
        sim.addSession(Dicoms.session(folder.resolve("A")), LoadOptions.project("P"));
        client.put("/xapi/events/prefs", "{\"enabled\":true}".getBytes(UTF_8));
        sim.addSession(Dicoms.session(folder.resolve("B")), LoadOptions.project("OTHER"));

        // When
        sim.addSession(Dicoms.session(folder.resolve("C")), LoadOptions.project("P"));

        // Then
        assertThat(deliveries(1)).hasSize(1);
        assertThat(receiver.received().get(0).text()).contains("SIM_E00003");
    }

    @Test
    void itIsOffOnANewSite() {
        // Given a new site
        // When
        Client.Answer prefs = client.get("/xapi/events/prefs");
        // Then
        assertThat(prefs.text()).isEqualTo("{\"enabled\":false}");
        assertThat(client.get("/xapi/events/subscriptions").text()).isEqualTo("[]");
        assertThat(client.get("/xapi/events/events").json().findValuesAsText("id"))
                .contains(SESSION_EVENT);
    }

    @ParameterizedTest
    @CsvSource({"true, no system property datman.webhook.secret", "false, Set up Docker server"})
    void aContainerThatCannotStartFailsAndStatesWhy(boolean hasServer, String why) throws Exception {
        // Given no secret, or no container server
        if (hasServer) {
            start(this::shell, Map.of());
        } else {
            start(null, Map.of("datman.webhook.secret", SECRET));
        }
        register();

        // When
        sim.addSession(Dicoms.session(folder.resolve("A")), LoadOptions.project("P"));

        // Then
        JsonNode delivery = deliveries(1).get(0);
        assertThat(delivery.get("error").asBoolean()).isTrue();
        assertThat(delivery.toString()).contains("ACTION_FAILED", why);
        assertThat(client.get("/xapi/containers").json().findValuesAsText("status"))
                .containsExactly("Failed");
        assertThat(receiver.received()).isEmpty();
    }

    private String command() throws IOException {
        Client.Answer created = client.post(
                "/xapi/commands", fromThePage("json", "command-line").getBytes(UTF_8));
        assertThat(created.status()).isEqualTo(201);
        return client.get("/xapi/commands/" + created.text())
                .json()
                .at("/xnat/0/id")
                .asText();
    }

    private static byte[] subscription(String action, String type, String more) {
        return """
                {"name":"n","active":true,"action-key":"%s","attributes":{},"event-filter":{"event-type":"%s",
                 "status":"CREATED","project-ids":["P"]%s}}""".formatted(action, type, more).getBytes(UTF_8);
    }

    @ParameterizedTest
    @CsvSource({
        "SessionEvent, , 201",
        "ResourceEvent, , 424",
        "ScanEvent, , 501",
        "SessionEvent, ',\"payload-filter\":\"(@.x)\"', 501",
        "SessionEvent, ',\"schedule\":\"0 0 * * *\"', 501",
        "SessionEvent, ',\"status\":\"RENAMED\"', 424",
        "SessionEvent, ',\"project-ids\":[\"Q\"]', 403",
        "SessionEvent, ',\"project-ids\":\"P\"', 400",
        "SessionEvent, ',\"id\":7', 501",
        "SessionEvent, '},\"act-as-event-user\":false,\"x\":{', 501",
        "SessionEvent, '},\"act-as-event-user\":false,\"attributes\":{', 201",
        "SessionEvent, '},\"act-as-event-user\":true,\"attributes\":{', 501",
        "SessionEvent, '},\"act-as-event-user\":\"no\",\"attributes\":{', 400",
        "SessionEvent, '},\"active\":\"no\",\"attributes\":{', 400",
        "SessionEvent, '},\"subscription-owner\":\"svc\",\"attributes\":{', 201",
        "SessionEvent, '},\"subscription-owner\":\"other\",\"attributes\":{', 501",
        "SessionEvent, '},\"id\":7,\"attributes\":{', 501"
    })
    void aSubscriptionIsValidatedOrRefused(String event, String more, int status) throws Exception {
        // Given a command that is enabled for site and project
        String wrapper = command();
        client.put("/xapi/wrappers/" + wrapper + "/enabled", new byte[0]);
        client.put("/xapi/projects/P/wrappers/" + wrapper + "/enabled", new byte[0]);

        // When
        Client.Answer answer = client.post(
                "/xapi/projects/P/events/subscription",
                subscription(
                        "org.nrg.containers.services.CommandActionProvider:" + wrapper,
                        "org.nrg.xnat.eventservice.events." + event,
                        more == null ? "" : more));

        // Then
        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        assertThat(client.get("/xapi/events/subscriptions").json()).hasSize(status == 201 ? 1 : 0);
    }

    @Test
    void aCommandThatIsNotEnabledForTheProjectIsNoAction() throws Exception {
        // Given a command that is enabled for the site only
        String wrapper = command();
        client.put("/xapi/wrappers/" + wrapper + "/enabled", new byte[0]);
        String key = "org.nrg.containers.services.CommandActionProvider:" + wrapper;

        // When
        Client.Answer answer =
                client.post("/xapi/projects/P/events/subscription", subscription(key, SESSION_EVENT, ""));

        // Then
        assertThat(answer.status()).isEqualTo(424);
        assertThat(client.get("/xapi/projects/P/events/actions").text()).doesNotContain(key);
        client.put("/xapi/projects/P/wrappers/" + wrapper + "/enabled", new byte[0]);
        assertThat(client.get("/xapi/projects/P/events/actions").text()).contains(key);
    }

    @Test
    void aSubscriptionIsChangedSilencedAndDeleted() {
        // Given a subscription that logs
        String logging = "org.nrg.xnat.eventservice.actions.EventServiceLoggingAction"
                + ":org.nrg.xnat.eventservice.actions.EventServiceLoggingAction";
        String id = client.post("/xapi/events/subscription", subscription(logging, SESSION_EVENT, ""))
                .text()
                .split(":")[1];
        String path = "/xapi/events/subscription/" + id;

        // When
        client.put(path, "{\"name\":\"other\"}".getBytes(UTF_8));

        // Then
        assertThat(client.get(path).json().get("name").asText()).isEqualTo("other");
        client.post(path + "/deactivate", new byte[0]);
        assertThat(client.get(path).json().get("active").asBoolean()).isFalse();
        assertThat(client.delete(path).status()).isEqualTo(204);
        assertThat(client.get(path).status()).isEqualTo(404);
    }

    @Test
    void whatWasReadOfASubscriptionCanBeSentBackAndNothingOfTheServersChanged() {
        // Given a subscription as it is read
        String logging = "org.nrg.xnat.eventservice.actions.EventServiceLoggingAction"
                + ":org.nrg.xnat.eventservice.actions.EventServiceLoggingAction";
        String id = client.post("/xapi/events/subscription", subscription(logging, SESSION_EVENT, ""))
                .text()
                .split(":")[1];
        String path = "/xapi/events/subscription/" + id;
        String read = client.get(path).text();

        // When
        Client.Answer same = client.put(path, read.getBytes(UTF_8));
        Client.Answer otherOwner =
                client.put(path, read.replace("\"svc\"", "\"other\"").getBytes(UTF_8));
        Client.Answer otherId =
                client.put(path, read.replace("\"id\":" + id, "\"id\":9").getBytes(UTF_8));

        // Then
        assertThat(same.status()).as(same.text()).isEqualTo(200);
        assertThat(otherOwner.status()).isEqualTo(501);
        assertThat(otherId.status()).isEqualTo(501);
        assertThat(client.get(path).text()).isEqualTo(read);
    }

    @ParameterizedTest
    @CsvSource({
        "'\"mounts\": []', '\"mounts\": [{\"name\": \"in\"}]'",
        "'\"type\": \"docker\"', '\"type\": \"docker\", \"working-directory\": \"/tmp\"'",
        "'\"replacement-key\": \"#ID#\"', '\"replacement-key\": \"#ID#\", \"command-line-flag\": \"--id\"'",
        "'\"type\": \"Session\"', '\"type\": \"Session\", \"matcher\": \"@.x\"'",
        "'\"label\": \"Notify DATMAN\"', '\"label\": \"Notify DATMAN\", \"output-handlers\": [{\"name\": \"o\"}]'"
    })
    void whatWouldBeIgnoredOfACommandIsRefused(String ours, String other) throws Exception {
        // Given the command of the page with something that no container would get
        String command = fromThePage("json", "command-line");
        assertThat(command).contains(ours);

        // When
        Client.Answer answer =
                client.post("/xapi/commands", command.replace(ours, other).getBytes(UTF_8));

        // Then
        assertThat(answer.status()).as(answer.text()).isEqualTo(501);
        assertThat(client.get("/xapi/commands").text()).isEqualTo("[]");
    }

    @Test
    void whoDoesNotOwnTheProjectIsRefused() {
        // Given
        sim.accounts().put(User.reader("reader", "pw", Set.of("P")));
        Client reader = Client.session(sim, "reader", "pw");
        // When
        Client.Answer site = reader.get("/xapi/events/subscriptions");
        // Then
        assertThat(site.status()).isEqualTo(403);
        assertThat(reader.get("/xapi/projects/P/events/subscriptions").status()).isEqualTo(403);
        assertThat(reader.get("/xapi/commands").status()).isEqualTo(403);
    }
}

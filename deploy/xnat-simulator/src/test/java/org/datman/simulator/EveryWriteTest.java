package org.datman.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.datman.simulator.importer.LoadOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every request that changes something: with an unknown parameter it is rejected and changes nothing, otherwise it changes
 * something. So no response of 200 is without effect, and {@link SimulatorState} sees each kind of change.
 */
class EveryWriteTest {
    /** The body of a request: nothing, a study in a zip, a text, or JSON. */
    private static final String NOTHING = "";

    private static final String ZIP = "zip";
    private static final String TEXT = "text";

    private static final String LOGGING = "org.nrg.xnat.eventservice.actions.EventServiceLoggingAction"
            + ":org.nrg.xnat.eventservice.actions.EventServiceLoggingAction";
    private static final String SUBSCRIPTION = "{\"name\":\"n\",\"action-key\":\"" + LOGGING
            + "\",\"event-filter\":{\"event-type\":\"org.nrg.xnat.eventservice.events.SessionEvent\",\"status\":\"CREATED\"}}";
    private static final String COMMAND =
            "{\"name\":\"%s\",\"image\":\"i\",\"command-line\":\"c\",\"xnat\":[{\"name\":\"w\"}]}";

    record Write(String method, String path, String body) {
        boolean hasBody() {
            return !body.isEmpty();
        }
    }

    static Stream<Write> writes() {
        return Stream.of(
                write("PUT", "/data/projects/NEW"),
                write("PUT", "/data/projects/P?name=Quiet"),
                write("PUT", "/data/projects/P?xnat:projectData/description=none"),
                write("PUT", "/data/projects/P/subjects/NEW"),
                write("PUT", "/data/projects/P/subjects/S?gender=female"),
                write(
                        "PUT",
                        "/data/projects/P/subjects/S?xnat:subjectData/demographics%5B@xsi:type=xnat:demographicData%5D/yob=1980"),
                write("PUT", "/data/projects/P/subjects/S?label=T"),
                write("DELETE", "/data/projects/P/subjects/S?removeFiles=true"),
                write("PUT", "/data/projects/P/subjects/S/projects/Q"),
                write("PUT", "/data/projects/P/subjects/S/experiments/NEW"),
                write("PUT", "/data/projects/P/subjects/S/experiments/NEW?xnat:petSessionData/note=x"),
                write("PUT", "/data/projects/P/subjects/S/experiments/A?date=01/31/2026"),
                write("PUT", "/data/projects/P/subjects/S/experiments/A/projects/Q?label=Z"),
                write("PUT", "/data/projects/P/subjects/S/experiments/A/projects/Q?primary=true"),
                write("PUT", "/data/experiments/SIM_E00001?label=B"),
                write("PUT", "/data/experiments/SIM_E00001?xnat:imageSessionData/note=tired"),
                write("PUT", "/data/experiments/SIM_E00001?xnat:mrSessionData/fields/field%5Bname=visit%5D/field=2"),
                write("DELETE", "/data/experiments/SIM_E00001"),
                write("PUT", "/data/experiments/SIM_E00001/assessors/QC_1?xsiType=xnat:qcManualAssessorData"),
                write("PUT", "/data/experiments/SIM_E00001/scans/9"),
                write("PUT", "/data/experiments/SIM_E00001/scans/2?xnat:mrScanData/quality=bad"),
                write("DELETE", "/data/experiments/SIM_E00001/scans/2"),
                write("PUT", "/data/experiments/SIM_E00001/resources/NEW?xnat:resourceCatalog/content=TEXT"),
                write("PUT", "/data/experiments/SIM_E00001/scans/2/resources/NEW"),
                write("DELETE", "/data/projects/P/resources/NOTES"),
                new Write("PUT", "/data/projects/P/resources/NOTES/files/b.txt?inbody=true", TEXT),
                new Write("PUT", "/data/projects/P/resources/NOTES/files/a.txt?overwrite=true", TEXT),
                write("DELETE", "/data/projects/P/resources/NOTES/files/a.txt"),
                new Write("POST", "/data/services/import?inbody=true&project=P&session=NEW", ZIP),
                new Write("POST", "/data/services/import?inbody=true&project=P&session=NEW&Direct-Archive=true", ZIP),
                write("POST", "/data/services/archive?src={src}"),
                write("POST", "/data/services/prearchive/move?src={src}&newProject=Q"),
                write("POST", "/data/services/prearchive/delete?src={src}"),
                write("POST", "{waiting}?action=move&newProject=Q"),
                write("POST", "{waiting}?action=commit"),
                write("DELETE", "{waiting}"),
                write("PUT", "/data/workflows/101?status=Failed"),
                write("GET", "/data/services/tokens/issue"),
                new Write("PUT", "/xapi/events/prefs", "{\"enabled\":true}"),
                new Write("POST", "/xapi/events/subscription", SUBSCRIPTION),
                new Write("PUT", "/xapi/events/subscription/{subscription}", "{\"name\":\"other\"}"),
                write("POST", "/xapi/events/subscription/{subscription}/deactivate"),
                write("DELETE", "/xapi/events/subscription/{subscription}"),
                new Write("POST", "/xapi/commands", COMMAND.formatted("other")),
                write("PUT", "/xapi/wrappers/{wrapper}/disabled"),
                write("PUT", "/xapi/projects/P/wrappers/{wrapper}/enabled"),
                write("PUT", "/xapi/commands/{command}/wrappers/w/disabled"),
                write("DELETE", "/xapi/commands/{command}"));
    }

    private static Write write(String method, String path) {
        return new Write(method, path, NOTHING);
    }

    @TempDir
    Path folder;

    XnatSimulator sim;
    Client client;
    SimulatorState state;
    String waiting;
    String subscription;
    String command;
    String wrapper;

    @BeforeEach
    void start() throws Exception {
        sim = XnatSimulator.builder().users(Map.of("svc", "secret")).start();
        sim.archive().createProject("Q");
        sim.addSession(
                Dicoms.session(folder.resolve("A")), LoadOptions.project("P").subject("S"));
        client = Client.session(sim, "svc", "secret");
        client.put("/data/projects/P/resources/NOTES/files/a.txt?inbody=true", new byte[] {65});
        waiting = client.with("Content-Type", "application/zip")
                .post("/data/services/import?inbody=true&project=P&session=W", zip())
                .text()
                .strip();
        subscription = client.post("/xapi/events/subscription", SUBSCRIPTION.getBytes(UTF_8))
                .text()
                .split(":")[1];
        command = client.post("/xapi/commands", COMMAND.formatted("c").getBytes(UTF_8))
                .text();
        wrapper =
                client.get("/xapi/commands/" + command).json().at("/xnat/0/id").asText();
        client.put("/xapi/wrappers/" + wrapper + "/enabled", new byte[0]);
        state = new SimulatorState(sim, client);
    }

    @AfterEach
    void stop() {
        sim.close();
    }

    private byte[] zip() throws IOException {
        Dicoms.series(folder.resolve("u"), "1.1", "1.2.2", "2", "T1", 1);
        return Dicoms.zip(folder.resolve("u"));
    }

    private byte[] body(Write write) throws IOException {
        return switch (write.body()) {
            case NOTHING -> List.of("PUT", "POST").contains(write.method()) ? new byte[0] : null;
            case ZIP -> zip();
            default -> write.body().getBytes(UTF_8);
        };
    }

    private String path(Write write) {
        return write.path()
                .replace("{waiting}", waiting)
                .replace("{src}", waiting.replace("/data", ""))
                .replace("{subscription}", subscription)
                .replace("{command}", command)
                .replace("{wrapper}", wrapper);
    }

    private static String with(String path, String query) {
        return path + (path.contains("?") ? "&" : "?") + query;
    }

    @ParameterizedTest
    @MethodSource("writes")
    void whatAWriteDoesNotKnowItRefusesAndChangesNothing(Write write) throws Exception {
        // Given
        Map<String, String> before = state.now();
        String path = path(write);

        // When
        Client.Answer parameter = client.trySend(write.method(), with(path, "colour=red"), body(write));
        Client.Answer form = write.hasBody() || write.method().equals("GET")
                ? parameter
                : client.with("Content-Type", "application/x-www-form-urlencoded")
                        .trySend(write.method(), path, "colour=red".getBytes(UTF_8));
        Client.Answer document = write.hasBody() || write.method().equals("GET")
                ? parameter
                : client.with("Content-Type", "text/xml").trySend(write.method(), path, "<x/>".getBytes(UTF_8));

        // Then
        assertThat(List.of(parameter.status(), form.status(), document.status()))
                .as("parameter, form, document")
                .allMatch(status -> status == 501);
        assertThat(state.now()).isEqualTo(before);
    }

    @ParameterizedTest
    @MethodSource("writes")
    void asItIsAWriteChangesSomething(Write write) throws Exception {
        // Given
        Map<String, String> before = state.now();

        // When
        Client.Answer answer = client.trySend(write.method(), path(write), body(write));

        // Then
        assertThat(answer.status()).as(answer.text()).isBetween(200, 204);
        assertThat(state.now()).isNotEqualTo(before);
    }
}

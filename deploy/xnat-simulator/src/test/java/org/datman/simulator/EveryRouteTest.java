package org.datman.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.datman.simulator.importer.LoadOptions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every readable route, with an unknown parameter, format, tail or method: unsupported requests are
 * rejected, and nothing changes. A response of 200 would mislead every test that uses the simulator.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EveryRouteTest {
    private static final List<String> ROUTES = List.of(
            "/data/JSESSION",
            "/data/auth",
            "/data/projects",
            "/data/projects?accessible=true",
            "/data/projects/P",
            "/data/projects/P/subjects",
            "/data/projects/P/subjects/S",
            "/data/projects/P/subjects/S/projects",
            "/data/projects/P/subjects/S/resources",
            "/data/projects/P/subjects/S/experiments",
            "/data/projects/P/subjects/S/experiments/A",
            "/data/projects/P/subjects/S/experiments/A/scans",
            "/data/projects/P/experiments",
            "/data/projects/P/experiments/A",
            "/data/projects/P/experiments/A/resources",
            "/data/projects/P/resources",
            "/data/projects/P/resources/NOTES",
            "/data/projects/P/resources/NOTES/files",
            "/data/projects/P/resources/NOTES/files/a.txt",
            "/data/projects/P/users",
            "/data/projects/P/scan_types",
            "/data/projects/P/scanners",
            "/data/projects/P/prearchive_code",
            "/data/subjects",
            "/data/subjects/SIM_S00001",
            "/data/experiments",
            "/data/experiments/SIM_E00001",
            "/data/experiments/SIM_E00001/scans",
            "/data/experiments/SIM_E00001/scans/2",
            "/data/experiments/SIM_E00001/scans/2/resources",
            "/data/experiments/SIM_E00001/scans/2/resources/DICOM",
            "/data/experiments/SIM_E00001/scans/2/resources/DICOM/files",
            "/data/experiments/SIM_E00001/scans/2/resources/DICOM/files?format=zip",
            "/data/experiments/SIM_E00001/scans/2/resources/DICOM/files/1.2.3.2-1.dcm",
            "/data/experiments/SIM_E00001/scans/2/files",
            "/data/experiments/SIM_E00001/resources",
            "/data/experiments/SIM_E00001/resources/behav",
            "/data/experiments/SIM_E00001/resources/behav/files",
            "/data/experiments/SIM_E00001/files",
            "/data/experiments/SIM_E00001/assessors",
            "{assessor}",
            "/data/experiments/SIM_E00001/status",
            "/data/experiments/SIM_E00001/projects",
            "/data/services/dicomdump?src=/archive/projects/P/experiments/A/scans/2",
            "/data/services/tokens/show",
            "/data/prearchive",
            "/data/prearchive/projects",
            "/data/prearchive/projects/P",
            "{waiting}",
            "{waiting}/scans",
            "{waiting}/resources",
            "{waiting}/scans/2/resources",
            "{waiting}/scans/2/resources/DICOM/files",
            "{waiting}/scans/2/resources/DICOM/files/1.2.2-1.dcm",
            "/data/search/elements",
            "/data/search/elements/xnat:mrSessionData",
            "/data/users",
            "/data/scan_types",
            "/data/scanners",
            "/xapi/siteConfig/buildInfo",
            "/xapi/siteConfig/buildInfo/version",
            "/xapi/siteConfig/siteId",
            "/xapi/siteConfig/uptime",
            "/xapi/schemas",
            "/xapi/schemas/xnat",
            "/xapi/users",
            "/xapi/users/username",
            "/xapi/users/profile",
            "/xapi/plugins",
            "/xapi/users/svc",
            "/xapi/users/profiles",
            "/xapi/siteConfig",
            "/xapi/siteConfig/sessionTimeout",
            "/xapi/events/prefs",
            "/xapi/events/events",
            "/xapi/events/actions",
            "/xapi/events/subscriptions",
            "/xapi/events/delivered/count",
            "/xapi/projects/P/events/subscriptions",
            "/xapi/commands",
            "/xapi/containers",
            "/xapi/projects/P/containers",
            "/xapi/dicomweb/projects/P/studies",
            "/xapi/dicomweb/projects/P/studies/1.2.826.0.1.1/series",
            "/xapi/dicomweb/projects/P/studies/1.2.826.0.1.1/series/1.2.3.2/instances",
            "/xapi/dicomweb/projects/P/studies/1.2.826.0.1.1/metadata",
            "/xapi/dicomweb/projects/P/studies/1.2.826.0.1.1/series/1.2.3.2/metadata",
            "/xapi/dicomweb/projects/P/studies/1.2.826.0.1.1/series/1.2.3.2/instances/1.2.3.2.1/metadata",
            "/data/workflows/101");

    XnatSimulator sim;
    Client client;
    SimulatorState state;
    String waiting;
    String assessor;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        sim = XnatSimulator.builder().users(Map.of("svc", "secret")).start();
        sim.addSession(
                Dicoms.session(folder.resolve("A")), LoadOptions.project("P").subject("S"));
        client = Client.session(sim, "svc", "secret");
        client.put("/data/projects/P/resources/NOTES/files/a.txt?inbody=true", new byte[] {65});
        assessor = client.put(
                        "/data/experiments/SIM_E00001/assessors/QC_1?xsiType=xnat:qcManualAssessorData", new byte[0])
                .text()
                .strip();
        Dicoms.series(folder.resolve("u"), "1.1", "1.2.2", "2", "T1", 1);
        waiting = client.with("Content-Type", "application/zip")
                .post("/data/services/import?inbody=true&project=P&session=W", Dicoms.zip(folder.resolve("u")))
                .text()
                .strip();
        state = new SimulatorState(sim, client);
    }

    @AfterAll
    void stop() {
        sim.close();
    }

    static Stream<String> routes() {
        return ROUTES.stream();
    }

    private String path(String route) {
        return route.replace("{waiting}", waiting).replace("{assessor}", "/data/experiments/" + assessor);
    }

    private static String with(String path, String query) {
        return path + (path.contains("?") ? "&" : "?") + query;
    }

    @ParameterizedTest
    @MethodSource("routes")
    void whatARouteDoesNotKnowItRefuses(String route) throws Exception {
        // Given the route as it is
        String path = path(route);
        Map<String, String> before = state.now();
        assertThat(client.get(path).status()).isEqualTo(200);

        // When
        Client.Answer parameter = client.get(with(path, "colour=red"));
        Client.Answer format = client.get(with(path.replaceAll("[?&]format=\\w+", ""), "format=parquet"));
        Client.Answer tail = client.get(path.replaceFirst("(\\?|$)", "/no/such/tail$1"));

        // Then
        assertThat(parameter.status()).as("parameter").isEqualTo(501);
        assertThat(parameter.text()).contains("colour");
        // XNAT gives the catalogue document of a resource, and a session id, whatever format is asked for
        if (!route.matches(".*/resources/\\w+|/data/JSESSION")) {
            assertThat(format.status()).as("format").isEqualTo(501);
        }
        assertThat(tail.status()).as("tail").isIn(400, 404, 501);
        for (String method : List.of("PUT", "POST", "DELETE", "PATCH")) {
            if (route.equals("/data/JSESSION")) {
                continue;
            }
            Client.Answer answer =
                    client.trySend(method, with(path, "colour=red"), method.equals("DELETE") ? null : new byte[0]);
            assertThat(answer.status()).as(method).isBetween(400, 501);
        }
        assertThat(state.now()).isEqualTo(before);
    }
}

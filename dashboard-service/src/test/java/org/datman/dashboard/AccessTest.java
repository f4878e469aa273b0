package org.datman.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.FileRole;
import org.datman.contracts.event.PipelineUpdated;
import org.datman.contracts.event.ProcessingFailed;
import org.datman.contracts.event.QcAlarm;
import org.datman.contracts.event.QcComplete;
import org.datman.contracts.testkit.EventFixtures;
import org.datman.dashboard.EndpointSecurityTest.Door;
import org.datman.dashboard.fixture.FixturePublisher;
import org.datman.platform.archive.Archive;
import org.datman.platform.testkit.KafkaAndPostgres;
import org.jdbi.v3.core.Jdbi;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whoever has no role for a study or site finds nothing of it at any endpoint, and not that it exists. */
@QuarkusTest
@QuarkusTestResource(KafkaAndPostgres.class)
class AccessTest {

    private static final Instant T = EventFixtures.START;
    private static final String STUDY = "SPN01";
    private static final EventFixtures PLANTED = EventFixtures.of("GRANT_E1", "SPN01_CMH_7701_01_01");
    private static final String DESCRIPTION = "PLANTED_SERIES";
    private static final String LABEL = "PLANTED_LABEL";
    private static final ProcessingFailed FAILED =
            PLANTED.failed("export", "download", Optional.of("3"), "planted-cause", T.plusSeconds(60));
    private static final QcAlarm ALARM = PLANTED.alarm("3", "T1", "snr", "PLANTED_ALARM");
    private static final PipelineUpdated RUN = PLANTED.run(PipelineUpdated.State.FAILED);
    private static final String FILE = "SPN01/nii/SPN01_CMH_7701_01_01/" + PLANTED.stem("3", "T1") + ".nii.gz";
    private static final String DICOM = "SPN01/dcm/SPN01_CMH_7701_01_01/" + PLANTED.stem("3", "T1") + ".dcm";

    /** What a person without a role would ask for by name, and its counterpart that does not exist. */
    private static final Map<String, List<String>> NAMES = Map.ofEntries(
            Map.entry("study", List.of(STUDY, "ZZZ99")),
            Map.entry(
                    "server",
                    List.of(PLANTED.session().server(), PLANTED.session().server())),
            Map.entry("accession", List.of("GRANT_E1", "GRANT_E0")),
            Map.entry("session", List.of(PLANTED.key(), PLANTED.session().server() + "/GRANT_E0")),
            Map.entry("scan", List.of("3", "3")),
            Map.entry(
                    "stem",
                    List.of(PLANTED.stem("3", "T1"), PLANTED.stem("3", "T1").replace("7701", "7700"))),
            Map.entry("tag", List.of("T1", "T1")),
            Map.entry("key", List.of("snr", "snr")),
            Map.entry("pipeline", List.of(RUN.pipeline(), RUN.pipeline())),
            Map.entry("runKey", List.of(RUN.runKey(), RUN.runKey())),
            Map.entry("run", List.of(RUN.runKey(), RUN.runKey())),
            Map.entry("failure", List.of(FAILED.identity(), FAILED.identity().replace("_E1", "_E0"))),
            Map.entry("alarm", List.of(ALARM.identity(), ALARM.identity().replace("_E1", "_E0"))),
            Map.entry("path", List.of(FILE, FILE.replace("7701", "7700"))),
            Map.entry("q", List.of(PLANTED.name(), PLANTED.name().replace("7701", "7700"))));

    @TestHTTPResource("/")
    URI home;

    @Inject
    Archive archive;

    @Inject
    Jdbi jdbi;

    @BeforeEach
    void plant() throws IOException {
        List<FileRef> files = List.of(
                archive.write(FileRole.NIFTI, FILE, "voxels".getBytes(StandardCharsets.UTF_8)),
                archive.write(FileRole.DICOM, DICOM, "identified".getBytes(StandardCharsets.UTF_8)));
        try (FixturePublisher publisher = new FixturePublisher(KafkaAndPostgres.bootstrapServers())) {
            publisher.publish("ingest", T, PLANTED.discovered(1, LABEL));
            publisher.publish("ingest", T.plusSeconds(1), PLANTED.series("3", 1, DESCRIPTION));
            publisher.publish("tagging", T.plusSeconds(2), PLANTED.tagged("3", 1, "T1", DESCRIPTION));
            publisher.publish("export", T.plusSeconds(3), PLANTED.exported("3", 1, "T1", files));
            publisher.publish("qc", T.plusSeconds(4), PLANTED.measured("3", 1, "T1", QcComplete.Level.PASS));
            publisher.publish("ingest", T.plusSeconds(5), PLANTED.settled(1, "3"));
            publisher.publish("qc", T.plusSeconds(6), ALARM);
            publisher.publish("pipeline", T.plusSeconds(7), RUN);
            publisher.publish("export", T.plusSeconds(60), FAILED);
        }
        Dashboard.awaitSession(PLANTED, page -> events(page) >= 9);
    }

    @Test
    void atNoEndpointSomebodyOfAnotherStudyFindsAnythingOfIt() throws Exception {
        // Given
        grant("gr-other", "manager", "PIP01", "");
        grant("gr-other", "dicom", "PIP01", "");
        List<Door> doors = EndpointSecurityTest.templates();
        int events = events(Dashboard.page(Dashboard.pathOf(PLANTED)));

        // When
        List<String> leaks = new ArrayList<>();
        for (Door door : doors) {
            if (!List.of("/logout", "/live", "/accounts/own-password").contains(door.path())) {
                leaks.addAll(leaks("gr-other", door));
            }
        }

        // Then
        assertThat(leaks).isEmpty();
        assertThat(events(Dashboard.page(Dashboard.pathOf(PLANTED)))).isEqualTo(events);
    }

    private static int events(Document session) {
        return session.select(".timeline tr").size();
    }

    /** How the answer about what exists differs from that about what does not. */
    private static List<String> leaks(String person, Door door) {
        Response real = ask(person, door, 0);
        Response none = ask(person, door, 1);
        List<String> leaks = new ArrayList<>();
        if (real.statusCode() != none.statusCode() || !normal(real, 0).equals(normal(none, 1))) {
            leaks.add(door + " tells that it exists: " + real.statusCode() + " " + normal(real, 0) + " instead of "
                    + none.statusCode() + " " + normal(none, 1));
        }
        if (!door.method().equals("GET")
                && real.statusCode() < 300
                && !door.path().equals("/api/rules/preview")) {
            leaks.add(door + " was done: " + real.statusCode());
        }
        Response unasked =
                door.path().contains("{") ? none : request(person, door).request(door.method(), door.path());
        for (String planted :
                List.of(DESCRIPTION, LABEL, "PLANTED_ALARM", "planted-cause", "GRANT_E1", "7701", STUDY)) {
            if (unasked.asString().contains(planted)) {
                leaks.add(door + " shows " + planted);
            }
        }
        return leaks;
    }

    private static Response ask(String person, Door door, int which) {
        StringBuilder path = new StringBuilder();
        Matcher name = Pattern.compile("\\{(\\w+)[^}]*}").matcher(door.path());
        while (name.find()) {
            List<String> values = Optional.ofNullable(NAMES.get(name.group(1)))
                    .orElseThrow(
                            () -> new AssertionError("Name here what " + name.group() + " of " + door + " stands for"));
            name.appendReplacement(path, values.get(which));
        }
        name.appendTail(path);
        Map<String, String> values = new TreeMap<>(Map.of(
                "decision",
                        door.path().contains("pause") ? "PAUSED" : door.path().contains("assign") ? "TAG" : "PASS",
                "reason", "why",
                "note", "why",
                "comment", "why",
                "answer", "ACCEPTED",
                "stage", "EXPORT",
                "until", "2027-01-01T00:00:00Z",
                "failed", "2027-01-01T00:00:00Z",
                "attempt", "1"));
        NAMES.forEach((key, both) -> values.put(key, both.get(which)));
        RequestSpecification request = request(person, door);
        if (door.method().equals("GET")) {
            request.queryParams(values);
        } else if (door.path().equals("/api/rules/preview")) {
            request.body("StudyTag: " + values.get("study") + "\nXnatProjects: [SPN01_CMH]\nSites: {CMH: {}}\n");
        } else if (door.path().startsWith("/api/")) {
            Map<String, Object> json = new TreeMap<>(values);
            json.put("seen", List.of("0".repeat(64)));
            request.body(json);
        } else {
            request.formParams(values);
        }
        return request.request(door.method(), path.toString());
    }

    private static RequestSpecification request(String person, Door door) {
        return Dashboard.as(person)
                .redirects()
                .follow(false)
                .contentType(
                        door.path().equals("/api/rules/preview")
                                ? "text/plain"
                                : door.path().startsWith("/api/")
                                        ? "application/json"
                                        : "application/x-www-form-urlencoded");
    }

    private static String normal(Response response, int which) {
        String text = response.asString()
                + Optional.ofNullable(response.header("Location")).orElse("");
        for (Map.Entry<String, List<String>> name : NAMES.entrySet().stream()
                .sorted(Comparator.comparing(
                        entry -> -entry.getValue().get(which).length()))
                .toList()) {
            if (!name.getValue().get(0).equals(name.getValue().get(1))) {
                text = text.replace(name.getValue().get(which), "{" + name.getKey() + "}");
            }
        }
        // A digest of the text that was sent.
        return text.replaceAll("\"candidate\":\"[0-9a-f]+\"", "");
    }

    @Test
    void aRoleForASiteShowsThatSiteAlone() {
        // Given
        grant("gr-site", "viewer", STUDY, "CMH");
        grant("gr-elsewhere", "viewer", STUDY, "ZHH");
        List<String> paths = List.of(
                Dashboard.pathOf(PLANTED),
                "/files/" + FILE,
                "/api/sessions/" + PLANTED.key(),
                "/search?q=" + PLANTED.name());

        // When
        List<Integer> there =
                paths.stream().map(path -> status("gr-site", path)).toList();
        List<Integer> elsewhere =
                paths.stream().map(path -> status("gr-elsewhere", path)).toList();

        // Then
        assertThat(there).containsExactly(200, 200, 200, 303);
        assertThat(elsewhere).containsExactly(404, 404, 404, 200);
        for (String list : List.of("/", "/studies/" + STUDY, "/operations", "/api/studies/SPN01/sessions")) {
            assertThat(Dashboard.as("gr-site").get(list).asString()).as(list).contains("7701");
            assertThat(Dashboard.as("gr-elsewhere").get(list).asString())
                    .as(list)
                    .doesNotContain("7701")
                    .doesNotContain("GRANT_E1");
        }
    }

    @Test
    void aRoleHoldsOnlyWhereItIsGranted() {
        // Given
        grant("gr-mixed", "viewer", STUDY, "");
        grant("gr-mixed", "manager", "PIP01", "");

        // When
        Response page = Dashboard.as("gr-mixed").get(Dashboard.pathOf(PLANTED));
        Response refused = Dashboard.as("gr-mixed")
                .contentType("application/x-www-form-urlencoded")
                .formParam("server", PLANTED.session().server())
                .formParam("accession", "GRANT_E1")
                .formParam("stage", "EXPORT")
                .post("/failures/again");

        // Then
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(Jsoup.parse(page.asString()).select("#again-session, .of-session"))
                .isEmpty();
        assertThat(refused.statusCode()).isEqualTo(404);
    }

    @Test
    void keptDicomNeedsARoleOfItsOwn() {
        // Given
        grant("gr-files", "manager", STUDY, "");
        grant("gr-dicom", "dicom", STUDY, "CMH");

        // When
        List<Integer> answers = List.of(
                status("gr-files", "/files/" + FILE),
                status("gr-files", "/files/" + DICOM),
                status("gr-dicom", "/files/" + DICOM));

        // Then
        assertThat(answers).containsExactly(200, 403, 200);
        assertThat(Dashboard.loggedIn()
                        .get("/api/audit?actor=gr-dicom&action=dicom-downloaded")
                        .jsonPath()
                        .getList("subject"))
                .containsOnly(DICOM);
    }

    @Test
    void aWithdrawnRoleIsGoneAtTheNextRequest() {
        // Given
        grant("gr-gone", "viewer", STUDY, "");
        assertThat(status("gr-gone", Dashboard.pathOf(PLANTED))).isEqualTo(200);

        // When
        Response withdrawn = Dashboard.loggedIn()
                .formParams("username", "gr-gone", "role", "viewer", "study", STUDY)
                .post("/accounts/withdraw");

        // Then
        assertThat(withdrawn.statusCode()).isEqualTo(200);
        assertThat(status("gr-gone", Dashboard.pathOf(PLANTED))).isEqualTo(403);
        assertThat(Dashboard.page("/accounts")
                        .select("tr:has(th:contains(gr-gone))")
                        .text())
                .contains("sees nothing");
    }

    @Test
    void noticesOfChangeAreOfTheOwnStudiesOnly() {
        // Given
        grant("gr-live", "viewer", "PIP01", "");
        EventFixtures own = new EventFixtures(
                EventFixtures.of("GRANT_P1", "PIP01_CMH_7702_01_01").session(), "PIP01", "PIP01_CMH_7702_01_01");
        List<String> notices = new CopyOnWriteArrayList<>();
        CompletableFuture<?> stream = HttpClient.newHttpClient()
                .sendAsync(
                        HttpRequest.newBuilder(home.resolve("/live"))
                                .header("Authorization", basic("gr-live"))
                                .build(),
                        HttpResponse.BodyHandlers.ofLines())
                .thenAccept(answer -> answer.body().forEach(notices::add));
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> notices.toString()
                .contains("alive"));

        // When
        try (FixturePublisher publisher = new FixturePublisher(KafkaAndPostgres.bootstrapServers())) {
            publisher.publish("ingest", Instant.now(), PLANTED.series("4", 1, DESCRIPTION));
            Dashboard.awaitSession(PLANTED, page -> events(page) > 9);
            publisher.publish("ingest", Instant.now(), own.discovered(1, "PIP01_CMH_7702"));
        }

        // Then
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> notices.toString()
                .contains("GRANT_P1"));
        assertThat(notices.toString()).doesNotContain("GRANT_E1");
        stream.cancel(true);
    }

    @Test
    void everyTableThatPagesReadHasAViewWithAllOfItsColumns() {
        // Given
        List<String> ofNoStudy = List.of(
                "account",
                "acknowledgement",
                "api_token",
                "audit_event",
                "flyway_schema_history",
                "granted_role",
                "login",
                "outbox_event",
                "rebuild");

        // When
        List<String> tables = columns("dashboard");

        // Then
        assertThat(columns("dashboard_granted"))
                .isEqualTo(tables.stream()
                        .filter(column -> !ofNoStudy.contains(column.substring(0, column.indexOf('.'))))
                        .toList());
    }

    private List<String> columns(String schema) {
        return jdbi.withHandle(handle -> handle.createQuery(
                        "select table_name || '.' || column_name from information_schema.columns where table_schema = :schema order by 1")
                .bind("schema", schema)
                .mapTo(String.class)
                .list());
    }

    private static int status(String person, String path) {
        return Dashboard.as(person).redirects().follow(false).get(path).statusCode();
    }

    private static String basic(String name) {
        return "Basic "
                + Base64.getEncoder()
                        .encodeToString((name + ":" + Dashboard.LONG_PASSWORD).getBytes(StandardCharsets.UTF_8));
    }

    private static void grant(String name, String role, String study, String site) {
        Dashboard.account(name, role, study, site);
    }
}

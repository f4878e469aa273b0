package org.datman.dashboard;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.datman.contracts.event.FileRole;
import org.datman.dashboard.access.Role;
import org.datman.platform.archive.Archive;
import org.datman.platform.testkit.KafkaAndPostgres;
import org.jdbi.v3.core.Jdbi;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@QuarkusTestResource(KafkaAndPostgres.class)
class EndpointSecurityTest {

    @Inject
    Archive archive;

    @Inject
    Jdbi jdbi;

    record Door(String method, String path) {}

    @Test
    void everyEndpointIsClosedWithoutLogin() throws Exception {
        // Given
        List<Door> doors = new ArrayList<>(doors());
        doors.add(new Door("GET", "/api/openapi"));
        doors.add(new Door("GET", "/q/openapi"));
        doors.add(new Door("GET", "/nowhere"));
        doors.remove(new Door("GET", "/login"));

        // When
        List<String> open = doors.stream()
                .filter(door -> !isRefused(given().redirects()
                        .follow(false)
                        .header("X-Requested-With", "test")
                        .request(door.method(), door.path())))
                .map(Door::toString)
                .toList();

        // Then
        assertThat(open).isEmpty();
        assertThat(doors).hasSizeGreaterThan(20).contains(new Door("POST", "/reviews"), new Door("GET", "/live"));
    }

    @Test
    void thePageNamesEveryEndpointOfTheApi() throws Exception {
        // Given
        List<Door> named = Pattern.compile("\\| `(GET|POST) (/api/[^`?]*)")
                .matcher(Files.readString(Path.of("../docs/json-api.md")))
                .results()
                .map(row -> new Door(row.group(1), row.group(2).replaceAll("\\{[^}]*}", "x")))
                .toList();

        // When
        List<Door> doors =
                doors().stream().filter(door -> door.path().startsWith("/api/")).toList();

        // Then
        assertThat(named).containsExactlyInAnyOrderElementsOf(doors);
    }

    @Test
    void aProgramWithoutLoginIsInformedOfItAndNotSentToAPage() {
        // When
        Response response = given().redirects().follow(false).get("/api/sessions");

        // Then
        assertThat(response.statusCode()).isEqualTo(401);
        assertThat(response.header("WWW-Authenticate")).startsWith("Basic");
        assertThat(response.header("Location")).isNull();
    }

    @Test
    void anAccountMayDoWhatItsRoleStatesAndNoMore() {
        // Given
        Response made = Dashboard.loggedIn()
                .formParam("username", "rita")
                .formParam("role", "rater")
                .formParam("password", "a long password")
                .post("/accounts");
        assertThat(made.statusCode()).isEqualTo(200);

        // When
        List<Integer> answers = Stream.of("/studies", "/accounts", "/operations/rebuild", "/failures/retry")
                .map(path -> path.contains("/r")
                        ? as("rita", "a long password").post(path).statusCode()
                        : as("rita", "a long password").get(path).statusCode())
                .toList();

        // Then
        assertThat(answers).containsExactly(200, 200, 403, 403);
        assertThat(Dashboard.page("/accounts").select("tbody th").eachText()).contains("admin", "rita");
    }

    @ParameterizedTest
    @ValueSource(strings = {"viewer", "rater", "technologist", "physicist", "manager", "admin"})
    void eachRoleMayDoWhatItAndThoseItIncludesMay(String role) throws Exception {
        // Given
        Dashboard.account("role-" + role, role);
        Map<String, String> cookies = logIn("role-" + role, "a long password").cookies();
        List<Door> doors = doors().stream()
                // A rebuild would take the pages of the other tests away for a while.
                .filter(door -> !(role.equals("admin") && door.path().equals("/operations/rebuild")))
                // One ends the login, the other never ends its answer.
                .filter(door -> !List.of("/logout", "/live").contains(door.path()))
                // Of three roles that none includes: see below.
                .filter(door -> !door.path().equals("/alarms/seen"))
                .toList();

        // When
        List<String> otherwise = doors.stream()
                .filter(door -> {
                    int status = given().cookies(cookies)
                            .redirects()
                            .follow(false)
                            .header("X-Requested-With", "test")
                            .contentType(
                                    door.path().startsWith("/api")
                                            ? "application/json"
                                            : "application/x-www-form-urlencoded")
                            .request(door.method(), door.path())
                            .statusCode();
                    boolean may = Role.includedIn(role).contains(leastRole(door));
                    return may == (status == 403) || status == 401 || status >= 500;
                })
                .map(Door::toString)
                .toList();

        // Then
        assertThat(otherwise).isEmpty();
    }

    /** Roles by endpoint: reading for all, decisions for raters, reprocessing for managers, accounts for admins. */
    private static String leastRole(Door door) {
        if (door.method().equals("GET")) {
            return List.of("/audit", "/api/audit", "/api/audit/entries.csv").contains(door.path()) ? "admin" : "viewer";
        }
        Map<String, String> least = Map.ofEntries(
                Map.entry("/accounts/own-password", "viewer"),
                Map.entry("/reviews", "rater"),
                Map.entry("/api/sessions/x/x/reviews", "rater"),
                Map.entry("/failures/retry", "manager"),
                Map.entry("/failures/dismiss", "manager"),
                Map.entry("/failures/again", "manager"),
                Map.entry("/api/sessions/x/x/reprocess", "manager"),
                Map.entry("/gold-standards", "physicist"),
                Map.entry("/assignments", "manager"),
                Map.entry("/api/sessions/x/x/series/x/assignment", "manager"),
                Map.entry("/configuration/confirm", "manager"),
                Map.entry("/api/rules/preview", "manager"),
                Map.entry("/pipelines/cancel", "manager"),
                Map.entry("/pipelines/answer", "rater"),
                Map.entry("/pipelines/pause", "manager"),
                Map.entry("/pipelines/retry-failed", "manager"),
                Map.entry("/pipelines/dismiss", "manager"),
                Map.entry("/api/studies/x/pipelines/x/pause", "manager"),
                Map.entry("/api/studies/x/pipelines/x/retry-failed", "manager"),
                Map.entry("/api/sessions/x/x/pipelines/x/cancel", "manager"),
                Map.entry("/api/sessions/x/x/pipelines/x/answer", "rater"),
                Map.entry("/api/sessions/x/x/pipelines/x/run", "manager"),
                Map.entry("/accounts/tokens", "viewer"),
                Map.entry("/accounts/tokens/revoke", "viewer"),
                Map.entry("/accounts", "admin"),
                Map.entry("/accounts/remove", "admin"),
                Map.entry("/accounts/withdraw", "admin"),
                Map.entry("/operations/rebuild", "admin"));
        return Optional.ofNullable(least.get(door.path()))
                .orElseThrow(() -> new AssertionError("Name here the role that may " + door));
    }

    @Test
    void whoLooksAfterScannersMayAcknowledgeAlarmsToo() {
        // Given
        List<String> roles = List.of("viewer", "rater", "technologist", "physicist", "manager");
        roles.forEach(role -> Dashboard.account("role-" + role, role));

        // When
        List<Integer> answers = roles.stream()
                .map(role -> Dashboard.as("role-" + role)
                        .contentType("application/x-www-form-urlencoded")
                        .post("/alarms/seen")
                        .statusCode())
                .toList();

        // Then
        assertThat(answers).containsExactly(403, 409, 409, 409, 409);
    }

    @Test
    void withoutTheSettingNobodyCanClaimToComeThroughAProxy() {
        // Given
        RequestSpecification browser = given().redirects()
                .follow(false)
                .header("X-Forwarded-Proto", "https")
                .header("X-Forwarded-Host", "evil.example.org")
                .formParam("j_username", Dashboard.USER)
                .formParam("j_password", Dashboard.PASSWORD);

        // When
        Response response = browser.post("/j_security_check");

        // Then
        assertThat(response.headers().getValues("set-cookie")).isNotEmpty().allSatisfy(cookie -> assertThat(cookie)
                .doesNotContain("Secure"));
        assertThat(response.header("Location")).doesNotContain("evil.example.org");
    }

    @Test
    void withoutTlsACookieIsNotSecureForElseNobodyCouldLogIn() {
        // When
        Response response = logIn(Dashboard.USER, Dashboard.PASSWORD);

        // Then
        assertThat(response.headers().getValues("set-cookie")).isNotEmpty().allSatisfy(cookie -> assertThat(cookie)
                .doesNotContain("Secure"));
    }

    @Test
    void anAccountThatWasRemovedCannotLogIn() {
        // Given
        Dashboard.loggedIn()
                .formParam("username", "paul")
                .formParam("role", "viewer")
                .formParam("password", "a long password")
                .post("/accounts");

        // When
        Response removed = Dashboard.loggedIn().formParam("username", "paul").post("/accounts/remove");

        // Then
        assertThat(removed.statusCode()).isEqualTo(200);
        assertThat(as("paul", "a long password").get("/studies").statusCode()).isEqualTo(401);
    }

    @Test
    void accountsThatWouldNotDoAreRefusedWithTheReason() {
        // Given
        List<List<String>> wishes = List.of(
                List.of("Rita<b>", "viewer", "a long password"),
                List.of("short", "viewer", "short"),
                List.of("role", "king", "a long password"),
                List.of("admin", "viewer", "a long password"));

        // When
        List<Integer> answers = wishes.stream()
                .map(values -> Dashboard.loggedIn()
                        .formParam("username", values.get(0))
                        .formParam("role", values.get(1))
                        .formParam("password", values.get(2))
                        .post("/accounts")
                        .statusCode())
                .toList();

        // Then
        assertThat(answers).containsOnly(409);
    }

    private static RequestSpecification as(String user, String password) {
        return given().auth()
                .preemptive()
                .basic(user, password)
                .redirects()
                .follow(false)
                .contentType("application/x-www-form-urlencoded")
                .header("X-Requested-With", "test");
    }

    @Test
    void aWrongPasswordOpensNothing() {
        // When
        Response response = given().redirects()
                .follow(false)
                .formParam("j_username", "admin")
                .formParam("j_password", "guess")
                .post("/j_security_check");

        // Then
        assertThat(response.header("Location")).endsWith("/login?failed=yes");
        assertThat(response.cookies()).doesNotContainKey("quarkus-credential");
    }

    @Test
    void theFormLetsInAndTheCookieIsStrict() {
        // When
        Response response = given().redirects()
                .follow(false)
                .formParam("j_username", Dashboard.USER)
                .formParam("j_password", Dashboard.PASSWORD)
                .post("/j_security_check");

        // Then
        String cookie = response.header("set-cookie");
        assertThat(cookie).contains("HTTPOnly").contains("SameSite=Strict");
        assertThat(given().cookies(response.cookies()).get("/studies").statusCode())
                .isEqualTo(200);
    }

    @Test
    void aChangeWithoutOurHeaderIsRefused() {
        // When
        Response response = given().auth()
                .preemptive()
                .basic(Dashboard.USER, Dashboard.PASSWORD)
                .formParam("failure", "x")
                .post("/failures/retry");

        // Then
        assertThat(response.statusCode()).isEqualTo(403);
    }

    @Test
    void eachRequestThatChangesSomethingNeedsOurHeader() throws Exception {
        // Given
        List<Door> changing =
                doors().stream().filter(door -> !door.method().equals("GET")).toList();

        // When
        List<String> open = changing.stream()
                .filter(door -> given().auth()
                                .preemptive()
                                .basic(Dashboard.USER, Dashboard.PASSWORD)
                                .contentType(
                                        door.path().startsWith("/api")
                                                ? "application/json"
                                                : "application/x-www-form-urlencoded")
                                .request(door.method(), door.path())
                                .statusCode()
                        != 403)
                .map(Door::toString)
                .toList();

        // Then
        assertThat(open).isEmpty();
        assertThat(changing).hasSizeGreaterThan(20);
    }

    @Test
    void aProgramWithATokenMayNoMoreThanTheTokenStatesUntilItIsRevoked() {
        // Given
        Dashboard.account("tom", "manager");
        Response created = Dashboard.as("tom")
                .contentType("application/x-www-form-urlencoded")
                .formParams("name", "nightly", "role", "viewer", "study", "SPN01", "days", "30")
                .post("/accounts/tokens");
        String token = created.asString().replaceFirst(".*: ", "");

        // When
        List<Integer> answers = List.of(
                bearer(token).get("/api/studies/SPN01/sessions").statusCode(),
                bearer(token).get("/api/studies/PIP01/sessions").statusCode(),
                bearer(token).formParam("failure", "x").post("/failures/retry").statusCode(),
                bearer(token)
                        .formParams("name", "more", "role", "viewer")
                        .post("/accounts/tokens")
                        .statusCode(),
                bearer(token + "x").get("/api/studies").statusCode());

        // Then
        assertThat(token).startsWith("datman_").hasSizeGreaterThan(40);
        assertThat(answers).containsExactly(200, 404, 403, 409, 401);
        assertThat(Dashboard.page("/accounts").text()).contains("nightly").doesNotContain(token);
        assertThat(Dashboard.loggedIn()
                        .formParams("username", "tom", "name", "nightly")
                        .post("/accounts/tokens/revoke")
                        .statusCode())
                .isEqualTo(200);
        assertThat(bearer(token).get("/api/studies/SPN01/sessions").statusCode())
                .isEqualTo(401);
    }

    private static RequestSpecification bearer(String token) {
        return given().redirects()
                .follow(false)
                .contentType("application/x-www-form-urlencoded")
                .header("Authorization", "Bearer " + token)
                .header("X-Requested-With", "test");
    }

    @Test
    void whatPeopleDoAndTryIsInTheAuditLog() {
        // Given
        Dashboard.account("audrey", "viewer");
        logIn("audrey", "a guess");
        Map<String, String> cookies = logIn("audrey", Dashboard.LONG_PASSWORD).cookies();

        // When
        given().cookies(cookies).header("X-Requested-With", "test").post("/logout");

        // Then
        List<String> actions =
                Dashboard.loggedIn().get("/api/audit?actor=audrey").jsonPath().getList("action");
        assertThat(actions).containsExactly("logout", "login", "login-failed");
        assertThat(Dashboard.loggedIn().get("/api/audit?action=role-granted").asString())
                .contains("audrey");
        assertThat(Dashboard.page("/audit?actor=audrey").select("tbody tr")).hasSize(3);
        assertThat(Dashboard.loggedIn()
                        .get("/api/audit/entries.csv?actor=audrey")
                        .asString())
                .startsWith("id,time,actor,address,action,study,subject,detail")
                .contains("login-failed")
                .doesNotContain("a guess");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "update audit_event set actor = 'nobody'",
                "delete from audit_event",
                "truncate audit_event",
                "set session_replication_role = replica; delete from audit_event"
            })
    void nothingInTheAuditLogIsChangedNotEvenByTheService(String statement) {
        // Given
        Dashboard.account("augusta", "viewer");

        // When
        Throwable refused = catchThrowable(() -> jdbi.useTransaction(handle -> handle.execute(statement)));

        // Then
        assertThat(refused).hasStackTraceContaining("audit_event is append-only");
    }

    @Test
    void pagesForbidScriptsAndFrames() {
        // When
        Response response = Dashboard.loggedIn().get("/studies");

        // Then
        assertThat(response.header("Content-Security-Policy"))
                .contains("default-src 'self'")
                .contains("frame-ancestors 'none'")
                .doesNotContain("unsafe");
        assertThat(response.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(response.header("Referrer-Policy")).isEqualTo("same-origin");
        assertThat(response.header("Permissions-Policy")).contains("camera=()");
        assertThat(response.header("Strict-Transport-Security")).isNull();
    }

    @Test
    void theArchiveShowsPicturesAndLetsNothingElseRun() throws IOException {
        // Given
        String digest = archive.write(FileRole.PICTURE, "SPN01/qc/S/mosaic.png", new byte[] {1, 2, 3})
                .sha256();
        archive.write(
                FileRole.RESOURCE,
                "SPN01/resources/S/evil.html",
                "<script>alert(1)</script>".getBytes(StandardCharsets.UTF_8));
        archive.write(
                FileRole.RESOURCE,
                "SPN01/resources/S/evil.svg",
                "<svg onload='alert(1)'/>".getBytes(StandardCharsets.UTF_8));

        // When
        Response picture = Dashboard.loggedIn().get("/files/SPN01/qc/S/mosaic.png?sha256=" + digest);
        Response html = Dashboard.loggedIn().get("/files/SPN01/resources/S/evil.html");
        Response svg = Dashboard.loggedIn().get("/files/SPN01/resources/S/evil.svg");

        // Then
        assertThat(picture.contentType()).isEqualTo("image/png");
        assertThat(picture.asByteArray()).containsExactly(1, 2, 3);
        assertThat(picture.header("Cache-Control")).contains("immutable").contains("private");
        for (Response response : List.of(html, svg)) {
            assertThat(response.contentType()).isEqualTo("application/octet-stream");
            assertThat(response.header("Content-Disposition")).startsWith("attachment");
            assertThat(response.headers().getValues("Content-Security-Policy")).anyMatch(v -> v.contains("sandbox"));
        }
    }

    @Test
    void whatQcDrewIsShownInASandboxAndOnlyWhereQcWrites() throws IOException {
        // Given
        byte[] svg = "<svg xmlns='http://www.w3.org/2000/svg'/>".getBytes(StandardCharsets.UTF_8);
        byte[] page = "<!doctype html><style>p { color: red }</style><p>QC</p>".getBytes(StandardCharsets.UTF_8);
        archive.write(FileRole.PICTURE, "SPN01/qc/S/S_T1_03_x/traces.svg", svg);
        archive.write(FileRole.REPORT, "SPN01/qc/S/S_T1_03_x/report.html", page);
        archive.write(FileRole.RESOURCE, "SPN01/resources/S/qc/S/x/report.html", page);

        // When
        List<Response> answers = Stream.of(
                        "/files/SPN01/qc/S/S_T1_03_x/traces.svg",
                        "/files/SPN01/qc/S/S_T1_03_x/report.html",
                        "/files/SPN01/resources/S/qc/S/x/report.html")
                .map(path -> Dashboard.loggedIn().get(path))
                .toList();

        // Then
        assertThat(answers)
                .extracting(Response::contentType)
                .containsExactly("image/svg+xml", "text/html;charset=UTF-8", "application/octet-stream");
        assertThat(answers)
                .allSatisfy(
                        answer -> assertThat(answer.headers().getValues("Content-Security-Policy"))
                                .containsExactly(
                                        "default-src 'none'; img-src data:; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'"));
    }

    @Test
    void noPathLeadsOutOfTheArchive() throws IOException {
        // Given
        Path outside = Files.createTempFile("outside", ".png");
        archive.write(FileRole.PICTURE, "SPN01/qc/S/x.png", new byte[] {1});
        Path link = archive.resolve("SPN01/qc/S/link.png");
        Files.deleteIfExists(link);
        Files.createSymbolicLink(link, outside);

        // When
        List<Integer> answers = Stream.of(
                        "/files/../pom.xml",
                        "/files/%2e%2e/%2e%2e/pom.xml",
                        "/files/SPN01/..%2f..%2f..%2fpom.xml",
                        "/files/%2fetc%2fpasswd",
                        "/files/SPN01/qc/S/link.png",
                        "/files/SPN01/qc/S/.hidden",
                        "/files/SPN01/qc")
                .map(path ->
                        Dashboard.loggedIn().urlEncodingEnabled(false).get(path).statusCode())
                .toList();

        // Then
        assertThat(answers).allMatch(code -> code == 404 || code == 400);
    }

    @Test
    void afterLogoutTheOldCookieIsWorthNothing() {
        // Given
        Map<String, String> cookies = logIn(Dashboard.USER, Dashboard.PASSWORD).cookies();
        assertThat(given().cookies(cookies).get("/studies").statusCode()).isEqualTo(200);

        // When
        Response logout =
                given().cookies(cookies).header("X-Requested-With", "test").post("/logout");

        // Then
        assertThat(logout.statusCode()).isEqualTo(204);
        assertThat(given().redirects()
                        .follow(false)
                        .cookies(cookies)
                        .get("/studies")
                        .statusCode())
                .isEqualTo(302);
        assertThat(given().cookies(cookies).get("/login").statusCode()).isEqualTo(200);
    }

    @Test
    void aCookieOfQuarkusAloneIsWorthNothing() {
        // Given
        Map<String, String> cookies = logIn(Dashboard.USER, Dashboard.PASSWORD).cookies();

        // When
        Response response = given().redirects()
                .follow(false)
                .cookie("quarkus-credential", cookies.get("quarkus-credential"))
                .get("/studies");

        // Then
        assertThat(response.statusCode()).isEqualTo(302);
    }

    @Test
    void aNewPasswordEndsAllLoginsWithTheOld() {
        // Given
        Dashboard.account("nora", "viewer");
        Map<String, String> elsewhere = logIn("nora", "a long password").cookies();
        assertThat(given().cookies(elsewhere).get("/studies").statusCode()).isEqualTo(200);

        // When
        Response changed = as("nora", "a long password")
                .formParam("current", "a long password")
                .formParam("replacement", "another long password")
                .post("/accounts/own-password");

        // Then
        assertThat(changed.header("HX-Redirect")).isEqualTo("/login?changed=yes");
        assertThat(given().redirects()
                        .follow(false)
                        .cookies(elsewhere)
                        .get("/studies")
                        .statusCode())
                .isEqualTo(302);
        assertThat(as("nora", "another long password").get("/studies").statusCode())
                .isEqualTo(200);
    }

    @Test
    void whoGivesManyWrongPasswordsMustWaitAndIsInformedHowLong() {
        // Given
        Dashboard.account("mallory", "viewer");
        for (int i = 0; i < 5; i++) {
            logIn("mallory", "guess " + i);
        }

        // When
        Response sixth = logIn("mallory", "a long password");

        // Then
        assertThat(sixth.header("Location")).contains("/login?failed=yes&wait=");
        assertThat(sixth.header("Retry-After")).matches("\\d+");
        assertThat(sixth.cookies()).doesNotContainKey("datman-login");
        assertThat(Jsoup.parse(given().get("/login?failed=yes&wait=2").asString())
                        .text())
                .contains("try again in 2 s");
        assertThat(as(Dashboard.USER, Dashboard.PASSWORD).get("/studies").statusCode())
                .isEqualTo(200);
    }

    @Test
    void noPageIsKeptByTheBrowser() {
        // When
        List<String> kept = Stream.of("/", "/studies", "/accounts", "/operations", "/api/inbox", "/nowhere")
                .map(path -> Dashboard.loggedIn().get(path).header("Cache-Control"))
                .toList();

        // Then
        assertThat(kept).containsOnly("no-store");
    }

    @Test
    void whatIsNotThereIsReportedInOurLayout() {
        // Given
        List<String> paths = List.of("/nowhere", "/sessions/local/NOBODY", "/studies/NOPE", "/files/SPN01/none.png");

        // When
        List<Response> answers =
                paths.stream().map(path -> Dashboard.loggedIn().get(path)).toList();

        // Then
        assertThat(answers).allSatisfy(answer -> {
            assertThat(answer.statusCode()).isEqualTo(404);
            Document page = Jsoup.parse(answer.asString());
            assertThat(page.select("h1").text()).isEqualTo("Page not found");
            assertThat(page.select("nav a").eachText()).contains("Inbox", "Studies");
        });
        assertThat(answers.get(1).asString()).contains("No session NOBODY is known");
    }

    @Test
    void aProgramIsInformedWhatWouldHaveBeenAllowed() {
        // Given
        List<String> paths = List.of(
                "/api/studies/-/sessions?size=abc",
                "/api/studies/-/sessions?size=100000",
                "/api/studies/-/sessions?sort=colour",
                "/api/studies/-/sessions?state=GOOD",
                "/api/studies/-/sessions?from=yesterday",
                "/api/studies/-/sessions?after=xyz",
                "/api/studies/-/sessions?gaps=perhaps",
                "/api/studies/SPN01/metrics?tag=T1&key=no_such_key");

        // When
        List<Response> answers =
                paths.stream().map(path -> Dashboard.loggedIn().get(path)).toList();

        // Then
        assertThat(answers).allSatisfy(answer -> {
            assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(400);
            assertThat(answer.contentType()).startsWith("application/problem+json");
            assertThat(answer.jsonPath().getString("parameter")).isNotBlank();
            assertThat(answer.jsonPath().getString("allowed")).isNotNull();
        });
        assertThat(answers.get(0).jsonPath().getString("detail"))
                .isEqualTo("'abc' is not allowed for size; allowed: a whole number from 1 to 500");
    }

    @Test
    void whatAProgramSendsWrongIsAProblemWithItsStatus() {
        // Given
        Dashboard.account("victor", "viewer");
        String session = "/api/sessions/local/NOBODY";

        // When
        List<Response> answers = List.of(
                Dashboard.loggedIn().get(session),
                Dashboard.loggedIn().get("/api/nowhere"),
                Dashboard.loggedIn()
                        .contentType("application/json")
                        .body("{\"decision\": \"MAYBE\", \"seen\": []}")
                        .post(session + "/reviews"),
                Dashboard.loggedIn()
                        .contentType("application/json")
                        .body("{\"decision\": \"PASS\"}")
                        .post(session + "/reviews"),
                Dashboard.loggedIn()
                        .contentType("application/json")
                        .body("{\"decision\": \"SIGNED_OFF\", \"seen\": []}")
                        .post(session + "/reviews"),
                as("victor", "a long password")
                        .contentType("application/json")
                        .body("{}")
                        .post(session + "/reviews"));

        // Then
        assertThat(answers).extracting(Response::statusCode).containsExactly(404, 404, 400, 400, 409, 403);
        assertThat(answers)
                .allSatisfy(answer -> assertThat(answer.contentType()).startsWith("application/problem+json"));
        assertThat(answers.get(2).jsonPath().getString("allowed")).contains("PASS, FLAGGED, BLACKLISTED");
    }

    @Test
    void aViewerSeesNoButtonThatIsRefused() {
        // Given
        Dashboard.account("vera", "viewer");
        String buttons = "[hx-post]";
        List<String> pages = List.of("/", "/studies", "/operations", "/accounts", "/metrics", "/metrics/keys");

        // When
        List<String> actions = pages.stream()
                .map(path -> Jsoup.parse(as("vera", "a long password").get(path).asString()))
                .flatMap(page -> page.select(buttons).eachAttr("hx-post").stream())
                .distinct()
                .toList();

        // Then
        assertThat(actions).containsExactlyInAnyOrder("/logout", "/accounts/own-password", "/accounts/tokens");
    }

    private static Response logIn(String name, String password) {
        return given().redirects()
                .follow(false)
                .formParam("j_username", name)
                .formParam("j_password", password)
                .post("/j_security_check");
    }

    private static boolean isRefused(Response response) {
        boolean toLogin =
                response.statusCode() == 302 && response.header("Location").endsWith("/login");
        return toLogin || response.statusCode() == 401;
    }

    /** Every endpoint of the service, read from its classes: one that is forgotten here cannot exist. */
    private static List<Door> doors() throws IOException, ClassNotFoundException {
        return templates().stream()
                .map(door -> new Door(door.method(), door.path().replaceAll("\\{[^}]*}", "x")))
                .toList();
    }

    /** The same with the names of their parameters. */
    static List<Door> templates() throws IOException, ClassNotFoundException {
        List<Door> doors = new ArrayList<>();
        Path classes = Path.of("target", "classes");
        try (Stream<Path> files = Files.walk(classes.resolve("org/datman/dashboard"))) {
            for (Path file : files.filter(f -> f.toString().endsWith(".class")).toList()) {
                String name =
                        classes.relativize(file).toString().replace('/', '.').replaceAll("\\.class$", "");
                Class<?> type =
                        Class.forName(name, false, Thread.currentThread().getContextClassLoader());
                jakarta.ws.rs.Path base = type.getAnnotation(jakarta.ws.rs.Path.class);
                if (base == null) {
                    continue;
                }
                for (Method method : type.getDeclaredMethods()) {
                    String verb = method.isAnnotationPresent(GET.class)
                            ? "GET"
                            : method.isAnnotationPresent(POST.class)
                                    ? "POST"
                                    : method.isAnnotationPresent(PUT.class)
                                            ? "PUT"
                                            : method.isAnnotationPresent(DELETE.class) ? "DELETE" : "";
                    jakarta.ws.rs.Path own = method.getAnnotation(jakarta.ws.rs.Path.class);
                    if (!verb.isEmpty()) {
                        String path =
                                ("/" + base.value() + "/" + (own == null ? "" : own.value())).replaceAll("/+", "/");
                        doors.add(new Door(verb, path.length() > 1 ? path.replaceAll("/$", "") : path));
                    }
                }
            }
        }
        return doors;
    }
}

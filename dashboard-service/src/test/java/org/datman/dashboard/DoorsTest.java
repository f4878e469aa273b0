package org.datman.dashboard;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
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
import java.util.stream.Stream;
import org.datman.platform.archive.Archive;
import org.datman.platform.testkit.KafkaAndPostgres;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(KafkaAndPostgres.class)
class DoorsTest {

    @Inject
    Archive archive;

    private record Door(String method, String path) {}

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
        assertThat(given().cookie("quarkus-credential", response.cookie("quarkus-credential"))
                        .get("/studies")
                        .statusCode())
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
    }

    @Test
    void theArchiveShowsPicturesAndLetsNothingElseRun() throws IOException {
        // Given
        archive.write("picture", "SPN01/qc/S/mosaic.png", new byte[] {1, 2, 3});
        archive.write(
                "resource",
                "SPN01/resources/S/evil.html",
                "<script>alert(1)</script>".getBytes(StandardCharsets.UTF_8));
        archive.write(
                "resource", "SPN01/resources/S/evil.svg", "<svg onload='alert(1)'/>".getBytes(StandardCharsets.UTF_8));

        // When
        Response picture = Dashboard.loggedIn().get("/files/SPN01/qc/S/mosaic.png?sha256=abc");
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
    void noPathLeadsOutOfTheArchive() throws IOException {
        // Given
        Path outside = Files.createTempFile("outside", ".png");
        archive.write("picture", "SPN01/qc/S/x.png", new byte[] {1});
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

    private static boolean isRefused(Response response) {
        boolean toLogin =
                response.statusCode() == 302 && response.header("Location").endsWith("/login");
        return toLogin || response.statusCode() == 401;
    }

    /** Every endpoint of the service, read from its classes: one that is forgotten here cannot exist. */
    private static List<Door> doors() throws IOException, ClassNotFoundException {
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
                        String path = ("/" + base.value() + "/" + (own == null ? "" : own.value()))
                                .replaceAll("\\{[^}]*}", "x")
                                .replaceAll("/+", "/");
                        doors.add(new Door(verb, path.length() > 1 ? path.replaceAll("/$", "") : path));
                    }
                }
            }
        }
        return doors;
    }
}

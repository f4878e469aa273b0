package org.datman.dashboard;

import static io.restassured.RestAssured.given;

import io.quarkus.arc.Arc;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.time.Duration;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.datman.contracts.testkit.EventFixtures;
import org.datman.dashboard.login.QuickPasswords;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;

/** The dashboard as a logged-in user. */
final class Dashboard {

    static final String USER = "admin";
    static final String PASSWORD = "correct horse battery";
    static final String LONG_PASSWORD = "a long password";
    static final Duration PATIENCE = Duration.ofSeconds(30);

    private Dashboard() {}

    static RequestSpecification loggedIn() {
        return given().auth()
                .preemptive()
                .basic(USER, PASSWORD)
                .redirects()
                .follow(false)
                .header("X-Requested-With", "test");
    }

    /** Creates an account, with a password that {@link #as} knows. */
    static void account(String name, String role) {
        account(name, role, "", "");
    }

    /** The same with a role for a study and, unless it is empty, a site. */
    static void account(String name, String role, String study, String site) {
        Response made = loggedIn()
                .formParam("username", name)
                .formParam("role", role)
                .formParam("study", study)
                .formParam("site", site)
                .formParam("password", LONG_PASSWORD)
                .post("/accounts");
        if (made.statusCode() != 200) {
            throw new AssertionError("No account " + name + ": " + made.asString());
        }
        Arc.container().instance(QuickPasswords.class).get().hash(name, LONG_PASSWORD);
    }

    static RequestSpecification as(String name) {
        return given().auth().preemptive().basic(name, LONG_PASSWORD).header("X-Requested-With", "test");
    }

    static Document page(String path) {
        Response response = loggedIn().urlEncodingEnabled(false).get(path);
        if (response.statusCode() != 200) {
            throw new AssertionError(path + " answered " + response.statusCode() + ": " + response.asString());
        }
        return Jsoup.parse(response.asString());
    }

    static String pathOf(EventFixtures fixtures) {
        return "/sessions/" + fixtures.session().server() + "/"
                + fixtures.session().accession();
    }

    /** The session's page once it satisfies a condition. */
    static Document awaitSession(EventFixtures fixtures, Predicate<Document> condition) {
        return awaitPage(pathOf(fixtures), condition);
    }

    /** The session's page once that many events of it were projected, each in its own transaction and in any order of topics. */
    static Document awaitEvents(EventFixtures fixtures, int events) {
        return awaitSession(fixtures, page -> page.select(".timeline tr").size() == events);
    }

    /** The page once it satisfies a condition; loaded again then, because its first parts are read before its last. */
    static Document awaitPage(String path, Predicate<Document> condition) {
        Awaitility.await("condition of " + path)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(150))
                .until(() -> {
                    Response response = loggedIn().urlEncodingEnabled(false).get(path);
                    return response.statusCode() == 200 && condition.test(Jsoup.parse(response.asString()));
                });
        return page(path);
    }
}

package org.datman.dashboard;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.util.List;
import org.datman.platform.testkit.KafkaAndPostgres;
import org.junit.jupiter.api.Test;

/** The dashboard as it is set up behind a proxy that ends TLS. */
@QuarkusTest
@QuarkusTestResource(KafkaAndPostgres.class)
@TestProfile(OtherInstallation.class)
class BehindAProxyTest {

    @Test
    void behindAProxyThatEndsTlsEveryCookieIsSecure() {
        // Given
        RequestSpecification browser = given().redirects()
                .follow(false)
                .header("X-Forwarded-Proto", "https")
                .header("X-Forwarded-Host", "datman.example.org")
                .formParam("j_username", Dashboard.USER)
                .formParam("j_password", Dashboard.PASSWORD);

        // When
        Response response = browser.post("/j_security_check");

        // Then
        List<String> cookies = response.headers().getValues("set-cookie");
        assertThat(cookies).extracting(cookie -> cookie.split("=")[0]).contains("quarkus-credential", "datman-login");
        assertThat(cookies).allSatisfy(cookie -> assertThat(cookie).contains("Secure", "HTTPOnly", "SameSite=Strict"));
        assertThat(response.header("Strict-Transport-Security")).isEqualTo("max-age=31536000");
        assertThat(response.header("Location")).startsWith("https://datman.example.org");
    }
}

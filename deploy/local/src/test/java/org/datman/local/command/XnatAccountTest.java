package org.datman.local.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.util.Map;
import org.datman.embedded.FreePort;
import org.datman.simulator.XnatSimulator;
import org.datman.xnat.SourceKind;
import org.junit.jupiter.api.Test;

class XnatAccountTest {

    private final StringWriter output = new StringWriter();

    private void check(URI xnat, String password) throws IOException {
        XnatAccount.check(
                SourceKind.XNAT,
                xnat,
                Map.of("DATMAN_XNAT_USER", "datman", "DATMAN_XNAT_PASSWORD", password),
                new PrintWriter(output));
    }

    @Test
    void aGoodAccountIsNamed() throws IOException {
        // Given
        try (XnatSimulator xnat =
                XnatSimulator.builder().users(Map.of("datman", "secret")).start()) {

            // When
            check(xnat.url(), "secret");
        }

        // Then
        assertThat(output.toString()).contains("knows the account 'datman'");
    }

    @Test
    void aWrongPasswordIsRefusedBeforeAnythingStarts() throws IOException {
        // Given
        try (XnatSimulator xnat =
                XnatSimulator.builder().users(Map.of("datman", "secret")).start()) {

            // When, then
            assertThatThrownBy(() -> check(xnat.url(), "wrong"))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("refuses the login of account 'datman'")
                    .hasMessageContaining("Nothing was started")
                    .hasMessageNotContaining("wrong");
        }
    }

    @Test
    void namesOfStudiesThatOrthancCannotGiveAreRefusedBeforeAnythingStarts() {
        // Given an element that Orthanc does not list of a study
        Map<String, String> environment = Map.of(
                "DATMAN_ORTHANC_USER", "reader",
                "DATMAN_ORTHANC_PASSWORD", "secret",
                "DATMAN_ORTHANC_PROJECT", "ProtocolName");

        // When, then
        assertThatThrownBy(() -> XnatAccount.check(
                        SourceKind.ORTHANC,
                        URI.create("http://127.0.0.1:" + FreePort.any()),
                        environment,
                        new PrintWriter(output)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("names the element 'ProtocolName'")
                .hasMessageContaining("Nothing was started");
    }

    @Test
    void anXnatThatIsAwayIsWaitedFor() throws IOException {
        // Given
        URI nobody = URI.create("http://127.0.0.1:" + FreePort.any());

        // When
        check(nobody, "secret");

        // Then
        assertThat(output.toString()).contains("does not answer now; DATMAN starts and waits for it");
    }
}

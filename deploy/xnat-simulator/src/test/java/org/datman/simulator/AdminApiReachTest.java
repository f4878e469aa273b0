package org.datman.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** The admin paths have no login, so they are reachable from this machine's loopback only. */
class AdminApiReachTest {

    @Test
    void theAdminPathsAnswerOnLoopbackOnlyEvenWhenTheServerListensEverywhere() throws Exception {
        // Given
        Optional<InetAddress> outer = NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> address instanceof Inet4Address && !address.isLoopbackAddress())
                .findFirst();
        Assumptions.assumeTrue(outer.isPresent(), "This machine has no address but loopback; skipped");
        try (XnatSimulator simulator = XnatSimulator.builder().host("0.0.0.0").start()) {
            int port = simulator.url().getPort();

            // When
            int fromOutside = status(outer.get().getHostAddress(), port, "/_sim/sessions");
            int fromLoopback = status("127.0.0.1", port, "/_sim/sessions");

            // Then
            assertThat(fromOutside).isEqualTo(403);
            assertThat(fromLoopback).isEqualTo(200);
        }
    }

    private static int status(String host, int port, String path) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://" + host + ":" + port + path))
                                .build(),
                        HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }
}

package org.datman.local.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Against a server that answers as the dashboard does. */
class RulesCommandTest {

    private static final String TOTALS = """
            {"study":"SPN01","revision":"aaaa","candidate":"bbbb","series":12,"changes":{"SAME":6,"GAINS_TAG":2,"WARNED":4},
             "renamed":0,"withdrawn":0,"measured":2,"runs":{"volume":1},"decisions":0,"assignedLost":3,"warned":4,"signOffs":1,"same":false,
             "examples":[{"change":"GAINS_TAG","session":"SPN01_CMH_0001_01_01","scan":"3","description":"T1","before":"No tag",
                          "after":"SPN01_CMH_0001_01_01_T1_03_T1"}]}""";

    @TempDir
    Path folder;

    private final List<String> requests = new ArrayList<>();
    private int status = 200;
    private String body = TOTALS;
    private HttpServer server;

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                    + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            byte[] answer = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        server.start();
        Files.writeString(folder.resolve("SPN01.yml"), "StudyTag: SPN01\n");
        Files.writeString(folder.resolve("password"), "x\n");
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void theTotalsAndTheFirstSeriesArePrinted() {
        // Given a study file

        // When
        Printed printed = run();

        // Then
        assertThat(printed.code()).isEqualTo(1);
        assertThat(printed.text())
                .contains(
                        "revision bbbb compared with revision aaaa in force, 12 known series", "6 same", "2 gains tag")
                .contains("4 warned", "4 get a warning of a check")
                .contains("3 are assigned by a person to a tag that is not in the text")
                .contains("1 have other inputs of pipeline volume", "1 are signed off")
                .contains("gains tag: SPN01_CMH_0001_01_01 scan 3 'T1': No tag -> SPN01_CMH_0001_01_01_T1_03_T1")
                .doesNotContain("lose their files");
        assertThat(requests).containsExactly("POST /api/rules/preview?examples=10&file=SPN01.yml StudyTag: SPN01\n");
    }

    @Test
    void faultsAndRefusalsEndWithTheirReasons() {
        // Given
        status = 422;
        body = "{\"faults\":[\"SPN01.yml:1:1: Sites: is missing\"]}";
        Printed faulty = run();
        status = 401;

        // When
        Printed refused = run("--json");

        // Then
        assertThat(List.of(faulty.code(), refused.code())).containsOnly(2);
        assertThat(faulty.text()).contains("SPN01.yml:1:1: Sites: is missing");
        assertThat(refused.text()).contains("does not accept the password of 'admin'");
    }

    private record Printed(int code, String text) {}

    private Printed run(String... more) {
        StringWriter text = new StringWriter();
        CommandLine command = DatmanCommand.commandLine(Map.of());
        command.setOut(new PrintWriter(text, true));
        command.setErr(new PrintWriter(text, true));
        List<String> arguments = new ArrayList<>(List.of(
                "rules",
                "preview",
                folder.resolve("SPN01.yml").toString(),
                "--home",
                folder.toString(),
                "--checkout",
                folder.toString(),
                "--password-file",
                folder.resolve("password").toString(),
                "--url",
                "http://localhost:" + server.getAddress().getPort()));
        arguments.addAll(Arrays.asList(more));
        int code = command.execute(arguments.toArray(String[]::new));
        return new Printed(code, text.toString());
    }
}

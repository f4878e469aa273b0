package org.datman.local.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.datman.contracts.event.EventJson;
import org.datman.contracts.event.FileRole;
import org.datman.contracts.study.StudyConfigurations;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Against a server that answers as the dashboard does. */
class PipelineCommandTest {

    private static final Path ROOT = Path.of(System.getProperty("datman.root"));
    private static final String RUNS = """
            [{"session":"lab/E1","pipeline":"dti","study":"SPN01","name":"SPN01_CMH_0001_01_01","state":"FAILED",
              "reason":"dti 1.0 ended with exit code 7","action":"Read the log"},
             {"session":"lab/E1","pipeline":"volume","study":"SPN01","name":"SPN01_CMH_0001_01_01","state":"QUEUED",
              "reason":"Its pipeline is paused by jdoe","action":""}]""";

    @TempDir
    Path folder;

    private final List<String> requests = new ArrayList<>();
    private final Map<String, String> answers = new LinkedHashMap<>();
    /** Answers to the next questions; the last one stays. */
    private final Map<String, Deque<String>> later = new LinkedHashMap<>();

    private HttpServer server;

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            String address = exchange.getRequestMethod() + " " + exchange.getRequestURI();
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            requests.add((address + " " + body).strip());
            String text = answers.get(address);
            Deque<String> next = later.getOrDefault(address, new ArrayDeque<>());
            if (!next.isEmpty()) {
                answers.put(address, next.removeFirst());
            }
            byte[] answer = (text == null ? "nothing is known of that" : text).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(text == null ? 404 : 200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        server.start();
        Files.writeString(folder.resolve("password"), "x\n");
        Files.createDirectory(folder.resolve("config"));
        answers.put("GET /api/runs?session=SPN01_CMH_0001_01_01", RUNS);
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void aSessionIsExplainedWithReasonsAndAFailureIsExitCode1() {
        // When
        Printed printed = asking("explain", "SPN01_CMH_0001_01_01");

        // Then
        assertThat(printed.code()).isEqualTo(1);
        assertThat(printed.text())
                .contains(
                        "SPN01_CMH_0001_01_01  dti  failed",
                        "    dti 1.0 ended with exit code 7",
                        "    -> Read the log",
                        "SPN01_CMH_0001_01_01  volume  queued",
                        "    Its pipeline is paused by jdoe");
    }

    @Test
    void whatAPersonDecidesIsPostedWithItsReason() {
        // Given
        answers.put("POST /api/sessions/lab/E1/pipelines/volume/cancel", "{}");
        answers.put("POST /api/sessions/lab/E1/pipelines/volume/answer", "{}");
        answers.put("POST /api/sessions/lab/E1/pipelines/dti/run", "{}");
        answers.put("POST /api/studies/SPN01/pipelines/dti/pause", "{}");

        // When
        List<Integer> codes = List.of(
                asking("cancel", "SPN01_CMH_0001_01_01", "volume", "--reason", "Not now")
                        .code(),
                asking("answer", "SPN01_CMH_0001_01_01", "volume", "accepted", "--of", "k1")
                        .code(),
                asking("run", "SPN01_CMH_0001_01_01", "dti").code(),
                asking("pause", "SPN01", "dti", "--reason", "Maintenance").code(),
                asking("resume", "SPN01", "dti", "--reason", "Back").code());

        // Then
        assertThat(codes).containsOnly(0);
        assertThat(requests.stream().filter(request -> request.startsWith("POST")))
                .satisfiesExactly(
                        cancel -> assertThat(cancel).endsWith("/volume/cancel {\"reason\":\"Not now\"}"),
                        answer -> assertThat(answer).contains("/volume/answer", "\"ACCEPTED\"", "\"runKey\":\"k1\""),
                        run -> assertThat(run).endsWith("/dti/run {}"),
                        pause -> assertThat(pause).contains("\"PAUSED\"", "\"Maintenance\""),
                        resume -> assertThat(resume).contains("\"RESUMED\"", "\"Back\""));
    }

    /** Files that came after the person looked have another key. */
    @Test
    void anAnswerIsOfTheFilesThatWereLookedAt() {
        // Given
        answers.put("GET /api/runs?session=SPN01_CMH_0001_01_01", """
                [{"session":"lab/E1","pipeline":"checked","study":"SPN01","name":"SPN01_CMH_0001_01_01","state":"WAITING",
                  "code":"manual-step","reason":"It waits for a person","action":"Look","runKey":"k2"}]""");
        answers.put("POST /api/sessions/lab/E1/pipelines/checked/answer", "{}");

        // When
        Printed explained = asking("explain", "SPN01_CMH_0001_01_01");
        List<Integer> codes = List.of(
                asking("answer", "SPN01_CMH_0001_01_01", "checked", "accepted").code(),
                asking("answer", "SPN01_CMH_0001_01_01", "checked", "corrected").code(),
                asking("answer", "SPN01_CMH_0001_01_01", "checked", "accepted", "--of", "k1")
                        .code());

        // Then
        assertThat(explained.text()).contains("    key of these files: k2");
        assertThat(codes).containsExactly(2, 2, 0);
        assertThat(requests.stream().filter(request -> request.startsWith("POST")))
                .singleElement()
                .asString()
                .contains("\"ACCEPTED\"", "\"runKey\":\"k1\"");
    }

    @Test
    void aStepThatHasRunIsAskedAgainByTheKeyOfItsAnswer() {
        // Given
        answers.put("GET /api/sessions/lab/E1", """
                {"answers":[{"pipeline":"other","runKey":"k0"},{"pipeline":"dti","runKey":"k1"}]}""");
        answers.put("POST /api/sessions/lab/E1/pipelines/dti/answer", "{}");

        // When
        Printed again = asking("answer", "SPN01_CMH_0001_01_01", "dti", "reopened");
        Printed never = asking("answer", "SPN01_CMH_0001_01_01", "volume", "reopened");

        // Then
        assertThat(List.of(again.code(), never.code())).containsExactly(0, 2);
        assertThat(never.text()).contains("No answer to volume holds");
        assertThat(requests.stream().filter(request -> request.startsWith("POST")))
                .singleElement()
                .asString()
                .contains("\"REOPENED\"", "\"runKey\":\"k1\"");
    }

    @Test
    void failedRunsAreListedBeforeTheyAreRunAgain() {
        // Given
        answers.put(
                "GET /api/studies/SPN01/pipelines/dti/failed",
                "{\"until\":\"2026-11-05T09:00:00Z\",\"runs\":[{\"name\":\"SPN01_CMH_0001_01_01\",\"pipeline\":\"dti\",\"state\":\"FAILED\"}]}");
        answers.put("POST /api/studies/SPN01/pipelines/dti/retry-failed", "[{}]");

        // When
        Printed listed = asking("retry-failed", "SPN01", "dti");
        List<String> before = List.copyOf(requests);
        Printed asked = asking("retry-failed", "SPN01", "dti", "--yes");

        // Then
        assertThat(listed.code()).isEqualTo(1);
        assertThat(listed.text()).contains("SPN01_CMH_0001_01_01  dti  failed", "1 failed; with --yes");
        assertThat(before).noneMatch(request -> request.startsWith("POST"));
        assertThat(asked.code()).isZero();
        assertThat(requests).last().asString().endsWith("retry-failed {\"until\":\"2026-11-05T09:00:00Z\"}");
    }

    @Test
    void theEndOfTheLogsOfTheNewestRunIsPrinted() {
        // Given
        answers.put("GET /api/sessions/lab/E1", """
                {"runs":[{"pipeline":"volume","outputs":[{"role":"%1$s","path":"SPN01/other.txt"}]},
                         {"pipeline":"dti","outputs":[{"role":"%2$s","path":"SPN01/fa.nii"},{"role":"%1$s","path":"SPN01/a b.stderr.txt"}]},
                         {"pipeline":"dti","outputs":[{"role":"%1$s","path":"SPN01/older.txt"}]}]}""".formatted(FileRole.LOG.key(), FileRole.OUTPUT.key()));
        answers.put("GET /files/SPN01/a%20b.stderr.txt", "first\nsecond\nthird\n");

        // When
        Printed printed = asking("logs", "SPN01_CMH_0001_01_01", "dti", "-n", "2");

        // Then
        assertThat(printed.text().lines()).containsExactly("==> SPN01/a b.stderr.txt", "second", "third");
    }

    @Test
    void whatARunUnderWayWritesIsFollowedUntilItsEnd() {
        // Given a run that is started again and has ended by the fourth question, with a last line that was not shown
        // while it ran
        answers.put("GET /api/runs?session=SPN01_CMH_0001_01_01", RUNS.replace("FAILED", "RUNNING"));
        answers.put("GET /api/runs?session=lab%2FE1", RUNS);
        String log = "GET /api/runs/log?session=lab%2FE1&pipeline=dti";
        String running = """
                {"run":{"state":"RUNNING","attempt":%d},"log":{"runKey":"k","attempt":%d,"time":"2026-11-05T09:00:00Z",
                 "logs":[{"name":"stdout","size":%d,"end":"one\\u001b[2J\\ntwo\\n"}],"progress":{"percent":5.0,"words":"5%%"}}}""";
        answers.put(log, running.formatted(1, 1, 12));
        later.put(
                log,
                new ArrayDeque<>(List.of(
                        "{\"run\":{\"state\":\"QUEUED\",\"attempt\":2,\"reason\":\"the node was lost\"},\"log\":null}",
                        running.formatted(2, 2, 100),
                        "{\"run\":{\"state\":\"FAILED\",\"attempt\":2,\"reason\":\"exit code 7\"},\"log\":null}")));
        answers.put("GET /api/sessions/lab/E1", """
                {"runs":[{"pipeline":"dti","outputs":[{"role":"%s","path":"SPN01/attempt-2.stdout.txt"}]}]}""".formatted(FileRole.LOG.key()));
        answers.put("GET /files/SPN01/attempt-2.stdout.txt", "x".repeat(100) + "no memory\n");

        // When
        Printed printed = asking("logs", "SPN01_CMH_0001_01_01", "dti", "--follow");

        // Then
        assertThat(printed.text().lines())
                .containsExactly(
                        "==> stdout of attempt 1",
                        "one",
                        "two",
                        "==> queued: the node was lost",
                        "==> stdout of attempt 2",
                        "… 88 bytes are left out",
                        "one",
                        "two",
                        "no memory",
                        "==> failed: exit code 7");
        assertThat(printed.code()).isEqualTo(1);
    }

    @Test
    void numbersOfPipelinesAreJsonForScripts() throws IOException {
        // Given
        answers.put(
                "GET /api/studies/SPN01/pipelines",
                "[{\"name\":\"dti\",\"sessions\":{\"SUCCEEDED\":4},\"failed\":0,\"paused\":null}]");

        // When
        Printed json = asking("status", "SPN01", "--json");
        Printed text = asking("status", "SPN01");
        Printed unknown = asking("status", "NONE");

        // Then
        assertThat(EventJson.mapper()
                        .readTree(json.text())
                        .at("/0/sessions/SUCCEEDED")
                        .asInt())
                .isEqualTo(4);
        assertThat(text.text()).contains("succeeded 4, failed 0");
        assertThat(List.of(json.code(), text.code(), unknown.code())).containsExactly(0, 0, 2);
        assertThat(unknown.text()).contains("404");
    }

    @Test
    void aToolIsCopiedOnceAndNothingIsOverwrittenSilently() throws IOException {
        // Given
        Path script = folder.resolve("config/mrtrix3-dti/dti.sh");
        Printed first = run("add", "mrtrix3-dti", "--config", config());
        Printed second = run("add", "mrtrix3-dti", "--config", config());
        Files.writeString(script, "# mine\n");

        // When
        Printed differs = run("add", "mrtrix3-dti", "--config", config());
        String kept = Files.readString(script);
        Printed replaced = run("add", "mrtrix3-dti", "--config", config(), "--replace");

        // Then
        assertThat(first.text()).contains("4 file(s) copied", "Pipelines:\n  dti: {Descriptor: mrtrix3-dti/");
        assertThat(second.text()).containsPattern("has .* already");
        assertThat(differs.text()).contains("Nothing was copied", "dti.sh");
        assertThat(kept).isEqualTo("# mine\n");
        assertThat(script).hasSameTextualContentAs(ROOT.resolve("pipelines/catalogue/mrtrix3-dti/dti.sh"));
        assertThat(List.of(first.code(), second.code(), differs.code(), replaced.code()))
                .containsExactly(0, 0, 1, 0);
    }

    @Test
    void aToolIsCopiedWithTheFilesThatItShares() throws IOException {
        // Given
        Path copied = folder.resolve("config/fmriprep");

        // When
        Printed first = run("add", "fmriprep", "--config", config());
        Printed second = run("add", "fmriprep", "--config", config());

        // Then
        assertThat(first.code()).as(first.text()).isZero();
        assertThat(copied).isDirectoryContaining(file -> file.endsWith("fmriprep.json"));
        for (String shared : List.of("bids-app.sh", "numbers.py", "measures.awk")) {
            assertThat(copied.resolve(shared)).hasSameTextualContentAs(ROOT.resolve("pipelines/shared/" + shared));
        }
        assertThat(second.text()).containsPattern("has .* already");
    }

    @Test
    void withAToolThoseAreCopiedWhoseOutputsItsRuleUses() throws IOException {
        // Given
        JsonNode tools = EventJson.mapper()
                .readTree(run("list", "--json", "--config", config()).text());
        List<String> lacking = new ArrayList<>();

        // When
        for (JsonNode tool : tools) {
            Path config = Files.createDirectory(
                    folder.resolve("config-of-" + tool.path("name").asText()));
            String printed = run("add", tool.path("name").asText(), "--config", config.toString())
                    .text();
            Pattern.compile("Descriptor: ([^,\\s}]+)")
                    .matcher(printed)
                    .results()
                    .map(descriptor -> descriptor.group(1))
                    .filter(descriptor -> !Files.exists(config.resolve(descriptor)))
                    .forEach(lacking::add);
        }

        // Then
        assertThat(lacking).isEmpty();
    }

    /** A measures.awk of its own is not that of FreeSurfer's tables. */
    @Test
    void theOwnFileOfAToolComesBeforeTheSharedOne() throws IOException {
        // Given
        Path copied = folder.resolve("config/civet/measures.awk");

        // When
        Printed added = run("add", "civet", "--config", config());

        // Then
        assertThat(added.code()).as(added.text()).isZero();
        assertThat(copied).hasSameTextualContentAs(ROOT.resolve("pipelines/catalogue/civet/measures.awk"));
    }

    @Test
    void theLinesThatArePrintedForEachToolAreARule() throws IOException {
        // Given
        Printed list = run("list", "--json", "--config", config());
        JsonNode tools = EventJson.mapper().readTree(list.text());
        List<String> faulty = new ArrayList<>();

        // When
        for (JsonNode tool : tools) {
            String name = tool.path("name").asText();
            String rule = EventJson.mapper()
                    .readTree(run("add", name, "--config", config(), "--json").text())
                    .path("rule")
                    .asText();
            if (!rule.startsWith("Pipelines:\n  ") || !rule.contains(name + "/" + name + ".json")) {
                faulty.add(name + ": " + rule);
            }
        }

        // Then
        assertThat(tools).hasSizeGreaterThan(1);
        assertThat(faulty).isEmpty();
        assertThat(run("add", "no-such-tool", "--config", config()).code()).isEqualTo(2);
    }

    @Test
    void theToolsOfACatalogueNameTheStudiesThatUseThem() throws IOException {
        // Given
        Files.writeString(folder.resolve("config/SPN01.yml"), """
                StudyTag: SPN01
                XnatProjects: [SPN01]
                Sites: {CMH: {}}
                Tags: {DTI: {Pattern: {SeriesDescription: DTI}, QcType: dwi}}
                Pipelines:
                  tensor: {Descriptor: mrtrix3-dti/mrtrix3-dti.json, Inputs: {dwi: DTI, bval: DTI.bval, bvec: DTI.bvec}}
                """);

        // When
        Printed list = run("list", "--config", config());

        // Then
        assertThat(list.text().lines().filter(line -> line.startsWith("mrtrix3-dti")))
                .singleElement()
                .asString()
                .endsWith("used by SPN01/tensor");
    }

    @Test
    void theCommandsOfThePageOnOwnToolsAreThoseThatExistAndItsStudyFileHasNoFault() throws IOException {
        // Given
        String page = Files.readString(ROOT.resolve("docs/own-tool.md"));
        List<String[]> commands = page.lines()
                .filter(line -> line.startsWith("    ./datman "))
                .map(line -> line.strip().substring("./datman ".length()).split(" "))
                .toList();
        String study = page.substring(page.indexOf("StudyTag:"), page.indexOf("```", page.indexOf("StudyTag:")));
        Path file = Files.writeString(folder.resolve("SPN01.yml"), study);

        // When
        StudyConfigurations read = StudyConfigurations.loadFile(file);

        // Then
        assertThat(read.errors()).isEmpty();
        assertThat(commands).hasSizeGreaterThan(5).allSatisfy(command -> assertThatCode(
                        () -> DatmanCommand.commandLine(Map.of()).parseArgs(command))
                .doesNotThrowAnyException());
    }

    private String config() {
        return folder.resolve("config").toString();
    }

    private record Printed(int code, String text) {}

    private Printed asking(String... arguments) {
        List<String> all = new ArrayList<>(Arrays.asList(arguments));
        all.addAll(List.of(
                "--password-file",
                folder.resolve("password").toString(),
                "--url",
                "http://localhost:" + server.getAddress().getPort()));
        return run(all.toArray(String[]::new));
    }

    private Printed run(String... arguments) {
        StringWriter text = new StringWriter();
        CommandLine command = DatmanCommand.commandLine(Map.of());
        command.setOut(new PrintWriter(text, true));
        command.setErr(new PrintWriter(text, true));
        List<String> all = new ArrayList<>(List.of("pipeline"));
        all.addAll(Arrays.asList(arguments));
        all.addAll(List.of("--home", folder.toString(), "--checkout", ROOT.toString()));
        int code = command.execute(all.toArray(String[]::new));
        return new Printed(code, text.toString());
    }
}

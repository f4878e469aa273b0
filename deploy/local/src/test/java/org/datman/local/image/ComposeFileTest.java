package org.datman.local.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.datman.local.process.Heaps;
import org.datman.local.process.Supervisor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** What {@code deploy/compose/compose.yaml} says, without starting it; {@code ./datman test images} starts it. */
class ComposeFileTest {

    private static final Path ROOT = Path.of(System.getProperty("datman.root"));
    private static final Path FOLDER = ROOT.resolve("deploy/compose");
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Z_]+)");
    private static final Set<String> OF_OTHERS = Set.of("kafka", "postgres");

    static Stream<String> ours() {
        return Stream.concat(Supervisor.SERVICES.stream(), Stream.of("new-archive", "topics", "simulator"));
    }

    @Test
    void allServicesAreThere() throws Exception {
        // Given
        Set<String> expected = new TreeSet<>(OF_OTHERS);
        ours().forEach(expected::add);

        // When
        Set<String> services = services().keySet();

        // Then
        assertThat(services).containsExactlyInAnyOrderElementsOf(expected);
    }

    @ParameterizedTest
    @MethodSource("ours")
    void aContainerHasNoRightsThatItDoesNotNeed(String name) throws Exception {
        // Given / When
        Map<?, ?> service = (Map<?, ?>) services().get(name);

        // Then
        assertThat(service.get("read_only")).isEqualTo(true);
        assertThat(service.get("cap_drop")).isEqualTo(List.of("ALL"));
        assertThat(service.get("security_opt")).isEqualTo(List.of("no-new-privileges:true"));
        assertThat(service.get("privileged")).isNull();
        assertThat(service.get("user")).as("the user of the image").isNull();
        assertThat(service.get("restart")).isNotNull();
        assertThat(service.get("healthcheck")).isNotNull();
        assertThat(((Map<?, ?>) service.get("logging")).get("options").toString())
                .contains("max-size");
    }

    @Test
    void onlyWebhooksAndPagesArePublished() throws Exception {
        // Given
        Map<String, Object> services = services();

        // When
        List<String> publishing = services.keySet().stream()
                .filter(name -> ((Map<?, ?>) services.get(name)).get("ports") != null)
                .toList();

        // Then
        assertThat(publishing).containsExactlyInAnyOrder("ingest", "dashboard");
        assertThat(((Map<?, ?>) services.get("dashboard")).get("ports").toString())
                .contains("DATMAN_DASHBOARD_BIND:-127.0.0.1");
        assertThat(services.keySet())
                .filteredOn(name -> String.valueOf(((Map<?, ?>) services.get(name)).get("networks"))
                        .contains("outside"))
                .doesNotContain("kafka", "postgres", "tagging", "qc");
    }

    @Test
    void eachVariableIsInTheExampleAndTheOtherWayRound() throws Exception {
        // Given
        Set<String> used = matches(VARIABLE, read(FOLDER.resolve("compose.yaml")));
        used.add("COMPOSE_PROJECT_NAME");

        // When
        Set<String> listed = matches(Pattern.compile("(?m)^#?([A-Z_]+)="), read(FOLDER.resolve(".env.example")));

        // Then
        assertThat(listed).containsExactlyInAnyOrderElementsOf(used);
    }

    /** A name that no service reads would be set without effect. */
    @Test
    void eachSettingIsOneThatTheServicesKnow() throws Exception {
        // Given
        String known = read(ROOT.resolve("deploy/local/src/main/java/org/datman/local/process/Supervisor.java"))
                + read(ROOT.resolve("deploy/images/start.sh"))
                + read(ROOT.resolve("dashboard-service/src/main/resources/application.properties"))
                + read(ROOT.resolve("docs/operations.md")).split("\n## Container images")[0];

        // When
        Set<String> unknown = new TreeSet<>();
        Map<String, Object> services = services();
        for (String service : Supervisor.SERVICES) {
            Map<?, ?> environment = (Map<?, ?>) ((Map<?, ?>) services.get(service)).get("environment");
            environment.keySet().stream()
                    .map(String::valueOf)
                    .filter(name -> !known.contains(name) && !name.equals("JDK_JAVA_OPTIONS"))
                    .forEach(unknown::add);
        }

        // Then
        assertThat(unknown).isEmpty();
    }

    @Test
    void noSecretIsInTheFile() throws Exception {
        // Given
        String text = read(FOLDER.resolve("compose.yaml"));
        Map<?, ?> secrets = (Map<?, ?>) file().get("secrets");

        // When
        List<String> passwords = text.lines()
                .map(String::strip)
                .filter(line -> line.matches("[A-Z_]*(PASSWORD|SECRET|KEY|TOKEN)[A-Z_]*: .*"))
                .filter(line -> !line.contains("_FILE: /run/secrets/"))
                .toList();

        // Then
        assertThat(passwords).isEmpty();
        assertThat(secrets.values())
                .allSatisfy(secret -> assertThat(secret.toString()).contains("${DATMAN_SECRETS:-./secrets}/"));
        assertThat(read(FOLDER.resolve("secrets.sh")))
                .contains(secrets.keySet().stream().map(String::valueOf).toList());
    }

    @Test
    void heapsAreThoseOfTheSupervisor() throws Exception {
        // Given
        Map<String, String> heaps = Heaps.of(Supervisor.SERVICES, Map.of());

        // When
        String text = read(FOLDER.resolve("compose.yaml"));

        // Then
        List<String> options = new ArrayList<>();
        heaps.forEach((service, heap) -> options.add("-Xmx${" + Heaps.variable(service) + ":-" + heap + "}"));
        assertThat(text).contains(options);
    }

    private static Map<String, Object> services() throws IOException {
        Map<?, ?> services = (Map<?, ?>) file().get("services");
        return services.entrySet().stream()
                .collect(Collectors.toMap(entry -> entry.getKey().toString(), Map.Entry::getValue));
    }

    private static Map<?, ?> file() throws IOException {
        return new Yaml(new SafeConstructor(new LoaderOptions())).load(read(FOLDER.resolve("compose.yaml")));
    }

    private static Set<String> matches(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .map((MatchResult found) -> found.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String read(Path file) throws IOException {
        return Files.readString(file);
    }
}

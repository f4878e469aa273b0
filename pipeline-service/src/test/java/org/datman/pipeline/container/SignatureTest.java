package org.datman.pipeline.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.apache.commons.codec.digest.DigestUtils;
import org.datman.contracts.event.Reason;
import org.datman.contracts.study.AppliesTo;
import org.datman.contracts.study.PipelineRule;
import org.datman.contracts.study.PipelineRule.Container;
import org.datman.contracts.study.PipelineSchedule;
import org.datman.contracts.study.RequiredVerdict;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Signatures of images by the real cosign, in a real registry and without one. */
class SignatureTest {

    private static final Map<String, String> PASSWORD = Map.of("COSIGN_PASSWORD", "of-a-test");

    @TempDir
    static Path keys;

    private static @Nullable ImageRegistry registry;
    private static @Nullable PinnedImage signed;
    private static @Nullable PinnedImage unsigned;

    @TempDir
    Path home;

    private Containers containers;

    @BeforeAll
    static void aSignedImage() throws Exception {
        assumeThat(isInstalled())
                .as("cosign is not installed (go install github.com/sigstore/cosign/v2/cmd/cosign@v2.5.3)")
                .isTrue();
        assumeThat(PodmanStore.isInstalled()).as(PodmanStore.WORDS).isTrue();
        assumeThat(ImageRegistry.isInstalled()).as(ImageRegistry.WORDS).isTrue();
        registry = new ImageRegistry();
        try (PodmanStore podman = new PodmanStore()) {
            signed = PinnedImage.parse(registry.push(podman, "lab/signed"));
            unsigned = PinnedImage.parse(registry.push(podman, "lab/unsigned"));
        }
        for (String key : new String[] {"lab", "other"}) {
            cosign("generate-key-pair", "--output-key-prefix=" + keys.resolve(key));
        }
        cosign("sign", "--yes", "--key=" + keys.resolve("lab.key"), "--tlog-upload=false", signed.text());
    }

    @AfterAll
    static void stop() throws IOException {
        if (registry != null) {
            registry.close();
        }
    }

    @BeforeEach
    void aConfiguration() throws IOException {
        Files.createDirectories(home.resolve("keys"));
        for (String key : new String[] {"lab", "other"}) {
            Files.copy(keys.resolve(key + ".pub"), home.resolve("keys").resolve(key + ".pub"));
        }
        containers = new Containers(Container.NONE, home.resolve("images"), home, "cosign", Map.of());
    }

    @Test
    void anImageThatIsSignedWithTheKeyOfTheRuleMayRun() throws Exception {
        // When
        Throwable refusal = catchThrowableOfType(
                Throwable.class, () -> containers.check(rule(Container.PODMAN, "keys/lab.pub"), signed));

        // Then
        assertThat(refusal).isNull();
    }

    @Test
    void anImageThatIsSignedWithAnotherKeyMayNotRun() {
        // When
        Reason reason = refusal(rule(Container.PODMAN, "keys/other.pub"), signed);

        // Then
        assertThat(reason.code()).isEqualTo("image-signature");
        assertThat(reason.message())
                .contains("is not signed with the key keys/other.pub", "no matching signatures")
                .doesNotContain("WARNING");
    }

    @Test
    void anImageThatIsNotSignedMayNotRun() {
        // When
        Reason reason = refusal(rule(Container.PODMAN, "keys/lab.pub"), unsigned);

        // Then
        assertThat(reason.code()).isEqualTo("image-signature");
    }

    @Test
    void aKeyThatIsNotThereIsNamed() {
        // When
        Reason reason = refusal(rule(Container.PODMAN, "keys/gone.pub"), signed);

        // Then
        assertThat(reason.code()).isEqualTo("image-signature");
        assertThat(reason.message()).contains("The public key keys/gone.pub").endsWith("is missing");
    }

    @Test
    void aSignatureThatWasSavedIsCheckedWithoutARegistry() throws Exception {
        // Given an image of a registry that does not answer
        PinnedImage away = new PinnedImage("localhost:9/lab/signed", signed.digest());
        cosign("save", "--dir=" + home.resolve("images/sha256-" + signed.hex()), signed.text());

        // When
        Throwable refusal = catchThrowableOfType(
                Throwable.class, () -> containers.check(rule(Container.PODMAN, "keys/lab.pub"), away));

        // Then
        assertThat(refusal).isNull();
    }

    @Test
    void theSavedSignatureOfAnotherImageIsNone() throws Exception {
        // Given
        PinnedImage other = new PinnedImage("localhost:9/lab/signed", "sha256:" + "1".repeat(64));
        cosign("save", "--dir=" + home.resolve("images/sha256-" + other.hex()), signed.text());

        // When
        Reason reason = refusal(rule(Container.PODMAN, "keys/lab.pub"), other);

        // Then
        assertThat(reason.message()).contains("the signed image is another than " + other.digest());
    }

    @Test
    void aRegistryThatDoesNotAnswerSaysNothingAboutASignature() {
        // When
        var thrown = assertThatThrownBy(() -> containers.check(
                rule(Container.PODMAN, "keys/lab.pub"), new PinnedImage("localhost:9/lab/signed", signed.digest())));

        // Then
        thrown.isInstanceOf(IOException.class).hasMessageContaining("connection refused");
    }

    @Test
    void aFileForApptainerIsSignedBesideIt() throws Exception {
        // Given
        PinnedImage image = file("bytes of an image");
        Path file = home.resolve("images/tool.sif");
        cosign(
                "sign-blob",
                "--yes",
                "--key=" + keys.resolve("lab.key"),
                "--tlog-upload=false",
                "--output-signature=" + file + ".sig",
                file.toString());

        // When
        Throwable refusal = catchThrowableOfType(
                Throwable.class, () -> containers.check(rule(Container.APPTAINER, "keys/lab.pub"), image));

        // Then
        assertThat(refusal).isNull();
    }

    @Test
    void aFileForApptainerWithoutASignatureMayNotRun() throws Exception {
        // Given
        PinnedImage image = file("bytes of an image");

        // When
        Reason reason = refusal(rule(Container.APPTAINER, "keys/lab.pub"), image);

        // Then
        assertThat(reason.message()).endsWith("tool.sif.sig is missing");
    }

    private PinnedImage file(String bytes) throws IOException {
        Path file = Files.createDirectories(home.resolve("images")).resolve("tool.sif");
        Files.writeString(file, bytes);
        return new PinnedImage("tool.sif", "sha256:" + DigestUtils.sha256Hex(bytes));
    }

    private Reason refusal(PipelineRule rule, PinnedImage image) {
        ContainerException refused =
                catchThrowableOfType(ContainerException.class, () -> containers.check(rule, image));
        assertThat(refused).isNotNull();
        return refused.reason();
    }

    private static PipelineRule rule(Container container, String key) {
        return new PipelineRule(
                "signed",
                "tool.json",
                "",
                Map.of(),
                Map.of(),
                RequiredVerdict.ANY,
                false,
                false,
                null,
                AppliesTo.BOTH,
                null,
                container,
                key,
                Set.of(),
                "",
                PipelineSchedule.ALWAYS);
    }

    private static boolean isInstalled() throws InterruptedException {
        try {
            cosign("version");
            return true;
        } catch (IOException missing) {
            return false;
        }
    }

    private static void cosign(String... arguments) throws IOException, InterruptedException {
        String[] line = new String[arguments.length + 1];
        line[0] = "cosign";
        System.arraycopy(arguments, 0, line, 1, arguments.length);
        PodmanStore.run(PASSWORD, line);
    }
}

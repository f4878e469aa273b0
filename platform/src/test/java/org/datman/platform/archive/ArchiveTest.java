package org.datman.platform.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import org.datman.contracts.archive.ArchiveMark;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.SessionRef;
import org.datman.platform.event.OutageException;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import java.util.stream.Stream;

class ArchiveTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"../x", "a/../../x", "/etc/passwd", "", " ", ".", "a\\b", "a\0b"})
    void pathsThatLeaveTheArchiveAreRefused(String hostile) {
        // Given
        Archive archive = new Archive(folder);

        // When / Then
        assertThatThrownBy(() -> archive.resolve(hostile)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aWrittenFileIsWholeAndDescribedAndLeavesNothingBeside() throws Exception {
        // Given
        Archive archive = new Archive(folder);

        // When
        FileRef file = archive.write("log", "S/nii/x.txt", "abc".getBytes(StandardCharsets.UTF_8));

        // Then
        assertThat(file.sha256()).isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assertThat(file.path()).isEqualTo("S/nii/x.txt");
        assertThat(file.size()).isEqualTo(3);
        try (Stream<Path> list = Files.list(folder.resolve("S/nii"))) {
            assertThat(list).containsExactly(folder.resolve("S/nii/x.txt"));
        }
    }

    @Test
    void aServiceThatIsStartedWhileTheArchiveIsAwayMakesNoOtherOfTheEmptyMountPoint() throws Exception {
        // Given
        Archive archive = new Archive(folder, false);

        // When / Then
        assertThatThrownBy(() -> archive.write("log", "S/nii/y.txt", new byte[] {2}))
                .isInstanceOf(OutageException.class)
                .hasMessageContaining("is it mounted?");
        assertThat(folder).isEmptyDirectory();
        assertThat(archive.isThere()).isFalse();
        HealthCheckResponse health = new ArchiveHealth(archive).call();
        assertThat(health.getStatus()).isEqualTo(HealthCheckResponse.Status.DOWN);
        assertThat(health.getData().orElseThrow().get("folder").toString()).contains("is it mounted?");
    }

    @Test
    void filesOfAnArchiveThatIsAwayAreNotTakenForGone() {
        // Given
        Withdrawal withdrawal = new Withdrawal(new Archive(folder, false), Clock.systemUTC());
        List<String> paths = List.of("S/nii/y.txt");
        SessionRef session = new SessionRef("test", "A");
        Reason reason = new Reason("re-tagged", "It has another tag", "");

        // When / Then
        assertThatThrownBy(() -> withdrawal.withdraw(paths, session, "3", reason, UUID.randomUUID()))
                .isInstanceOf(OutageException.class)
                .hasMessageContaining("is it mounted?");
        assertThatThrownBy(() -> withdrawal.keep(List.of(), session, "3", reason, UUID.randomUUID()))
                .isInstanceOf(OutageException.class);
    }

    @Test
    void whoInstallsMakesTheArchive() throws Exception {
        // Given
        ArchiveMark.create(folder);
        Archive archive = new Archive(folder, false);

        // When
        archive.write("log", "S/nii/y.txt", new byte[] {2});

        // Then
        assertThat(folder.resolve("S/nii/y.txt")).hasBinaryContent(new byte[] {2});
        assertThat(archive.isThere()).isTrue();
    }

    @Test
    void anArchiveThatIsAwayIsAnOutageAndNothingIsWrittenIntoTheEmptyMountPoint() throws Exception {
        // Given
        Archive archive = new Archive(folder.resolve("mount"));
        archive.write("log", "S/nii/x.txt", new byte[] {1});
        Files.move(folder.resolve("mount"), folder.resolve("elsewhere"));
        Files.createDirectory(folder.resolve("mount"));

        // When / Then
        assertThatThrownBy(() -> archive.write("log", "S/nii/y.txt", new byte[] {2}))
                .isInstanceOf(OutageException.class)
                .hasMessageContaining("is it mounted?");
        try (Stream<Path> list = Files.list(folder.resolve("mount"))) {
            assertThat(list).isEmpty();
        }
    }
}

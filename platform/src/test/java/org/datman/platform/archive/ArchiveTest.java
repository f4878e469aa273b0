package org.datman.platform.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.datman.contracts.archive.ArchiveMark;
import org.datman.contracts.archive.Fixity;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.FileRole;
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.SessionRef;
import org.datman.platform.event.OutageException;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
        FileRef file = archive.write(FileRole.LOG, "S/nii/x.txt", "abc".getBytes(StandardCharsets.UTF_8));

        // Then
        assertThat(file.sha256()).isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assertThat(file.path()).isEqualTo("S/nii/x.txt");
        assertThat(file.size()).isEqualTo(3);
        try (Stream<Path> list = Files.list(folder.resolve("S/nii"))) {
            assertThat(list).containsExactly(folder.resolve("S/nii/x.txt"));
        }
    }

    @Test
    void aLinkIsTakenAsTheFileThatItLeadsTo() throws Exception {
        // Given: a tool that names one of its outputs twice
        Archive archive = new Archive(folder.resolve("archive"));
        Path scratch = Files.createDirectories(folder.resolve("scratch"));
        Files.writeString(scratch.resolve("a.txt"), "abc");
        Path link = Files.createSymbolicLink(scratch.resolve("latest.txt"), Path.of("a.txt"));

        // When
        FileRef taken = archive.store(FileRole.OUTPUT, link, "S/out/latest.txt");

        // Then
        assertThat(taken.size()).isEqualTo(3);
        assertThat(archive.verify(taken)).isEmpty();
        assertThat(scratch.resolve("a.txt")).exists();
    }

    @Test
    void aReadOnlyFileIsCopiedAsOneThatCanBeWrittenToDisk() throws Exception {
        // Given: tools make their outputs read-only, and only root can open such a copy for writing
        Archive archive = new Archive(folder.resolve("archive"));
        Path source = Files.writeString(folder.resolve("aseg.stats"), "abc");
        Files.setPosixFilePermissions(source, PosixFilePermissions.fromString("r--r--r--"));

        // When
        FileRef copy = archive.storeCopy(FileRole.OUTPUT, source, "S/out/aseg.stats");

        // Then
        assertThat(archive.verify(copy)).isEmpty();
        assertThat(Files.getPosixFilePermissions(archive.resolve(copy.path())))
                .contains(PosixFilePermission.OWNER_WRITE);
        assertThat(source).exists();
    }

    @Test
    void aServiceThatIsStartedWhileTheArchiveIsAwayMakesNoOtherOfTheEmptyMountPoint() throws Exception {
        // Given
        Archive archive = new Archive(folder, false);

        // When / Then
        assertThatThrownBy(() -> archive.write(FileRole.LOG, "S/nii/y.txt", new byte[] {2}))
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
        assertThatThrownBy(() -> withdrawal.preserve(List.of(), session, "3", reason, UUID.randomUUID()))
                .isInstanceOf(OutageException.class);
    }

    @Test
    void whoInstallsMakesTheArchive() throws Exception {
        // Given
        ArchiveMark.create(folder);
        Archive archive = new Archive(folder, false);

        // When
        archive.write(FileRole.LOG, "S/nii/y.txt", new byte[] {2});

        // Then
        assertThat(folder.resolve("S/nii/y.txt")).hasBinaryContent(new byte[] {2});
        assertThat(archive.isThere()).isTrue();
    }

    @Test
    void anArchiveThatIsAwayIsAnOutageAndNothingIsWrittenIntoTheEmptyMountPoint() throws Exception {
        // Given
        Archive archive = new Archive(folder.resolve("mount"));
        archive.write(FileRole.LOG, "S/nii/x.txt", new byte[] {1});
        Files.move(folder.resolve("mount"), folder.resolve("elsewhere"));
        Files.createDirectory(folder.resolve("mount"));

        // When / Then
        assertThatThrownBy(() -> archive.write(FileRole.LOG, "S/nii/y.txt", new byte[] {2}))
                .isInstanceOf(OutageException.class)
                .hasMessageContaining("is it mounted?");
        try (Stream<Path> list = Files.list(folder.resolve("mount"))) {
            assertThat(list).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"verify", "copy"})
    void aFileIsAsPublishedOnlyWithTheSameBytesUnderItsOwnName(String way) throws Exception {
        // Given a file, and others that replaced, shortened, linked to and removed what was published
        Archive archive = new Archive(folder);
        FileRef whole = archive.write(FileRole.NIFTI, "S/nii/whole.nii", new byte[] {1, 2, 3});
        FileRef other = archive.write(FileRole.NIFTI, "S/nii/other.nii", new byte[] {1, 2, 3});
        Files.write(archive.resolve(other.path()), new byte[] {1, 2, 4});
        FileRef cut = archive.write(FileRole.NIFTI, "S/nii/cut.nii", new byte[] {1, 2, 3});
        Files.write(archive.resolve(cut.path()), new byte[] {1, 2});
        FileRef linked = new FileRef(FileRole.NIFTI, "S/nii/linked.nii", whole.size(), whole.sha256());
        Files.createSymbolicLink(archive.resolve(linked.path()), archive.resolve(whole.path()));
        FileRef gone = new FileRef(FileRole.NIFTI, "S/nii/gone.nii", whole.size(), whole.sha256());
        FileRef directory = new FileRef(FileRole.NIFTI, "S/nii", whole.size(), whole.sha256());

        // When
        List<String> differences = new ArrayList<>();
        for (FileRef file : List.of(whole, other, cut, linked, gone, directory)) {
            Optional<Fixity.Difference> difference =
                    way.equals("verify") ? archive.verify(file) : archive.copy(file, folder.resolve("copied"));
            differences.add(difference
                    .map(one -> one.text() + (one.missing() ? ", so it is gone" : ""))
                    .orElse("as published"));
        }

        // Then
        assertThat(differences)
                .containsExactly(
                        "as published",
                        "has other content",
                        "has 2 bytes, not 3",
                        "is a link instead of a file",
                        "is missing, so it is gone",
                        "is missing, so it is gone");
    }

    @Test
    void noFileOfAnArchiveThatIsAwayIsMissing() {
        // Given
        Archive archive = new Archive(folder, false);
        FileRef file = new FileRef(FileRole.NIFTI, "S/nii/x.nii", 3, "0".repeat(64));

        // When / Then
        assertThatThrownBy(() -> archive.verify(file)).isInstanceOf(OutageException.class);
    }
}

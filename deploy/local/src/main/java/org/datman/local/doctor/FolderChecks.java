package org.datman.local.doctor;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.datman.contracts.archive.ArchiveMark;
import org.datman.contracts.study.StudyConfigurations;
import org.datman.local.InstallationFolder;

/** The folders of the installation: rights, free space, the archive, the study files. */
final class FolderChecks {

    private static final long GIB = 1L << 30;
    private static final long NEEDED_GIB = 5;
    private static final long WANTED_GIB = 50;
    private static final Set<PosixFilePermission> OWNER =
            Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE);

    private final InstallationFolder home;
    private final Path studies;

    FolderChecks(InstallationFolder home, Path studies) {
        this.home = home;
        this.studies = studies;
    }

    List<Diagnosis> look() throws IOException {
        List<Diagnosis> findings = new ArrayList<>();
        findings.add(state());
        findings.addAll(secrets());
        findings.add(archive());
        findings.add(space("disk of the state", existing(home.folder())));
        if (ArchiveMark.isThere(home.archive())) {
            findings.add(space("disk of the archive", home.archive()));
        }
        findings.addAll(studies());
        return findings;
    }

    private Diagnosis state() {
        Path folder = existing(home.folder());
        return Files.isWritable(folder)
                ? Diagnosis.ok("state", home.folder() + (Files.exists(home.folder()) ? "" : " will be created"))
                : Diagnosis.error(
                        "state",
                        folder + " cannot be written by this user",
                        "Run the command as the user of DATMAN, or choose another folder with DATMAN_HOME");
    }

    private List<Diagnosis> secrets() throws IOException {
        Path folder = home.folder().resolve("secrets");
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        if (!Files.isReadable(folder)) {
            return List.of(Diagnosis.warning(
                    "secrets", folder + " cannot be read by this user", "Run the command as the user of DATMAN"));
        }
        List<Diagnosis> findings = new ArrayList<>();
        int files = 0;
        try (Stream<Path> all = Files.list(folder)) {
            for (Path file : all.filter(Files::isRegularFile).sorted().toList()) {
                files++;
                Set<PosixFilePermission> rights = Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS);
                if (!OWNER.containsAll(rights)) {
                    findings.add(Diagnosis.error(
                            "secrets", file + " can be read or written by others", "chmod 600 " + file));
                }
            }
        }
        return findings.isEmpty() ? List.of(Diagnosis.ok("secrets", files + " files for their owner only")) : findings;
    }

    private Diagnosis archive() {
        Path archive = home.archive();
        if (!ArchiveMark.isThere(archive)) {
            return home.hadArchive()
                    ? Diagnosis.error("archive", ArchiveMark.away(archive), "Mount it")
                    : Diagnosis.ok("archive", archive + " will be created at the first start");
        }
        try {
            Path there = archive.resolve(".datman");
            Path file = Files.createTempFile(there, "doctor", ".part");
            Path renamed = file.resolveSibling(file.getFileName() + ".moved");
            Files.move(file, renamed);
            Files.delete(renamed);
            return Diagnosis.ok("archive", archive + " can be written");
        } catch (IOException e) {
            return Diagnosis.error(
                    "archive",
                    archive + " cannot be written: " + e.getMessage(),
                    "Mount it for writing, and give the user of DATMAN the right to write");
        }
    }

    private static Diagnosis space(String what, Path folder) throws IOException {
        FileStore store = Files.getFileStore(folder);
        long free = store.getUsableSpace() / GIB;
        String found = free + " GiB free of " + store.getTotalSpace() / GIB + " GiB (" + store.type() + ")";
        if (free < NEEDED_GIB) {
            return Diagnosis.error(
                    what, found, "Make room: exports fail when the disk is full, and go on when there is room");
        }
        return free < WANTED_GIB
                ? Diagnosis.warning(what, found, "Plan a larger disk: an archive only grows")
                : Diagnosis.ok(what, found);
    }

    private List<Diagnosis> studies() {
        if (!Files.isDirectory(studies)) {
            return List.of(Diagnosis.error(
                    "study files", "there is no folder " + studies, "Give a folder with ./datman up --config DIR"));
        }
        StudyConfigurations read = StudyConfigurations.load(studies);
        List<Diagnosis> findings = new ArrayList<>(read.errors().stream()
                .map(error -> Diagnosis.warning(
                        "study files", error.toString(), "Correct it; ./datman config check " + studies + " tells all"))
                .toList());
        if (read.valid().isEmpty()) {
            findings.add(Diagnosis.error(
                    "study files", studies + " has no valid study", "Write one: docs/study-configuration.md"));
        } else {
            findings.add(Diagnosis.ok(
                    "study files",
                    read.valid().size() + " valid in " + studies + ": "
                            + String.join(", ", read.valid().keySet())));
        }
        return findings;
    }

    private static Path existing(Path folder) {
        Path found = folder.toAbsolutePath();
        while (!Files.exists(found) && found.getParent() != null) {
            found = found.getParent();
        }
        return found;
    }
}

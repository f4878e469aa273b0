package org.datman.local.process;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The process that listens on a port, from the kernel's tables; on Linux only, and of other users' processes only for root. */
final class PortOwner {

    private static final String LISTENS = "0A";

    private PortOwner() {}

    /** The process as text, such as {@code process 4711 (nginx)}; empty when it cannot be known. */
    static Optional<String> of(int port) {
        try {
            Set<String> sockets = new HashSet<>();
            for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
                sockets.addAll(sockets(Path.of(table), port));
            }
            return sockets.isEmpty() ? Optional.empty() : holder(sockets);
        } catch (IOException | DirectoryIteratorException unknowable) {
            return Optional.empty();
        }
    }

    /** Columns of the table: number, local address:port, remote one, state, …; the tenth is the socket's inode. */
    private static Set<String> sockets(Path table, int port) throws IOException {
        Set<String> sockets = new HashSet<>();
        if (Files.isReadable(table)) {
            String ending = String.format(Locale.ROOT, ":%04X", port);
            for (String line : Files.readAllLines(table)) {
                String[] columns = line.strip().split("\\s+");
                if (columns.length > 9 && columns[1].endsWith(ending) && columns[3].equals(LISTENS)) {
                    sockets.add("socket:[" + columns[9] + "]");
                }
            }
        }
        return sockets;
    }

    private static Optional<String> holder(Set<String> sockets) throws IOException {
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                try (DirectoryStream<Path> open = Files.newDirectoryStream(process.resolve("fd"))) {
                    for (Path descriptor : open) {
                        if (sockets.contains(Files.readSymbolicLink(descriptor).toString())) {
                            return Optional.of("process " + process.getFileName() + " ("
                                    + Files.readString(process.resolve("comm")).strip() + ")");
                        }
                    }
                } catch (IOException | DirectoryIteratorException endedOrNotOurs) {
                    // Not readable: try the next.
                }
            }
        }
        return Optional.empty();
    }
}

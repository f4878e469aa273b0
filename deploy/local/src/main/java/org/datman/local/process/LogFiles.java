package org.datman.local.process;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/**
 * Keeps a folder of logs bounded. A full log is copied and truncated: its writer appends and so continues at the
 * new beginning, whether or not it is a child of ours; lines written between the two steps, some microseconds, may be lost.
 *
 * @param most bytes of one log before it is rotated
 * @param kept how many full ones of each are kept
 */
record LogFiles(Path folder, long most, int kept) {

    /** Rotates full logs. */
    void rotate() throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        List<Path> logs;
        try (Stream<Path> files = Files.list(folder)) {
            logs = files.filter(file -> file.toString().endsWith(".log")).toList();
        }
        for (Path log : logs) {
            if (Files.size(log) > most) {
                for (int n = kept - 1; n >= 1; n--) {
                    if (Files.exists(numbered(log, n))) {
                        Files.move(numbered(log, n), numbered(log, n + 1), StandardCopyOption.REPLACE_EXISTING);
                    }
                }
                Files.copy(log, numbered(log, 1), StandardCopyOption.REPLACE_EXISTING);
                FileChannel.open(log, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)
                        .close();
            }
        }
    }

    private static Path numbered(Path log, int n) {
        return log.resolveSibling(log.getFileName() + "." + n);
    }
}

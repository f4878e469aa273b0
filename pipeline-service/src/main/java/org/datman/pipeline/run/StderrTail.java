package org.datman.pipeline.run;

import com.google.re2j.Pattern;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The last lines of a tool's stderr, short and without local paths, for a published reason. */
final class StderrTail {

    private static final int TAIL = 8192;
    private static final int LINES = 3;
    private static final int LONGEST = 200;
    private static final Pattern FOLDERS = Pattern.compile("/(?:[^\\s/:'\"]+/)+");
    private static final Pattern CONTROL = Pattern.compile("\\x1b\\[[0-9;]*[A-Za-z]|\\p{Cc}");

    private StderrTail() {}

    /** The last non-empty lines of a log; empty text when there are none. */
    static String of(Path log) throws IOException {
        if (!Files.exists(log)) {
            return "";
        }
        try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
            long from = Math.max(0, file.length() - TAIL);
            byte[] bytes = new byte[(int) (file.length() - from)];
            file.seek(from);
            file.readFully(bytes);
            List<String> lines = new String(bytes, StandardCharsets.UTF_8)
                    .lines()
                    .map(StderrTail::clean)
                    .filter(line -> !line.isBlank())
                    .toList();
            return String.join(" / ", lines.subList(Math.max(0, lines.size() - LINES), lines.size()));
        }
    }

    private static String clean(String line) {
        String clean = CONTROL.matcher(line).replaceAll(" ").strip();
        clean = FOLDERS.matcher(clean).replaceAll("");
        return clean.length() <= LONGEST ? clean : clean.substring(0, LONGEST) + "…";
    }
}

package org.datman.pipeline.runner;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The size of stored logs. */
final class ToolLogs {

    /** Bytes of a log that are stored. */
    static final long LARGEST = 8L << 20;

    /** The last line of a log that was longer. */
    static final byte[] END = "\n[the rest is not stored]\n".getBytes(StandardCharsets.UTF_8);

    private ToolLogs() {}

    /** Cuts a log that somebody else wrote. */
    static void cut(Path log) throws IOException {
        if (Files.exists(log) && Files.size(log) > LARGEST) {
            try (FileChannel file = FileChannel.open(log, StandardOpenOption.WRITE)) {
                file.truncate(LARGEST);
                file.position(LARGEST);
                file.write(ByteBuffer.wrap(END));
            }
        }
    }
}

package org.datman.contracts.archive;

import com.google.re2j.Pattern;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.commons.codec.digest.DigestUtils;
import org.datman.contracts.event.SessionRef;

/**
 * The end of the logs of a run that is under way, which the pipeline service keeps in the archive for those who look: {@link #path}. The
 * file goes when the run has ended and its logs are in the archive.
 *
 * @param runKey of the run
 * @param attempt from 1
 * @param time when it was read
 * @param logs that have text, first what the tool printed, then its errors
 * @param progress what the tool says of its progress; empty where its descriptor does not say how it is read, or nothing was said yet
 */
public record RunningLog(String runKey, int attempt, Instant time, List<Part> logs, Optional<Progress> progress) {

    /** The most bytes of each log. */
    public static final int LONGEST = 16 << 10;

    private static final Pattern ESCAPES = Pattern.compile("\\x1b\\[[0-9;?]*[A-Za-z]");
    /** All but the ends of lines and tabulators. */
    private static final Pattern CONTROL = Pattern.compile("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x{9f}]");

    /** What was written over, as progress bars are on a terminal. */
    private static final Pattern OVERWRITTEN = Pattern.compile("[^\\n]*\\r([^\\r\\n])");

    public RunningLog {
        logs = List.copyOf(logs);
    }

    /**
     * The end of one log.
     *
     * @param name {@code stdout} or {@code stderr}
     * @param size of the whole log so far, in bytes
     * @param end its last bytes as the tool wrote them, as UTF-8
     */
    public record Part(String name, long size, String end) {

        /** The end for people. */
        public String text() {
            return plain(end);
        }

        /** How many bytes were written since the log had a size and are not kept. */
        public long leftOut(long seen) {
            return Math.max(0, size - seen - end.getBytes(StandardCharsets.UTF_8).length);
        }

        /**
         * What is new since the log had a size, for people; less where more was written than is kept.
         *
         * @param seen size that was seen last
         */
        public String since(long seen) {
            byte[] bytes = end.getBytes(StandardCharsets.UTF_8);
            int fresh = (int) Math.max(0, Math.min(bytes.length, size - seen));
            return plain(new String(bytes, bytes.length - fresh, fresh, StandardCharsets.UTF_8));
        }
    }

    /**
     * How far a tool is.
     *
     * @param percent from 0 to 100; empty where the tool does not say a number
     * @param words as the tool says it
     */
    public record Progress(Optional<Double> percent, String words) {}

    /** Where it is in the archive. The names of sessions and pipelines are no names of files. */
    public static String path(SessionRef session, String pipeline) {
        return ".datman/running/" + DigestUtils.sha256Hex(session.identity() + "\n" + pipeline) + ".json";
    }

    /** Text of a tool for people: without what would steer a terminal. */
    public static String plain(String text) {
        String lines = ESCAPES.matcher(text).replaceAll("").replace("\r\n", "\n");
        return CONTROL.matcher(OVERWRITTEN.matcher(lines).replaceAll("$1").replace('\r', '\n'))
                .replaceAll("");
    }
}

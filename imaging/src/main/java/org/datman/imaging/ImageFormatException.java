package org.datman.imaging;

import java.io.IOException;
import java.util.Objects;

/**
 * An image file that is not what it claims to be: truncated, corrupt, or of a kind DATMAN does not read.
 *
 * <p>The message states what is wrong, where (field and byte offset) and what that usually means. It never quotes free text
 * of the file, so it may be logged.
 */
public final class ImageFormatException extends IOException {

    /** The offset when no single byte is the cause. */
    public static final long UNKNOWN_OFFSET = -1;

    private final String where;
    private final long offset;

    /**
     * @param where the field or element that is wrong, for example {@code dim[1]} or {@code (0008,103E)}
     * @param offset byte offset in the (uncompressed) file, or {@link #UNKNOWN_OFFSET}
     * @param problem what is wrong there
     * @param meaning what it usually means and what to do
     */
    public ImageFormatException(String where, long offset, String problem, String meaning) {
        super(message(where, offset, problem, meaning));
        this.where = where;
        this.offset = offset;
    }

    public ImageFormatException(String where, long offset, String problem, String meaning, Throwable cause) {
        super(message(where, offset, problem, meaning), cause);
        this.where = where;
        this.offset = offset;
    }

    /** What is wrong, where, and what to do; never null, unlike that of other exceptions. */
    @Override
    public String getMessage() {
        return Objects.requireNonNullElse(super.getMessage(), "");
    }

    /** The field or element that is wrong. */
    public String where() {
        return where;
    }

    /** Byte offset in the (uncompressed) file, or {@link #UNKNOWN_OFFSET}. */
    public long offset() {
        return offset;
    }

    private static String message(String where, long offset, String problem, String meaning) {
        String at = offset == UNKNOWN_OFFSET ? "" : " at byte " + offset;
        return where + at + ": " + problem + " (" + meaning + ")";
    }
}

package org.datman.xnat;

import java.util.Collection;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.apache.commons.codec.digest.DigestUtils;

/** A listing as one digest. */
public final class FileListing {

    private FileListing() {}

    /**
     * The same for equal listings in any order: SHA-256, lower-case hex, over one line per file, sorted: path, size and MD5
     * with tabs between, values that XNAT omits left empty.
     */
    public static String fingerprint(Collection<XnatFile> files) {
        return DigestUtils.sha256Hex(
                files.stream().map(FileListing::line).sorted().collect(Collectors.joining()));
    }

    /** Bytes of all files whose size is known. */
    public static long byteCount(Collection<XnatFile> files) {
        return files.stream()
                .map(XnatFile::size)
                .filter(OptionalLong::isPresent)
                .mapToLong(OptionalLong::getAsLong)
                .sum();
    }

    private static String line(XnatFile file) {
        String size = file.size().isPresent() ? Long.toString(file.size().getAsLong()) : "";
        return file.path() + "\t" + size + "\t" + file.findMd5().orElse("") + "\n";
    }
}

package org.datman.export.convert;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.codec.digest.DigestUtils;

/**
 * Compresses deterministically, so that equal input produces equal bytes: no time and no name in the header, one fixed level. dcm2niix's own gzip
 * depends on which pigz is installed.
 */
final class Gzip {

    /** Noise compresses badly at any level; higher levels mainly cost time. */
    static final int LEVEL = 4;

    private static final int BUFFER = 1 << 16;

    private Gzip() {}

    /** Compresses a file; returns the SHA-256 of the compressed one in lower-case hex. */
    static String compress(Path source, Path target) throws IOException {
        MessageDigest digest = DigestUtils.getSha256Digest();
        try (InputStream in = Files.newInputStream(source);
                OutputStream file = Files.newOutputStream(target);
                OutputStream out = new Levelled(new DigestOutputStream(file, digest))) {
            byte[] buffer = new byte[BUFFER];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                out.write(buffer, 0, n);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static final class Levelled extends GZIPOutputStream {

        private Levelled(OutputStream out) throws IOException {
            super(out, BUFFER);
            def.setLevel(LEVEL);
        }
    }
}

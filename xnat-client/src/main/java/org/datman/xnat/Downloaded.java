package org.datman.xnat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.apache.commons.codec.digest.DigestUtils;

/** What was written, with the digests of all bytes as they came: lower-case hex. */
public record Downloaded(Path file, long size, String sha256, String md5) {

    /** Writes a body to a file and digests it on the way: no byte is read twice. */
    static Downloaded write(InputStream body, Path target) throws IOException {
        MessageDigest sha256 = DigestUtils.getSha256Digest();
        MessageDigest md5 = DigestUtils.getMd5Digest();
        long size = 0;
        byte[] buffer = new byte[1 << 16];
        try (OutputStream out = Files.newOutputStream(target)) {
            for (int n = body.read(buffer); n >= 0; n = body.read(buffer)) {
                sha256.update(buffer, 0, n);
                md5.update(buffer, 0, n);
                out.write(buffer, 0, n);
                size += n;
            }
        }
        HexFormat hex = HexFormat.of();
        return new Downloaded(target, size, hex.formatHex(sha256.digest()), hex.formatHex(md5.digest()));
    }
}

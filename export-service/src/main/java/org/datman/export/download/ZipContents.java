package org.datman.export.download;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;
import org.apache.commons.codec.digest.DigestUtils;
import org.datman.xnat.XnatFile;
import org.jspecify.annotations.Nullable;

/**
 * Extracts the listed files of a zip while it arrives, and digests them on the way: no byte is read twice. No name in the
 * zip ever becomes a path: each wanted file has a local name chosen by DATMAN, so a zip cannot write elsewhere.
 */
final class ZipContents {

    /** XNAT's default layout; the prefix depends on labels that change. */
    private static final Pattern ANCHOR = Pattern.compile("/resources/[^/]+/files/(.+)$");

    private static final int BUFFER = 1 << 16;

    private ZipContents() {}

    /**
     * What a zip contained.
     *
     * @param files those that match the listing, by path
     * @param remarks the problems
     * @param whole whether the zip could be read to its end
     */
    record Extracted(Map<String, VerifiedFile> files, List<String> remarks, boolean whole) {}

    /**
     * Extracts the wanted files of a zip.
     *
     * @param targets of all listed files
     * @param arrived paths of those that are not needed any more
     * @throws IOException when the transfer breaks, or the disk fails; a zip that is broken or ends early is no exception
     */
    static Extracted extract(InputStream zip, Map<XnatFile, Path> targets, Set<String> arrived) throws IOException {
        Map<String, XnatFile> byPath = new HashMap<>();
        targets.keySet().forEach(file -> byPath.put(file.path(), file));
        Map<String, VerifiedFile> found = new HashMap<>();
        List<String> remarks = new ArrayList<>();
        int strangers = 0;
        boolean whole = true;
        try {
            // Not closed: the stream is its owner's.
            ZipInputStream contents = new ZipInputStream(zip);
            for (ZipEntry entry = contents.getNextEntry(); entry != null; entry = contents.getNextEntry()) {
                XnatFile file = match(entry, byPath);
                if (file == null) {
                    strangers += entry.isDirectory() ? 0 : 1;
                } else if (!arrived.contains(file.path()) && !found.containsKey(file.path())) {
                    copy(file, contents, Objects.requireNonNull(targets.get(file)))
                            .ifPresent(verified -> found.put(file.path(), verified));
                }
            }
            // The directory at its end, so that the connection can be used again.
            zip.transferTo(OutputStream.nullOutputStream());
        } catch (ZipException | EOFException | IllegalArgumentException broken) {
            // Also for names that cannot be decoded. What was read before counts: each file is verified by itself.
            remarks.add("the zip was broken: " + broken.getMessage());
            whole = false;
        }
        if (strangers > 0) {
            remarks.add(strangers + " entries of the zip are not in the listing and were left out");
        }
        return new Extracted(found, remarks, whole);
    }

    private static @Nullable XnatFile match(ZipEntry entry, Map<String, XnatFile> byPath) {
        Matcher anchor = ANCHOR.matcher("/" + entry.getName());
        if (anchor.find()) {
            return byPath.get(anchor.group(1));
        }
        // Other layouts: the longest suffix of the name that is a listed path.
        String rest = entry.getName();
        while (true) {
            XnatFile file = byPath.get(rest);
            if (file != null) {
                return file;
            }
            int slash = rest.indexOf('/');
            if (slash < 0) {
                return null;
            }
            rest = rest.substring(slash + 1);
        }
    }

    /** Copies at most as many bytes as are listed; empty when the content does not match the listing. */
    static Optional<VerifiedFile> copy(XnatFile file, InputStream in, Path target) throws IOException {
        MessageDigest sha256 = DigestUtils.getSha256Digest();
        MessageDigest md5 = DigestUtils.getMd5Digest();
        long most = file.size().orElse(SeriesDownload.LARGEST_FILE);
        long size = 0;
        byte[] buffer = new byte[BUFFER];
        try (OutputStream out = Files.newOutputStream(target)) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                size += n;
                if (size > most) {
                    break;
                }
                sha256.update(buffer, 0, n);
                md5.update(buffer, 0, n);
                out.write(buffer, 0, n);
            }
        }
        HexFormat hex = HexFormat.of();
        Optional<VerifiedFile> verified =
                verify(file, target, size, hex.formatHex(sha256.digest()), hex.formatHex(md5.digest()));
        if (verified.isEmpty()) {
            Files.delete(target);
        }
        return verified;
    }

    /** Compares the received file with the listing. */
    static Optional<VerifiedFile> verify(XnatFile file, Path local, long size, String sha256, String md5) {
        boolean sizeAgrees = file.size().isEmpty()
                ? size <= SeriesDownload.LARGEST_FILE
                : file.size().getAsLong() == size;
        boolean md5Agrees =
                file.findMd5().map(expected -> expected.equalsIgnoreCase(md5)).orElse(true);
        return sizeAgrees && md5Agrees
                ? Optional.of(new VerifiedFile(
                        file.path(), local, size, sha256, md5, file.findMd5().isPresent()))
                : Optional.empty();
    }

    /** The differences of a file that fails verification, as text. */
    static List<String> differences(XnatFile file, long size, String md5) {
        List<String> differences = new ArrayList<>();
        if (file.size().isPresent() && file.size().getAsLong() != size) {
            differences.add(size + " bytes received, " + file.size().getAsLong() + " are listed");
        }
        if (file.findMd5().isPresent() && !file.findMd5().get().equalsIgnoreCase(md5)) {
            differences.add("its MD5 is " + md5 + ", " + file.findMd5().get() + " is listed");
        }
        return differences;
    }
}

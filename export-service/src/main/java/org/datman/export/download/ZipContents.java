package org.datman.export.download;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.apache.commons.codec.digest.DigestUtils;
import org.datman.xnat.XnatFile;

/**
 * Reads a downloaded zip through its central directory and extracts only listed files. No name in the
 * zip ever becomes a path: each wanted file has a local name chosen by DATMAN, so a zip cannot write elsewhere.
 */
final class ZipContents {

    /** XNAT's default layout; the prefix depends on labels that change. */
    private static final Pattern ANCHOR = Pattern.compile("/resources/[^/]+/files/(.+)$");

    private static final int BUFFER = 1 << 16;

    private ZipContents() {}

    /**
     * Extracts the wanted files of a zip.
     *
     * @param wanted by path in the resource, with the target of each
     * @param remarks receives the problems
     * @return those that match the listing, by path
     * @throws IOException when the zip as a whole cannot be read (no central directory: it is truncated), or the disk fails
     */
    static Map<String, VerifiedFile> extract(Path zip, Map<XnatFile, Path> wanted, List<String> remarks)
            throws IOException {
        Map<String, VerifiedFile> found = new HashMap<>();
        try (ZipFile contents = new ZipFile(zip.toFile())) {
            Map<String, XnatFile> byPath = new HashMap<>();
            wanted.keySet().forEach(file -> byPath.put(file.path(), file));
            int strangers = 0;
            for (ZipEntry entry : Collections.list(contents.entries())) {
                Optional<XnatFile> file = match(entry, byPath);
                if (entry.isDirectory()
                        || file.isPresent() && found.containsKey(file.get().path())) {
                    continue;
                }
                if (file.isEmpty()) {
                    strangers++;
                    continue;
                }
                try (InputStream in = contents.getInputStream(entry)) {
                    copy(file.get(), in, Objects.requireNonNull(wanted.get(file.get())))
                            .ifPresent(verified -> found.put(file.get().path(), verified));
                } catch (java.util.zip.ZipException broken) {
                    // The entry counts as missing and is fetched singly; disk errors are not ZipExceptions.
                    remarks.add("the zip's copy of a file was broken: " + broken.getMessage());
                }
            }
            if (strangers > 0) {
                remarks.add(strangers + " entries of the zip are not in the listing and were left out");
            }
        } catch (IllegalArgumentException namesAreNotUtf8) {
            throw new java.util.zip.ZipException("names in the zip cannot be decoded");
        }
        return found;
    }

    private static Optional<XnatFile> match(ZipEntry entry, Map<String, XnatFile> byPath) {
        Matcher anchor = ANCHOR.matcher("/" + entry.getName());
        if (anchor.find()) {
            return Optional.ofNullable(byPath.get(anchor.group(1)));
        }
        // Other layouts: the longest suffix of the name that is a listed path.
        String rest = entry.getName();
        while (true) {
            XnatFile file = byPath.get(rest);
            if (file != null) {
                return Optional.of(file);
            }
            int slash = rest.indexOf('/');
            if (slash < 0) {
                return Optional.empty();
            }
            rest = rest.substring(slash + 1);
        }
    }

    /** Copies at most as many bytes as are listed; empty when the content does not match the listing. */
    private static Optional<VerifiedFile> copy(XnatFile file, InputStream in, Path target) throws IOException {
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

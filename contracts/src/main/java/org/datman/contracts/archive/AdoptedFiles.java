package org.datman.contracts.archive;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/**
 * DICOM files of an earlier archive that need no download where XNAT lists the same size and MD5: per series, in which zip or folder each
 * is. The list of a series in one container is a file of the archive; the containers themselves are never changed.
 */
public final class AdoptedFiles {

    /** Folder of the lists, in the archive. */
    public static final String PATH = ".datman/adopted";

    private static final int NAME_OF_CONTAINER = 16;

    private AdoptedFiles() {}

    /**
     * One DICOM file.
     *
     * @param md5 in lower case
     * @param size in bytes
     * @param entry name of the zip's entry, or path in the folder
     */
    public record Located(Path container, String entry, String md5, long size) {}

    /**
     * Writes the list of one series in one container, in place of an earlier one.
     *
     * @param uid SeriesInstanceUID
     * @param container zip or folder, absolute
     */
    public static void write(Path archive, String uid, Path container, List<Located> files) throws IOException {
        Path list = folder(archive, uid).resolve(sha256(container.toString()).substring(0, NAME_OF_CONTAINER) + ".tsv");
        Files.createDirectories(list.getParent());
        Path part = list.resolveSibling(list.getFileName() + ".part");
        try (Writer out = Files.newBufferedWriter(part)) {
            out.write(encoded(container.toString()) + "\n");
            for (Located file : files) {
                out.write(
                        file.md5().toLowerCase(Locale.ROOT) + "\t" + file.size() + "\t" + encoded(file.entry()) + "\n");
            }
        }
        Files.move(part, list, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /**
     * All files of a series that were adopted; none is the usual case.
     *
     * @throws IOException when a list cannot be read or is damaged
     */
    public static List<Located> of(Path archive, String uid) throws IOException {
        List<Located> files = new ArrayList<>();
        try (DirectoryStream<Path> lists = Files.newDirectoryStream(folder(archive, uid), "*.tsv")) {
            for (Path list : lists) {
                read(list, files);
            }
        } catch (NoSuchFileException none) {
            return List.of();
        }
        return files;
    }

    private static void read(Path list, List<Located> files) throws IOException {
        try (BufferedReader lines = Files.newBufferedReader(list)) {
            String container = lines.readLine();
            if (container == null) {
                throw new IOException(list + " is empty; run 'datman adopt' again");
            }
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] fields = line.split("\t", -1);
                if (fields.length != 3) {
                    throw new IOException(list + " is damaged; run 'datman adopt' again");
                }
                files.add(new Located(
                        Path.of(decoded(container)), decoded(fields[2]), fields[0], Long.parseLong(fields[1])));
            }
        } catch (IllegalArgumentException damaged) {
            throw new IOException(list + " is damaged; run 'datman adopt' again", damaged);
        }
    }

    /** Named by a digest, because a UID of a DICOM file may be any text. */
    private static Path folder(Path archive, String uid) {
        String name = sha256(uid);
        return archive.resolve(PATH).resolve(name.substring(0, 2)).resolve(name);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }
}

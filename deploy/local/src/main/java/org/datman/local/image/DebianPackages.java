package org.datman.local.image;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/** The Debian packages that are installed in an image, from dpkg's list of them ({@code /var/lib/dpkg/status}, deb-control(5)). */
public final class DebianPackages {

    private static final String STATUS = "var/lib/dpkg/status";

    /**
     * An installed package.
     *
     * @param name its name
     * @param version its version, with epoch and revision
     * @param architecture as dpkg names it
     */
    public record DebianPackage(String name, String version, String architecture) {}

    private static final int TAR_HEADER = 512;

    private DebianPackages() {}

    /** Those of an image in the form of {@code docker save}; none where it has no dpkg. */
    public static List<DebianPackage> ofImage(Path tar) throws IOException {
        String status = "";
        try (TarArchiveInputStream image =
                new TarArchiveInputStream(new BufferedInputStream(Files.newInputStream(tar), 1 << 16))) {
            for (TarArchiveEntry entry = image.getNextEntry(); entry != null; entry = image.getNextEntry()) {
                // Not closed: the image around it is read further.
                BufferedInputStream layer = new BufferedInputStream(image, 1 << 16);
                if (entry.isFile() && isTar(layer)) {
                    status = status(layer, status);
                }
            }
        }
        return read(status);
    }

    /** Layers have other names with each version of Docker. */
    private static boolean isTar(BufferedInputStream file) throws IOException {
        file.mark(TAR_HEADER);
        byte[] header = file.readNBytes(TAR_HEADER);
        file.reset();
        return TarArchiveInputStream.matches(header, header.length);
    }

    private static String status(InputStream layer, String below) throws IOException {
        // Not closed: the image around it is read further.
        TarArchiveInputStream files = new TarArchiveInputStream(layer);
        String found = below;
        for (TarArchiveEntry entry = files.getNextEntry(); entry != null; entry = files.getNextEntry()) {
            if (entry.getName().replaceFirst("^\\./", "").equals(STATUS)) {
                found = new String(files.readAllBytes(), StandardCharsets.UTF_8);
            }
        }
        return found;
    }

    /** The installed ones of a list of dpkg. */
    static List<DebianPackage> read(String status) {
        List<DebianPackage> installed = new ArrayList<>();
        for (String paragraph : status.split("\n\n+")) {
            Map<String, String> fields = new HashMap<>();
            paragraph.lines().filter(line -> !line.startsWith(" ")).forEach(line -> {
                int colon = line.indexOf(':');
                if (colon > 0) {
                    fields.put(
                            line.substring(0, colon), line.substring(colon + 1).strip());
                }
            });
            if (fields.getOrDefault("Status", "").endsWith(" installed")) {
                installed.add(new DebianPackage(
                        fields.getOrDefault("Package", ""),
                        fields.getOrDefault("Version", ""),
                        fields.getOrDefault("Architecture", "")));
            }
        }
        return installed;
    }
}

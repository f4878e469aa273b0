package org.datman.export.series;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/** Real scans next to the checkout, with the output of Debian's dcm2niix. */
final class SharedData {

    private SharedData() {}

    /**
     * A row of a {@code reference.tsv}.
     *
     * @param archive tar.xz of the series
     * @param shape as {@code 64x64x30x3}
     * @param voxels SHA-256 of the uncompressed voxels
     */
    record Reference(String archive, String kind, String series, String shape, String voxels) {}

    static Path archive(String session, String archive) {
        Path folder = Path.of(System.getProperty("datman.shared-data", "none")).resolve(session);
        Assumptions.assumeTrue(Files.isDirectory(folder), "Skipped: the real scans are not here");
        return folder.resolve(archive + ".tar.xz");
    }

    static List<Reference> reference(String session, String archive) throws IOException {
        List<Reference> rows = new ArrayList<>();
        Path file = archive(session, archive).resolveSibling("reference.tsv");
        List<String> lines = Files.readAllLines(file);
        List<String> columns = List.of(lines.get(0).split("\t", -1));
        for (String line : lines.subList(1, lines.size())) {
            String[] cells = line.split("\t", -1);
            if (cells[columns.indexOf("archive")].equals(archive + ".tar.xz")) {
                rows.add(new Reference(
                        cells[columns.indexOf("archive")],
                        cells[columns.indexOf("kind")],
                        cells[columns.indexOf("series")],
                        cells[columns.indexOf("shape")],
                        cells[columns.indexOf("sha256_voxels")]));
            }
        }
        return rows;
    }
}

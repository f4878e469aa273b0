package org.datman.imaging.dicom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.datman.imaging.SharedData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Our reader against DCMTK's on real files of five vendors. By default a few files of each series; {@code -Ddatman.dcmdump=all} takes
 * all of them.
 */
class DcmdumpComparisonTest {

    private static final int FILES_PER_SERIES = 2;
    /** Larger archives take too long for every build to unpack. */
    private static final long LARGE_ARCHIVE_BYTES = 1_500_000;

    @TempDir
    Path dir;

    @Test
    void readsWhatDcmdumpReads() throws IOException {
        // Given
        assumeTrue(DcmdumpOracle.available(), "skipped: DCMTK's dcmdump is not installed");
        boolean all = "all".equals(System.getProperty("datman.dcmdump"));
        List<Path> files = new ArrayList<>();
        for (Path archive : SharedData.dicomArchives()) {
            if (all || few(archive) || Files.size(archive) < LARGE_ARCHIVE_BYTES) {
                files.addAll(some(SharedData.unpack(archive, dir), all || few(archive)));
            }
        }

        // When
        DcmdumpOracle.Result result = DcmdumpOracle.compare(files);

        // Then
        System.out.printf(
                "dcmdump comparison: %d files, %d elements, %d too large to keep, %d mismatches%n",
                result.files(), result.elements(), result.notKept(), result.mismatchCount());
        assertThat(result.mismatches()).isEmpty();
        assertThat(result.files()).isEqualTo(files.size());
    }

    /** Archives whose files differ from each other: transfer syntaxes, DICOMDIR, reports, raw data. */
    private static boolean few(Path archive) {
        String session = archive.getParent().getFileName().toString();
        return session.contains("transfer-syntaxes")
                || session.contains("philips-elition-enhanced")
                || session.contains("cimax");
    }

    private static List<Path> some(Path folder, boolean all) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .sorted()
                    .limit(all ? Long.MAX_VALUE : FILES_PER_SERIES)
                    .toList();
        }
    }
}

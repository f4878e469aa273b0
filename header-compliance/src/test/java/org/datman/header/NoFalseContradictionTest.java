package org.datman.header;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.datman.contracts.study.Severity;
import org.datman.imaging.dicom.DicomReader;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Real scans of five vendors: one DICOM of each series beside every sidecar that is made of it, by the converter at hand and by those of
 * the reference files. Skipped where the scans are absent.
 */
class NoFalseContradictionTest {

    @TempDir
    private static Path folder;

    private static Path scans;

    @BeforeAll
    static void scans() {
        String property = System.getProperty("datman.shared-data", "");
        scans = Path.of(property);
        assumeTrue(
                !property.isEmpty() && Files.isDirectory(scans),
                "skipped: no real scans, the system property datman.shared-data names no folder");
    }

    @Test
    void noHeaderOfARealScanContradictsItself() throws Exception {
        // Given
        List<Path> archives = files(scans, ".tar.xz");
        TreeSet<String> contradictions = new TreeSet<>();
        int compared = 0;

        // When
        for (Path archive : archives) {
            Path dicoms = unpacked(archive);
            List<Path> images = new ArrayList<>();
            for (Path file : files(dicoms, "")) {
                if (DicomReader.isDicom(file)) {
                    images.add(file);
                }
            }
            List<Path> sidecars = new ArrayList<>(references(archive));
            sidecars.addAll(converted(dicoms, archive));
            for (Path sidecar : sidecars) {
                ParameterRecord json = SidecarRecords.read(sidecar);
                for (Path image : ofSeries(images, sidecar)) {
                    compared++;
                    for (ParameterRecord.Conflict conflict :
                            json.merge(HeaderFiles.read(image)).conflicts()) {
                        if (conflict.field().severity() == Severity.FLAG
                                && conflict.field().compare() != Comparator.IMAGE_TYPE) {
                            contradictions.add(archive.getParent().getFileName() + " " + archive.getFileName() + " "
                                    + sidecar.getFileName() + " "
                                    + conflict.field().name() + ": "
                                    + conflict.statements());
                        }
                    }
                }
            }
            delete(dicoms);
        }

        // Then
        // The archive holds the first 15 repetitions; the converter divides their duration and gets less than one
        // excitation takes.
        assertThat(contradictions)
                .as(String.join("\n", contradictions))
                .allMatch(
                        text -> text.contains("202_SOURCE_pCASL_first15") && text.contains("RepetitionTime: [4393.1"));
        assertThat(compared).isGreaterThan(60);
    }

    /** The image that export keeps beside a sidecar: one of its series and echo. */
    private static List<Path> ofSeries(List<Path> images, Path sidecar) throws IOException {
        String number = SidecarJson.read(sidecar).root().path("SeriesNumber").asText();
        ParameterRecord json = SidecarRecords.read(sidecar);
        List<Path> first = List.of();
        for (Path image : images) {
            String own =
                    DicomReader.read(image).dataset().string("SeriesNumber").orElse("");
            if (!own.equals(number)) {
                continue;
            }
            first = first.isEmpty() ? List.of(image) : first;
            List<Double> echoes = HeaderFiles.read(image).numbers("EchoTime");
            if (json.numbers("EchoTime").stream()
                    .allMatch(time -> echoes.stream().anyMatch(other -> Math.abs(other - time) < 0.05))) {
                return List.of(image);
            }
        }
        return first;
    }

    /** Sidecars that the table of references names for this archive. */
    private static List<Path> references(Path archive) throws IOException {
        List<Path> found = new ArrayList<>();
        Path table = archive.resolveSibling("reference.tsv");
        if (!Files.exists(table)) {
            return found;
        }
        List<String> rows = Files.readAllLines(table);
        List<String> columns = List.of(rows.get(0).split("\t"));
        for (String row : rows.subList(1, rows.size())) {
            String[] cells = row.split("\t", -1);
            if (cells[0].equals(archive.getFileName().toString())) {
                String name = cells[columns.indexOf("repo_ref")].replaceFirst("\\.nii(\\.gz)?$", "");
                Path sidecar = archive.resolveSibling("ref").resolve(name + ".json");
                if (!name.isEmpty() && Files.isRegularFile(sidecar)) {
                    found.add(sidecar);
                }
            }
        }
        return found;
    }

    private static List<Path> converted(Path dicoms, Path archive) throws Exception {
        Path out = Files.createDirectories(
                folder.resolve("nifti").resolve(archive.getParent().getFileName() + "-" + archive.getFileName()));
        try {
            run("dcm2niix", "-b", "o", "-f", "%s_%d", "-o", out.toString(), dicoms.toString());
        } catch (IOException e) {
            // Without a converter at hand the references are what is compared.
            return List.of();
        }
        return files(out, ".json");
    }

    private static Path unpacked(Path archive) throws Exception {
        Path to = Files.createDirectories(
                folder.resolve("dicom").resolve(archive.getParent().getFileName() + "-" + archive.getFileName()));
        run("tar", "-xJf", archive.toString(), "-C", to.toString());
        return to;
    }

    private static void run(String... command) throws Exception {
        new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(new File("/dev/null"))
                .start()
                .waitFor();
    }

    private static List<Path> files(Path in, String ending) throws IOException {
        try (Stream<Path> all = Files.walk(in)) {
            return all.filter(Files::isRegularFile)
                    .filter(file -> file.toString().endsWith(ending))
                    .sorted()
                    .toList();
        }
    }

    private static void delete(Path tree) throws IOException {
        try (Stream<Path> all = Files.walk(tree)) {
            for (Path file : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}

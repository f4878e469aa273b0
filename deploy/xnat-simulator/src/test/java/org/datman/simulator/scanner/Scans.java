package org.datman.simulator.scanner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.datman.imaging.nifti.NiftiImage;

/** Shared by the scanner's tests: scenarios as text, and conversion by the real dcm2niix. */
final class Scans {
    static final String SCANNERS = """
            seed: 7
            date: 2026-11-02
            scanners:
              SIEMENS: {vendor: siemens, model: Prisma_fit, station: MRC1, serial: "1", software: syngo MR E11, institution: Lab, coil: HEA;HEP}
              GE: {vendor: ge, model: DISCOVERY MR750, station: ge1, serial: "2", software: '27\\LX\\MR Software release:DV26.0_R01_1725.a', institution: Lab, coil: 32Ch Head}
              PHILIPS: {vendor: philips, model: Ingenia Elition X, station: ph1, serial: "3", software: 5.7.1, institution: Lab, coil: MULTI COIL}
            sessions:
            """;

    /** One converted image. */
    record Converted(Path nifti, NiftiImage image, JsonNode sidecar) {
        double[] bvals() throws IOException {
            return rows(".bval").get(0);
        }

        List<double[]> bvecs() throws IOException {
            return rows(".bvec");
        }

        private List<double[]> rows(String ending) throws IOException {
            Path file = nifti.resolveSibling(nifti.getFileName().toString().replace(".nii", ending));
            return Files.readAllLines(file).stream()
                    .map(line -> Arrays.stream(line.trim().split("\\s+"))
                            .mapToDouble(Double::parseDouble)
                            .toArray())
                    .toList();
        }
    }

    private Scans() {}

    static String session(String scanner, String series, String more) {
        return "  - {label: DEMO_CMH_0001_01_01, project: DEMO, scanner: " + scanner + ", series: [" + series + "]"
                + more + "}\n";
    }

    static Scenario scenario(String scanner, String series, String more) {
        return ScenarioFile.parse("test.yaml", SCANNERS + session(scanner, series, more));
    }

    static ScanPlan generate(Path folder, String text) throws IOException {
        Path file = Files.createDirectories(folder).resolve("test.yaml");
        Files.writeString(file, text);
        return SyntheticScanner.generate(file, folder.resolve("out"));
    }

    static ScannedSession generate(Path folder, String scanner, String series, String more) throws IOException {
        return generate(folder, SCANNERS + session(scanner, series, more))
                .sessions()
                .get(0);
    }

    static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> walk = Files.walk(folder)) {
            return walk.filter(Files::isRegularFile).sorted().toList();
        }
    }

    static Path series(ScannedSession session, int number) throws IOException {
        try (Stream<Path> children = Files.list(session.folder())) {
            return children.filter(p -> p.getFileName().toString().startsWith(number + "-"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    /** Converts one series with dcm2niix; skips the test with a message where there is none. */
    static List<Converted> convert(Path series, Path out) throws Exception {
        Files.createDirectories(out);
        Process process;
        try {
            process = new ProcessBuilder("dcm2niix", "-z", "n", "-f", "%s_%d", "-o", out.toString(), series.toString())
                    .redirectErrorStream(true)
                    .start();
        } catch (IOException e) {
            assumeTrue(false, "dcm2niix is not installed, conversion is not tested: " + e.getMessage());
            throw e;
        }
        String log = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("dcm2niix ends").isTrue();
        assertThat(process.exitValue()).as(log).isZero();
        List<Converted> converted = new ArrayList<>();
        for (Path nifti : files(out)) {
            if (nifti.toString().endsWith(".nii")) {
                Path json = nifti.resolveSibling(nifti.getFileName().toString().replace(".nii", ".json"));
                converted.add(new Converted(
                        nifti, NiftiImage.read(nifti), new ObjectMapper().readTree(Files.readString(json))));
            }
        }
        return converted;
    }
}

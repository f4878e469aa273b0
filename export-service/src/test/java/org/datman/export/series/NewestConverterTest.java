package org.datman.export.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.FileRole;
import org.datman.contracts.event.SeriesExported;
import org.datman.contracts.event.SeriesExported.Outcome;
import org.datman.imaging.nifti.NiftiHeader;
import org.datman.imaging.nifti.NiftiReader;
import org.datman.simulator.archive.Scan;
import org.datman.simulator.archive.Session;
import org.datman.simulator.scanner.SyntheticScanner;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The converter of this machine (Debian's 1.0.20220720 is what most have) and the newest one from PyPI lead to the same exports.
 * Skipped with a message if Python, PyPI or the machine's own dcm2niix is missing.
 */
class NewestConverterTest {

    private static final String NEWEST = "dcm2niix==1.0.20260724";
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The values that pipelines and QC use. */
    private static final List<String> NUMBERS = List.of(
            "RepetitionTime",
            "EchoTime",
            "FlipAngle",
            "SliceTiming",
            "PhaseEncodingDirection",
            "EffectiveEchoSpacing",
            "TotalReadoutTime",
            "InversionTime",
            "MultibandAccelerationFactor",
            "SpacingBetweenSlices",
            "SliceThickness");

    private static final String SCENARIO = """
            seed: 7
            date: 2026-11-02
            scanners:
              SIEMENS: {vendor: siemens, model: Prisma_fit, station: MRC1, serial: "1", software: syngo MR E11, institution: Lab, coil: HEA;HEP}
              GE: {vendor: ge, model: DISCOVERY MR750, station: ge1, serial: "2", software: '27\\LX\\MR Software release:DV26.0_R01_1725.a', institution: Lab, coil: 32Ch Head}
              PHILIPS: {vendor: philips, model: Ingenia Elition X, station: ph1, serial: "3", software: 5.7.1, institution: Lab, coil: MULTI COIL}
            sessions:
              - {label: DEMO_CMH_0001_01_01, project: DEMO, scanner: VENDOR, series: [LOC, T1-SMALL, {protocol: RST, volumes: 3}, DTI-SMALL]}
            """;

    /** Fields of the exported sidecars by converter and by scanner and image, for the table of what differs. */
    private static final Map<String, Map<String, Map<String, String>>> SIDECARS = new TreeMap<>();

    @TempDir
    static Path shared;

    private static Path newest;

    @TempDir
    Path folder;

    @BeforeAll
    static void install() throws Exception {
        Path environment = shared.resolve("python");
        assumeTrue(
                succeeds(List.of("python3", "-m", "venv", environment.toString())),
                "skipped: no Python with venv here");
        assumeTrue(
                succeeds(List.of(
                        environment.resolve("bin/python").toString(),
                        "-m",
                        "pip",
                        "install",
                        "--quiet",
                        "--disable-pip-version-check",
                        NEWEST)),
                "skipped: " + NEWEST + " cannot be installed from PyPI here");
        newest = environment.resolve("bin/dcm2niix");
        assumeTrue(succeeds(List.of("sh", "-c", "command -v dcm2niix")), "skipped: no dcm2niix on this machine");
    }

    /** The whole difference, not only that of the values that pipelines and QC use. */
    @AfterAll
    static void printDifferences() {
        Map<String, Map<String, String>> own = SIDECARS.getOrDefault("own", Map.of());
        Map<String, Map<String, String>> other = SIDECARS.getOrDefault("newest", Map.of());
        Map<String, Integer> rows = new TreeMap<>();
        own.forEach((image, ours) -> {
            Map<String, String> theirs = other.getOrDefault(image, Map.of());
            TreeSet<String> fields = new TreeSet<>(ours.keySet());
            fields.addAll(theirs.keySet());
            fields.stream()
                    .filter(field ->
                            !rounded(ours.getOrDefault(field, "-")).equals(rounded(theirs.getOrDefault(field, "-"))))
                    .map(field -> String.join(
                            " | ",
                            ours.get("Manufacturer"),
                            field,
                            shortly(ours.get(field)),
                            shortly(theirs.get(field))))
                    .forEach(row -> rows.merge(row, 1, Integer::sum));
        });
        System.out.println("Sidecars of the machine's dcm2niix and of " + NEWEST + ", where they differ:");
        System.out.println("scanner | field | machine's | newest | images");
        rows.forEach((row, images) -> System.out.println(row + " | " + images));
    }

    private static String shortly(String value) {
        return value == null ? "-" : value.length() > 60 ? value.substring(0, 60) + "…" : value;
    }

    @ParameterizedTest
    @ValueSource(strings = {"SIEMENS", "GE", "PHILIPS"})
    void bothConvertersLeadToTheSameExports(String vendor) throws Exception {
        // Given
        Path scenario = folder.resolve("scenario.yaml");
        Files.writeString(scenario, SCENARIO.replace("VENDOR", vendor));
        Path scans = SyntheticScanner.generate(scenario, folder.resolve("scans"))
                .sessions()
                .get(0)
                .folder();
        Map<String, Map<String, String>> own = truths(scans, folder.resolve("own"), "dcm2niix");

        // When
        Map<String, Map<String, String>> other = truths(scans, folder.resolve("newest"), newest.toString());

        // Then
        assertThat(own).hasSizeGreaterThanOrEqualTo(4);
        onlyNewerOnesKnow(own, other, "SliceTiming");
        assertThat(other).isEqualTo(own);
    }

    @Test
    void bothConvertersReportTheSamePolarityOfEveryVolume() throws Exception {
        // Given
        BothPolaritiesTest.write(folder.resolve("dicom"));
        Map<String, Map<String, String>> own = truths(folder.resolve("dicom"), folder.resolve("own"), "dcm2niix");

        // When
        Map<String, Map<String, String>> other =
                truths(folder.resolve("dicom"), folder.resolve("newest"), newest.toString());

        // Then
        assertThat(own.values())
                .extracting(image -> image.get("PhaseEncodingDirection"))
                .containsExactlyInAnyOrder("j", "j-");
        assertThat(other).isEqualTo(own);
    }

    /** Slice times of GE's diffusion series are in newer versions only, and in no header: not to be compared then. */
    private static void onlyNewerOnesKnow(
            Map<String, Map<String, String>> own, Map<String, Map<String, String>> other, String key) {
        own.forEach((stem, image) -> {
            if (!image.containsKey(key) && other.containsKey(stem)) {
                other.get(stem).remove(key);
            }
        });
    }

    /** Shape, voxels, place, directions and numbers of each image, by its name. */
    private static Map<String, Map<String, String>> truths(Path scans, Path place, String converter)
            throws IOException {
        Map<String, Map<String, String>> truths = new TreeMap<>();
        try (ExportFixture fixture = new ExportFixture(place, converter, Duration.ofMinutes(5))) {
            Session session = fixture.load(scans);
            for (Scan scan : session.scans()) {
                SeriesExported exported = fixture.export(
                        fixture.tagged(session, scan, ExportFixture.tag("T1", scan.id(), "scan" + scan.id())));
                assertThat(exported.outcome())
                        .as("%s of scan %s: %s", converter, scan.id(), exported.reason())
                        .isEqualTo(Outcome.EXPORTED);
                Map<String, String> voxels = fixture.voxels(exported);
                for (SeriesExported.Product product : exported.products()) {
                    truths.put(product.stem(), image(fixture, product, voxels.get(product.stem())));
                    keepSidecar(fixture, product, place.getFileName().toString());
                }
            }
        }
        return truths;
    }

    private static void keepSidecar(ExportFixture fixture, SeriesExported.Product product, String converter)
            throws IOException {
        JsonNode sidecar = JSON.readTree(
                file(fixture, product, FileRole.SIDECAR).orElseThrow().toFile());
        Map<String, String> fields = new TreeMap<>();
        sidecar.properties()
                .forEach(field ->
                        fields.put(field.getKey(), field.getValue().toString().replaceAll("[\\[\\],\"]", " ")));
        SIDECARS.computeIfAbsent(converter, c -> new TreeMap<>())
                .put(sidecar.path("Manufacturer").asText() + " " + product.stem(), fields);
    }

    private static Map<String, String> image(ExportFixture fixture, SeriesExported.Product product, String voxels)
            throws IOException {
        Map<String, String> image = new TreeMap<>();
        image.put("dimensions", product.dimensions().toString());
        image.put("voxels", voxels);
        try (NiftiReader reader =
                NiftiReader.open(file(fixture, product, FileRole.NIFTI).orElseThrow())) {
            NiftiHeader header = reader.header();
            image.put(
                    "affine",
                    Arrays.stream(header.affine())
                            .flatMapToDouble(Arrays::stream)
                            .mapToObj(value -> String.valueOf(Math.round(value * 1e4)))
                            .collect(Collectors.joining(" ")));
        }
        for (FileRole role : List.of(FileRole.BVAL, FileRole.BVEC)) {
            Optional<Path> table = file(fixture, product, role);
            if (table.isPresent()) {
                image.put(role.key(), rounded(Files.readString(table.get())));
            }
        }
        JsonNode sidecar = JSON.readTree(
                file(fixture, product, FileRole.SIDECAR).orElseThrow().toFile());
        for (String key : NUMBERS) {
            if (sidecar.has(key)) {
                image.put(key, rounded(sidecar.get(key).toString().replaceAll("[\\[\\],\"]", " ")));
            }
        }
        return image;
    }

    /** Numbers to four decimal places: versions print more or fewer. */
    private static String rounded(String text) {
        return Arrays.stream(text.strip().split("\\s+"))
                .map(word -> word.matches("[-+]?\\d+(\\.\\d+)?(e[-+]?\\d+)?")
                        ? String.valueOf(Math.round(Double.parseDouble(word) * 1e4))
                        : word)
                .collect(Collectors.joining(" "));
    }

    private static Optional<Path> file(ExportFixture fixture, SeriesExported.Product product, FileRole role) {
        return product.file(role).map(FileRef::path).map(fixture.archive::resolve);
    }

    private static boolean succeeds(List<String> command) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!process.waitFor(180, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return false;
            }
            return process.exitValue() == 0;
        } catch (IOException notThere) {
            return false;
        }
    }
}

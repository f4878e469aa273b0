package org.datman.pipeline.boutiques;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.datman.pipeline.runner.JobRunner;
import org.datman.pipeline.runner.LocalRunner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The tools that DATMAN brings descriptors for. */
class CatalogueTest {

    private static final Path ROOT = Path.of(System.getProperty("datman.root"));
    private static final Path CATALOGUE = ROOT.resolve("pipelines/catalogue");

    /** Side of the image and radius of the body in it, in voxels. */
    private static final int SIDE = 20;

    private static final int RADIUS = 8;

    /** Eigenvalues of the tensor, mm2/s. */
    private static final double AXIAL = 1.7e-3;

    private static final double RADIAL = 0.3e-3;
    private static final int DIRECTIONS = 20;
    private static final double B_VALUE = 1000;

    @TempDir
    Path folder;

    static Stream<String> tools() throws IOException {
        try (Stream<Path> entries = Files.list(CATALOGUE)) {
            return entries.map(entry -> entry.getFileName().toString()).sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("tools")
    void aToolHasAFaultlessDescriptorAndAPage(String name) throws Exception {
        // Given
        Path entry = CATALOGUE.resolve(name);

        // When
        Descriptor descriptor = descriptor(name);

        // Then
        assertThat(descriptor.name()).isEqualTo(name);
        assertThat(descriptor.toolFiles())
                .allSatisfy(file -> assertThat(entry.resolve(file)).exists());
        assertThat(entry.resolve("README.md"))
                .content()
                .startsWith("# " + name + "\n")
                .contains(name + ".json");
    }

    /** A row of the table of what was tried: name, version, and what ran the tool itself, its own parser, a stand-in. */
    private record Row(String name, String version, List<String> tried) {}

    @Test
    void theTableSaysOfEachToolWhatWasRunAndByWhichTest() throws Exception {
        // Given
        Pattern row = Pattern.compile(
                "\\| \\[`([^`]+)`]\\(\\.\\./pipelines/catalogue/([^/]+)/README\\.md\\) \\| ([^|]+) \\| ([^|]+) \\| ([^|]+) \\| ([^|]+) \\|");

        // When
        List<Row> rows = Files.readAllLines(ROOT.resolve("docs/pipelines.md")).stream()
                .map(row::matcher)
                .filter(Matcher::matches)
                .map(match -> new Row(
                        match.group(1), match.group(3), List.of(match.group(4), match.group(5), match.group(6))))
                .toList();

        // Then
        assertThat(rows.stream().map(Row::name)).containsExactlyElementsOf(tools().toList());
        for (Row tool : rows) {
            assertThat(tool.version()).isEqualTo(descriptor(tool.name()).toolVersion());
            assertThat(tool.tried()).as(tool.name()).anyMatch(cell -> !cell.equals("no"));
            for (String cell : tool.tried()) {
                assertThat(cell.equals("no") || testMentions(cell, tool.name()))
                        .as("'%s' of %s is 'no' or begins with the test that runs it", cell, tool.name())
                        .isTrue();
            }
            assertThat(Files.readString(CATALOGUE.resolve(tool.name()).resolve("README.md"))
                            .contains("was not run"))
                    .as("the page of %s says whether the tool itself was run", tool.name())
                    .isEqualTo(tool.tried().get(0).equals("no"));
        }
    }

    /** Whether a cell begins with a test of this module, which names the tool. */
    private static boolean testMentions(String cell, String tool) throws IOException {
        Matcher test = Pattern.compile("`([A-Za-z0-9]+Test)`: .*").matcher(cell);
        if (!test.matches()) {
            return false;
        }
        try (Stream<Path> sources = Files.walk(ROOT.resolve("pipeline-service/src/test/java"))) {
            for (Path source : sources.filter(file -> file.endsWith(test.group(1) + ".java"))
                    .toList()) {
                return Files.readString(source).contains('"' + tool + '"');
            }
        }
        return false;
    }

    @Test
    void mrtrix3FindsTheTensorThatTheImageWasMadeOf() throws Exception {
        // Given
        assumeThat(Path.of("/usr/bin/dwi2tensor"))
                .as("MRtrix3 (Debian: mrtrix3) is not installed")
                .isExecutable();
        Files.createDirectories(folder.resolve("inputs"));
        double[][] directions = directions();
        Files.write(folder.resolve("inputs/s.nii"), image(directions));
        Files.writeString(folder.resolve("inputs/s.bval"), "0" + (" " + B_VALUE).repeat(DIRECTIONS));
        Files.writeString(folder.resolve("inputs/s.bvec"), bvec(directions));

        // When
        JobRunner.Ended end = run(
                "mrtrix3-dti",
                Map.of(
                        "dwi",
                        List.of("inputs/s.nii"),
                        "bval",
                        List.of("inputs/s.bval"),
                        "bvec",
                        List.of("inputs/s.bvec")));

        // Then
        assertThat(end.exitCode())
                .as(Files.readString(folder.resolve("stderr")))
                .isZero();
        Map<String, Double> measures = measures(folder.resolve("dti_measures.tsv"));
        double mean = (AXIAL + 2 * RADIAL) / 3;
        // Basser and Pierpaoli 1996, of a tensor with two equal eigenvalues
        double anisotropy = (AXIAL - RADIAL) / Math.sqrt(AXIAL * AXIAL + 2 * RADIAL * RADIAL);
        assertThat(measures.get("fractional_anisotropy_mean")).isCloseTo(anisotropy, within(0.002));
        assertThat(measures.get("mean_diffusivity_mean")).isCloseTo(mean, within(2e-6));
        assertThat(measures.get("axial_diffusivity_mean")).isCloseTo(AXIAL, within(5e-6));
        assertThat(measures.get("radial_diffusivity_mean")).isCloseTo(RADIAL, within(5e-6));
        double voxels = 4.0 / 3.0 * Math.PI * Math.pow(RADIUS, 3);
        assertThat(measures.get("mask_voxels")).isCloseTo(voxels, within(0.1 * voxels));
        for (Descriptor.OutputFile output : descriptor("mrtrix3-dti").outputs()) {
            assertThat(folder.resolve(output.paths().get(0).template().replace("[PREFIX]", "dti")))
                    .exists();
        }
    }

    private static Descriptor descriptor(String name) throws IOException, DescriptorException {
        return DescriptorReader.read(
                name, Files.readAllBytes(CATALOGUE.resolve(name).resolve(name + ".json")));
    }

    /** As an attempt does: the tool's files in {@code tool}, the inputs in {@code inputs}. */
    private JobRunner.Ended run(String name, Map<String, List<String>> files) throws Exception {
        Descriptor descriptor = descriptor(name);
        for (String file : descriptor.toolFiles()) {
            Files.createDirectories(folder.resolve("tool"));
            Files.copy(
                    CATALOGUE.resolve(name).resolve(file),
                    folder.resolve("tool").resolve(file));
        }
        List<String> command = CommandLine.of(descriptor, InputValues.of(descriptor, Map.of(), files), folder);
        JobRunner.Running running = new LocalRunner(List.of("PATH"))
                .start(new JobRunner.Command(
                        name,
                        folder,
                        command,
                        descriptor.environment(),
                        descriptor.resources(),
                        Duration.ofMinutes(5),
                        folder.resolve("stdout"),
                        folder.resolve("stderr")));
        return running.await(Duration.ofMinutes(5)).orElseThrow();
    }

    private static Map<String, Double> measures(Path tsv) throws IOException {
        Map<String, Double> measures = new HashMap<>();
        for (String line :
                Files.readAllLines(tsv).subList(1, Files.readAllLines(tsv).size())) {
            String[] fields = line.split("\t");
            measures.put(fields[0], Double.valueOf(fields[3]));
        }
        return new TreeMap<>(measures);
    }

    /** Spread over the sphere on a spiral. */
    private static double[][] directions() {
        double[][] directions = new double[DIRECTIONS][];
        for (int i = 0; i < DIRECTIONS; i++) {
            double z = 1 - (2.0 * i + 1) / DIRECTIONS;
            double angle = Math.PI * (1 + Math.sqrt(5)) * i;
            double r = Math.sqrt(1 - z * z);
            directions[i] = new double[] {r * Math.cos(angle), r * Math.sin(angle), z};
        }
        return directions;
    }

    private static String bvec(double[][] directions) {
        StringBuilder text = new StringBuilder();
        for (int axis = 0; axis < 3; axis++) {
            text.append('0');
            for (double[] direction : directions) {
                text.append(' ').append(direction[axis]);
            }
            text.append('\n');
        }
        return text.toString();
    }

    /** A ball whose signal is that of one tensor, its axis along x: one volume without and one for each direction. */
    private static byte[] image(double[][] directions) {
        int volumes = directions.length + 1;
        ByteBuffer image =
                ByteBuffer.allocate(352 + 4 * SIDE * SIDE * SIDE * volumes).order(ByteOrder.LITTLE_ENDIAN);
        image.putInt(0, 348);
        short[] shape = {4, SIDE, SIDE, SIDE, (short) volumes};
        for (int i = 0; i < shape.length; i++) {
            image.putShort(40 + 2 * i, shape[i]);
        }
        image.putShort(70, (short) 16);
        image.putShort(72, (short) 32);
        for (int axis = 0; axis < 3; axis++) {
            image.putFloat(80 + 4 * axis, 2);
            image.putFloat(280 + 16 * axis + 4 * axis, 2);
        }
        image.putFloat(92, 1);
        image.putFloat(108, 352);
        image.putShort(254, (short) 1);
        image.position(344);
        image.put(new byte[] {'n', '+', '1', 0});
        image.position(352);
        double centre = (SIDE - 1) / 2.0;
        for (int v = 0; v < volumes; v++) {
            double x = v == 0 ? 0 : directions[v - 1][0];
            double diffusivity = AXIAL * x * x + RADIAL * (1 - x * x);
            double signal = v == 0 ? 1000 : 1000 * Math.exp(-B_VALUE * diffusivity);
            for (int k = 0; k < SIDE; k++) {
                for (int j = 0; j < SIDE; j++) {
                    for (int i = 0; i < SIDE; i++) {
                        double distance = Math.pow(i - centre, 2) + Math.pow(j - centre, 2) + Math.pow(k - centre, 2);
                        image.putFloat((float) (distance <= RADIUS * RADIUS ? signal : 2));
                    }
                }
            }
        }
        return image.array();
    }
}

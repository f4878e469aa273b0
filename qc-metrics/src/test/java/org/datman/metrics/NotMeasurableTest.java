package org.datman.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.datman.analysis.testkit.Fixtures;
import org.datman.contracts.event.QcComplete.Level;
import org.datman.contracts.metric.QcKind;
import org.datman.imaging.nifti.NiftiWriter;
import org.datman.metrics.input.MeasureRequest;
import org.datman.synthetic.EpiSeries;
import org.datman.synthetic.Grid;
import org.datman.synthetic.Sphere;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What cannot be measured as its kind: never a PASS, always a reason, and a picture of what came. */
class NotMeasurableTest {

    private static final Grid GRID = Grid.axial(48, 48, 12, 4, 4, 4);

    private static final Grid FRUIT = Grid.axial(64, 64, 64, 2.5, 2.5, 2.5);

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({"1, fewer than 10 volumes", "2, fewer than 10 volumes", "5, fewer than 10 volumes"})
    void aStabilityRunThatWasStoppedAtOnce(int volumes, String reason) throws Exception {
        // Given
        EpiSeries made = EpiSeries.of(GRID, volumes).body(Sphere.fbirn()).seed(4);
        MeasureRequest request = MeasureRequest.of("run", QcKind.FBIRN, Fixtures.write(folder, "run.nii", made));

        // When
        Measured measured = Measurement.measure(request);

        // Then
        isReported(measured, reason);
    }

    static Stream<Arguments> images() {
        return Stream.of(
                Arguments.of("dti-phantom", "bar", "not round"),
                Arguments.of("anat", "fruit", "no brain"),
                Arguments.of("acr", "twelve", "not 11 slices"));
    }

    @ParameterizedTest
    @MethodSource("images")
    void anImageOfSomethingElse(String kind, String what, String reason) throws Exception {
        // Given
        MeasureRequest request = MeasureRequest.of(what, QcKind.of(kind), write(List.of(image(what))));

        // When
        Measured measured = Measurement.measure(request);

        // Then
        isReported(measured, reason);
    }

    static Stream<Arguments> empty() {
        return Measurement.kinds().stream()
                .flatMap(kind -> Stream.of(Arguments.of(kind, 1), Arguments.of(kind, 12)))
                .filter(a -> !List.of("anat", "acr", "adni").contains(a.get()[0]) || a.get()[1].equals(1));
    }

    @ParameterizedTest
    @MethodSource("empty")
    void anImageWithoutAnything(QcKind kind, int volumes) throws Exception {
        // Given
        List<float[]> zeros = IntStream.range(0, volumes)
                .mapToObj(t -> new float[GRID.voxels()])
                .toList();
        MeasureRequest request = MeasureRequest.of("empty", kind, write(zeros));

        // When
        Measured measured = Measurement.measure(request);

        // Then
        isReported(measured, kind == QcKind.OTHER ? "no object" : "empty");
    }

    @Test
    void aColourMap() throws Exception {
        // Given: green in the middle, else black
        Path file = write(List.of(new float[GRID.voxels()]));
        byte[] bytes = Arrays.copyOf(Files.readAllBytes(file), 352 + 3 * GRID.voxels());
        Arrays.fill(bytes, 352, bytes.length, (byte) 0);
        for (int v = 0; v < GRID.voxels(); v++) {
            boolean inside = Math.hypot(v % 48 - 24, v / 48 % 48 - 24) < 12;
            bytes[352 + 3 * v + 1] = (byte) (inside ? 200 : 0);
        }
        ByteBuffer.wrap(bytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putShort(70, (short) 128)
                .putShort(72, (short) 24);
        Files.write(file, bytes);

        // When
        Measured measured = Measurement.measure(MeasureRequest.of("map", QcKind.OTHER, file));

        // Then
        isReported(measured, "colour map");
        assertThat(measured.report().verdict().level()).isEqualTo(Level.ERROR);
        assertThat(measured.refusal()).hasMessageContaining("luminance");
    }

    private static void isReported(Measured measured, String reason) {
        assertThat(measured.report().verdict().level()).isIn(Level.WARN, Level.FLAG, Level.ERROR);
        assertThat(measured.report().verdict().reasons()).anyMatch(text -> text.contains(reason));
        assertThat(measured.pictures()).anyMatch(p -> p.fileName().equals("mosaic.png"));
    }

    private static float[] image(String what) {
        if (what.equals("fruit")) {
            return fruit();
        }
        SplittableRandom random = new SplittableRandom(1);
        float[] image = new float[GRID.voxels()];
        for (int v = 0; v < image.length; v++) {
            int i = v % 48 - 24;
            int j = v / 48 % 48 - 24;
            boolean inside =
                    switch (what) {
                        case "bar" -> Math.abs(i) < 20 && Math.abs(j) < 3;
                        default -> i * i + j * j < 300;
                    };
            double noise = Math.hypot(8 * random.nextGaussian(), 8 * random.nextGaussian());
            image[v] = (float) (inside ? 1000 + 8 * random.nextGaussian() : noise);
        }
        return image;
    }

    /** A ball of 90 mm with a brighter core. */
    private static float[] fruit() {
        SplittableRandom random = new SplittableRandom(1);
        float[] image = new float[FRUIT.voxels()];
        for (int v = 0; v < image.length; v++) {
            double r = Math.hypot(Math.hypot(v % 64 - 32, v / 64 % 64 - 32), v / 4096 - 32) * 2.5;
            double noise = Math.hypot(8 * random.nextGaussian(), 8 * random.nextGaussian());
            image[v] = (float) (r < 15 ? 900 + noise : r < 45 ? 600 + noise : noise);
        }
        return image;
    }

    private Path write(List<float[]> volumes) throws IOException {
        Path file = folder.resolve("image.nii");
        Grid grid = volumes.get(0).length == FRUIT.voxels() ? FRUIT : GRID;
        NiftiWriter.write(file, Fixtures.header(grid, volumes.size(), 2), volumes);
        Files.writeString(folder.resolve("image.json"), "{\"PhaseEncodingDirection\":\"j\"}");
        return file;
    }
}

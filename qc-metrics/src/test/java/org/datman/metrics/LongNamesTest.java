package org.datman.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.datman.analysis.testkit.Fixtures;
import org.datman.contracts.metric.QcKind;
import org.datman.metrics.input.MeasureRequest;
import org.datman.plots.picture.Picture;
import org.datman.plots.picture.Pixels;
import org.datman.synthetic.Dropout;
import org.datman.synthetic.DwiSeries;
import org.datman.synthetic.EpiSeries;
import org.datman.synthetic.Grid;
import org.datman.synthetic.Series;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A name of 200 characters overlaps no other text of a picture. */
class LongNamesTest {

    private static final String LONG =
            "STUDY01_CMH_0001_01_01_RST_07_" + "Resting-State-fMRI-".repeat(9).substring(0, 162) + "LAST-7-x";
    private static final Grid GRID = Grid.axial(48, 48, 12, 4, 4, 4);

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"bold", "dwi", "anat"})
    void noPictureHasItsVersionOverwritten(String kind) throws Exception {
        // Given
        List<Picture> shortNames = measure(kind, "A").pictures();

        // When
        List<Picture> longNames = measure(kind, LONG).pictures();

        // Then
        assertThat(LONG).hasSize(200);
        assertThat(longNames)
                .extracting(Picture::fileName)
                .containsExactlyElementsOf(
                        shortNames.stream().map(Picture::fileName).toList());
        for (int n = 0; n < longNames.size(); n++) {
            Picture picture = longNames.get(n);
            if (picture.fileName().endsWith(".svg")) {
                assertThat(texts(picture)).as(picture.fileName()).allMatch(text -> text.length() < 130);
            } else {
                stampIsTheSame(picture, Pixels.of(shortNames.get(n)), Pixels.of(picture));
            }
        }
    }

    /** The version is at the right end of one of the two lines of the header. */
    private static void stampIsTheSame(Picture picture, BufferedImage a, BufferedImage b) {
        assertThat(b.getWidth()).as(picture.fileName()).isEqualTo(a.getWidth());
        int width = Pixels.VERSION_WIDTH + 2;
        int stamped = ink(a, a.getWidth() - width, 3, width) > ink(a, a.getWidth() - width, 14, width) ? 3 : 14;
        assertThat(hash(b, a.getWidth() - width, stamped, width))
                .as("the version on " + picture.fileName())
                .isEqualTo(hash(a, a.getWidth() - width, stamped, width));
    }

    private static long hash(BufferedImage image, int x, int y, int width) {
        long hash = 7;
        for (int b = y; b < y + Pixels.TEXT_HEIGHT; b++) {
            for (int a = x; a < x + width; a++) {
                hash = 31 * hash + Pixels.rgb(image, a, b);
            }
        }
        return hash;
    }

    private static int ink(BufferedImage image, int x, int y, int width) {
        int paper = Pixels.rgb(image, image.getWidth() - 1, 0);
        int ink = 0;
        for (int b = y; b < y + Pixels.TEXT_HEIGHT; b++) {
            for (int a = x; a < x + width; a++) {
                ink += Pixels.rgb(image, a, b) == paper ? 0 : 1;
            }
        }
        return ink;
    }

    private static List<String> texts(Picture svg) {
        List<String> all = new ArrayList<>();
        Matcher text =
                Pattern.compile("<text[^>]*>([^<]*)</text>").matcher(new String(svg.bytes(), StandardCharsets.UTF_8));
        while (text.find()) {
            all.add(text.group(1));
        }
        return all;
    }

    private Measured measure(String kind, String name) throws Exception {
        Series made =
                switch (kind) {
                    case "bold" -> EpiSeries.of(GRID, 12).seed(3);
                    case "dwi" ->
                        DwiSeries.of(GRID)
                                .b0(2)
                                .shell(1000, 12)
                                .dropout(Dropout.whole(5, 5, 50))
                                .seed(3);
                    default -> EpiSeries.of(GRID, 1).seed(3);
                };
        Path file = Fixtures.write(folder, "run.nii", made);
        Path json = folder.resolve("run.json");
        Files.writeString(json, "{\"PhaseEncodingDirection\":\"j\",\"RepetitionTime\":2}");
        MeasureRequest request = MeasureRequest.of(name, QcKind.of(kind), file).withSidecar(json);
        if (made instanceof DwiSeries dwi) {
            request = request.withGradients(
                    Files.writeString(folder.resolve("run.bval"), row(dwi.bvals())),
                    Files.writeString(
                            folder.resolve("run.bvec"),
                            IntStream.range(0, 3)
                                    .mapToObj(c -> row(Arrays.stream(dwi.fslBvecs())
                                            .mapToDouble(g -> g[c])
                                            .toArray()))
                                    .collect(Collectors.joining("\n"))));
        }
        return Measurement.measure(request);
    }

    private static String row(double[] x) {
        return Arrays.stream(x).mapToObj(String::valueOf).collect(Collectors.joining(" "));
    }
}

package org.datman.metrics.anat;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.datman.analysis.testkit.Fixtures;
import org.datman.contracts.metric.QcKind;
import org.datman.metrics.Measurement;
import org.datman.metrics.input.MeasureRequest;
import org.datman.plots.report.Report;
import org.datman.synthetic.Anatomy;
import org.datman.synthetic.Grid;
import org.hipparchus.stat.correlation.SpearmansCorrelation;
import org.jtransforms.fft.FloatFFT_1D;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A head that moved while some of its phase-encoding lines were acquired (<a href="{@docRoot}/../docs/qc-specification.md#F73">F73</a>). */
class CorruptedLinesTest {

    private static final Grid T1 = Grid.axial(60, 72, 36, 3.6, 3.6, 4.4);
    private static final double SIGMA = 6;

    @TempDir
    private Path folder;

    @Test
    void theFurtherTheHeadMovedTheWorseTheScores() throws Exception {
        // Given: 15 % of the lines, in any order, acquired while the head was 0.8 to 8 mm further back; and 5 % of them
        // at
        // 8 mm
        float[] still = Anatomy.of(T1).sigma(0).noiseFree();
        List<Integer> order = new ArrayList<>();
        for (int line = 0; line < T1.ny(); line++) {
            order.add(line);
        }
        Collections.shuffle(order, new Random(73));
        List<Integer> many = order.subList(0, Math.round(0.15f * T1.ny()));
        List<Integer> few = order.subList(0, Math.round(0.05f * T1.ny()));
        double[] severity = new double[10];
        List<Report> reports = new ArrayList<>();

        // When
        for (int n = 0; n < 10; n++) {
            severity[n] = 0.8 * (n + 1);
            reports.add(measure(moved(still, many, severity[n] / T1.dy())));
        }

        // Then
        Report none = measure(moved(still, List.of(), 0));
        Report some = measure(moved(still, few, 8 / T1.dy()));
        for (String key : List.of("efc", "qi1", "bg_anisotropy", "sigma_ratio", "fber")) {
            double sign = key.equals("fber") ? -1 : 1;
            double[] score =
                    reports.stream().mapToDouble(r -> sign * r.value(key)).toArray();
            assertThat(new SpearmansCorrelation().correlation(severity, score))
                    .as(key)
                    .isGreaterThanOrEqualTo(0.9);
            assertThat(sign * some.value(key))
                    .as(key)
                    .isBetween(sign * none.value(key), score[9])
                    .isNotEqualTo(sign * none.value(key));
        }
        assertThat(none.value("qi1")).isZero();
        assertThat(reports.get(9).value("qi1")).isGreaterThan(0.05);
    }

    /** Lines along j of which some see the object {@code shift} voxels away; complex noise; magnitude. */
    private static float[] moved(float[] image, List<Integer> lines, double shift) {
        int n = T1.ny();
        FloatFFT_1D fft = new FloatFFT_1D(n);
        Random noise = new Random(7);
        float[] out = new float[image.length];
        float[] wave = new float[2 * n];
        for (int k = 0; k < T1.nz(); k++) {
            for (int i = 0; i < T1.nx(); i++) {
                for (int j = 0; j < n; j++) {
                    wave[2 * j] = image[T1.index(i, j, k)];
                    wave[2 * j + 1] = 0;
                }
                fft.complexForward(wave);
                for (int line : lines) {
                    int frequency = line < n / 2 ? line : line - n;
                    double angle = -2 * Math.PI * frequency * shift / n;
                    double re = wave[2 * line] * Math.cos(angle) - wave[2 * line + 1] * Math.sin(angle);
                    double im = wave[2 * line] * Math.sin(angle) + wave[2 * line + 1] * Math.cos(angle);
                    wave[2 * line] = (float) re;
                    wave[2 * line + 1] = (float) im;
                }
                fft.complexInverse(wave, true);
                for (int j = 0; j < n; j++) {
                    out[T1.index(i, j, k)] = (float) Math.hypot(
                            wave[2 * j] + SIGMA * noise.nextGaussian(), wave[2 * j + 1] + SIGMA * noise.nextGaussian());
                }
            }
        }
        return out;
    }

    private Report measure(float[] image) throws Exception {
        Path file = Fixtures.write(folder, "t1.nii", T1, image);
        Path json = folder.resolve("t1.json");
        Files.writeString(json, "{\"PhaseEncodingDirection\":\"j\",\"SliceEncodingDirection\":\"k\"}");
        return Measurement.measure(MeasureRequest.of("t1", QcKind.ANAT, file).withSidecar(json))
                .report();
    }
}

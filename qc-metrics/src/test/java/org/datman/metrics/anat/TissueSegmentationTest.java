package org.datman.metrics.anat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.datman.analysis.mask.BrainSurface;
import org.datman.analysis.mask.Masks;
import org.datman.analysis.testkit.Fixtures;
import org.datman.synthetic.Anatomy;
import org.datman.synthetic.Grid;
import org.datman.synthetic.Head;
import org.datman.synthetic.Tissue;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Grey and white matter of a head with known ground truth, under receive fields and noise (<a href="{@docRoot}/../docs/qc-specification.md#F71">F71</a>). */
class TissueSegmentationTest {

    private static final Grid T1 = Grid.axial(128, 144, 101, 1.7, 1.7, 1.7);
    private static final Head HEAD = Head.of(3);
    private static final double WHITE = 900;
    private static final int[] CLASSES = {0, 1, 2, 3};

    @ParameterizedTest(name = "noise {0}, field {1}")
    @CsvSource({
        // noise as a share of white matter, field, least Dice of grey and of white matter, tolerance of their shares
        "0.01, 0, 0.94, 0.97, 0.05",
        "0.01, 0.4, 0.94, 0.97, 0.05",
        "0.03, 0.2, 0.94, 0.97, 0.05",
        "0.05, 0.4, 0.93, 0.97, 0.06",
        "0.09, 0, 0.85, 0.95, 0.1",
        "0.09, 0.4, 0.85, 0.95, 0.1",
    })
    void greyAndWhiteMatterAreFound(double noise, double bias, double grey, double white, double tolerance) {
        // Given
        float[] image = Anatomy.of(T1)
                .body(HEAD)
                .sigma(noise * WHITE)
                .bias(bias)
                .seed(5)
                .volume();
        byte[] truth = truth();
        org.datman.analysis.image.Grid grid = Fixtures.grid(T1);
        BrainSurface surface = BrainSurface.of(Masks.head(grid, image), image);
        BrainBlocks blocks = BrainBlocks.of(grid, image, surface.mask());
        BiasField field = BiasField.of(blocks);

        // When
        TissueSegmentation tissue = TissueSegmentation.of(blocks, field);

        // Then
        byte[] found = onImage(blocks, tissue.labels());
        assertThat(dice(truth, found, 2)).as("grey").isGreaterThan(grey);
        assertThat(dice(truth, found, 3)).as("white").isGreaterThan(white);
        double[] shares = Arrays.stream(CLASSES)
                .mapToDouble(c -> count(truth, c))
                .map(n -> n / (truth.length - count(truth, 0)))
                .toArray();
        assertThat(tissue.fraction()[1]).isCloseTo(shares[2], within(tolerance));
        assertThat(tissue.fraction()[2]).isCloseTo(shares[3], within(tolerance));
        assertThat(tissue.mean()).isSorted();
        assertThat(tissue.mean()[1] / tissue.mean()[2]).isCloseTo(560.0 / 900, within(0.05));
        assertThat(tissue.confident()).isTrue();
    }

    private static long count(byte[] labels, int c) {
        long n = 0;
        for (byte l : labels) {
            n += l == c ? 1 : 0;
        }
        return n;
    }

    private static double dice(byte[] a, byte[] b, int c) {
        int both = 0;
        for (int v = 0; v < a.length; v++) {
            both += a[v] == c && b[v] == c ? 1 : 0;
        }
        return 2.0 * both / (count(a, c) + count(b, c));
    }

    /** Of the box' blocks, single voxels on this grid, to the whole image. */
    private static byte[] onImage(BrainBlocks blocks, byte[] labels) {
        assertThat(blocks.size()).containsOnly(1);
        byte[] out = new byte[T1.voxels()];
        org.datman.analysis.image.Grid box = blocks.grid();
        for (int v = 0; v < labels.length; v++) {
            if (labels[v] > 0) {
                int i = v % box.nx() + blocks.from()[0];
                int j = v / box.nx() % box.ny() + blocks.from()[1];
                int k = v / (box.nx() * box.ny()) + blocks.from()[2];
                out[T1.index(i, j, k)] = labels[v];
            }
        }
        return out;
    }

    /** The tissue that has most of each voxel of the brain: 1 CSF, 2 grey matter and nuclei, 3 white matter. */
    private static byte[] truth() {
        double[] m = T1.affine();
        double[] f = new double[Tissue.values().length];
        byte[] out = new byte[T1.voxels()];
        for (int v = 0; v < out.length; v++) {
            int i = v % T1.nx();
            int j = v / T1.nx() % T1.ny();
            int k = v / (T1.nx() * T1.ny());
            double[] p = new double[3];
            for (int r = 0; r < 3; r++) {
                p[r] = m[4 * r] * i + m[4 * r + 1] * j + m[4 * r + 2] * k + m[4 * r + 3];
            }
            if (HEAD.inBrain(p[0], p[1], p[2])) {
                HEAD.at(p[0], p[1], p[2], T1.dx() / 2, f);
                double csf = f[Tissue.CSF.ordinal()];
                double grey = f[Tissue.GREY.ordinal()] + f[Tissue.DEEP.ordinal()];
                double white = f[Tissue.WHITE.ordinal()];
                out[v] = (byte) (white >= grey && white >= csf ? 3 : grey >= csf ? 2 : 1);
            }
        }
        return out;
    }
}

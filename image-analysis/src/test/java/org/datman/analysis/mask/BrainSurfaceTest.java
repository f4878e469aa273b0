package org.datman.analysis.mask;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.datman.analysis.image.Grid;
import org.datman.analysis.image.Volume;
import org.datman.analysis.testkit.Fixtures;
import org.datman.synthetic.Anatomy;
import org.datman.synthetic.Contrast;
import org.datman.synthetic.Head;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The brain of heads with known ground truth. */
class BrainSurfaceTest {

    private static final org.datman.synthetic.Grid T1 = org.datman.synthetic.Grid.axial(64, 76, 62, 3, 3, 3);

    @ParameterizedTest
    @CsvSource({
        "1, T1, 8, 0, 0.95",
        "2, T1, 60, 0, 0.95",
        "3, T1, 8, 0.3, 0.95",
        "4, T2, 8, 0, 0.9",
    })
    void theBrainIsFound(long person, Contrast contrast, double sigma, double bias, double wanted) {
        // Given
        Anatomy made = Anatomy.of(T1)
                .body(Head.of(person))
                .contrast(contrast)
                .sigma(sigma)
                .bias(bias)
                .seed(person);
        float[] image = made.volume();

        // When
        BrainSurface brain = BrainSurface.of(Masks.head(Fixtures.grid(T1), image), image);

        // Then
        assertThat(dice(brain.mask().in(), made.brainMask())).isGreaterThan(wanted);
        assertThat(brain.open()).isLessThan(0.05);
    }

    @Test
    void theOrderOfTheAxesDoesNotMatter() {
        // Given: the same image, stored from front to back, head to foot, right to left
        Anatomy made = Anatomy.of(T1).seed(5);
        Volume plain = new Volume(Fixtures.grid(T1), made.volume());
        Volume turned = turned(plain);

        // When
        BrainSurface brain = BrainSurface.of(Masks.head(turned.grid(), turned.data()), turned.data());

        // Then
        Mask straight = BrainSurface.of(Masks.head(plain.grid(), plain.data()), plain.data())
                .mask();
        float[] share = new float[plain.data().length];
        for (int v = 0; v < share.length; v++) {
            share[v] = straight.in()[v] ? 1 : 0;
        }
        float[] expected = turned(new Volume(plain.grid(), share)).data();
        boolean[] in = new boolean[expected.length];
        for (int v = 0; v < in.length; v++) {
            in[v] = expected[v] > 0;
        }
        assertThat(dice(brain.mask().in(), in)).isGreaterThan(0.98);
    }

    @Test
    void anImageOfNothingHasNoBrain() {
        // Given
        Grid grid = Grid.ras(20, 20, 20, 3, 3, 3);
        float[] flat = new float[grid.size()];
        Arrays.fill(flat, 7);

        // When
        BrainSurface brain = BrainSurface.of(Masks.head(grid, flat), flat);

        // Then
        assertThat(brain.mask().count()).isZero();
        assertThat(brain.open()).isNaN();
    }

    /** File axes A to P, S to I, R to L. */
    private static Volume turned(Volume ras) {
        Grid g = ras.grid();
        Grid t = new Grid(g.ny(), g.nz(), g.nx(), g.dy(), g.dz(), g.dx(), new double[] {
            0, 0, -g.dx(), 0, -g.dy(), 0, 0, 0, 0, -g.dz(), 0, 0,
        });
        float[] out = new float[g.size()];
        for (int k = 0; k < g.nz(); k++) {
            for (int j = 0; j < g.ny(); j++) {
                for (int i = 0; i < g.nx(); i++) {
                    out[t.index(g.ny() - 1 - j, g.nz() - 1 - k, g.nx() - 1 - i)] = ras.data()[g.index(i, j, k)];
                }
            }
        }
        return new Volume(t, out);
    }

    private static double dice(boolean[] a, boolean[] b) {
        int both = 0;
        int sum = 0;
        for (int v = 0; v < a.length; v++) {
            both += a[v] && b[v] ? 1 : 0;
            sum += (a[v] ? 1 : 0) + (b[v] ? 1 : 0);
        }
        return 2.0 * both / sum;
    }
}

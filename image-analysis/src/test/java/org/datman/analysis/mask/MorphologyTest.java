package org.datman.analysis.mask;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.stream.Stream;
import org.datman.analysis.image.BlockGrid;
import org.datman.analysis.image.Grid;
import org.datman.analysis.mask.Morphology.Neighbours;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The fast ways give what the plain definitions give, on sets of all sizes, thin grids and at the faces. */
class MorphologyTest {

    static Stream<Mask> sets() {
        Random random = new Random(7);
        Stream.Builder<Mask> all = Stream.builder();
        int[][] sizes = {{9, 7, 5}, {12, 1, 6}, {1, 8, 8}, {6, 9, 1}, {2, 2, 2}, {1, 1, 1}, {17, 13, 11}};
        for (int[] n : sizes) {
            for (double share : new double[] {0, 0.03, 0.4, 0.8, 1}) {
                Grid grid = Grid.ras(n[0], n[1], n[2], 1.1, 2, 3.3);
                boolean[] in = new boolean[grid.size()];
                for (int v = 0; v < in.length; v++) {
                    in[v] = random.nextDouble() < share;
                }
                all.add(new Mask(grid, in, "set"));
            }
        }
        return all.build();
    }

    @ParameterizedTest
    @MethodSource("sets")
    void dilationByFacesTakesEveryVoxelWithANeighbour(Mask set) {
        // Given
        boolean[] right =
                Morphology.atLeast(set, Neighbours.FACES_6, 1, true, false).in();

        // When
        Mask dilated = Morphology.dilate(set, Neighbours.FACES_6, 1);

        // Then
        assertThat(dilated.in()).isEqualTo(right);
    }

    @ParameterizedTest
    @MethodSource("sets")
    void erosionByFacesKeepsWhatHasAllNeighbours(Mask set) {
        // Given
        boolean[] right =
                Morphology.atLeast(set, Neighbours.FACES_6, 6, false, true).in();

        // When
        Mask eroded = Morphology.erode(set, Neighbours.FACES_6, 1);

        // Then
        assertThat(eroded.in()).isEqualTo(right);
    }

    @ParameterizedTest
    @MethodSource("sets")
    void holesAreWhatNoWayAlongFacesLeadsTo(Mask set) {
        // Given: what is not in the set and joined to the faces of the grid, of axes that have more than one voxel
        Grid g = set.grid();
        int[] label = Morphology.components(set.not("outside"), Neighbours.FACES_6);
        boolean[] reached = new boolean[set.count() + label.length + 1];
        for (int v = 0; v < label.length; v++) {
            for (int axis = 0; axis < 3; axis++) {
                int at = v / g.stride(axis) % g.dim(axis);
                reached[label[v]] |= g.dim(axis) > 1 && (at == 0 || at == g.dim(axis) - 1);
            }
        }

        // When
        Mask filled = Morphology.fillHoles(set);

        // Then
        for (int v = 0; v < label.length; v++) {
            assertThat(filled.in()[v]).isEqualTo(set.in()[v] || !reached[label[v]]);
        }
    }

    @ParameterizedTest
    @MethodSource("sets")
    void theLargestComponentIsTheFirstOfTheLargest(Mask set) {
        for (Neighbours neighbours : Neighbours.values()) {
            // Given
            int[] label = Morphology.components(set, neighbours);
            int best = 0;
            int size = 0;
            for (int l = 1; l <= set.count(); l++) {
                int n = 0;
                for (int at : label) {
                    n += at == l ? 1 : 0;
                }
                if (n > size) {
                    best = l;
                    size = n;
                }
            }

            // When
            Mask largest = Morphology.largest(set, neighbours);

            // Then
            for (int v = 0; v < label.length; v++) {
                assertThat(largest.in()[v]).isEqualTo(best > 0 && label[v] == best);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("sets")
    void dilationInMillimetresTakesWhatIsNearEnough(Mask set) {
        for (double mm : new double[] {1, 2.3, 4}) {
            // Given
            boolean[] right = near(set.grid(), set.in(), mm);

            // When
            Mask dilated = Morphology.dilateMm(set, mm);

            // Then
            assertThat(dilated.in()).isEqualTo(right);
        }
    }

    @ParameterizedTest
    @MethodSource("sets")
    void erosionInMillimetresKeepsWhatIsFarFromAllOutside(Mask set) {
        for (double mm : new double[] {1, 2.3, 4}) {
            // Given
            boolean[] outside = near(set.grid(), set.not("outside").in(), mm);

            // When
            Mask eroded = Morphology.erodeMm(set, mm);

            // Then
            for (int v = 0; v < outside.length; v++) {
                assertThat(eroded.in()[v]).isEqualTo(set.in()[v] && !outside[v]);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("sets")
    void aBlocksShareOfASetIsTheMeanOfOnesAndZeros(Mask set) {
        // Given
        float[] ones = new float[set.in().length];
        for (int v = 0; v < ones.length; v++) {
            ones[v] = set.in()[v] ? 1 : 0;
        }
        BlockGrid coarse = BlockGrid.of(set.grid(), 4);

        // When
        float[] share = coarse.shrink(set.in());

        // Then
        assertThat(share).isEqualTo(coarse.shrink(ones));
    }

    private static boolean[] near(Grid g, boolean[] in, double mm) {
        boolean[] near = new boolean[in.length];
        for (int v = 0; v < in.length; v++) {
            for (int w = 0; w < in.length; w++) {
                double x = (v % g.nx() - w % g.nx()) * g.dx();
                double y = (v / g.nx() % g.ny() - w / g.nx() % g.ny()) * g.dy();
                double z = (v / (g.nx() * g.ny()) - w / (g.nx() * g.ny())) * g.dz();
                near[v] |= in[w] && x * x + y * y + z * z <= mm * mm;
            }
        }
        return near;
    }
}

package org.datman.metrics.dwi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.datman.plots.report.Flag;
import org.datman.synthetic.DwiSeries;
import org.datman.synthetic.Grid;
import org.datman.synthetic.Rigid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Scenario <a href="{@docRoot}/../docs/qc-specification.md#F81">F81</a>: each fault of a gradient table gets its own diagnosis, and harmless spellings get none. */
class GradientTableTest {

    private static final DwiSeries RUN =
            DwiSeries.of(Grid.axial(60, 60, 30, 3.5, 3.5, 4)).b0(2).shell(1000, 30);

    private static GradientTable good() {
        return GradientTable.of(RUN.bvals(), RUN.fslBvecs());
    }

    private static List<Object> checks(List<Flag> flags) {
        return flags.stream().map(f -> f.evidence().get("check")).toList();
    }

    private static GradientTable turned(int[] order, double[] sign) {
        double[][] g = Arrays.stream(RUN.fslBvecs())
                .map(v -> new double[] {sign[0] * v[order[0]], sign[1] * v[order[1]], sign[2] * v[order[2]]})
                .toArray(double[][]::new);
        return GradientTable.of(RUN.bvals(), g);
    }

    @Test
    void spellingOfNumbersDoesNotMatter() throws GradientTableException {
        // Given the same table written in two ways
        GradientTable plain = GradientTable.parse("0 1000 1000\n", "0 1 0\n0 0 1\n0 0 0\n");

        // When the other spelling is read and compared with it
        GradientTable other = GradientTable.parse("0.0\t1000.0  1e3", "0 1.000 0\n0 0 1.0\n0 0 0");

        // Then they are equal
        assertThat(TableChecks.gold(other, plain)).isEmpty();
        assertThat(other.bvals()).isEqualTo(plain.bvals());
    }

    @Test
    void aTransposedFileIsReadAndReported() throws GradientTableException {
        // Given a row per volume
        List<Flag> flags = new ArrayList<>();

        // When it is read
        GradientTable table = GradientTable.parse("0 1000 1000 1000", "0 0 0\n1 0 0\n0 1 0\n0 0 1\n");

        // Then the directions are right and the shape is reported
        assertThat(table.bvecs()[2]).containsExactly(0, 1, 0);
        assertThat(TableChecks.counts(table, 4, flags)).isTrue();
        assertThat(checks(flags)).containsExactly("transposed");
    }

    @Test
    void wrongCountsAreNamedPerFile() {
        // Given 32 volumes' worth of table
        List<Flag> flags = new ArrayList<>();

        // When the series has 31 volumes
        boolean usable = TableChecks.counts(good(), 31, flags);

        // Then both files are blamed
        assertThat(usable).isFalse();
        assertThat(checks(flags)).containsExactly("count", "count");
        assertThat(flags).extracting(f -> f.evidence().get("file")).containsExactly("bval", "bvec");
    }

    @Test
    void whatIsNotANumberIsAnErrorWithItsPlace() {
        // Given text among numbers
        // When it is read
        // Then the error names the place
        assertThatThrownBy(() -> GradientTable.parse("0 1000 abc", "0 1 0\n0 0 1\n0 0 0"))
                .isInstanceOf(GradientTableException.class)
                .hasMessage(".bval row 1, word 3 is not a number");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // b-values; the shell of each
                "0 745 755 745 755 | 0 750 750 750 750",
                "0 740 740 | 0 740 740",
                "1.25 1000 995 1005 2000 1990 | 0 1000 1000 1000 2000 2000",
                "5 48 52 | 0 0 52",
                "0 645 655 1345 1355 | 0 650 650 1350 1350",
                "0 900 1000 1100 | 0 900 1000 1100",
                "0 300 700 3000 2985 3010 | 0 300 700 3000 3000 3000",
                "NaN 711 711 | 0 711 711",
            })
    void bvaluesThatScatterAroundOneAreOneShell(String bvals, String shells) {
        // Given
        double[] b =
                Arrays.stream(bvals.split(" ")).mapToDouble(Double::parseDouble).toArray();

        // When
        int[] found = Shells.of(b).b();

        // Then
        assertThat(Arrays.stream(found).mapToObj(String::valueOf).collect(Collectors.joining(" ")))
                .isEqualTo(shells);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // b-values; volumes without a direction; trace volumes
                "0 1000 1000 1000 1000 | 4 | 1",
                "0 1000 1000 2000 2000 1000 2000 | 5 6 | 2",
                "0 1000 1000 1000 1000 | 2 | 0",
                "0 1000 1000 1000 1000 | 3 4 | 0",
                "0 1000 1000 | 1 2 | 0",
                "0 1000 1000 | | 0",
            })
    void weightedVolumesWithoutDirectionAtTheEndAreMadeOfTheOthers(String bvals, String without, int trace) {
        // Given
        double[] b =
                Arrays.stream(bvals.split(" ")).mapToDouble(Double::parseDouble).toArray();
        double[][] g = new double[b.length][];
        Arrays.setAll(g, v -> b[v] == 0 ? new double[3] : new double[] {1, 0, 0});
        for (String v : without == null ? new String[0] : without.split(" ")) {
            g[Integer.parseInt(v)] = new double[3];
        }

        // When
        int found = GradientTable.of(b, g).traceVolumes();

        // Then
        assertThat(found).isEqualTo(trace);
    }

    @Test
    void vectorsThatAreNotUnitAreNamed() {
        // Given one direction of length 1.2 and one that is missing
        double[][] g = RUN.fslBvecs();
        g[5] = new double[] {1.2, 0, 0};
        g[9] = new double[3];
        GradientTable table = GradientTable.of(RUN.bvals(), g);

        // When values are checked
        List<Flag> flags = TableChecks.values(table, Shells.of(table.bvals()));

        // Then each has its flag and volume
        assertThat(checks(flags)).containsExactlyInAnyOrder("norm", "direction-missing");
        assertThat(flags).extracting(Flag::volume).containsExactlyInAnyOrder(5, 9);
    }

    @Test
    void smallBValuesCountAsUnweighted() {
        // Given GE's and Philips' way of storing unweighted volumes
        double[] b = {5, 1000, 15, 995, 1004, 0, 2000, 49};

        // When shells are formed
        Shells shells = Shells.of(b);

        // Then there are unweighted volumes and two shells
        assertThat(shells.values()).containsExactly(0, 1000, 2000);
        assertThat(shells.volumes(0)).containsExactly(0, 2, 5, 7);
        assertThat(shells.volumes(1000)).containsExactly(1, 3, 4);
    }

    @Test
    void aGoodTableHasNothingToReport() {
        // Given a good table
        // When it is checked
        List<Flag> flags = TableChecks.values(good(), Shells.of(RUN.bvals()));

        // Then nothing is found
        assertThat(flags).isEmpty();
        assertThat(TableChecks.duplicates(good(), Shells.of(RUN.bvals()))).isZero();
        assertThat(TableChecks.evenness(good(), Shells.of(RUN.bvals()).volumes(1000)))
                .isBetween(.8, 1.2);
    }

    @Test
    void allInOnePlaneCannotMakeATensor() {
        // Given directions within the axial plane
        DwiSeries flat = DwiSeries.of(Grid.axial(4, 4, 4, 1, 1, 1)).b0(1);
        for (int n = 0; n < 12; n++) {
            flat.gradient(1000, Math.cos(n * .26), Math.sin(n * .26), 0);
        }

        // When the table is checked
        List<Flag> flags = TableChecks.values(GradientTable.of(flat.bvals(), flat.fslBvecs()), Shells.of(flat.bvals()));

        // Then coverage is reported
        assertThat(checks(flags)).containsExactly("coverage");
    }

    @ParameterizedTest
    @CsvSource({
        "0 1 2, -1 1 1, flip-x",
        "0 1 2, 1 -1 1, flip-y",
        "1 0 2, 1 1 1, swap-xy",
        "0 2 1, 1 1 -1, swap-yz+flip-y"
    })
    void againstGoldTheDifferenceIsExplained(String order, String sign, String explained) {
        // Given a table that was flipped or permuted
        GradientTable wrong = turned(ints(order), doubles(sign));

        // When it is compared with the gold one
        List<Flag> flags = TableChecks.gold(wrong, good());

        // Then the directions differ and the correction is reported
        assertThat(checks(flags)).containsExactly("gold-direction");
        assertThat(flags.get(0).evidence().get("explained_by")).isEqualTo(explained);
    }

    @ParameterizedTest
    @CsvSource({
        "0 1 2, 1 1 1, identity",
        "0 1 2, -1 1 1, flip-i",
        "0 1 2, 1 -1 1, flip-j",
        "0 1 2, 1 1 -1, flip-k",
        "1 0 2, 1 1 1, swap-ij",
        "0 2 1, 1 1 1, swap-jk"
    })
    void theImageItselfReportsHowTheTableShouldLie(String order, String sign, String mend) {
        // Given the images of fibre bundles on a slightly oblique grid, and the table flipped or permuted
        DwiSeries run = DwiSeries.of(Grid.axial(60, 60, 30, 3, 3, 3.5).posed(new Rigid(0, 0, 0, .1, .05, -.08)))
                .body(new Bundles())
                .b0(2)
                .shell(1000, 30);
        DwiFixture.Prepared p = DwiFixture.prepare(run);
        int[] o = ints(order);
        double[] s = doubles(sign);
        double[][] g = Arrays.stream(run.fslBvecs())
                .map(v -> new double[] {s[0] * v[o[0]], s[1] * v[o[1]], s[2] * v[o[2]]})
                .toArray(double[][]::new);
        TensorFit tensor = TensorFit.of(p.data(), run.bvals(), g, TensorFit.volumes(p.shells()));

        // When fibres are followed under all 24 orientations
        FibreCoherence coherence = FibreCoherence.of(p.data(), tensor);

        // Then the one that undoes the change fits best
        assertThat(coherence.best()).isEqualTo(mend.toLowerCase(Locale.ROOT));
        if (mend.equals("identity")) {
            assertThat(coherence.ratio()).isEqualTo(1);
        } else {
            assertThat(coherence.ratio()).isGreaterThan(1.1);
        }
    }

    private static int[] ints(String text) {
        return Arrays.stream(text.split(" ")).mapToInt(Integer::parseInt).toArray();
    }

    private static double[] doubles(String text) {
        return Arrays.stream(text.split(" ")).mapToDouble(Double::parseDouble).toArray();
    }
}

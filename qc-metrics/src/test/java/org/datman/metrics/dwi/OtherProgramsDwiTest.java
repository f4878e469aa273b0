package org.datman.metrics.dwi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.datman.analysis.noise.MpPca;
import org.datman.analysis.noise.Piesno;
import org.datman.analysis.stats.Statistics;
import org.datman.analysis.testkit.Fixtures;
import org.datman.imaging.nifti.NiftiImage;
import org.datman.metrics.OtherProgram;
import org.datman.synthetic.DwiSeries;
import org.datman.synthetic.Grid;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A diffusion run against DIPY and MRtrix3, with the same mask. */
@Tag("other-programs")
class OtherProgramsDwiTest {

    private static final Grid GRID = Grid.axial(40, 40, 14, 5, 5, 6);
    private static final String PIESNO = """
            import sys, nibabel
            from dipy.denoise.noise_estimate import piesno
            for image, coils in zip(sys.argv[1::2], sys.argv[2::2]):
                print(*piesno(nibabel.load(image).get_fdata(), N=int(coils)))
            """;
    private static final String NDC = """
            import sys, numpy, nibabel
            from dipy.core.gradients import gradient_table
            from dipy.stats.qc import neighboring_dwi_correlation
            table = gradient_table(numpy.loadtxt(sys.argv[2]), bvecs=numpy.loadtxt(sys.argv[3]).T)
            mask = nibabel.load(sys.argv[4]).get_fdata() > 0
            print(neighboring_dwi_correlation(nibabel.load(sys.argv[1]).get_fdata(), table, mask=mask))
            """;

    @TempDir
    private Path folder;

    @Test
    void noiseOfTheBackgroundIsThatOfDipy() throws Exception {
        // Given noise of 12 per channel, of one and of four channels
        OtherProgram.neededInPython("import dipy, nibabel", "python3-dipy");
        DwiSeries one = run(12);
        DwiSeries four = run(12).coils(4);
        double[] theirs = OtherProgram.python(
                folder, PIESNO, Fixtures.write(folder, "one.nii", one), 1, Fixtures.write(folder, "four.nii", four), 4);

        // When
        Piesno[] ours = {Piesno.of(Fixtures.series(one), 1), Piesno.of(Fixtures.series(four), 4)};

        // Then: one sigma per slice, all near the ground truth
        assertThat(theirs).hasSize(2 * GRID.nz());
        for (int n = 0; n < ours.length; n++) {
            double[] slices = Arrays.copyOfRange(theirs, n * GRID.nz(), (n + 1) * GRID.nz());
            double expected = Statistics.median(slices);
            assertThat(expected).isCloseTo(12, within(.36));
            assertThat(ours[n].sigma()).isCloseTo(expected, within(.01 * expected));
        }
    }

    @Test
    void noiseOfTheBrainIsThatOfDwidenoise() throws Exception {
        // Given
        OtherProgram.needed("dwidenoise", "mrtrix3");
        DwiSeries run = run(12);
        DwiFixture.Prepared p = DwiFixture.prepare(run);
        Path file = Fixtures.write(folder, "dwi.nii", run);
        Path mask = Fixtures.write(folder, "mask.nii", GRID, p.brain().mask());
        OtherProgram.run(
                folder, "dwidenoise", file, "clean.mif", "-noise", "noise.nii", "-mask", mask, "-extent", 5, "-quiet");
        double theirs = OtherProgram.numbers(
                OtherProgram.run(folder, "mrstats", "noise.nii", "-mask", mask, "-output", "median", "-quiet"))[0];

        // When
        double ours =
                MpPca.of(p.data().grid(), p.data().voxel(), p.data().values()).sigma();

        // Then: ours leaves out patches that reach beyond the brain, theirs are cut off at the image's end only
        assertThat(ours).isCloseTo(theirs, within(.05 * theirs));
    }

    @Test
    void tensorsAreThoseOfDwi2tensor() throws Exception {
        // Given: their fit without the later rounds of weights computed from the fit itself
        OtherProgram.needed("dwi2tensor", "mrtrix3");
        DwiSeries run = run(12);
        DwiFixture.Prepared p = DwiFixture.prepare(run);
        Path file = Fixtures.write(folder, "dwi.nii", run);
        Path mask = Fixtures.write(folder, "mask.nii", GRID, p.brain().mask());
        Path[] table = table(run);
        OtherProgram.run(
                folder,
                "dwi2tensor",
                file,
                "tensor.nii",
                "-mask",
                mask,
                "-fslgrad",
                table[1],
                table[0],
                "-iter",
                0,
                "-quiet");
        OtherProgram.run(folder, "tensor2metric", "tensor.nii", "-fa", "fa.nii", "-adc", "md.nii", "-quiet");
        float[] theirFa = NiftiImage.read(folder.resolve("fa.nii")).volumes()[0];
        float[] theirMd = NiftiImage.read(folder.resolve("md.nii")).volumes()[0];

        // When
        TensorFit ours = TensorFit.of(p.data(), run.bvals(), run.fslBvecs(), TensorFit.volumes(p.shells()));

        // Then: the same formula, in single precision
        int[] voxel = p.data().voxel();
        double[] fa = IntStream.range(0, voxel.length)
                .mapToDouble(n -> Math.abs(ours.fa()[n] - theirFa[voxel[n]]))
                .toArray();
        double[] md = IntStream.range(0, voxel.length)
                .mapToDouble(n -> Math.abs(ours.md()[n] / theirMd[voxel[n]] - 1))
                .toArray();
        assertThat(Statistics.median(ours.md())).isPositive();
        assertThat(Statistics.quantile(fa, 0.99)).isLessThan(1e-4);
        assertThat(Statistics.quantile(md, 0.99)).isLessThan(1e-4);
    }

    @Test
    void neighbourCorrelationIsThatOfDipy() throws Exception {
        // Given: Debian 12 has DIPY 1.6, which does not have it yet
        OtherProgram.neededInPython("import dipy.stats.qc, nibabel", "python3-dipy");
        DwiSeries run = run(12);
        DwiFixture.Prepared p = DwiFixture.prepare(run);
        Path mask = Fixtures.write(folder, "mask.nii", GRID, p.brain().mask());
        Path[] table = table(run);
        double theirs =
                OtherProgram.python(folder, NDC, Fixtures.write(folder, "dwi.nii", run), table[0], table[1], mask)[0];

        // When
        double ours =
                NeighbourCorrelation.of(p.data(), run.bvals(), run.fslBvecs()).mean();

        // Then
        assertThat(ours).isCloseTo(theirs, within(1e-5 * theirs));
    }

    @Test
    void aFlippedTableIsFoundByDwigradcheckToo() throws Exception {
        // Given fibre bundles whose table has the sign of j turned
        OtherProgram.needed("dwigradcheck", "mrtrix3");
        DwiSeries run = DwiSeries.of(GRID).body(new Bundles()).sigma(10).b0(2).shell(1000, 20);
        DwiFixture.Prepared p = DwiFixture.prepare(run);
        double[][] turned = Arrays.stream(run.fslBvecs())
                .map(g -> new double[] {g[0], -g[1], g[2]})
                .toArray(double[][]::new);
        Path file = Fixtures.write(folder, "dwi.nii", run);
        Path mask = Fixtures.write(folder, "mask.nii", GRID, p.brain().mask());
        Path[] table = table(run.bvals(), turned);
        String printed = OtherProgram.run(
                folder,
                "dwigradcheck",
                file,
                "-mask",
                mask,
                "-number",
                200,
                "-fslgrad",
                table[1],
                table[0],
                "-scratch",
                folder);
        String best = printed.lines()
                .dropWhile(line -> !line.startsWith("Mean length"))
                .skip(1)
                .findFirst()
                .orElseThrow();

        // When
        FibreCoherence ours =
                FibreCoherence.of(p.data(), TensorFit.of(p.data(), run.bvals(), turned, TensorFit.volumes(p.shells())));

        // Then: theirs by the length of tracks, axis 1, axes in order
        assertThat(best).matches("\\s*[\\d.]+\\s+1\\s+\\(0, 1, 2\\)\\s+(scanner|image)");
        assertThat(ours.best()).isEqualTo("flip-j");
    }

    private static DwiSeries run(double sigma) {
        return DwiSeries.of(GRID).sigma(sigma).b0(3).shell(1000, 30).seed(5);
    }

    private Path[] table(DwiSeries run) throws Exception {
        return table(run.bvals(), run.fslBvecs());
    }

    /** bval and bvec files. */
    private Path[] table(double[] bvals, double[][] bvecs) throws Exception {
        String b = Arrays.stream(bvals).mapToObj(Double::toString).collect(Collectors.joining(" "));
        String g = IntStream.range(0, 3)
                .mapToObj(axis ->
                        Arrays.stream(bvecs).map(v -> Double.toString(v[axis])).collect(Collectors.joining(" ")))
                .collect(Collectors.joining("\n"));
        return new Path[] {
            Files.writeString(folder.resolve("dwi.bval"), b + "\n"),
            Files.writeString(folder.resolve("dwi.bvec"), g + "\n")
        };
    }
}

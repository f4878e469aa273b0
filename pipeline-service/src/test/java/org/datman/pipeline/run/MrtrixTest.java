package org.datman.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.re2j.Pattern;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.datman.contracts.archive.RunningLog;
import org.datman.imaging.nifti.NiftiImage;
import org.datman.pipeline.PythonPackages;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The tools of the catalogue that are MRtrix3, really run. */
class MrtrixTest {

    private static final Path REAL =
            Path.of(System.getProperty("datman.shared-data", "none")).resolve("siemens-prisma-xa30-enhanced");

    /** A series of 20 directions, and the maps that the scanner computed of it. */
    private static final String SERIES = "10_DWI_dir80_PA";

    private static final String SCANNER_ADC = "11_DWI_dir80_PA";
    private static final String SCANNER_FA = "13_DWI_dir80_PA";

    /** What programs of MRtrix say that they do. */
    private static final Consumer<String> STEP = words ->
            assertThat(words).matches("(computing|copying|(un)?compressing|preloading|mapping|[Ss]ampling) .*");

    @TempDir
    Path folder;

    @BeforeEach
    void installed() {
        assumeThat(Path.of("/usr/bin/dwi2tensor"))
                .as("MRtrix3 (Debian: mrtrix3) is not installed")
                .isExecutable();
    }

    @Test
    void theTensorIsThatOfWhichTheImageWasMade() throws Exception {
        // Given
        CatalogueRun run = ofBall("mrtrix3-dti");

        // When
        CatalogueRun.Ended ended = run.run();

        // Then
        assertThat(ended.exitCode()).as(ended.errors()).isZero();
        assertThat(ended.missing()).isEmpty();
        assertThat(progress(run, ended)).as(ended.errors()).hasValueSatisfying(STEP);
        assertThat(ended.measures().get("fractional_anisotropy_mean brain_mask 1"))
                .isCloseTo(TensorBall.ANISOTROPY, within(0.002));
        assertThat(ended.measures().get("mean_diffusivity_mean brain_mask mm2/s"))
                .isCloseTo(TensorBall.MEAN_DIFFUSIVITY, within(2e-6));
        assertThat(ended.measures().get("axial_diffusivity_mean brain_mask mm2/s"))
                .isCloseTo(TensorBall.AXIAL, within(5e-6));
        assertThat(ended.measures().get("radial_diffusivity_mean brain_mask mm2/s"))
                .isCloseTo(TensorBall.RADIAL, within(5e-6));
        assertThat(ended.measures().get("mask_voxels brain_mask 1"))
                .isCloseTo(TensorBall.VOLUME, within(0.1 * TensorBall.VOLUME));
    }

    @Test
    void streamlinesFollowTheFibresOfTheImage() throws Exception {
        // Given
        CatalogueRun run = ofBall("mrtrix3-tractography").parameter("streamlines", "200");

        // When
        CatalogueRun.Ended ended = run.run();

        // Then
        assertThat(ended.exitCode()).as(ended.errors()).isZero();
        assertThat(ended.missing()).isEmpty();
        assertThat(progress(run, ended)).as(ended.errors()).hasValueSatisfying(STEP);
        assertThat(ended.measures()).hasSize(5).containsEntry("streamlines whole_brain 1", 200.0);
        // Chords of the ball; iFOD2 leaves out short ones.
        double diameter = 2 * TensorBall.RADIUS * TensorBall.VOXEL;
        assertThat(ended.measures().get("streamline_length_mean whole_brain mm"))
                .isBetween(diameter / 2, diameter + 2 * TensorBall.VOXEL);
        // Less at the edge of the ball, where voxels of the dark field take part.
        assertThat(ended.measures().get("fractional_anisotropy_mean streamlines 1"))
                .isCloseTo(TensorBall.ANISOTROPY, within(0.03));
        assertThat(ended.measures().get("mean_diffusivity_mean streamlines mm2/s"))
                .isCloseTo(TensorBall.MEAN_DIFFUSIVITY, within(3e-5));
        assertThat(alongX(Files.readAllBytes(ended.folder().resolve("tracks.tck"))))
                .isGreaterThan(0.95);
    }

    @Test
    void ofSeveralShellsTissuesAreToldApart() throws Exception {
        // Given
        CatalogueRun run = new CatalogueRun(folder, "mrtrix3-tractography")
                .file("dwi", "s.nii", TissueBall.series())
                .file("bval", "s.bval", TissueBall.bval())
                .file("bvec", "s.bvec", TissueBall.bvec())
                .parameter("streamlines", "100");

        // When
        CatalogueRun.Ended ended = run.run();

        // Then
        assertThat(ended.exitCode()).as(ended.errors()).isZero();
        assertThat(ended.missing()).isEmpty();
        assertThat(ended.measures()).hasSize(5).containsEntry("streamlines whole_brain 1", 100.0);
        double diameter = 2 * TissueBall.WHITE * TissueBall.VOXEL;
        assertThat(ended.measures().get("streamline_length_mean whole_brain mm"))
                .isBetween(diameter / 2, diameter + 4 * TissueBall.VOXEL);
        // Streamlines end in grey matter.
        assertThat(ended.measures().get("fractional_anisotropy_mean streamlines 1"))
                .isCloseTo(TissueBall.ANISOTROPY, within(0.15));
        assertThat(ended.measures().get("mean_diffusivity_mean streamlines mm2/s"))
                .isCloseTo(TissueBall.MEAN_DIFFUSIVITY, within(1e-4));
        assertThat(alongX(Files.readAllBytes(ended.folder().resolve("tracks.tck"))))
                .isGreaterThan(0.95);
        assertThat(Files.readAllLines(ended.folder().resolve("response_wm.txt")).stream()
                        .filter(line -> !line.startsWith("#")))
                .as("without weighting, and for each shell")
                .hasSize(3);
    }

    @Test
    void aSeriesWithoutDiffusionWeightingIsRefused() throws Exception {
        // Given
        CatalogueRun run = new CatalogueRun(folder, "mrtrix3-tractography")
                .file("dwi", "s.nii", TensorBall.series())
                .file("bval", "s.bval", "0" + " 0".repeat(32))
                .file("bvec", "s.bvec", TensorBall.bvec());

        // When
        CatalogueRun.Ended ended = run.run();

        // Then
        assertThat(ended.exitCode()).isEqualTo(7);
    }

    /** MRtrix itself fits each of them, to numbers that mean nothing. */
    @ParameterizedTest
    @CsvSource({
        "mrtrix3-dti, 7, three directions, 0 1000 1000 1000, 0 1 0 0/0 0 1 0/0 0 0 1",
        "mrtrix3-dti, 7, three directions of two shells, 0 500 500 500 1000 1000 1000, 0 1 0 0 1 0 0/0 0 1 0 0 1 0/0 0 0 1 0 0 1",
        "mrtrix3-dti, 7, three and their opposites, 0 1000 1000 1000 1000 1000 1000, 0 1 0 0 -1 0 0/0 0 1 0 0 -1 0/0 0 0 1 0 0 -1",
        "mrtrix3-dti, 7, six of one shell and no other, 1000 1000 1000 1000 1000 1000, 1 1 1 1 0 0/1 -1 0 0 1 1/0 0 1 -1 1 -1",
        "mrtrix3-tractography, 9, three directions, 0 1000 1000 1000, 0 1 0 0/0 0 1 0/0 0 0 1"
    })
    void directionsThatDoNotDetermineATensorAreRefused(String tool, int code, String what, String bval, String bvec)
            throws Exception {
        // Given
        CatalogueRun run = new CatalogueRun(folder, tool)
                .file("dwi", "s.nii", TensorBall.series(bval.split(" ").length))
                .file("bval", "s.bval", bval)
                .file("bvec", "s.bvec", bvec.replace('/', '\n'));

        // When
        CatalogueRun.Ended ended = run.run();

        // Then
        assertThat(ended.exitCode()).as("%s: %s", what, ended.errors()).isEqualTo(code);
        assertThat(ended.errors()).contains("do not determine a tensor");
        assertThat(run.descriptor().errorCodes()).containsKey(code);
    }

    @Test
    void sixDirectionsAreEnough() throws Exception {
        // Given
        CatalogueRun run = new CatalogueRun(folder, "mrtrix3-dti")
                .file("dwi", "s.nii", TensorBall.series(7))
                .file("bval", "s.bval", "0" + " 1000".repeat(6))
                .file("bvec", "s.bvec", "0 1 1 1 1 0 0\n0 1 -1 0 0 1 1\n0 0 0 1 -1 1 -1\n");

        // When
        CatalogueRun.Ended ended = run.run();

        // Then
        assertThat(ended.exitCode()).as(ended.errors()).isZero();
    }

    /** MRtrix writes of its progress otherwise into a file, as on a cluster, than into a pipe. */
    @ParameterizedTest
    @CsvSource({
        "mrtrix3-dti, 'dwi2tensor: computing tensors... [====', computing tensors",
        "mrtrix3-dti, 'dwi2mask: computing dwi brain mask... done', computing dwi brain mask",
        "mrtrix3-dti, 'dwi2tensor: [ 37%] computing tensors...', computing tensors",
        "mrtrix3-dti, 'dwi2mask: [.   ] computing dwi brain mask...', computing dwi brain mask",
        "mrtrix3-tractography, 'tckgen: [  5%]      100 seeds,       20 streamlines...', '100 seeds,       20 streamlines'",
        "mrtrix3-dti, 'dwi2mask: [WARNING] requested datatype (Bit) not supported - substituting with UInt8',"
    })
    void theStepIsReadFromTheLogInBothForms(String tool, String log, @Nullable String words) throws Exception {
        // Given
        Pattern pattern = Objects.requireNonNull(
                new CatalogueRun(folder, tool).descriptor().progress());

        // When
        Optional<RunningLog.Progress> progress =
                LiveLog.progress(List.of(new RunningLog.Part("stderr", log.length(), log)), pattern);

        // Then
        assertThat(progress.map(RunningLog.Progress::words)).isEqualTo(Optional.ofNullable(words));
    }

    /** Also one that is being developed from the version of the descriptor. */
    @ParameterizedTest
    @CsvSource({
        "mrtrix3-dti, dwi2tensor, 3.0.4",
        "mrtrix3-dti, dwi2tensor, 3.0.3-45-g0123456",
        "mrtrix3-tractography, tckgen, 3.0.30",
        "mrtrix3-tractography, tckgen, 3.0.3-45-g0123456"
    })
    void anotherVersionIsRefused(String tool, String program, String version) throws Exception {
        // Given
        Path fake = Files.createDirectories(folder.resolve("programs")).resolve(program);
        Files.writeString(fake, "#!/bin/sh\necho '== " + program + " " + version + " =='\n");
        assertThat(fake.toFile().setExecutable(true)).isTrue();
        CatalogueRun run = ofBall(tool).programs(fake.getParent());

        // When
        CatalogueRun.Ended ended = run.run();

        // Then
        assertThat(ended.exitCode()).isEqualTo(4);
        assertThat(ended.errors()).contains("MRtrix3 " + version + " is installed, the descriptor is for 3.0.3");
        assertThat(run.descriptor().errorCodes()).containsKey(4);
    }

    /** A Siemens scanner computes FA (in thousandths) and ADC (in 10⁻⁶ mm²/s) of a series by itself. */
    @Test
    void theTensorOfARealSeriesAgreesWithTheMapsOfTheScanner() throws Exception {
        // Given
        assumeTrue(Files.isDirectory(REAL), "skipped: the real scans are not here");
        Path series = converted(SERIES);
        CatalogueRun run = new CatalogueRun(folder, "mrtrix3-dti")
                .file("dwi", "s.nii", Files.readAllBytes(series))
                .file("bval", "s.bval", Files.readAllBytes(folder.resolve(SERIES + ".bval")))
                .file("bvec", "s.bvec", Files.readAllBytes(folder.resolve(SERIES + ".bvec")));

        // When
        CatalogueRun.Ended ended = run.run();

        // Then
        assertThat(ended.exitCode()).as(ended.errors()).isZero();
        Agreement fa = agreement(ended, "dti_fa.nii.gz", SCANNER_FA, 1e-3);
        Agreement md = agreement(ended, "dti_md.nii.gz", SCANNER_ADC, 1e-6);
        assertThat(fa.correlation()).isGreaterThan(0.95);
        assertThat(fa.mean()).isCloseTo(fa.meanOfScanner(), within(0.015));
        assertThat(md.correlation()).isGreaterThan(0.99);
        assertThat(md.mean()).isCloseTo(md.meanOfScanner(), within(0.01e-3));
        assertThat(ended.measures().get("fractional_anisotropy_mean brain_mask 1"))
                .isCloseTo(fa.mean(), within(1e-3));
    }

    /** What the page of a run under way shows of its log, at its end. */
    private static Optional<String> progress(CatalogueRun run, CatalogueRun.Ended ended) {
        List<RunningLog.Part> log =
                List.of(new RunningLog.Part("stderr", ended.errors().length(), ended.errors()));
        return LiveLog.progress(log, Objects.requireNonNull(run.descriptor().progress()))
                .map(RunningLog.Progress::words);
    }

    private CatalogueRun ofBall(String tool) throws Exception {
        return new CatalogueRun(folder, tool)
                .file("dwi", "s.nii", TensorBall.series())
                .file("bval", "s.bval", TensorBall.bval())
                .file("bvec", "s.bvec", TensorBall.bvec());
    }

    private Path converted(String series) throws Exception {
        Path dicom = Files.createDirectories(folder.resolve("dicom-" + series));
        PythonPackages.output(
                folder, "tar", "-xJf", REAL.resolve(series + ".tar.xz").toString(), "-C", dicom.toString());
        PythonPackages.output(folder, "dcm2niix", "-f", series, "-z", "n", "-o", folder.toString(), dicom.toString());
        return folder.resolve(series + ".nii");
    }

    /** Of the voxels that the mask and the scanner's map both have. */
    private record Agreement(double correlation, double mean, double meanOfScanner) {}

    private Agreement agreement(CatalogueRun.Ended ended, String map, String scanner, double unit) throws Exception {
        float[] mask = voxels(ended.folder().resolve("dti_mask.nii.gz"));
        float[] ours = voxels(ended.folder().resolve(map));
        float[] theirs = voxels(converted(scanner));
        double n = 0;
        double x = 0;
        double y = 0;
        double xx = 0;
        double yy = 0;
        double xy = 0;
        for (int i = 0; i < mask.length; i++) {
            if (mask[i] > 0 && theirs[i] > 0) {
                double a = ours[i];
                double b = theirs[i] * unit;
                n++;
                x += a;
                y += b;
                xx += a * a;
                yy += b * b;
                xy += a * b;
            }
        }
        double covariance = xy / n - x / n * (y / n);
        double variances = (xx / n - x / n * (x / n)) * (yy / n - y / n * (y / n));
        return new Agreement(covariance / Math.sqrt(variances), x / n, y / n);
    }

    private static float[] voxels(Path image) throws IOException {
        return NiftiImage.read(image).volumes()[0];
    }

    /** Mean of the x component of the unit vectors between neighbouring points of streamlines, without its sign. */
    private static double alongX(byte[] tck) {
        String head = new String(tck, 0, Math.min(tck.length, 10_000), StandardCharsets.ISO_8859_1);
        int offset = List.of(head.split("\n")).stream()
                .filter(line -> line.startsWith("file: . "))
                .map(line -> Integer.valueOf(line.substring(8).trim()))
                .findFirst()
                .orElseThrow();
        ByteBuffer points = ByteBuffer.wrap(tck, offset, tck.length - offset).order(ByteOrder.LITTLE_ENDIAN);
        double sum = 0;
        int steps = 0;
        double[] before = {Double.NaN, 0, 0};
        while (points.remaining() >= 12) {
            double[] point = {points.getFloat(), points.getFloat(), points.getFloat()};
            double dx = point[0] - before[0];
            if (Double.isFinite(dx)) {
                sum += Math.abs(dx) / Math.hypot(dx, Math.hypot(point[1] - before[1], point[2] - before[2]));
                steps++;
            }
            before = point;
        }
        return sum / steps;
    }
}

package org.datman.metrics.bold;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.datman.analysis.testkit.Fixtures;
import org.datman.contracts.metric.QcKind;
import org.datman.imaging.nifti.NiftiWriter;
import org.datman.metrics.Measurement;
import org.datman.metrics.input.MeasureRequest;
import org.datman.plots.report.Report;
import org.datman.synthetic.Anatomy;
import org.datman.synthetic.Body;
import org.datman.synthetic.EpiSeries;
import org.datman.synthetic.Grid;
import org.datman.synthetic.Head;
import org.datman.synthetic.Tissue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Unsuppressed fat is shifted along phase encoding (<a href="{@docRoot}/../docs/qc-specification.md#F54">F54</a>). */
class FatShiftTest {

    private static final Grid EPI = Grid.axial(64, 64, 12, 3.5, 3.5, 7);
    private static final int VOLUMES = 6;
    private static final int SHIFT = 8;

    @TempDir
    private Path folder;

    @Test
    void shiftedFatIsReportedAndNoGhost() throws Exception {
        // Given: the scalp once more, eight voxels further along j; 123.2 MHz, 52.4 Hz per voxel
        EpiSeries run = EpiSeries.of(EPI, VOLUMES);
        float[] scalp = Anatomy.of(EPI).body(scalpOf(Head.adult())).sigma(0).noiseFree();
        List<float[]> volumes = new ArrayList<>();
        for (int t = 0; t < VOLUMES; t++) {
            volumes.add(withFat(run.volume(t).clone(), scalp));
        }
        Path file = folder.resolve("fat.nii");
        NiftiWriter.write(file, Fixtures.header(EPI, VOLUMES, 2), volumes);
        Path sidecar = Files.writeString(
                folder.resolve("fat.json"),
                "{\"PhaseEncodingDirection\":\"j\",\"ImagingFrequency\":123.2,\"BandwidthPerPixelPhaseEncode\":52.4}");

        // When
        Report report = Measurement.measure(
                        MeasureRequest.of("fat", QcKind.BOLD, file).withSidecar(sidecar))
                .report();

        // Then: the field's usual ratio counts it as a ghost of some per cent
        assertThat(report.value("gsr_y")).isGreaterThan(0.05);
        assertThat(report.value("ghost_pe")).isLessThan(0.005);
        assertThat(report.flags()).noneMatch(f -> f.kind().equals("ghost"));
        assertThat(report.value("fat_shift_pe")).isCloseTo(SHIFT, within(0.1));
    }

    private static float[] withFat(float[] image, float[] scalp) {
        for (int k = 0; k < EPI.nz(); k++) {
            for (int j = 0; j < EPI.ny(); j++) {
                for (int i = 0; i < EPI.nx(); i++) {
                    int to = EPI.index(i, Math.floorMod(j + SHIFT, EPI.ny()), k);
                    image[to] = (float) Math.hypot(image[to], 0.6 * scalp[EPI.index(i, j, k)]);
                }
            }
        }
        return image;
    }

    private static Body scalpOf(Head head) {
        return (x, y, z, edge, f) -> {
            head.at(x, y, z, edge, f);
            double share = f[Tissue.SCALP.ordinal()];
            Arrays.fill(f, 0);
            f[Tissue.SCALP.ordinal()] = share;
            return share > 0;
        };
    }
}

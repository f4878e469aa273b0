package org.datman.simulator.scanner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.datman.simulator.scanner.Scans.Converted;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every series that the scanners write is converted by the real dcm2niix to the ground truth that it was made from. */
class ConversionTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({
        "SIEMENS, T1-SMALL", "GE, T1-SMALL", "PHILIPS, T1-SMALL",
        "SIEMENS, T2", "GE, T2", "PHILIPS, T2",
        "SIEMENS, '{protocol: RST, volumes: 3}'", "GE, '{protocol: RST, volumes: 3}'",
                "PHILIPS, '{protocol: RST, volumes: 3}'",
        "SIEMENS, DTI-SMALL", "GE, DTI-SMALL", "PHILIPS, DTI-SMALL",
        "SIEMENS, '{protocol: FMAP-PA, volumes: 2}'", "GE, '{protocol: FMAP-PA, volumes: 2}'",
                "PHILIPS, '{protocol: FMAP-PA, volumes: 2}'",
        "SIEMENS, '{protocol: FBN, volumes: 2}'", "GE, '{protocol: FBN, volumes: 2}'",
                "PHILIPS, '{protocol: FBN, volumes: 2}'",
        "SIEMENS, MAG"
    })
    void voxelsLieWhereTheBodyIs(String scanner, String series) throws Exception {
        // Given a scanner that ran one series
        ScannedSession session = Scans.generate(folder, scanner, series, "");
        SeriesPlan plan = plan(scanner, series);
        Frames truth = Frames.of(plan);

        // When it is converted
        List<Converted> images = Scans.convert(Scans.series(session, 1), folder.resolve("nii"));

        // Then every voxel of every volume has the value that the truth has at that place, to rounding
        int frame = 0;
        for (Converted c : images) {
            for (float[] volume : c.image().volumes()) {
                assertThat(World.largestDifference(c.image().header(), volume, truth.grid(frame), truth.volume(frame)))
                        .as("%s volume %d", c.nifti(), frame)
                        .isLessThanOrEqualTo(0.51);
                frame++;
            }
        }
        assertThat(frame).isEqualTo(truth.count());
    }

    @ParameterizedTest
    @ValueSource(strings = {"SIEMENS", "GE", "PHILIPS"})
    void aLocalizerBecomesThreePlanes(String scanner) throws Exception {
        // Given a localizer
        ScannedSession session = Scans.generate(folder, scanner, "LOC", "");
        Frames truth = Frames.of(plan(scanner, "LOC"));

        // When it is converted
        List<Converted> images = Scans.convert(Scans.series(session, 1), folder.resolve("nii"));

        // Then each plane is found once, at its place
        assertThat(images).hasSize(3);
        for (int plane = 0; plane < 3; plane++) {
            int p = plane;
            assertThat(images)
                    .anyMatch(c -> World.largestDifference(
                                    c.image().header(), c.image().volumes()[0], truth.grid(p), truth.volume(p))
                            <= 0.51);
        }
    }

    @ParameterizedTest
    @CsvSource({"SIEMENS, AP, j-", "SIEMENS, PA, j", "GE, AP, j-?", "GE, PA, j-?"})
    void theSidecarOfAnEpiReportsTheProtocol(String scanner, String direction, String expected) throws Exception {
        // Given a run with a chosen phase-encoding direction
        String faults = ", faults: [{kind: parameter-drift, series: RST, parameter: PhaseEncodingDirection, value: "
                + direction + "}]";
        ScannedSession session = Scans.generate(folder, scanner, "{protocol: RST, volumes: 3}", faults);
        double[] times = plan(scanner, "RST").sliceTimes();

        // When it is converted
        Converted run =
                Scans.convert(Scans.series(session, 1), folder.resolve("nii")).get(0);

        // Then timing and read-out are the protocol's
        JsonNode json = run.sidecar();
        assertThat(json.path("RepetitionTime").asDouble()).isEqualTo(2.0);
        assertThat(run.image().header().repetitionTimeSeconds()).isEqualTo(2.0, within(1e-6));
        assertThat(json.path("EchoTime").asDouble()).isEqualTo(0.030, within(1e-6));
        assertThat(json.path("FlipAngle").asDouble()).isEqualTo(77);
        assertThat(json.path("PixelBandwidth").asDouble()).isEqualTo(2232);
        assertThat(json.path("EffectiveEchoSpacing").asDouble()).isEqualTo(0.00051, within(1e-7));
        assertThat(json.path("TotalReadoutTime").asDouble()).isEqualTo(0.00051 * 63, within(1e-6));
        // Of GE, Debian's dcm2niix 1.0.20220720 reads the sign the other way round; export corrects it
        // (NewestConverterTest).
        assertThat(json.path("PhaseEncodingDirection").asText()).matches(expected);
        assertThat(json.path("SliceTiming")).hasSize(24);
        for (int k = 0; k < 24; k++) {
            assertThat(json.path("SliceTiming").get(k).asDouble())
                    .as("slice %d", k)
                    .isEqualTo(times[k] / 1000, within(1e-3));
        }
    }

    @Test
    void philipsReportsTheAxisOfPhaseEncodingOnly() throws Exception {
        // Given a Philips run
        ScannedSession session = Scans.generate(folder, "PHILIPS", "{protocol: RST, volumes: 3}", "");

        // When it is converted
        JsonNode json = Scans.convert(Scans.series(session, 1), folder.resolve("nii"))
                .get(0)
                .sidecar();

        // Then the sidecar has what Philips headers tell
        assertThat(json.path("PhaseEncodingAxis").asText()).isEqualTo("j");
        assertThat(json.path("RepetitionTime").asDouble()).isEqualTo(2.0);
        assertThat(json.path("EchoTime").asDouble()).isEqualTo(0.030, within(1e-6));
    }

    @ParameterizedTest
    @ValueSource(strings = {"SIEMENS", "GE", "PHILIPS"})
    void gradientsAreTheSameInTheWorld(String scanner) throws Exception {
        // Given a diffusion run of two shells
        ScannedSession session = Scans.generate(folder, scanner, "DTI-SMALL", "");
        List<double[]> truth =
                Frames.Diffusion.gradients(plan(scanner, "DTI-SMALL").protocol());

        // When it is converted
        Converted run =
                Scans.convert(Scans.series(session, 1), folder.resolve("nii")).get(0);

        // Then b-values and directions (of either sign) are those of the scan
        double[] b = run.bvals();
        List<double[]> v = run.bvecs();
        assertThat(b).hasSize(truth.size());
        for (int t = 0; t < b.length; t++) {
            double[] g = truth.get(t);
            assertThat(b[t]).as("b of volume %d", t).isEqualTo(g[0], within(2.5));
            double[] world = World.gradient(run.image().header(), v.get(0)[t], v.get(1)[t], v.get(2)[t]);
            double cosine = world[0] * g[1] + world[1] * g[2] + world[2] * g[3];
            assertThat(Math.abs(cosine)).as("direction of volume %d", t).isEqualTo(g[0] == 0 ? 0 : 1, within(1e-4));
        }
    }

    @Test
    void aFieldMapHasTwoMagnitudesAndOnePhaseDifference() throws Exception {
        // Given both series of a Siemens field map
        ScannedSession session = Scans.generate(folder, "SIEMENS", "MAG, PHASEDIFF", "");
        Frames truth = Frames.of(SessionPlanner.plan(Scans.scenario("SIEMENS", "MAG, PHASEDIFF", ""), 0)
                .series()
                .get(1));

        // When they are converted
        List<Converted> magnitudes = Scans.convert(Scans.series(session, 1), folder.resolve("mag"));
        List<Converted> phases = Scans.convert(Scans.series(session, 2), folder.resolve("phase"));

        // Then echo times and the scale of the phase are right: 4096 steps are one turn
        Map<Integer, Double> echoes = new TreeMap<>();
        magnitudes.forEach(m -> echoes.put(
                m.sidecar().path("EchoNumber").asInt(),
                m.sidecar().path("EchoTime").asDouble()));
        assertThat(echoes).containsExactly(Map.entry(1, 0.00492), Map.entry(2, 0.00738));
        assertThat(phases).hasSize(1);
        JsonNode json = phases.get(0).sidecar();
        assertThat(json.path("EchoTime1").asDouble()).isEqualTo(0.00492);
        assertThat(json.path("EchoTime2").asDouble()).isEqualTo(0.00738);
        assertThat(json.path("ImageType").toString()).contains("PHASE");
        float[] raw = truth.volume(0);
        float[] scaled = new float[raw.length];
        for (int i = 0; i < raw.length; i++) {
            scaled[i] = 2 * raw[i] - 4096;
        }
        assertThat(World.largestDifference(
                        phases.get(0).image().header(), phases.get(0).image().volumes()[0], truth.grid(0), scaled))
                .isLessThanOrEqualTo(1.01);
    }

    @Test
    void anAnatomicalSidecarReportsInversionAndEcho() throws Exception {
        // Given a T1 whose flip angle drifted
        String faults = ", faults: [{kind: parameter-drift, series: T1-SMALL, parameter: FlipAngle, value: 12}]";
        ScannedSession session = Scans.generate(folder, "SIEMENS", "T1-SMALL", faults);

        // When it is converted
        Converted t1 =
                Scans.convert(Scans.series(session, 1), folder.resolve("nii")).get(0);

        // Then the sidecar has the protocol's values and the drifted one
        assertThat(t1.sidecar().path("InversionTime").asDouble()).isEqualTo(0.9);
        assertThat(t1.sidecar().path("EchoTime").asDouble()).isEqualTo(0.00298, within(1e-7));
        assertThat(t1.sidecar().path("RepetitionTime").asDouble()).isEqualTo(2.3);
        assertThat(t1.sidecar().path("FlipAngle").asDouble()).isEqualTo(12);
        assertThat(List.of(
                                t1.image().header().nx(),
                                t1.image().header().ny(),
                                t1.image().header().nz())
                        .stream()
                        .sorted(Comparator.naturalOrder()))
                .containsExactly(48, 64, 64);
    }

    private static SeriesPlan plan(String scanner, String series) {
        return SessionPlanner.plan(Scans.scenario(scanner, series, ""), 0)
                .series()
                .get(0);
    }
}

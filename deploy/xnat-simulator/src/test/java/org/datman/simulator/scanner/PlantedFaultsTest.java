package org.datman.simulator.scanner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.groups.Tuple;
import org.datman.imaging.ImageFormatException;
import org.datman.imaging.dicom.DicomDataset;
import org.datman.imaging.dicom.DicomReader;
import org.datman.imaging.nifti.NiftiImage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A planted fault is in the written files, is written down, and leaves everything else alone. */
class PlantedFaultsTest {

    private static final String RUN = "{protocol: RST, volumes: 6}";

    @TempDir
    Path folder;

    @Test
    void aDropoutDarkensOneSliceOfOneVolume() throws Exception {
        // Given a diffusion run that lost 80 % of slice 10 of volume 3
        ScannedSession session = Scans.generate(
                folder, "SIEMENS", "DTI-SMALL", fault("slice-dropout", "DTI-SMALL", "volume: 3, slice: 10, loss: 0.8"));

        // When it is converted
        NiftiImage image = Scans.convert(Scans.series(session, 1), folder.resolve("nii"))
                .get(0)
                .image();

        // Then that slice alone is much darker than its neighbours
        for (int k = 7; k < 14; k++) {
            double neighbours = (sliceMean(image, 3, k - 1) + sliceMean(image, 3, k + 1)) / 2;
            double ratio = sliceMean(image, 3, k) / neighbours;
            if (k == 10) {
                assertThat(ratio).as("slice 10").isLessThan(0.45);
            } else if (Math.abs(k - 10) > 1) {
                assertThat(ratio).as("slice %d", k).isBetween(0.8, 1.25);
            }
        }
        assertThat(session.planted())
                .containsExactly(new PlantedFault(
                        FaultKind.SLICE_DROPOUT,
                        "DEMO_CMH_0001_01_01",
                        OptionalInt.of(1),
                        "DTI-MS",
                        Map.of("volume", 3, "slice", 10, "loss", 0.8)));
    }

    @Test
    void aSpikeRipplesThroughOneSlice() throws Exception {
        // Given a run with a k-space spike in slice 5 of volume 2
        ScannedSession session =
                Scans.generate(folder, "GE", RUN, fault("spike", "RST", "volume: 2, slice: 5, amplitude: 60"));

        // When it is converted
        NiftiImage image = Scans.convert(Scans.series(session, 1), folder.resolve("nii"))
                .get(0)
                .image();

        // Then the air beside the head is loud there, and nowhere else
        assertThat(corner(image, 2, 5)).isGreaterThan(3 * corner(image, 2, 6));
        assertThat(corner(image, 1, 5)).isEqualTo(corner(image, 2, 6), within(4.0));
    }

    @Test
    void aGhostIsHalfAFieldOfViewAwayAlongPhaseEncoding() throws Exception {
        // Given a phantom run with a ghost of 10 %
        ScannedSession session = Scans.generate(
                folder,
                "SIEMENS",
                "{protocol: FBN, volumes: 2}",
                ", phantom: true" + fault("ghost", "FBN", "level: 0.1"));

        // When it is converted
        NiftiImage image = Scans.convert(Scans.series(session, 1), folder.resolve("nii"))
                .get(0)
                .image();

        // Then the edge of the image along j shows a tenth of the sphere's centre, and the edge along i shows none
        double centre = voxel(image, 0, 32, 32, 12);
        assertThat(voxel(image, 0, 32, 1, 12) / centre).isEqualTo(0.1, within(0.03));
        assertThat(voxel(image, 0, 1, 32, 12) / centre).isLessThan(0.03);
    }

    @Test
    void aStepMovesTheHead() throws Exception {
        // Given a run in which the head moved 6 mm upwards before volume 3
        ScannedSession session = Scans.generate(
                folder, "SIEMENS", RUN, fault("motion", "RST", "course: step, volume: 3, translation: [0, 0, 6]"));

        // When it is converted
        NiftiImage image = Scans.convert(Scans.series(session, 1), folder.resolve("nii"))
                .get(0)
                .image();

        // Then more of the neck is in the lowest slice from volume 3 on, and nothing changes before
        double[] lowest =
                IntStream.range(0, 6).mapToDouble(t -> sliceMean(image, t, 0)).toArray();
        assertThat(lowest[2]).isEqualTo(lowest[0], within(2.0));
        assertThat(Math.abs(lowest[3] - lowest[2])).isGreaterThan(10);
        assertThat(lowest[5]).isEqualTo(lowest[3], within(2.0));
    }

    @Test
    void aDriftedParameterIsInHeaderAndProtocolText() throws IOException {
        // Given a repetition time that drifted, and a scanner with new software
        String faults = ", faults: [{kind: parameter-drift, series: RST, parameter: RepetitionTime, value: 2200}, "
                + "{kind: parameter-drift, series: RST, parameter: SoftwareVersions, value: syngo MR XA30}]";

        // When the session is scanned
        DicomDataset header = first(Scans.generate(folder, "SIEMENS", RUN, faults), 1);

        // Then every place with the parameter agrees
        assertThat(header.number("RepetitionTime")).hasValue(2200);
        assertThat(header.string("SoftwareVersions")).hasValue("syngo MR XA30");
        byte[] csa = header.element(0x00291020).orElseThrow().bytes().orElseThrow();
        assertThat(new String(csa, StandardCharsets.ISO_8859_1)).contains("alTR[0]\t = \t2200000\n");
        assertThat(Arrays.stream(header.doubles(0x00191029)).boxed())
                .hasSize(24)
                .allMatch(t -> t < 2200)
                .anyMatch(t -> t > 2050);
    }

    @Test
    void missingRepeatedUnknownAndAmbiguousSeriesAreInTheListOfSeries() throws IOException {
        // Given an operator who makes several mistakes
        String faults =
                ", faults: [{kind: missing-series, series: DTI-SMALL}, {kind: repeated-series, series: T1-SMALL}, "
                        + "{kind: unknown-description, series: RST, description: test}, {kind: ambiguous-description, series: FMAP-AP, description: T1 T2}]";

        // When the session is scanned
        ScannedSession session = Scans.generate(
                folder, "SIEMENS", "T1-SMALL, DTI-SMALL, " + RUN + ", {protocol: FMAP-AP, volumes: 1}", faults);

        // Then the folders show it, numbered in the order of the scans, and the list of faults names series and tags
        try (Stream<Path> children = Files.list(session.folder())) {
            assertThat(children.map(p -> p.getFileName().toString()).sorted())
                    .containsExactly("1-Sag_T1_MPRAGE", "2-Sag_T1_MPRAGE", "3-test", "4-T1_T2");
        }
        assertThat(first(session, 1).string("SeriesInstanceUID"))
                .isNotEqualTo(first(session, 2).string("SeriesInstanceUID"));
        assertThat(session.planted())
                .extracting(PlantedFault::kind, PlantedFault::tag, PlantedFault::seriesNumber)
                .containsExactly(
                        Tuple.tuple(FaultKind.MISSING_SERIES, "DTI-MS", OptionalInt.empty()),
                        Tuple.tuple(FaultKind.REPEATED_SERIES, "T1", OptionalInt.of(1)),
                        Tuple.tuple(FaultKind.UNKNOWN_DESCRIPTION, "RST", OptionalInt.of(3)),
                        Tuple.tuple(FaultKind.AMBIGUOUS_DESCRIPTION, "FMAP-AP", OptionalInt.of(4)));
        assertThat(session.planted().get(1).details()).containsEntry("seriesNumbers", List.of(1, 2));
    }

    @Test
    void aTruncatedSeriesStillReportsWhatWasPlanned() throws Exception {
        // Given a GE run that stopped after 4 of 6 volumes
        ScannedSession session = Scans.generate(folder, "GE", RUN, fault("truncated-series", "RST", "volumes: 4"));

        // When it is converted
        NiftiImage image = Scans.convert(Scans.series(session, 1), folder.resolve("nii"))
                .get(0)
                .image();

        // Then four volumes are there, and the header says six
        assertThat(image.volumes()).hasNumberOfRows(4);
        assertThat(first(session, 1).integer("NumberOfTemporalPositions")).hasValue(6);
    }

    @Test
    void damagedFilesAreDamagedAndTheirNeighboursAreNot() throws IOException {
        // Given a garbage file and a series without DICOM
        String faults = ", faults: [{kind: corrupt-file, series: RST, file: 2}, {kind: no-dicom, series: T1-SMALL}]";

        // When the session is scanned
        ScannedSession session = Scans.generate(folder, "SIEMENS", "T1-SMALL, " + RUN, faults);

        // Then exactly those are bad
        List<Path> run = Scans.files(Scans.series(session, 2));
        assertThat(run).hasSize(6);
        assertThatThrownBy(() -> DicomReader.read(run.get(1))).isInstanceOf(ImageFormatException.class);
        assertThat(DicomReader.read(run.get(2)).dataset().string("Modality")).hasValue("MR");
        assertThat(Scans.files(Scans.series(session, 1)))
                .singleElement()
                .satisfies(f -> assertThat(DicomReader.isDicom(f)).isFalse());
    }

    @Test
    void whatHappensLaterIsPlannedInOrder() throws IOException {
        // Given a late series, a new label and a deletion
        String faults =
                ", faults: [{kind: deleted-session, after: 1m}, {kind: late-series, series: T1-SMALL, after: 20s}, "
                        + "{kind: renamed-session, to: DEMO_CMH_0002_01_01, after: 30s}]";

        // When the session is scanned
        ScannedSession session = Scans.generate(folder, "SIEMENS", "T1-SMALL, " + RUN, faults);

        // Then the late series lies apart and the events come in order of time
        assertThat(session.later())
                .extracting(LaterEvent::after)
                .containsExactly(Duration.ofSeconds(20), Duration.ofSeconds(30), Duration.ofMinutes(1));
        LaterEvent.LateSeries late = (LaterEvent.LateSeries) session.later().get(0);
        assertThat(late.seriesNumber()).isEqualTo(1);
        assertThat(Scans.files(late.folder())).hasSize(48);
        assertThat(late.folder().startsWith(session.folder())).isFalse();
        assertThat(((LaterEvent.Renamed) session.later().get(1)).newLabel()).isEqualTo("DEMO_CMH_0002_01_01");
    }

    private static String fault(String kind, String series, String more) {
        return ", faults: [{kind: " + kind + ", series: " + series + ", " + more + "}]";
    }

    private static DicomDataset first(ScannedSession session, int number) throws IOException {
        return DicomReader.read(Scans.files(Scans.series(session, number)).get(0))
                .dataset();
    }

    private static double sliceMean(NiftiImage image, int t, int k) {
        int n = image.header().nx() * image.header().ny();
        return IntStream.range(k * n, (k + 1) * n)
                .mapToDouble(i -> image.volumes()[t][i])
                .average()
                .orElseThrow();
    }

    private static double voxel(NiftiImage image, int t, int i, int j, int k) {
        return image.volumes()[t][i + image.header().nx() * (j + image.header().ny() * k)];
    }

    /** Mean of 8 x 8 voxels in a corner of a slice: air. */
    private static double corner(NiftiImage image, int t, int k) {
        return IntStream.range(0, 64)
                .mapToDouble(n -> voxel(image, t, n % 8, n / 8, k))
                .average()
                .orElseThrow();
    }
}

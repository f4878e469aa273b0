package org.datman.export.convert;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.datman.contracts.event.Reason;
import org.datman.contracts.study.Part;
import org.datman.export.completeness.SeriesCount;
import org.datman.export.dicom.ImageHeader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Mosaics, whose slices have no own positions: the converter's output compared with the position of the volume. */
class ConversionCheckTest {

    private static final int SLICES = 36;
    private static final double DISTANCE = 3.3;

    @Test
    void aVolumeWhereItsMosaicStatesIsRight() {
        // Given
        List<SeriesCount.Shape> shapes = mosaics(3);

        // When the slices are in reverse order, as dcm2niix writes them
        List<Reason> wrong = ConversionCheck.of(List.of(image(SLICES, 3, reversed(corners(0)))), shapes);

        // Then
        assertThat(wrong).isEmpty();
    }

    @Test
    void aVolumeThatIsASliceOffIsFound() {
        // Given
        List<SeriesCount.Shape> shapes = mosaics(3);

        // When
        List<Reason> wrong = ConversionCheck.of(List.of(image(SLICES, 3, corners(DISTANCE))), shapes);

        // Then
        assertThat(wrong).extracting(Reason::code).containsExactly("geometry-not-as-in-headers");
        assertThat(wrong.get(0).message()).contains("3.3 mm");
    }

    @Test
    void aVolumeOfMoreSlicesThanItsMosaicIsFound() {
        // Given the dcm2niix output of a mosaic whose private elements were removed: 36 slices of which 6 are empty
        List<SeriesCount.Shape> shapes = List.of(new SeriesCount.Shape(64, 64, 30, 3, 0, List.of()));

        // When
        List<Reason> wrong = ConversionCheck.of(List.of(image(36, 3, corners(0))), shapes);

        // Then
        assertThat(wrong).extracting(Reason::code).containsExactly("not-as-in-headers");
        assertThat(wrong.get(0).message()).contains("64×64×36 voxels × 3 volumes", "64×64×30 voxels × 3 volumes");
    }

    /** dcm2niix 1.0.20220720 creates 170×256×256 voxels from 170 sagittal slices of 256×256 (Philips MPRAGE). */
    @Test
    void axesThatTheConverterTurnedAreNoLoss() {
        // Given
        List<SeriesCount.Shape> shapes = List.of(new SeriesCount.Shape(256, 256, 170, 1, 0, List.of()));

        // When
        List<Reason> whole = ConversionCheck.of(List.of(image(List.of(170, 256, 256, 1), List.of())), shapes);
        List<Reason> lost = ConversionCheck.of(List.of(image(List.of(169, 256, 256, 1), List.of())), shapes);

        // Then
        assertThat(whole).isEmpty();
        assertThat(lost).extracting(Reason::code).containsExactly("not-as-in-headers");
    }

    /** Eight measured volumes and the trace appended to them: dcm2niix writes all nine as {@code _ADC} beside the eight. */
    @Test
    void appendedTraceVolumesThatLeaveTheMeasuredImageAreNoLoss() {
        // Given
        List<SeriesCount.Shape> stated = List.of(new SeriesCount.Shape(64, 64, SLICES, 9, 1, List.of()));
        List<SeriesCount.Shape> untold = List.of(new SeriesCount.Shape(64, 64, SLICES, 9, 0, List.of()));
        List<ConvertedImage> images = List.of(image(SLICES, 8, List.of()), computed(SLICES, 9));

        // When
        List<Reason> wrong = Stream.of(stated, untold)
                .flatMap(shapes -> ConversionCheck.of(images, shapes).stream())
                .toList();

        // Then
        assertThat(wrong).isEmpty();
    }

    @Test
    void aComputedImageOfItsOwnIsNoLoss() {
        // Given
        List<SeriesCount.Shape> shapes = List.of(new SeriesCount.Shape(64, 64, SLICES, 9, 0, List.of()));

        // When
        List<Reason> wrong = ConversionCheck.of(List.of(image(SLICES, 8, List.of()), computed(SLICES, 1)), shapes);

        // Then
        assertThat(wrong).isEmpty();
    }

    @ParameterizedTest(name = "measured {0} slices x {1} volumes, computed {2} x {3}")
    @CsvSource({"36, 5, 36, 9", "35, 8, 36, 9", "35, 8, 35, 9", "36, 5, 36, 6", "36, 5, 36, 1"})
    void whatAComputedImageDoesNotExplainIsFound(int slices, int volumes, int computedSlices, int computedVolumes) {
        // Given
        List<SeriesCount.Shape> shapes = List.of(new SeriesCount.Shape(64, 64, SLICES, 9, 1, List.of()));

        // When
        List<Reason> wrong = ConversionCheck.of(
                List.of(image(slices, volumes, List.of()), computed(computedSlices, computedVolumes)), shapes);

        // Then
        assertThat(wrong).extracting(Reason::code).containsExactly("not-as-in-headers");
    }

    private static ConvertedImage computed(int slices, int volumes) {
        ConvertedImage measured = image(slices, volumes, List.of());
        return measured.with(measured.facts().withEnding("ADC"));
    }

    private static List<SeriesCount.Shape> mosaics(int volumes) {
        List<ImageHeader> headers = new ArrayList<>();
        for (int volume = 1; volume <= volumes; volume++) {
            headers.add(new ImageHeader(
                    "1.2." + volume,
                    "1.2.840.10008.5.1.4.1.1.4",
                    "1.2",
                    "1.3",
                    "4",
                    volume,
                    volume,
                    List.of("ORIGINAL", "PRIMARY", "M", "MOSAIC"),
                    384,
                    384,
                    List.of(3.0, 3.0),
                    1,
                    "",
                    SLICES,
                    corners(0),
                    1,
                    List.of(),
                    null,
                    null,
                    null,
                    null));
        }
        return SeriesCount.of(headers, false).shapes();
    }

    private static List<List<Double>> corners(double off) {
        List<List<Double>> corners = new ArrayList<>();
        for (double z : new double[] {off, (SLICES - 1) * DISTANCE + off}) {
            for (double y : new double[] {-96, 93}) {
                for (double x : new double[] {-96, 93}) {
                    corners.add(List.of(x, y, z));
                }
            }
        }
        return corners;
    }

    private static List<List<Double>> reversed(List<List<Double>> corners) {
        return Stream.iterate(corners.size() - 1, i -> i >= 0, i -> i - 1)
                .map(corners::get)
                .toList();
    }

    private static ConvertedImage image(int slices, int volumes, List<List<Double>> corners) {
        return image(List.of(64, 64, slices, volumes), corners);
    }

    private static ConvertedImage image(List<Integer> dims, List<List<Double>> corners) {
        ImageFacts facts = new ImageFacts(
                1,
                Optional.of(30.0),
                Part.MAGNITUDE,
                "",
                4,
                1,
                false,
                dims,
                "INT16",
                "a",
                Optional.of("j-"),
                Optional.empty());
        return new ConvertedImage(facts, Map.of(), corners);
    }
}

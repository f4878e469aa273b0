package org.datman.export.completeness;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.datman.contracts.event.Reason;
import org.datman.contracts.study.Part;
import org.datman.export.dicom.ImageHeader;
import org.datman.export.dicom.SlicePlane;
import org.junit.jupiter.api.Test;

class SeriesCountTest {

    private static final String ENHANCED = "1.2.840.10008.5.1.4.1.1.4.1";

    @Test
    void anInterruptedRunKeepsItsOneWholeVolume() {
        // Given
        List<ImageHeader> headers = new ArrayList<>(volume(1, 34, 34, 328));
        headers.addAll(volume(2, 34, 26, 328));

        // When
        SeriesCount count = SeriesCount.of(headers, false);

        // Then
        assertThat(count.completeness().promisedVolumes()).contains(328);
        assertThat(count.completeness().promisedImages()).contains(328 * 34);
        assertThat(count.completeness().volumesArrived()).isEqualTo(2);
        assertThat(count.completeness().volumesComplete()).isEqualTo(1);
        assertThat(count.completeness().losses())
                .extracting(Reason::code)
                .containsExactly("volumes-broken", "volumes-missing");
        assertThat(count.brokenVolumes()).hasSize(26).allMatch(file -> file >= 34);
        assertThat(count.shapes()).singleElement().satisfies(shape -> {
            assertThat(shape.slices()).isEqualTo(34);
            assertThat(shape.volumes()).isEqualTo(1);
        });
    }

    @Test
    void aWholeRunIsComplete() {
        // Given
        List<ImageHeader> headers = new ArrayList<>();
        for (int volume = 1; volume <= 3; volume++) {
            headers.addAll(volume(volume, 5, 5, 3));
        }

        // When
        SeriesCount count = SeriesCount.of(headers, false);

        // Then
        assertThat(count.completeness().losses()).isEmpty();
        assertThat(count.brokenVolumes()).isEmpty();
        assertThat(count.completeness().promisedVolumes()).contains(3);
    }

    @Test
    void aLostVolumeThatNothingElseCountsIsFoundByTheNumbersOfTheImages() {
        // Given
        List<ImageHeader> headers = new ArrayList<>();
        for (int volume : new int[] {1, 2, 3, 4, 5, 7}) {
            headers.addAll(volume(volume, 5, 5, 0));
        }

        // When
        SeriesCount count = SeriesCount.of(headers, false);

        // Then
        assertThat(count.completeness().losses()).extracting(Reason::code).containsExactly("images-missing");
        assertThat(count.completeness().promisedImages()).contains(35);
        assertThat(count.completeness().imagesArrived()).isEqualTo(30);
    }

    @Test
    void classicAndEnhancedImagesOfOneSeriesAreTwoImages() {
        // Given
        List<ImageHeader> headers = new ArrayList<>();
        for (int volume = 1; volume <= 3; volume++) {
            headers.addAll(volume(volume, 5, 5, 0));
        }
        List<SlicePlane> planes =
                headers.stream().flatMap(h -> h.planes().stream()).toList();
        headers.add(header(100, "1.2.840.10008.5.1.4.1.1.4.1", planes, 0));

        // When
        SeriesCount count = SeriesCount.of(headers, false);

        // Then
        assertThat(count.shapes()).hasSize(2).allSatisfy(shape -> {
            assertThat(shape.slices()).isEqualTo(5);
            assertThat(shape.volumes()).isEqualTo(3);
        });
    }

    @Test
    void aTraceIsCountedAmongTheVolumes() {
        // Given two weighted volumes and the volumes computed from them, by b-value and direction
        List<ImageHeader> headers = new ArrayList<>();
        headers.add(header(1, ENHANCED, frames("0.0 []", 30, 5), 0));
        headers.add(header(2, ENHANCED, frames("1000.0 [0.0, 1.0E-5, 1.0]", 30, 5), 0));
        headers.add(header(3, ENHANCED, frames("1000.0 [0.0, 0.0, 0.0]", 30, 5), 0));

        // When
        SeriesCount count = SeriesCount.of(headers, false);

        // Then
        assertThat(count.shapes()).singleElement().satisfies(shape -> {
            assertThat(shape.volumes()).isEqualTo(3);
            assertThat(shape.computed()).isEqualTo(1);
        });
    }

    @Test
    void aFileThatAWholeVolumeOfAnotherEchoNeedsIsKept() {
        // Given files of one volume and two echoes each, and a frame of the second echo missing in the last
        List<ImageHeader> headers = new ArrayList<>();
        for (int volume = 1; volume <= 3; volume++) {
            List<SlicePlane> planes = new ArrayList<>(frames("", 10, 5));
            planes.addAll(frames("", 20, volume == 3 ? 4 : 5));
            headers.add(header(volume, ENHANCED, planes, 0));
        }

        // When
        SeriesCount count = SeriesCount.of(headers, false);

        // Then
        assertThat(count.brokenVolumes()).isEmpty();
        assertThat(count.shapes()).extracting(SeriesCount.Shape::volumes).containsExactly(3, 3);
        assertThat(count.completeness().losses())
                .extracting(Reason::code)
                .containsExactly("volumes-broken", "echoes-differ");
        assertThat(count.completeness().losses().get(0).message())
                .isEqualTo(
                        "2 of 3 volumes are complete, and 1 incomplete ones were converted with them, because they share"
                                + " files: volume 3 has 4 of 5 slices");
    }

    @Test
    void volumesOfOneFileAreConvertedTogether() {
        // Given one file of two time points, the second with a missing frame
        List<SlicePlane> planes = new ArrayList<>();
        for (int point = 1; point <= 2; point++) {
            for (SlicePlane plane : frames("", 10, point == 2 ? 4 : 5)) {
                planes.add(new SlicePlane(
                        plane.position(), plane.orientation(), Integer.toString(point), "", 10, Part.MAGNITUDE));
            }
        }

        // When
        SeriesCount count = SeriesCount.of(List.of(header(1, ENHANCED, planes, 0)), false);

        // Then
        assertThat(count.brokenVolumes()).isEmpty();
        assertThat(count.shapes()).extracting(SeriesCount.Shape::volumes).containsExactly(2);
        assertThat(count.completeness().losses().get(0).message()).doesNotContain("only these");
    }

    private static List<SlicePlane> frames(String diffusion, double echoTime, int slices) {
        List<SlicePlane> planes = new ArrayList<>();
        for (int slice = 0; slice < slices; slice++) {
            planes.add(new SlicePlane(
                    List.of(-90.0, -90.0, slice * 4.0),
                    List.of(1.0, 0.0, 0.0, 0.0, 1.0, 0.0),
                    "",
                    diffusion,
                    echoTime,
                    Part.MAGNITUDE));
        }
        return planes;
    }

    private static List<ImageHeader> volume(int volume, int slices, int received, int temporalPositions) {
        List<ImageHeader> headers = new ArrayList<>();
        for (int slice = 0; slice < received; slice++) {
            int instance = (volume - 1) * slices + slice + 1;
            SlicePlane plane = new SlicePlane(
                    List.of(-90.0, -90.0, slice * 4.0),
                    List.of(1.0, 0.0, 0.0, 0.0, 1.0, 0.0),
                    "",
                    "",
                    30,
                    Part.MAGNITUDE);
            headers.add(header(instance, "1.2.840.10008.5.1.4.1.1.4", List.of(plane), temporalPositions));
        }
        return headers;
    }

    private static ImageHeader header(int instance, String sopClass, List<SlicePlane> planes, int temporalPositions) {
        return new ImageHeader(
                "1.2." + instance,
                sopClass,
                "1.2",
                "1.3",
                "4",
                1,
                instance,
                List.of("ORIGINAL", "PRIMARY", "M"),
                64,
                64,
                List.of(3.0, 3.0),
                1,
                "",
                0,
                List.of(),
                planes.size(),
                planes,
                Optional.of(temporalPositions).filter(n -> n > 0).orElse(null),
                null,
                null,
                "",
                null);
    }
}

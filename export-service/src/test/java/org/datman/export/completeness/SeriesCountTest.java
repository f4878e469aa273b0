package org.datman.export.completeness;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.datman.contracts.event.Reason;
import org.datman.contracts.study.Part;
import org.datman.export.dicom.ImageHeader;
import org.datman.export.dicom.ImageHeader.Stated;
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
    void theNumbersOfWithheldImagesAreNotMissingAndOthersAre() {
        // Given
        List<ImageHeader> headers = new ArrayList<>();
        for (int volume : new int[] {1, 2, 3, 4, 5, 7}) {
            headers.addAll(volume(volume, 5, 5, 0));
        }

        // When
        SeriesCount all = SeriesCount.of(headers, false, List.of(26, 27, 28, 29, 30));
        SeriesCount some = SeriesCount.of(headers, false, List.of(26, 27));

        // Then
        assertThat(all.completeness().losses()).isEmpty();
        assertThat(all.completeness().promisedImages()).isEmpty();
        assertThat(codes(some)).containsExactly("images-missing");
        assertThat(some.completeness().losses().get(0).message()).contains("3 of them are missing");
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
    void ofAFileWithAnIncompleteVolumeOnlyItsFramesAreLeftOut() {
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
        assertThat(count.brokenFrames()).isEqualTo(Map.of(0, Set.of(5, 6, 7, 8)));
        assertThat(count.shapes()).extracting(SeriesCount.Shape::volumes).containsExactly(1);
        assertThat(count.completeness().losses().get(0).message())
                .isEqualTo("1 of 2 volumes are complete, only these are for conversion: volume 2 has 4 of 5 slices");
    }

    @Test
    void theDynamicsThatPhilipsPlannedAreExpectedWhereNothingElseCountsThem() {
        // Given
        String basis = "NumberOfDynamicScans (2001,xx81)";
        List<ImageHeader> headers = IntStream.range(0, 12)
                .mapToObj(image -> image(image + 1)
                        .at(image % 4, Integer.toString(image / 4 + 1), "", 30)
                        .timePoints(5, basis)
                        .header())
                .toList();

        // When
        SeriesCount count = SeriesCount.of(headers, false);

        // Then
        assertVolumes(count, 5, 3, 3);
        assertThat(count.completeness().basis()).containsExactly(basis);
        assertThat(count.completeness().losses().get(0).message())
                .isEqualTo("The header states 5 time points (NumberOfDynamicScans), 3 received");
    }

    @Test
    void aPhilipsRunThatWasStoppedKeepsItsWholeDynamics() {
        // Given 40 dynamics of 6 slices planned, stopped within the tenth
        List<ImageHeader> headers = new ArrayList<>();
        for (int dynamic = 1; dynamic <= 10; dynamic++) {
            for (int slice = 0; slice < (dynamic == 10 ? 3 : 6); slice++) {
                headers.add(image((dynamic - 1) * 6 + slice + 1)
                        .at(slice, Integer.toString(dynamic), "", 30)
                        .timePoints(40)
                        .slices(6, "NumberOfSlicesMR (2001,xx18)")
                        .header());
            }
        }

        // When
        SeriesCount count = SeriesCount.of(headers, false);

        // Then
        assertVolumes(count, 40, 10, 9);
        assertThat(count.completeness().promisedImages()).contains(240);
        assertThat(count.completeness().imagesArrived()).isEqualTo(57);
        assertThat(codes(count)).containsExactly("volumes-broken", "volumes-missing");
        assertThat(count.completeness().basis())
                .containsExactly(
                        "NumberOfSlicesMR (2001,xx18)",
                        "NumberOfTemporalPositions (0020,0105)",
                        "ImagePositionPatient (0020,0032)");
        assertThat(count.brokenVolumes()).containsExactlyInAnyOrder(54, 55, 56);
    }

    @Test
    void anXaRunWithAPartialLastVolumeKeepsTheOthers() {
        // Given enhanced files of one volume each
        List<ImageHeader> headers = new ArrayList<>();
        for (int volume = 1; volume <= 5; volume++) {
            Image image = image(volume).ofClass(ENHANCED).acquired(volume);
            for (int slice = 0; slice < (volume == 5 ? 2 : 6); slice++) {
                image.at(slice, "1", "", 30);
            }
            headers.add(image.header());
        }

        // When
        SeriesCount count = SeriesCount.of(headers, false);

        // Then
        assertThat(count.completeness().volumesArrived()).isEqualTo(5);
        assertThat(count.completeness().volumesComplete()).isEqualTo(4);
        assertThat(codes(count)).containsExactly("volumes-broken");
        assertThat(count.completeness().losses().get(0).message())
                .isEqualTo("4 of 5 volumes are complete, only these are for conversion: volume 5 has 2 of 6 slices");
        assertThat(count.brokenVolumes()).containsExactly(4);
    }

    @Test
    void aClassicXaVolumeThatIsASeriesByItselfIsComplete() {
        // Given the second of five volumes, whose header counts those of the whole run
        List<ImageHeader> headers = new ArrayList<>();
        for (int slice = 0; slice < 6; slice++) {
            headers.add(image(slice + 1)
                    .type("ORIGINAL", "PRIMARY", "M", "MFSPLIT")
                    .at(slice, "2", "", 30)
                    .timePoints(5)
                    .header());
        }

        // When
        SeriesCount count = SeriesCount.of(headers, false);

        // Then
        assertThat(count.completeness().losses()).isEmpty();
        assertThat(count.completeness().volumesComplete()).isEqualTo(1);
    }

    @Test
    void ofSeveralEchoesWithTheSameNumbersTheVolumeThatOneLacksIsIncomplete() {
        // Given three echoes that share their instance numbers, and a third volume that ends within the last echo
        List<ImageHeader> headers = new ArrayList<>();
        for (int echo = 1; echo <= 3; echo++) {
            for (int volume = 1; volume <= 3; volume++) {
                for (int slice = 0; slice < (volume == 3 && echo == 3 ? 1 : 4); slice++) {
                    headers.add(image((volume - 1) * 4 + slice + 1)
                            .at(slice, "", "", echo * 12)
                            .header());
                }
            }
        }

        // When
        SeriesCount count = SeriesCount.of(headers, false);

        // Then
        assertThat(count.completeness().volumesComplete()).isEqualTo(2);
        assertThat(codes(count)).containsExactly("volumes-broken", "echoes-differ");
        assertThat(count.shapes()).extracting(SeriesCount.Shape::volumes).containsExactly(3, 3, 2);
        assertThat(count.completeness().promisedImages()).contains(36);
    }

    @Test
    void ofSeveralWholeEchoesWithTheSameNumbersNothingIsMissing() {
        // Given
        List<ImageHeader> headers = new ArrayList<>();
        for (int echo = 1; echo <= 3; echo++) {
            for (int volume = 1; volume <= 3; volume++) {
                for (int slice = 0; slice < 4; slice++) {
                    headers.add(image((volume - 1) * 4 + slice + 1)
                            .at(slice, "", "", echo * 12)
                            .header());
                }
            }
        }

        // When
        SeriesCount count = SeriesCount.of(headers, false);

        // Then
        assertThat(count.completeness().losses()).isEmpty();
        assertThat(count.completeness().volumesComplete()).isEqualTo(3);
        assertThat(count.shapes()).extracting(SeriesCount.Shape::volumes).containsExactly(3, 3, 3);
    }

    @Test
    void aDiffusionRunIsSortedByItsBValuesAndDirections() {
        // Given a volume without weighting and three directions, slice by slice as some scanners number them
        List<String> weightings =
                List.of("0.0 []", "1000.0 [1.0, 0.0, 0.0]", "1000.0 [0.0, 1.0, 0.0]", "1000.0 [0.0, 0.0, 1.0]");
        List<ImageHeader> headers = new ArrayList<>();
        int number = 0;
        for (int slice = 0; slice < 5; slice++) {
            for (String weighting : weightings) {
                number += 2;
                if (slice != 4 || !weighting.equals(weightings.get(3))) {
                    headers.add(image(number).at(slice, "", weighting, 80).header());
                }
            }
        }

        // When
        SeriesCount count = SeriesCount.of(headers, false);

        // Then
        assertThat(count.completeness().volumesComplete()).isEqualTo(3);
        assertThat(count.brokenVolumes()).hasSize(4);
        assertThat(codes(count)).containsExactly("volumes-broken");
    }

    @Test
    void mosaicsAreCountedAgainstTheTimePointsOfTheHeader() {
        // Given
        List<ImageHeader> headers = IntStream.rangeClosed(1, 8)
                .mapToObj(volume ->
                        image(volume).acquired(volume).mosaic(36).timePoints(10).header())
                .toList();

        // When
        SeriesCount count = SeriesCount.of(headers, false);

        // Then
        assertVolumes(count, 10, 8, 8);
        assertThat(codes(count)).containsExactly("volumes-missing");
    }

    @Test
    void mosaicsWithoutAnotherCountAreExpectedAsTheProtocolPlansThem() {
        // Given
        List<ImageHeader> headers = IntStream.rangeClosed(1, 8)
                .mapToObj(volume -> image(volume)
                        .acquired(volume)
                        .mosaic(36)
                        .repetitions(200, "lRepetitions of the protocol")
                        .header())
                .toList();

        // When
        SeriesCount count = SeriesCount.of(headers, false);

        // Then
        assertVolumes(count, 200, 8, 8);
        assertThat(count.completeness().basis()).containsExactly("lRepetitions of the protocol");
        assertThat(count.completeness().losses()).isEmpty();
        assertThat(count.completeness().notes()).extracting(Reason::code).containsExactly("fewer-volumes-than-planned");
    }

    @Test
    void aFileWithFewerFramesThanItCountsIsIncomplete() {
        // Given
        Image image = image(1).ofClass(ENHANCED).frames(40);
        for (int slice = 0; slice < 33; slice++) {
            image.at(slice, "", "", 30);
        }

        // When
        SeriesCount count = SeriesCount.of(List.of(image.header()), false);

        // Then
        assertThat(codes(count)).containsExactly("frames-missing");
        assertThat(count.completeness().losses().get(0).message()).contains("33 of 40");
    }

    @Test
    void aSliceThatIsMissingBetweenOthersIsFoundByTheirPositions() {
        // Given
        List<ImageHeader> headers = IntStream.range(0, 10)
                .filter(slice -> slice != 4)
                .mapToObj(slice -> image(slice + 1).at(slice, "", "", 30).header())
                .toList();

        // When
        SeriesCount count = SeriesCount.of(headers, false);

        // Then
        assertThat(codes(count)).containsExactly("slices-missing");
        assertThat(count.completeness().promisedImages()).contains(10);
        assertThat(count.completeness().imagesArrived()).isEqualTo(9);
        assertThat(count.completeness().basis()).contains("ImagePositionPatient (0020,0032)");
    }

    @Test
    void aVolumeThatEndsEarlyIsFoundByTheCountOfTheVendorAndByThatOfTheAcquisition() {
        // Given
        List<ImageHeader> vendor = IntStream.range(0, 33)
                .mapToObj(slice -> image(slice + 1)
                        .at(slice, "", "", 30)
                        .slices(34, "LocationsInAcquisition (0021,xx4F)")
                        .header())
                .toList();
        List<ImageHeader> acquisition = IntStream.range(0, 33)
                .mapToObj(slice ->
                        image(slice + 1).at(slice, "", "", 30).inAcquisition(34).header())
                .toList();

        // When
        List<SeriesCount> counts = List.of(SeriesCount.of(vendor, false), SeriesCount.of(acquisition, false));

        // Then
        assertThat(counts).allSatisfy(count -> assertThat(count.completeness().promisedImages())
                .contains(34));
        assertThat(counts)
                .extracting(SeriesCountTest::codes)
                .containsExactly(List.of("slices-missing"), List.of("images-missing"));
    }

    private static List<String> codes(SeriesCount count) {
        return count.completeness().losses().stream().map(Reason::code).toList();
    }

    private static void assertVolumes(SeriesCount count, int expected, int arrived, int complete) {
        assertThat(count.completeness().promisedVolumes()).contains(expected);
        assertThat(count.completeness().volumesArrived()).isEqualTo(arrived);
        assertThat(count.completeness().volumesComplete()).isEqualTo(complete);
    }

    private static Image image(int instance) {
        return new Image(instance);
    }

    /** A header, set part by part. */
    private static final class Image {

        private final int instance;
        private final List<SlicePlane> planes = new ArrayList<>();
        private List<String> type = List.of("ORIGINAL", "PRIMARY", "M");
        private String sopClass = "1.2.840.10008.5.1.4.1.1.4";
        private int acquisition = 1;
        private int mosaicSlices;
        private int frames;
        private Stated timePoints;
        private Integer inAcquisition;
        private Stated slices;
        private Stated repetitions;

        Image(int instance) {
            this.instance = instance;
        }

        Image type(String... values) {
            type = List.of(values);
            return this;
        }

        Image ofClass(String uid) {
            sopClass = uid;
            return this;
        }

        Image acquired(int number) {
            acquisition = number;
            return this;
        }

        Image at(int slice, String timePoint, String diffusion, double echoTime) {
            planes.add(new SlicePlane(
                    List.of(-90.0, -90.0, slice * 4.0),
                    List.of(1.0, 0.0, 0.0, 0.0, 1.0, 0.0),
                    timePoint,
                    diffusion,
                    echoTime,
                    Part.MAGNITUDE));
            return this;
        }

        Image mosaic(int tiles) {
            mosaicSlices = tiles;
            return this;
        }

        Image frames(int number) {
            frames = number;
            return this;
        }

        Image timePoints(int number) {
            return timePoints(number, "NumberOfTemporalPositions (0020,0105)");
        }

        Image timePoints(int number, String from) {
            timePoints = new Stated(number, from);
            return this;
        }

        Image inAcquisition(int number) {
            inAcquisition = number;
            return this;
        }

        Image slices(int number, String from) {
            slices = new Stated(number, from);
            return this;
        }

        Image repetitions(int number, String from) {
            repetitions = new Stated(number, from);
            return this;
        }

        ImageHeader header() {
            return new ImageHeader(
                    "1.2." + instance,
                    sopClass,
                    "1.2",
                    "1.3",
                    "4",
                    acquisition,
                    instance,
                    type,
                    384,
                    384,
                    List.of(3.0, 3.0),
                    1,
                    "",
                    mosaicSlices,
                    List.of(),
                    Math.max(1, Math.max(frames, planes.size())),
                    planes,
                    timePoints,
                    inAcquisition,
                    slices,
                    repetitions);
        }
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
                temporalPositions > 0 ? new Stated(temporalPositions, "NumberOfTemporalPositions (0020,0105)") : null,
                null,
                null,
                null);
    }
}

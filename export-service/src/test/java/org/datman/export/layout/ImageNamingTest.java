package org.datman.export.layout;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.datman.contracts.event.SeriesTagged.Assignment;
import org.datman.contracts.event.SeriesTaggedAssignmentBuilder;
import org.datman.contracts.study.Part;
import org.datman.export.convert.ImageFacts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageNamingTest {

    private static final String STEM = "SPN01_CMH_0001_01_01_";

    @Test
    void everyImageGetsAnotherName() {
        // Given
        List<ImageFacts> images = List.of(
                image(1, Part.MAGNITUDE, "", 1, "a"),
                image(1, Part.MAGNITUDE, "", 1, "b"),
                image(1, Part.MAGNITUDE, "", 1, "c"),
                image(1, Part.PHASE, "", 1, "d"),
                image(2, Part.PHASE, "", 1, "e"),
                image(1, Part.MAGNITUDE, "i00008", 1, "f"),
                image(1, Part.MAGNITUDE, "", 7, "g"));

        // When
        List<String> stems =
                ImageNaming.name(images, List.of(tag("T1", null, null)), new ArrayList<>(), new ArrayList<>()).stream()
                        .map(ImageNaming.Named::stem)
                        .toList();

        // Then
        assertThat(stems)
                .doesNotHaveDuplicates()
                .contains(STEM + "T1_05_d", STEM + "T1_05_d-2", STEM + "T1_05_d-3", STEM + "T1_05_d-ph")
                .contains(STEM + "T1_05_d-e2-ph", STEM + "T1_05_d-i00008", STEM + "T1_05_d-s7");
    }

    @Test
    void theOrderOfTheConvertersFilesDoesNotMatter() {
        // Given
        List<ImageFacts> images = new ArrayList<>(List.of(
                image(1, Part.MAGNITUDE, "", 1, "a"),
                image(1, Part.MAGNITUDE, "", 1, "b"),
                image(2, Part.MAGNITUDE, "", 1, "c"),
                image(2, Part.PHASE, "", 1, "d")));
        List<Assignment> tags = List.of(tag("M1", 1, null), tag("M2", 2, "magnitude"));
        List<ImageNaming.Named> expected = ImageNaming.name(images, tags, new ArrayList<>(), new ArrayList<>());
        Collections.shuffle(images, new Random(4));

        // When
        List<ImageNaming.Named> shuffled = ImageNaming.name(images, tags, new ArrayList<>(), new ArrayList<>());

        // Then
        assertThat(shuffled).isEqualTo(expected);
    }

    @Test
    void theMoreSpecificTagTakesTheImage() {
        // Given
        List<ImageFacts> images = List.of(image(1, Part.MAGNITUDE, "", 1, "a"), image(2, Part.MAGNITUDE, "", 1, "b"));

        // When
        List<ImageNaming.Named> named = ImageNaming.name(
                images, List.of(tag("ALL", null, null), tag("E2", 2, null)), new ArrayList<>(), new ArrayList<>());

        // Then
        assertThat(named).extracting(ImageNaming.Named::stem).containsExactly(STEM + "ALL_05_d", STEM + "E2_05_d");
    }

    @Test
    void theOtherPhaseEncodingDirectionIsInTheNameInPlaceOfTheConvertersCount() {
        // Given
        List<ImageFacts> images = List.of(polarity("j", 8, "a"), polarity("j-", 1008, "b"));

        // When
        List<ImageNaming.Named> named =
                ImageNaming.name(images, List.of(tag("FMAP", null, null)), new ArrayList<>(), new ArrayList<>());

        // Then
        assertThat(named)
                .extracting(ImageNaming.Named::stem)
                .containsExactly(STEM + "FMAP_05_d", STEM + "FMAP_05_d-pe-jminus");
    }

    @Test
    void aTagTakesTheDirectionThatItAsksFor() {
        // Given
        List<ImageFacts> images = List.of(polarity("j", 8, "a"), polarity("j-", 1008, "b"));
        List<Assignment> tags = List.of(direction("PA", "j"), direction("AP", "j-"));

        // When
        List<ImageNaming.Named> named = ImageNaming.name(images, tags, new ArrayList<>(), new ArrayList<>());

        // Then
        assertThat(named).extracting(n -> n.image().sha256()).containsExactly("a", "b");
        assertThat(named).extracting(ImageNaming.Named::stem).containsExactly(STEM + "PA_05_d", STEM + "AP_05_d");
        assertThat(named).allMatch(ImageNaming.Named::fits);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ADC", "TRACEW", "FA", "ColFA", "TENSOR-B0"})
    void whatDcm2niixNamesAsComputedIsLeftOut(String ending) {
        // Given
        List<ImageFacts> images =
                List.of(image(1, Part.MAGNITUDE, "", 1, "a"), image(1, Part.MAGNITUDE, ending, 1, "b"));
        List<ImageFacts> leftOut = new ArrayList<>();

        // When
        List<ImageNaming.Named> named =
                ImageNaming.name(images, List.of(tag("DTI", null, null)), new ArrayList<>(), leftOut);

        // Then
        assertThat(named).extracting(n -> n.image().sha256()).containsExactly("a");
        assertThat(leftOut).extracting(ImageFacts::sha256).containsExactly("b");
    }

    @Test
    void aTagWithoutImageIsUnmet() {
        // Given
        List<Assignment> unmet = new ArrayList<>();

        // When
        ImageNaming.name(
                List.of(image(1, Part.MAGNITUDE, "", 1, "a")),
                List.of(tag("M1", 1, null), tag("M2", 2, null)),
                unmet,
                new ArrayList<>());

        // Then
        assertThat(unmet).extracting(Assignment::tag).containsExactly("M2");
    }

    private static ImageFacts image(int echo, Part part, String ending, int series, String sha256) {
        return new ImageFacts(
                echo,
                Optional.empty(),
                part,
                ending,
                series,
                1,
                false,
                List.of(4, 4, 4, 1),
                "INT16",
                sha256,
                Optional.empty(),
                Optional.empty());
    }

    private static ImageFacts polarity(String direction, int series, String sha256) {
        return new ImageFacts(
                1,
                Optional.empty(),
                Part.MAGNITUDE,
                "",
                series,
                1,
                false,
                List.of(4, 4, 4, 1),
                "INT16",
                sha256,
                Optional.of(direction),
                Optional.empty());
    }

    private static Assignment direction(String tag, String direction) {
        return SeriesTaggedAssignmentBuilder.builder()
                .tag(tag)
                .stem(STEM + tag + "_05_d")
                .qcKind("fmap")
                .formats(List.of("nii"))
                .phaseEncodingDirection(Optional.of(direction))
                .build();
    }

    private static Assignment tag(String tag, Integer echo, String part) {
        return SeriesTaggedAssignmentBuilder.builder()
                .tag(tag)
                .stem(STEM + tag + "_05_d")
                .qcKind("anat")
                .formats(List.of("nii"))
                .echoNumber(Optional.ofNullable(echo))
                .part(Optional.ofNullable(part))
                .build();
    }
}

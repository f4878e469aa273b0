package org.datman.export.convert;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.datman.export.dicom.SourceHeaders.Frame;
import org.junit.jupiter.api.Test;

class SliceTimesTest {

    /** Sagittal slices from right to left: DICOM's x is minus RAS's, so the first slice is at x = +4. */
    private static final double[][] SAGITTAL = {{0, 0, 2, -4}, {-2, 0, 0, 100}, {0, 2, 0, -90}, {0, 0, 0, 1}};

    private static Frame at(double x, double seconds) {
        return new Frame(new double[] {x, -96, 96}, seconds);
    }

    @Test
    void timesFollowTheSlicesOfTheImageNotTheOrderOfTheFiles() {
        // Given
        List<Frame> frames = List.of(at(2, 100.5), at(4, 101), at(0, 100));

        // When
        Optional<double[]> times = SliceTimes.inOrder(frames, SAGITTAL, 3, 1.5);

        // Then
        assertThat(times).hasValueSatisfying(all -> assertThat(all).containsExactly(1, 0.5, 0));
    }

    @Test
    void nothingIsReportedWhenASliceHasNoTimeOrAllHaveTheSameOrTheyExceedARepetition() {
        // Given
        List<Frame> incomplete = List.of(at(2, 100), at(4, 101));
        List<Frame> same = List.of(at(2, 100), at(4, 100), at(0, 100));
        List<Frame> apart = List.of(at(2, 100), at(4, 101.5), at(0, 100.5));
        List<Frame> between = List.of(at(3, 100), at(4, 101), at(0, 100.5));

        // When
        List<Optional<double[]>> stated = List.of(incomplete, same, apart, between).stream()
                .map(frames -> SliceTimes.inOrder(frames, SAGITTAL, 3, 1.5))
                .toList();

        // Then
        assertThat(stated).allMatch(Optional::isEmpty);
    }

    @Test
    void timesBeyondARepetitionAreImpossible() {
        // Given: 4.22 s at a repetition of 1.5 s, as dcm2niix 1.0.20220720 writes for a classic export of XA30
        double[] times = {0, 2.11, 4.22};

        // When
        boolean possible = SliceTimes.possible(times, 3, 1.5);

        // Then
        assertThat(possible).isFalse();
        assertThat(SliceTimes.possible(new double[] {0, 1, 0.5}, 3, 1.5)).isTrue();
        assertThat(SliceTimes.possible(new double[] {0, 1}, 3, 1.5)).isFalse();
    }
}

package org.datman.local.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FaultScheduleTest {

    private static final Duration LENGTH = Duration.ofMinutes(2);

    @Test
    void aSeedGivesOneScheduleAndAnotherSeedAnother() {
        // Given a schedule
        List<PlannedFault> schedule = FaultSchedule.of(7, LENGTH);

        // When
        List<PlannedFault> again = FaultSchedule.of(7, LENGTH);

        // Then
        assertThat(again).isEqualTo(schedule).isNotEqualTo(FaultSchedule.of(8, LENGTH));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, -1, Long.MAX_VALUE})
    void faultsOfAllKindsAreInOrderAndOverAtTheEndAndTheArchiveHasOneAtATime(long seed) {
        // Given a seed

        // When
        List<PlannedFault> schedule = FaultSchedule.of(seed, LENGTH);

        // Then
        assertThat(schedule).extracting(PlannedFault::at).isSorted();
        assertThat(schedule).extracting(PlannedFault::kind).contains(ChaosFault.values());
        assertThat(schedule)
                .allMatch(fault -> fault.at().plus(fault.lasts()).compareTo(LENGTH) <= 0)
                .allMatch(fault -> fault.kind().targets().contains(fault.target()));
        List<PlannedFault> archive =
                schedule.stream().filter(fault -> fault.kind().ofArchive()).toList();
        for (int number = 1; number < archive.size(); number++) {
            PlannedFault before = archive.get(number - 1);
            assertThat(archive.get(number).at()).isGreaterThan(before.at().plus(before.lasts()));
        }
    }
}

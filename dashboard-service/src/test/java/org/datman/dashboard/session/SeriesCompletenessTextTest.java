package org.datman.dashboard.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.datman.contracts.event.SeriesExported.Completeness;
import org.junit.jupiter.api.Test;

class SeriesCompletenessTextTest {

    @Test
    void theLineOfASeriesNamesWhatIsExpectedAndByWhichElement() {
        // Given
        Completeness stopped = new Completeness(
                Optional.of(48),
                43,
                Optional.of(6),
                6,
                5,
                List.of("NumberOfTemporalPositions (0020,0105)", "ImagePositionPatient (0020,0032)"),
                List.of());

        // When
        Optional<String> line = SessionView.Series.text(stopped);

        // Then
        assertThat(line)
                .contains("5 of 6 volumes complete, 43 of 48 slices, by NumberOfTemporalPositions (0020,0105),"
                        + " ImagePositionPatient (0020,0032)");
    }

    @Test
    void nothingIsStatedWhereNoHeaderStatesIt() {
        // Given
        Completeness unknown = new Completeness(Optional.empty(), 43, Optional.empty(), 6, 6, List.of(), List.of());

        // When
        Optional<String> line = SessionView.Series.text(unknown);

        // Then
        assertThat(line).isEmpty();
    }
}

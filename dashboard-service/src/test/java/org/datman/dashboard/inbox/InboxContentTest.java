package org.datman.dashboard.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InboxContentTest {

    @ParameterizedTest
    @CsvSource({"0, 0", "99, 99", "100, 100 or more"})
    void aListThatMayBeCutIsNotCountedAsIfItWereAll(int size, String counted) {
        // Given
        Inbox.Content content = new Inbox.Content(
                List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), List.of(),
                List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), List.of());

        // When / Then
        assertThat(content.counted(Collections.nCopies(size, "x"))).isEqualTo(counted);
    }
}

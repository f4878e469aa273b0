package org.datman.contracts.archive;

import static org.assertj.core.api.Assertions.assertThat;

import org.datman.contracts.archive.RunningLog.Part;
import org.datman.contracts.event.SessionRef;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Logs of tools, which anybody may have written, for people. */
class RunningLogTest {

    @Test
    void whatSteersATerminalIsNotShown() {
        // Given
        String hostile = "\u001b[31mred\u001b[0m\u001b]0;title\u0007\ta\u0000b\b\u009bc\r\nnext\n";

        // When
        String shown = RunningLog.plain(hostile);

        // Then
        assertThat(shown).isEqualTo("red]0;title\tabc\nnext\n");
    }

    @Test
    void ofAProgressBarTheLastStateIsShown() {
        // When
        String shown = RunningLog.plain("begin\n[ 1%]\r[50%]\r[99%]\nend");

        // Then
        assertThat(shown).isEqualTo("begin\n[99%]\nend");
    }

    @ParameterizedTest
    @CsvSource({"10, 'é34'", "13, '4'", "14, ''", "20, ''", "2, 'aé34'"})
    void whatIsNewIsWhatWasWrittenSince(long seen, String expected) {
        // Given the last five of fourteen bytes
        Part part = new Part("stdout", 14, "aé34");

        // When
        String fresh = part.since(seen);

        // Then
        assertThat(fresh).isEqualTo(expected);
    }

    @Test
    void noNameOfAPipelineLeavesTheFolder() {
        // When
        String path = RunningLog.path(new SessionRef("lab", "../../E1"), "../x/<b>");

        // Then
        assertThat(path).matches("\\.datman/running/[0-9a-f]{64}\\.json");
    }
}

package org.datman.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.datman.platform.testkit.ChannelRules;
import org.junit.jupiter.api.Test;

class ChannelsTest {

    @Test
    void everyChannelSaysWhatHappensToFailures() throws IOException {
        // Given the channels of application.properties

        // When
        List<String> breaches = ChannelRules.breaches("ingest");

        // Then
        assertThat(breaches).isEmpty();
    }
}

package org.datman.tagging;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.datman.platform.testkit.ArchitectureRules;
import org.junit.jupiter.api.Test;

class ArchitectureRulesTest {

    @Test
    void theServiceKeepsTheRules() {
        // Given
        String service = "org.datman.tagging";

        // When
        List<String> breaches = ArchitectureRules.breaches(service);

        // Then
        assertThat(breaches).isEmpty();
    }
}

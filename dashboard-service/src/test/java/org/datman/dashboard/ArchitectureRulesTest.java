package org.datman.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.datman.platform.testkit.ArchitectureRules;
import org.junit.jupiter.api.Test;

class ArchitectureRulesTest {

    @Test
    void theServiceKeepsTheRules() {
        // Given
        String service = "org.datman.dashboard";

        // When
        List<String> breaches = ArchitectureRules.breaches(service);

        // Then
        assertThat(breaches).isEmpty();
    }
}

package org.datman.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.datman.platform.testkit.HouseRules;
import org.junit.jupiter.api.Test;

class HouseRulesTest {

    @Test
    void theServiceKeepsTheHouseRules() {
        // Given
        String service = "org.datman.export";

        // When
        List<String> breaches = HouseRules.breaches(service);

        // Then
        assertThat(breaches).isEmpty();
    }
}

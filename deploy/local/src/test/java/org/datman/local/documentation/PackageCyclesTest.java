package org.datman.local.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.datman.platform.testkit.ArchitectureRules;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * No module has packages that import each other in a circle. Here every module is compiled, also those that are built beside
 * platform, whose own test has to pass over a module that is not.
 */
class PackageCyclesTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "contracts",
                "imaging",
                "xnat-client",
                "synthetic",
                "image-analysis",
                "header-compliance",
                "qc-plots",
                "qc-metrics",
                "qc-cli",
                "deploy/embedded",
                "deploy/xnat-simulator",
                "deploy/local"
            })
    void aModuleHasNoCycleOfPackages(String module) {
        // Given
        Path compiled = Path.of(System.getProperty("datman.root"), module, "target", "classes");

        // When
        List<String> cycles = ArchitectureRules.cycles(compiled);

        // Then
        assertThat(cycles).isEmpty();
    }
}

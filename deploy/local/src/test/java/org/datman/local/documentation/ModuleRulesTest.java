package org.datman.local.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.datman.platform.testkit.ArchitectureRules;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The rules of modules that cannot have the test kit of platform, because they are built before it or beside it. This module is
 * the last one, so all others are compiled. Platform and the services check themselves.
 */
class ModuleRulesTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "contracts",
                "imaging",
                "bids",
                "xnat-client",
                "synthetic",
                "image-analysis",
                "header-compliance",
                "qc-plots",
                "qc-metrics",
                "qc-cli",
                "deploy/embedded",
                "deploy/kubernetes"
            })
    void aLibraryKeepsTheRules(String module) {
        // Given
        Path compiled = classesOf(module);

        // When
        List<String> breaches = ArchitectureRules.libraryBreaches(compiled);

        // Then
        assertThat(breaches).isEmpty();
    }

    /** They may use the time of the machine and print. */
    @ParameterizedTest
    @ValueSource(strings = {"deploy/xnat-simulator", "deploy/local"})
    void aProgramHasNoCycleOfPackages(String module) {
        // Given
        Path compiled = classesOf(module);

        // When
        List<String> cycles = ArchitectureRules.cycles(compiled);

        // Then
        assertThat(cycles).isEmpty();
    }

    private static Path classesOf(String module) {
        return Path.of(System.getProperty("datman.root"), module, "target", "classes");
    }
}

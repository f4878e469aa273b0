package org.datman.contracts.naming;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DescriptionTest {

    @ParameterizedTest
    @CsvSource({
        "Ax (DTI) 60+5, Ax-DTI-60+5",
        "a__b, a-b",
        "T2*, T2-",
        "éa, -a",
        "../../etc/passwd, -etc-passwd",
        ".hidden, -hidden",
        "T1.nii.gz, T1-nii.gz",
        "3.0x3.0, 3.0x3.0",
        "'', ''"
    })
    void manglesAsTheTableStates(String typed, String expected) {
        // Given / When
        String mangled = Description.mangle(typed);

        // Then
        assertThat(mangled).isEqualTo(expected);
    }
}

package org.datman.imaging.dicom;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class EchoNumberTest {

    private static final Map<String, String> TWO = Map.of("lContrasts", "2", "alTE[0]", "4920", "alTE[1]", "7380");

    @Test
    void isThePlaceOfTheEchoTimeInTheProtocol() {
        // When
        OptionalInt echo = EchoNumber.of(7.38, TWO);

        // Then
        assertThat(echo).hasValue(2);
    }

    @Test
    void isUnknownWhenTheProtocolHasAnotherTime() {
        // When
        OptionalInt echo = EchoNumber.of(6.0, TWO);

        // Then
        assertThat(echo).isEmpty();
    }

    @Test
    void isUnknownWhenTheProtocolHasOneEcho() {
        // When
        OptionalInt echo = EchoNumber.of(30, Map.of("lContrasts", "1", "alTE[0]", "30000"));

        // Then
        assertThat(echo).isEmpty();
    }
}

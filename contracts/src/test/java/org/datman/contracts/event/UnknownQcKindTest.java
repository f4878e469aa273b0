package org.datman.contracts.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An image of an unknown kind is not measured as something else: the event is refused, and who consumes it says why. */
class UnknownQcKindTest {

    @ParameterizedTest
    @EnumSource(
            value = EventType.class,
            names = {"SERIES_TAGGED", "SERIES_EXPORTED"})
    void anEventWithAnUnknownQcKindIsRefused(EventType type) {
        // Given
        String valid = new String(Examples.one(type, "valid", "all-fields.json").payload(), StandardCharsets.UTF_8);
        String unknown = valid.replaceFirst("(\"qcKind\" *: *)\"[^\"]*\"", "$1\"diffusion\"");

        // When
        EventFormatException refusal = catchThrowableOfType(
                EventFormatException.class,
                () -> EventJson.read(unknown.getBytes(StandardCharsets.UTF_8), type.payload()));

        // Then
        assertThat(refusal).isNotNull();
        assertThat(refusal.getMessage()).contains("QC kind 'diffusion' is not known", "dti-phantom");
    }
}

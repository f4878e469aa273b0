package org.datman.header;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.datman.contracts.study.Severity;
import org.junit.jupiter.api.Test;

/** <a href="{@docRoot}/../docs/qc-specification.md#F95">F95</a> and the other checks between series of one session. */
class VerticalChecksTest {

    private static final ParameterRecord EPI = Synth.header(Synth.e11());

    @Test
    void aFieldMapWithAnotherShimIsBlocked() {
        // Given
        Map<String, String> protocol = Synth.protocol();
        protocol.put("sGRADSPEC.alShimCurrent[1]", "-215");
        ParameterRecord map = Synth.header(Synth.e11(protocol, 0, 0, 1000));

        // When
        List<VerticalChecks.Misfit> misfits = VerticalChecks.fieldMapAgainstEpi(map, EPI, true);

        // Then
        assertThat(misfits).extracting(VerticalChecks.Misfit::field).containsExactly("ShimSetting");
        assertThat(misfits.get(0).severity()).isEqualTo(Severity.FLAG);
        assertThat(misfits.get(0).message()).contains("-214", "-215");
    }

    @Test
    void aPairEncodedTheSameWayIsNoPair() {
        // Given
        ParameterRecord map = EPI;

        // When
        List<VerticalChecks.Misfit> misfits = VerticalChecks.fieldMapAgainstEpi(map, EPI, true);

        // Then
        assertThat(misfits).extracting(VerticalChecks.Misfit::field).containsExactly("PhaseEncodingDirection");
    }

    @Test
    void aGoodPairFits() {
        // Given
        ParameterRecord map = Synth.header(Synth.e11(Synth.protocol(), 0, 0, 1000));

        // When
        List<VerticalChecks.Misfit> misfits = VerticalChecks.fieldMapAgainstEpi(map, EPI, true);

        // Then
        assertThat(misfits).isEmpty();
    }

    @Test
    void anotherMatrixIsBlocked() {
        // Given
        ParameterRecord map = EPI.with("Rows", Value.of(80)).with("PhaseEncodingPolarity", Value.of("NEGATIVE"));

        // When
        List<VerticalChecks.Misfit> misfits = VerticalChecks.fieldMapAgainstEpi(map, EPI, true);

        // Then
        assertThat(misfits).extracting(VerticalChecks.Misfit::field).containsExactlyInAnyOrder("Rows", "FieldOfView");
    }

    @Test
    void aGradientEchoFieldMapMayHaveItsOwnGrid() {
        // Given
        ParameterRecord map =
                EPI.with("Rows", Value.of(32)).with("Columns", Value.of(32)).with("PixelSpacing", Value.of(6, 6));

        // When
        List<VerticalChecks.Misfit> misfits = VerticalChecks.fieldMapAgainstEpi(map, EPI, false);

        // Then
        assertThat(misfits).isEmpty();
    }

    @Test
    void echoesMustBeThoseOfTheProtocol() {
        // Given
        List<ParameterRecord> echoes = List.of(
                EPI.with("EchoTime", Value.of(12.0)),
                EPI.with("EchoTime", Value.of(28.0)).with("FlipAngle", Value.of(70)));

        // When
        List<VerticalChecks.Misfit> misfits = VerticalChecks.echoes(echoes, List.of(12.0, 28.0, 44.0));

        // Then
        assertThat(misfits).extracting(VerticalChecks.Misfit::field).containsExactly("EchoTime", "FlipAngle");
        assertThat(misfits.get(0).message()).contains("44");
    }

    @Test
    void phaseMustBelongToItsMagnitude() {
        // Given
        ParameterRecord phase = EPI.with("ImageType", Value.of("ORIGINAL", "PRIMARY", "P", "ND"))
                .with("RepetitionTime", Value.of(600));

        // When
        List<VerticalChecks.Misfit> misfits = VerticalChecks.magnitudeAndPhase(EPI, phase);

        // Then
        assertThat(misfits).extracting(VerticalChecks.Misfit::field).containsExactly("RepetitionTime");
    }

    @Test
    void twoMagnitudesAreNoPhase() {
        // Given
        ParameterRecord phase = EPI;

        // When
        List<VerticalChecks.Misfit> misfits = VerticalChecks.magnitudeAndPhase(EPI, phase);

        // Then
        assertThat(misfits).extracting(VerticalChecks.Misfit::field).containsExactly("ImageType");
    }

    @Test
    void aReferenceMustShareTheBoldGrid() {
        // Given
        ParameterRecord reference = EPI.with("PixelSpacing", Value.of(2, 2));

        // When
        List<VerticalChecks.Misfit> misfits = VerticalChecks.referenceAgainstBold(reference, EPI);

        // Then
        assertThat(misfits).extracting(VerticalChecks.Misfit::field).containsExactly("PixelSpacing");
    }
}

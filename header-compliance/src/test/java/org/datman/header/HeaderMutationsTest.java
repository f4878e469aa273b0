package org.datman.header;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.datman.contracts.study.Severity;
import org.datman.imaging.dicom.DicomDatasetBuilder;
import org.datman.imaging.dicom.Vr;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** <a href="{@docRoot}/../docs/qc-specification.md#F90">F90</a> and <a href="{@docRoot}/../docs/qc-specification.md#F91">F91</a>: each change of one thing is found, with its severity, and nothing else is. */
class HeaderMutationsTest {

    private static final ParameterRecord GOLD = Synth.header(Synth.e11());

    static Stream<Arguments> mutations() {
        return Stream.of(
                mutation("InversionTime", Severity.FLAG, Synth.e11().set("InversionTime", 1000)),
                mutation("PixelBandwidth", Severity.FLAG, Synth.e11().set("PixelBandwidth", 2298 * 0.8)),
                mutation("SoftwareVersions", Severity.WARN, Synth.e11().set("SoftwareVersions", "syngo MR E12")),
                mutation(
                        "InPlanePhaseEncodingDirectionDICOM",
                        Severity.FLAG,
                        Synth.e11().set("InPlanePhaseEncodingDirection", "ROW")),
                mutation("EchoTrainLength", Severity.FLAG, Synth.e11().set("EchoTrainLength", 64)),
                mutation("ScanOptions", Severity.FLAG, Synth.e11().set("ScanOptions", "FS", "PFP")),
                mutation("Rows", Severity.FLAG, Synth.e11().set("Rows", 80)),
                mutation("EchoTime", Severity.FLAG, Synth.e11().set("EchoTime", 35)),
                mutation("RepetitionTime", Severity.FLAG, Synth.e11().set("RepetitionTime", 2200)),
                mutation("FlipAngle", Severity.FLAG, Synth.e11().set("FlipAngle", 78)),
                mutation("SliceThickness", Severity.FLAG, Synth.e11().set("SliceThickness", 3.1)),
                mutation("MagneticFieldStrength", Severity.FLAG, Synth.e11().set("MagneticFieldStrength", 1.5)),
                mutation("DeviceSerialNumber", Severity.WARN, Synth.e11().set("DeviceSerialNumber", "1")),
                mutation("CoilString", Severity.WARN, coil("T:HE1-3;NE1,2")),
                mutation(
                        "PhaseEncodingPolarity",
                        Severity.FLAG,
                        Synth.e11(Synth.protocol(), 0, 0, 1000, 500, 1500, 0, 1000, 500, 1500)),
                mutation("PartialFourier", Severity.FLAG, protocol("sKSpace.ucPhasePartialFourier", "4")),
                mutation("ParallelReductionFactorInPlane", Severity.FLAG, protocol("sPat.lAccelFactPE", "3")),
                mutation("ShimMode", Severity.FLAG, protocol("sAdjData.uiAdjShimMode", "4")),
                mutation("ShimSetting", Severity.NOTE, protocol("sGRADSPEC.alShimCurrent[0]", "602")),
                mutation(
                        "PrescanNormalise",
                        Severity.FLAG,
                        Synth.e11().set("ImageType", "ORIGINAL", "PRIMARY", "M", "ND", "MOSAIC")),
                mutation(
                        "DistortionCorrection",
                        Severity.FLAG,
                        Synth.e11().set("ImageType", "ORIGINAL", "PRIMARY", "M", "DIS2D", "NORM", "MOSAIC")),
                mutation(
                        "SliceTiming",
                        Severity.FLAG,
                        Synth.e11(Synth.protocol(), 1, 0, 500, 1000, 1500, 0, 500, 1000, 1500)));
    }

    private static Arguments mutation(String field, Severity severity, DicomDatasetBuilder object) {
        return Arguments.of(field, severity, object);
    }

    private static DicomDatasetBuilder coil(String elements) {
        DicomDatasetBuilder object = Synth.e11();
        return object.set(object.privateTag(0x51, "SIEMENS MR HEADER", 0x0F), Vr.LO, elements);
    }

    private static DicomDatasetBuilder protocol(String key, String value) {
        Map<String, String> changed = Synth.protocol();
        changed.put(key, value);
        return Synth.e11(changed, 1, 0, 1000, 500, 1500, 0, 1000, 500, 1500);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("mutations")
    void aChangedFieldIsFoundAndNoOther(String field, Severity severity, DicomDatasetBuilder mutated) {
        // Given
        ParameterRecord actual = Synth.header(mutated);

        // When
        List<HeaderComparison.Row> rows = HeaderComparison.compare(GOLD, actual, HeaderComparison.Rules.TABLE);

        // Then
        assertThat(different(rows)).extracting(HeaderComparison.Row::name).containsExactly(field);
        assertThat(different(rows).get(0).severity()).isEqualTo(severity);
        assertThat(different(rows).get(0).outcome()).isEqualTo(HeaderComparison.Outcome.MISMATCH);
        assertThat(different(rows).get(0).actual())
                .satisfies(actualOne -> assertThat(actualOne.sources()).isNotEmpty());
    }

    @Test
    void multibandIsReadFromSlicesExcitedTogether() {
        // Given
        DicomDatasetBuilder single = Synth.e11(Synth.protocol(), 1, 0, 1000, 500, 1500, 250, 1250, 750, 1750);

        // When
        List<HeaderComparison.Row> rows =
                HeaderComparison.compare(GOLD, Synth.header(single), HeaderComparison.Rules.TABLE);

        // Then
        assertThat(GOLD.numbers("MultibandAccelerationFactor")).containsExactly(2.0);
        assertThat(different(rows))
                .extracting(HeaderComparison.Row::name)
                .containsExactlyInAnyOrder("MultibandAccelerationFactor", "SliceTiming");
    }

    static Stream<Arguments> noise() {
        return Stream.of(
                Arguments.of("TR as Philips writes it", Synth.e11().set("RepetitionTime", 1999.9998)),
                Arguments.of("float noise", Synth.e11().set("SliceThickness", 3.0000001)),
                Arguments.of(
                        "thickness of the old tool's false alarm", Synth.e11().set("SliceThickness", 3.0001)),
                Arguments.of(
                        "another person",
                        Synth.e11()
                                .set("PatientName", "ROE^JOHN")
                                .set("PatientID", "P-18")
                                .set("PatientSex", "M")),
                Arguments.of(
                        "another day",
                        Synth.e11()
                                .set("StudyDate", "20230101")
                                .set("SeriesInstanceUID", "9.9")
                                .set("SeriesNumber", 7)),
                Arguments.of("elements written out", coil("HE1,2,3,4;NE1-2")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("noise")
    void noiseIsNoDifference(String what, DicomDatasetBuilder object) {
        // Given
        ParameterRecord actual = Synth.header(object);

        // When
        List<HeaderComparison.Row> rows = HeaderComparison.compare(GOLD, actual, HeaderComparison.Rules.TABLE);

        // Then
        assertThat(different(rows)).as(what).isEmpty();
        assertThat(rows).hasSizeGreaterThan(20);
    }

    @Test
    void aFieldThatTheSeriesLacksIsMissing() {
        // Given
        ParameterRecord lacking = Synth.header(Synth.without(Synth.e11(), "FlipAngle"));

        // When
        List<HeaderComparison.Row> rows = HeaderComparison.compare(GOLD, lacking, HeaderComparison.Rules.TABLE);

        // Then
        assertThat(different(rows))
                .extracting(HeaderComparison.Row::name, HeaderComparison.Row::outcome, HeaderComparison.Row::matters)
                .containsExactly(tuple("FlipAngle", HeaderComparison.Outcome.ABSENT_ACTUAL, true));
    }

    @Test
    void aFieldThatTheStandardLacksIsReportedAsSuch() {
        // Given
        ParameterRecord lacking = Synth.header(Synth.without(Synth.e11(), "FlipAngle"));

        // When
        List<HeaderComparison.Row> rows = HeaderComparison.compare(lacking, GOLD, HeaderComparison.Rules.TABLE);

        // Then
        assertThat(different(rows))
                .extracting(HeaderComparison.Row::name, HeaderComparison.Row::outcome, HeaderComparison.Row::matters)
                .containsExactly(tuple("FlipAngle", HeaderComparison.Outcome.ABSENT_GOLD, true));
    }

    @Test
    void theLayoutOfXaIsReportedButItsParametersAreTheSame() {
        // Given
        ParameterRecord xa = Synth.header(Synth.xa());

        // When
        List<HeaderComparison.Row> rows = HeaderComparison.compare(GOLD, xa, HeaderComparison.Rules.TABLE);

        // Then
        assertThat(different(rows))
                .filteredOn(row -> row.outcome() != HeaderComparison.Outcome.NOT_COMPARABLE)
                .extracting(HeaderComparison.Row::name, HeaderComparison.Row::outcome)
                .contains(
                        tuple("SoftwareVersions", HeaderComparison.Outcome.MISMATCH),
                        tuple("StorageLayout", HeaderComparison.Outcome.MISMATCH));
        assertThat(rows)
                .filteredOn(row -> row.outcome() == HeaderComparison.Outcome.MATCH)
                .extracting(HeaderComparison.Row::name)
                .contains(
                        "RepetitionTime",
                        "EchoTime",
                        "FlipAngle",
                        "PhaseEncodingPolarity",
                        "PartialFourier",
                        "PrescanNormalise",
                        "ShimSetting",
                        "ScanningSequence",
                        "ScanOptions",
                        "InPlanePhaseEncodingDirectionDICOM",
                        "ReceiveCoilName");
    }

    @Test
    void enhancedAndClassicOfOneAcquisitionAreCompliant() {
        // Given
        ParameterRecord classic = Synth.header(Synth.classic());

        // When
        List<HeaderComparison.Row> rows =
                HeaderComparison.compare(classic, Synth.header(Synth.enhanced()), HeaderComparison.Rules.TABLE);

        // Then
        assertThat(rows).noneMatch(HeaderComparison.Row::matters);
        assertThat(different(rows))
                .filteredOn(row -> row.outcome() == HeaderComparison.Outcome.MISMATCH)
                .extracting(HeaderComparison.Row::name)
                .containsExactly("StorageLayout");
        assertThat(rows)
                .filteredOn(row -> row.outcome() == HeaderComparison.Outcome.MATCH)
                .hasSizeGreaterThan(15);
    }

    @Test
    void aDamagedVendorHeaderIsReported() {
        // Given
        DicomDatasetBuilder object = Synth.e11();
        object.set(object.privateTag(0x29, "SIEMENS CSA HEADER", 0x10), Vr.OB, new byte[] {'S', 'V', '1', '0', 4, 3});

        // When
        ParameterRecord header = Synth.header(object);

        // Then
        assertThat(header.remarks()).anyMatch(remark -> remark.startsWith("CSA image header cannot be read"));
        assertThat(header.numbers("EchoTime")).containsExactly(30.0);
    }

    @Test
    void noPersonGetsIntoARecord() {
        // Given
        DicomDatasetBuilder object = Synth.e11();

        // When
        ParameterRecord header = Synth.header(object);

        // Then
        assertThat(header.toString()).doesNotContain("DOE", "JANE", "P-17", "1990", "2022");
        assertThat(header.parameters().keySet())
                .allMatch(name -> FieldTable.field(name).isPresent());
    }

    private static List<HeaderComparison.Row> different(List<HeaderComparison.Row> rows) {
        return rows.stream().filter(row -> !row.outcome().compliant()).toList();
    }
}

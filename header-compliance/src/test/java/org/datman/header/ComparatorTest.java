package org.datman.header;

import static org.assertj.core.api.Assertions.assertThat;

import org.datman.contracts.study.Tolerance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ComparatorTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "TEXT | COL | COL | true",
                "TEXT | COL | ROW | false",
                "SET | SK/SP | SP/SK | true",
                "SET | SK_SP | SK/SP | true",
                "SET | SK/SP | SK | false",
                "IMAGE_TYPE | ORIGINAL/PRIMARY/M/NORM | ORIGINAL/PRIMARY/M/ND | true",
                "IMAGE_TYPE | ORIGINAL/PRIMARY/M | ORIGINAL/PRIMARY/P | false",
                "IMAGE_TYPE | ORIGINAL/PRIMARY | DERIVED/PRIMARY | false",
                "COIL_ELEMENTS | T:HE1-4;NE1,2 | HE1,2,3,4;NE1-2 | true",
                "COIL_ELEMENTS | HE1-4;NE1,2 | HE1-4;NE1 | false",
                "COIL_ELEMENTS | HE9-1 | HE1-9 | false",
                "SEQUENCE_NAME | *ep_b0 | *ep_b1000#12 | true",
                "SEQUENCE_NAME | *ep_b0 | *tfl3d1 | false",
                "SOFTWARE | syngo MR E11 | syngo MR E11 | true",
                "SOFTWARE | 23/LX/MR Software release:DV26.0_R01 | 23/LX/MR Software release:DV26.0_R02 | false",
            })
    void textsAgreeOrDiffer(Comparator compare, String expected, String actual, boolean agrees) {
        // Given
        Value gold = Value.of(expected.split("/"));

        // When
        Comparator.Judgement judgement = compare.judge(gold, Value.of(actual.split("/")), Tolerance.NONE);

        // Then
        assertThat(judgement.agrees()).isEqualTo(agrees);
        assertThat(judgement.exact()).isEqualTo(agrees);
    }

    @ParameterizedTest
    @CsvSource({
        "syngo MR E11, syngo MR XA30, release E11 became XA30",
        "5.7.1\\5.7.1.1, 5.7.1\\5.7.1.2, patch 1.1 became 1.2",
        "V6.1SP3002*, V6.1SP3003, patch SP3002* became SP3003",
        "27\\LX\\MR Software release:DV26.0_R01, 27\\LX\\MR Software release:DV26.0_R02, patch R01 became R02",
        "syngo MR E11, numaris X E11, another product"
    })
    void softwareStatesWhichPartChanged(String expected, String actual, String delta) {
        // Given
        Software before = Software.parse(expected);

        // When
        Comparator.Judgement judgement = before.against(Software.parse(actual));

        // Then
        assertThat(judgement.agrees()).isFalse();
        assertThat(judgement.delta()).isEqualTo(delta);
    }

    @ParameterizedTest
    @CsvSource({"0.5, true", "0.99, true", "1.01, false", "90, false"})
    void orientationIsTheAngleBetweenTheFrames(double degrees, boolean agrees) {
        // Given
        double angle = Math.toRadians(degrees);
        Value tilted = Value.of(1, 0, 0, 0, Math.cos(angle), Math.sin(angle));

        // When
        Comparator.Judgement judgement =
                Comparator.ORIENTATION.judge(Value.of(1, 0, 0, 0, 1, 0), tilted, new Tolerance(1, 0));

        // Then
        assertThat(judgement.agrees()).isEqualTo(agrees);
    }

    @ParameterizedTest
    @CsvSource({
        "500, 499.9998, true",
        "500, 499.94, true",
        "500, 499.8, false",
        "10000, 10001, true",
        "10000, 10002, false"
    })
    void timesHaveAnAbsoluteAndARelativePart(double expected, double actual, boolean agrees) {
        // Given
        Field field = FieldTable.of("RepetitionTime");

        // When
        Comparator.Judgement judgement = field.compare().judge(Value.of(expected), Value.of(actual), field.tolerance());

        // Then
        assertThat(judgement.agrees()).isEqualTo(agrees);
    }
}

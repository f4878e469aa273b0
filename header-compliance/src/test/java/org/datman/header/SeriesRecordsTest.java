package org.datman.header;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SeriesRecordsTest {

    @Test
    void slicesThatDisagreeAreReported() {
        // Given
        SeriesRecords series = new SeriesRecords();
        for (int slice = 0; slice < 4; slice++) {
            series.add(Synth.stored(Synth.classic()
                    .set("ImagePositionPatient", 0, 0, 3.0 * slice)
                    .set("EchoTime", slice == 3 ? 31 : 30)));
        }

        // When
        ParameterRecord header = series.build().orElseThrow();

        // Then
        assertThat(header.conflicts()).hasSize(1);
        assertThat(header.conflicts().get(0).field().name()).isEqualTo("EchoTime");
        assertThat(header.conflicts().get(0).statements())
                .anyMatch(statement -> statement.startsWith("3 of 4 images: 30"))
                .anyMatch(statement -> statement.startsWith("1 of 4 images: 31"));
    }

    @Test
    void aSliceWithoutAFieldIsReported() {
        // Given
        SeriesRecords series = new SeriesRecords();
        series.add(Synth.stored(Synth.classic()));
        series.add(Synth.stored(Synth.without(Synth.classic(), "FlipAngle").set("ImagePositionPatient", 0, 0, 3)));

        // When
        ParameterRecord header = series.build().orElseThrow();

        // Then
        assertThat(header.conflicts())
                .extracting(conflict -> conflict.field().name())
                .containsExactly("FlipAngle");
    }

    @Test
    void echoesOfOneSeriesAreASetAndNoContradiction() {
        // Given
        SeriesRecords series = new SeriesRecords();
        for (int echo = 1; echo <= 2; echo++) {
            series.add(Synth.stored(Synth.classic().set("EchoNumbers", echo).set("EchoTime", echo == 1 ? 4.92 : 7.38)));
        }

        // When
        ParameterRecord header = series.build().orElseThrow();

        // Then
        assertThat(header.conflicts()).isEmpty();
        assertThat(header.numbers("EchoTime")).containsExactly(4.92, 7.38);
    }

    @Test
    void slicesAndVolumesAreCounted() {
        // Given
        SeriesRecords series = new SeriesRecords();
        for (int image = 0; image < 12; image++) {
            series.add(Synth.stored(Synth.classic().set("ImagePositionPatient", 0, 0, 3.0 * (image % 4))));
        }

        // When
        ParameterRecord header = series.build().orElseThrow();

        // Then
        assertThat(header.numbers("NumberOfSlices")).containsExactly(4.0);
        assertThat(header.numbers("NumberOfVolumes")).containsExactly(3.0);
    }

    @Test
    void aVolumeCutShortIsReported() {
        // Given
        SeriesRecords series = new SeriesRecords();
        for (int image = 0; image < 11; image++) {
            series.add(Synth.stored(Synth.classic().set("ImagePositionPatient", 0, 0, 3.0 * (image % 4))));
        }

        // When
        ParameterRecord header = series.build().orElseThrow();

        // Then
        assertThat(header.conflicts())
                .extracting(conflict -> conflict.field().name())
                .containsExactly("NumberOfVolumes");
    }

    @Test
    void dicomAndSidecarMeetInOneUnitWithBothSources() throws Exception {
        // Given
        ParameterRecord sidecar = Json.header("{'RepetitionTime': 2, 'EchoTime': 0.03, 'FlipAngle': 70}");

        // When
        ParameterRecord both = Synth.header(Synth.classic()).merge(sidecar);

        // Then
        assertThat(both.numbers("RepetitionTime")).containsExactly(2000.0);
        assertThat(both.parameters().get("RepetitionTime").sources())
                .isEqualTo(List.of("(0018,0080) RepetitionTime", "JSON RepetitionTime"));
        assertThat(both.conflicts())
                .extracting(conflict -> conflict.field().name())
                .containsExactly("FlipAngle");
    }
}

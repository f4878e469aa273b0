package org.datman.qc.check;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.re2j.Pattern;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.FileRole;
import org.datman.contracts.event.ResourceExported;
import org.datman.contracts.event.ResourceExportedBuilder;
import org.datman.contracts.event.SeriesExported;
import org.datman.contracts.event.SessionChecked.Outcome;
import org.datman.contracts.event.SessionChecked.Paired;
import org.datman.contracts.event.SessionChecked.Row;
import org.datman.contracts.event.SessionCheckedPairedBuilder;
import org.datman.contracts.event.SessionRef;
import org.datman.contracts.study.AppliesTo;
import org.datman.contracts.study.PairedData;
import org.junit.jupiter.api.Test;

class PairedDataCheckTest {

    private static final LocalDate DAY = LocalDate.of(2026, 3, 1);

    private static final PairedData PULSE = new PairedData(
            "physiology",
            Pattern.compile("\\.puls$"),
            Pattern.compile("physio"),
            1,
            100,
            AppliesTo.PEOPLE,
            "RST",
            LocalDate.of(2026, 1, 1),
            LocalDate.of(2026, 12, 31));

    @Test
    void eachSeriesBringsItsOwnFiles() {
        // Given: two runs, one log in the right folder, one elsewhere, one cut short
        List<ResourceExported> found = List.of(
                resource("physio", "a/run1.puls", 5000),
                resource("notes", "run2.puls", 5000),
                resource("physio", "run3.puls", 7));

        // When
        List<Paired> rows = PairedDataCheck.rows(List.of(PULSE), false, DAY, rows(2), found);

        // Then
        assertThat(rows)
                .containsExactly(SessionCheckedPairedBuilder.builder()
                        .label("physiology")
                        .expected(2)
                        .found(1)
                        .files(List.of("run1.puls"))
                        .tooSmall(List.of("run3.puls"))
                        .outcome(Outcome.MISSING)
                        .per(PULSE.findPer())
                        .from(PULSE.findFrom())
                        .to(PULSE.findTo())
                        .build());
        List<String> reasons = PairedDataCheck.reasons(rows, List.of(PULSE));
        assertThat(reasons)
                .containsExactly(
                        "physiology: expected at least 2 file(s) of 100 bytes or more (1 for each of 2 RST), found 1;"
                                + " too small: run3.puls");
    }

    @Test
    void whatIsThereIsNotMissed() {
        // Given
        List<ResourceExported> found = List.of(resource("physio", "run1.puls", 100));

        // When
        List<Paired> rows = PairedDataCheck.rows(List.of(PULSE), false, DAY, rows(1), found);

        // Then
        assertThat(rows).extracting(Paired::outcome).containsExactly(Outcome.COMPLETE);
        assertThat(PairedDataCheck.reasons(rows, List.of(PULSE))).isEmpty();
    }

    @Test
    void nothingIsPromisedOfPhantomsNorOutsideItsDaysNorWithoutTheSeries() {
        // Given
        List<PairedData> promised = List.of(PULSE);

        // When
        List<List<Paired>> none = List.of(
                PairedDataCheck.rows(promised, true, DAY, rows(1), List.of()),
                PairedDataCheck.rows(promised, false, LocalDate.of(2025, 12, 31), rows(1), List.of()),
                PairedDataCheck.rows(promised, false, LocalDate.of(2027, 1, 1), rows(1), List.of()));
        List<Paired> withoutSeries = PairedDataCheck.rows(promised, false, DAY, rows(0), List.of());

        // Then
        assertThat(none).allSatisfy(one -> assertThat(one).isEmpty());
        assertThat(withoutSeries)
                .extracting(Paired::expected, Paired::outcome)
                .containsExactly(org.assertj.core.groups.Tuple.tuple(0, Outcome.COMPLETE));
    }

    private static List<Row> rows(int runs) {
        return List.of(new Row("RST", 1, runs, List.of(), Outcome.COMPLETE));
    }

    private static ResourceExported resource(String folder, String path, long size) {
        return ResourceExportedBuilder.builder()
                .session(new SessionRef("test", "E1"))
                .resourceRevision(1)
                .outcome(SeriesExported.Outcome.EXPORTED)
                .study("QCT")
                .sessionName("QCT_CMH_0001_01_01")
                .resource("1")
                .label(folder)
                .path(path)
                .finished(Instant.EPOCH)
                .file(Optional.of(new FileRef(FileRole.RESOURCE, "QCT/" + path, size, "0".repeat(64))))
                .build();
    }
}

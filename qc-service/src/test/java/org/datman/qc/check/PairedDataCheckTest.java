package org.datman.qc.check;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.re2j.Pattern;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.assertj.core.groups.Tuple;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.FileRole;
import org.datman.contracts.event.ResourceDiscovered.Level;
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
import org.datman.qc.check.PairedDataCheck.Session;
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
        List<Paired> rows = check(PULSE, false, DAY, 2, found);

        // Then
        assertThat(rows)
                .containsExactly(SessionCheckedPairedBuilder.builder()
                        .label("physiology")
                        .expected(2)
                        .found(1)
                        .files(List.of("run1.puls"))
                        .tooSmall(List.of("run3.puls"))
                        .outcome(Outcome.MISSING)
                        .per(PULSE.findTag())
                        .from(PULSE.findFrom())
                        .to(PULSE.findTo())
                        .scansWithout(Optional.of(List.of("1", "2")))
                        .build());
        List<String> reasons = PairedDataCheck.reasons(rows, List.of(PULSE));
        assertThat(reasons)
                .containsExactly(
                        "physiology: expected at least 2 file(s) of 100 bytes or more (1 for each of 2 RST), found 1,"
                                + " too few of its own for scan 1, 2; too small: run3.puls");
    }

    @Test
    void whatIsThereIsNotMissed() {
        // Given
        List<ResourceExported> found = List.of(resource("physio", "run1.puls", 100));

        // When
        List<Paired> rows = check(PULSE, false, DAY, 1, found);

        // Then
        assertThat(rows).extracting(Paired::outcome).containsExactly(Outcome.COMPLETE);
        assertThat(PairedDataCheck.reasons(rows, List.of(PULSE))).isEmpty();
    }

    @Test
    void filesOfOneScanDoNotCountForAnother() {
        // Given: both logs are of scan 1, and a third of a scan that is not of the tag
        List<ResourceExported> found =
                List.of(ofScan("1", "run1.puls"), ofScan("1", "run1b.puls"), ofScan("9", "localizer.puls"));
        List<ResourceExported> withOneOfTheSession =
                List.of(ofScan("1", "run1.puls"), resource("physio", "second.puls", 5000));

        // When
        List<Paired> rows = check(PULSE, false, DAY, 2, found);
        List<Paired> filled = check(PULSE, false, DAY, 2, withOneOfTheSession);

        // Then: one of the session may be of any scan
        assertThat(rows)
                .extracting(Paired::found, Paired::outcome, Paired::scansWithout)
                .containsExactly(Tuple.tuple(2, Outcome.MISSING, Optional.of(List.of("2"))));
        assertThat(PairedDataCheck.reasons(rows, List.of(PULSE)))
                .containsExactly(
                        "physiology: expected at least 2 file(s) of 100 bytes or more (1 for each of 2 RST), found"
                                + " 2, too few of its own for scan 2");
        assertThat(filled).extracting(Paired::outcome).containsExactly(Outcome.COMPLETE);
    }

    @Test
    void nothingIsPromisedOfPhantomsNorOutsideItsDaysNorWithoutTheSeries() {
        // Given
        PairedData promised = PULSE;

        // When
        List<List<Paired>> none = List.of(
                check(promised, true, DAY, 1, List.of()),
                check(promised, false, LocalDate.of(2025, 12, 31), 1, List.of()),
                check(promised, false, LocalDate.of(2027, 1, 1), 1, List.of()));
        List<Paired> withoutSeries = check(promised, false, DAY, 0, List.of());

        // Then
        assertThat(none).allSatisfy(one -> assertThat(one).isEmpty());
        assertThat(withoutSeries)
                .extracting(Paired::expected, Paired::outcome)
                .containsExactly(Tuple.tuple(0, Outcome.COMPLETE));
    }

    @Test
    void aFileOfTheSubjectCountsForEachOfItsSessionsOnce() {
        // Given: the subject's file was exported with both sessions
        ResourceExported first = resource("docs", "consent.pdf", 10);
        ResourceExported second = first.withSession(new SessionRef("test", "E2"));
        Session visit1 = new Session("QCT_CMH_0001_01_01", DAY, List.of(first));
        Session visit2 = new Session("QCT_CMH_0001_02_01", DAY.plusDays(90), List.of(second));

        // When
        List<Paired> rows =
                PairedDataCheck.rows(List.of(consent(1)), false, visit2, List.of(visit1, visit2), List.of());
        List<Paired> two = PairedDataCheck.rows(List.of(consent(2)), false, visit1, List.of(visit1, visit2), List.of());

        // Then
        assertThat(rows).singleElement().satisfies(row -> {
            assertThat(row.outcome()).isEqualTo(Outcome.COMPLETE);
            assertThat(row.files()).containsExactly("consent.pdf");
            assertThat(row.per()).contains("subject");
        });
        assertThat(two).extracting(Paired::found, Paired::outcome).containsExactly(Tuple.tuple(1, Outcome.MISSING));
    }

    @Test
    void aFileThatASubjectLacksIsReportedByItsFirstSessionThatRequiresIt() {
        // Given: the earliest session is from before the file was required
        Session early = new Session("QCT_CMH_0001_01_01", LocalDate.of(2025, 5, 1), List.of());
        Session first = new Session("QCT_CMH_0001_02_01", DAY, List.of());
        Session later = new Session("QCT_CMH_0001_03_01", DAY.plusDays(90), List.of());
        List<Session> subject = List.of(later, first, early);
        List<PairedData> promised = List.of(consent(1));

        // When
        List<List<String>> reasons = subject.stream()
                .map(session -> PairedDataCheck.reasons(
                        PairedDataCheck.rows(promised, false, session, subject, List.of()), promised))
                .toList();

        // Then
        assertThat(reasons)
                .containsExactly(
                        List.of(),
                        List.of(
                                "consent: expected at least 1 file(s) of 1 bytes or more of the subject or of any of its"
                                        + " sessions, found 0"),
                        List.of());
        assertThat(PairedDataCheck.rows(promised, false, later, subject, List.of()))
                .extracting(Paired::outcome, Paired::reportedAt)
                .containsExactly(Tuple.tuple(Outcome.MISSING, Optional.of("QCT_CMH_0001_02_01")));
    }

    private static PairedData consent(int count) {
        return new PairedData(
                "consent",
                Pattern.compile("consent"),
                null,
                count,
                1,
                AppliesTo.PEOPLE,
                PairedData.SUBJECT,
                LocalDate.of(2026, 1, 1),
                null);
    }

    private static List<Paired> check(
            PairedData promised, boolean phantom, LocalDate day, int runs, List<ResourceExported> found) {
        Session session = new Session("QCT_CMH_0001_01_01", day, found);
        return PairedDataCheck.rows(List.of(promised), phantom, session, List.of(session), rows(runs));
    }

    private static List<Row> rows(int runs) {
        List<String> scans =
                IntStream.rangeClosed(1, runs).mapToObj(String::valueOf).toList();
        return List.of(new Row("RST", 1, runs, scans, Outcome.COMPLETE));
    }

    private static ResourceExported ofScan(String scan, String path) {
        return resource("physio", path, 5000).withLevel(Optional.of(Level.SCAN)).withOwner(Optional.of(scan));
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

package org.datman.local.proposal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.datman.contracts.event.SeriesDiscovered;
import org.datman.contracts.event.SeriesDiscovered.Status;
import org.datman.contracts.event.SeriesDiscoveredBuilder;
import org.datman.contracts.event.SeriesTagged;
import org.datman.contracts.event.SeriesTagged.Decision;
import org.datman.contracts.event.SessionRef;
import org.datman.contracts.study.SeriesTagger;
import org.datman.contracts.study.StudyConfigurations;
import org.datman.local.proposal.ConfigurationProposal.Session;
import org.datman.local.yaml.YamlText;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A draft from planted sessions, applied to them by the code of the tagging service. */
class ConfigurationProposalTest {

    private static final String MR = "1.2.840.10008.5.1.4.1.1.4";
    private static final String REPORT = "1.2.840.10008.5.1.4.1.1.88.22";

    @TempDir
    Path folder;

    @Test
    void everySeriesOfThePlantedSessionsHasItsTag() throws Exception {
        // Given
        List<Session> sessions = List.of(
                session("SPN_CMH_0001_01_01", usual("SPN_CMH_0001_01_01")),
                session("SPN_CMH_0002_01_01", usual("SPN_CMH_0002_01_01")));

        // When
        ConfigurationProposal draft = ConfigurationProposal.of("SPN", "LAB", "SPN_P", sessions);

        // Then
        StudyConfigurations study = loaded(draft);
        assertThat(outcomes(sessions.get(0), study))
                .containsExactlyInAnyOrderEntriesOf(Map.ofEntries(
                        Map.entry("1", "IGNORED"),
                        Map.entry("2", "T1"),
                        Map.entry("3", "T1-NORM"),
                        Map.entry("4", "MAG1+MAG2"),
                        Map.entry("5", "PHASEDIFF"),
                        Map.entry("6", "RST-AP"),
                        Map.entry("7", "RST-AP"),
                        Map.entry("8", "DTI-PA"),
                        Map.entry("9", "IGNORED"),
                        Map.entry("10", "UNMATCHED"),
                        Map.entry("11", "IGNORED"),
                        Map.entry("12", "FACES")));
        assertThat(draft.configuration().at("/Tags/RST-AP/Count").asInt()).isEqualTo(2);
        assertThat(draft.configuration().at("/Tags/FACES/Bids/Task").asText()).isEqualTo("faces");
        assertThat(draft.notes()).anyMatch(note -> note.startsWith("NO RULE for 2 series 'Something odd?x'"));
    }

    @Test
    void theNumberOfMostSessionsIsExpectedAndNoneWhereFewHaveTheSeries() throws Exception {
        // Given: two of three sessions have one T1, one has two, and one alone has a T2
        List<Session> sessions = List.of(
                session("SPN_CMH_0001_01_01", List.of(t1("SPN_CMH_0001_01_01", "2"))),
                session("SPN_CMH_0002_01_01", List.of(t1("SPN_CMH_0002_01_01", "2"))),
                session(
                        "SPN_CMH_0003_01_01",
                        List.of(
                                t1("SPN_CMH_0003_01_01", "2"),
                                t1("SPN_CMH_0003_01_01", "3"),
                                series("SPN_CMH_0003_01_01", "4", "T2 cube", "ORIGINAL\\PRIMARY", Map.of()))));

        // When
        ConfigurationProposal draft = ConfigurationProposal.of("SPN", "LAB", "SPN_P", sessions);

        // Then
        assertThat(draft.configuration().at("/Tags/T1/Count").asInt()).isEqualTo(1);
        assertThat(draft.configuration().at("/Tags/T2/Count").isMissingNode()).isTrue();
        assertThat(draft.notes())
                .anyMatch(note -> note.startsWith("T1:") && note.endsWith("1 in 2 session(s), 2 in 1 session(s)"));
        assertThat(loaded(draft).errors()).isEmpty();
    }

    @Test
    void theVolumesThatAreSeriesEachBecomeOneImage() throws Exception {
        // Given: Siemens XA as classic DICOM
        String label = "SPN_CMH_0001_01_01";
        List<SeriesDiscovered> volumes = new ArrayList<>();
        for (int volume = 1; volume <= 5; volume++) {
            volumes.add(series(label, "500" + volume, "ep2d bold", "ORIGINAL\\PRIMARY\\M\\MFSPLIT", Map.of()));
        }

        // When
        ConfigurationProposal draft = ConfigurationProposal.of("SPN", "LAB", "SPN_P", List.of(session(label, volumes)));

        // Then
        assertThat(draft.configuration().at("/Tags/FMRI/Count").asInt()).isEqualTo(1);
        StudyConfigurations study = loaded(draft);
        assertThat(volumes.stream()
                        .map(volume -> SeriesTagger.decide(volume, study).combined()))
                .allMatch(Optional::isPresent);
    }

    @Test
    void aPhantomHasItsOwnNumberAndEachSiteIsThere() throws Exception {
        // Given
        List<Session> sessions = List.of(
                session("SPN_CMH_0001_01_01", List.of(t1("SPN_CMH_0001_01_01", "2"))),
                session(
                        "SPN_UT2_PHA_ADN260131",
                        List.of(t1("SPN_UT2_PHA_ADN260131", "2"), t1("SPN_UT2_PHA_ADN260131", "3"))),
                session("visit one", List.of(t1("visit one", "2"))));

        // When
        ConfigurationProposal draft = ConfigurationProposal.of("SPN", "LAB", "SPN_P", sessions);

        // Then
        assertThat(draft.configuration().at("/Tags/T1/Count").asInt()).isEqualTo(1);
        assertThat(draft.configuration().at("/Tags/T1/PhaCount").asInt()).isEqualTo(2);
        assertThat(draft.configuration().get("Sites").fieldNames()).toIterable().containsExactly("CMH", "LAB", "UT2");
    }

    private static List<SeriesDiscovered> usual(String label) {
        SeriesDiscovered fieldMap = series(label, "4", "gre_field_mapping", "ORIGINAL\\PRIMARY\\M\\ND", Map.of());
        return List.of(
                series(label, "1", "AAHead_Scout", "ORIGINAL\\PRIMARY\\M", Map.of()),
                series(label, "2", "Sag T1 (MPRAGE) 0.8mm+", "ORIGINAL\\PRIMARY\\M\\ND", Map.of()),
                series(label, "3", "Sag T1 (MPRAGE) 0.8mm+", "ORIGINAL\\PRIMARY\\M\\ND\\NORM", Map.of()),
                fieldMap.with(changed -> changed.echoNumbers(new TreeSet<>(List.of(1, 2)))),
                series(label, "5", "gre_field_mapping", "ORIGINAL\\PRIMARY\\P\\ND", Map.of()),
                series(label, "6", "RestingState_AP_run-1", "ORIGINAL\\PRIMARY\\M", Map.of("ScanningSequence", "EP")),
                series(label, "7", "restingstate_AP_run-2", "ORIGINAL\\PRIMARY\\M", Map.of("ScanningSequence", "EP")),
                series(label, "8", "ep2d_PA", "ORIGINAL\\PRIMARY\\DIFFUSION", Map.of("SequenceName", "*ep_b1000#3")),
                series(label, "9", "ep2d_PA", "DERIVED\\PRIMARY\\DIFFUSION\\ADC", Map.of()),
                series(label, "10", "Something odd\nx", "ORIGINAL\\PRIMARY", Map.of()),
                report(label),
                series(label, "12", "func-bold_task-faces_run-1", "ORIGINAL\\PRIMARY\\M", Map.of()));
    }

    private static SeriesDiscovered t1(String label, String scan) {
        return series(label, scan, "T1 BRAVO", "ORIGINAL\\PRIMARY", Map.of());
    }

    private static SeriesDiscovered report(String label) {
        return series(label, "11", "PhoenixZIPReport", "", Map.of())
                .with(changed -> changed.header(Map.of("SOPClassUID", REPORT, "Modality", "SR")));
    }

    private static SeriesDiscovered series(
            String label, String scan, String description, String imageType, Map<String, String> header) {
        Map<String, String> whole = new TreeMap<>(header);
        whole.put("Rows", "64");
        whole.put("SOPClassUID", MR);
        return SeriesDiscoveredBuilder.builder()
                .session(new SessionRef("test", label))
                .seriesRevision(1)
                .status(Status.PRESENT)
                .project("SPN_P")
                .subjectLabel("s")
                .sessionLabel(label)
                .scan(scan)
                .description(description)
                .xnatType(description)
                .xsiType("xnat:mrScanData")
                .quality("usable")
                .imageType(imageType.isEmpty() ? List.of() : Arrays.asList(imageType.split("\\\\")))
                .echoNumbers(new TreeSet<>())
                .header(whole)
                .fileCount(10)
                .byteCount(1000)
                .fingerprint("")
                .seriesNumber(Optional.of(Long.valueOf(scan)))
                .build();
    }

    private static Session session(String label, List<SeriesDiscovered> series) {
        return new Session(label, series);
    }

    private StudyConfigurations loaded(ConfigurationProposal draft) throws Exception {
        StudyConfigurations study = StudyConfigurations.loadFile(
                Files.writeString(folder.resolve("SPN.yml"), YamlText.of(draft.configuration())));
        assertThat(study.errors()).isEmpty();
        return study;
    }

    private static Map<String, String> outcomes(Session session, StudyConfigurations study) {
        Map<String, String> outcomes = new TreeMap<>();
        for (SeriesDiscovered series : session.series()) {
            SeriesTagged decision = SeriesTagger.decide(series, study);
            outcomes.put(
                    series.scan(),
                    decision.decision() == Decision.TAGGED
                            ? String.join(
                                    "+",
                                    decision.assignments().stream()
                                            .map(SeriesTagged.Assignment::tag)
                                            .toList())
                            : decision.decision().name());
        }
        return outcomes;
    }
}

package org.datman.simulator.scanner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.datman.imaging.dicom.DicomDataset;
import org.datman.imaging.dicom.DicomReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SyntheticScannerTest {

    private static final String SERIES = "T1-SMALL, {protocol: RST, volumes: 2}";

    @TempDir
    Path folder;

    @Test
    void theSameScenarioGivesTheSameBytes() throws IOException {
        // Given a scenario that was run once
        ScannedSession first = Scans.generate(folder.resolve("a"), "GE", SERIES, "");

        // When it is run elsewhere
        ScannedSession second = Scans.generate(folder.resolve("b"), "GE", SERIES, "");

        // Then all files are the same
        assertThat(bytes(second.folder())).isNotEmpty().containsExactlyInAnyOrderEntriesOf(bytes(first.folder()));
    }

    @Test
    void whatIsUnchangedIsKept() throws IOException {
        // Given a scenario that was run
        Scans.generate(folder, Scans.SCANNERS + Scans.session("SIEMENS", SERIES, ""));

        // When one of its two series changes and it is run again
        ScanPlan again = Scans.generate(
                folder,
                Scans.SCANNERS
                        + Scans.session(
                                "SIEMENS",
                                SERIES,
                                ", faults: [{kind: parameter-drift, series: RST, parameter: FlipAngle, value: 70}]"));

        // Then only that one is written
        assertThat(again.seriesWritten()).isEqualTo(1);
        assertThat(again.seriesReused()).isEqualTo(1);
        DicomDataset header = DicomReader.read(
                        Scans.files(Scans.series(again.sessions().get(0), 2)).get(0))
                .dataset();
        assertThat(header.number("FlipAngle")).hasValue(70);
    }

    @Test
    void whatTheScenarioNoLongerNamesIsRemoved() throws IOException {
        // Given a session with two series
        Scans.generate(folder, Scans.SCANNERS + Scans.session("SIEMENS", SERIES, ""));

        // When the scenario has one
        ScanPlan again = Scans.generate(folder, Scans.SCANNERS + Scans.session("SIEMENS", "T1-SMALL", ""));

        // Then one folder is left
        try (Stream<Path> children = Files.list(again.sessions().get(0).folder())) {
            assertThat(children).hasSize(1);
        }
    }

    @Test
    void headersIdentifyTheSeriesAndNoPerson() throws IOException {
        // Given a scanner

        // When a session is scanned
        ScannedSession session = Scans.generate(folder, "SIEMENS", SERIES, "");

        // Then its instances are unique, its series and study shared, and the patient is the label
        List<Path> files = Scans.files(session.folder());
        Map<String, Integer> seriesUids = new TreeMap<>();
        Map<String, Integer> instanceUids = new TreeMap<>();
        for (Path file : files) {
            DicomDataset header = DicomReader.read(file).dataset();
            seriesUids.merge(header.string("SeriesInstanceUID").orElseThrow(), 1, Integer::sum);
            instanceUids.merge(header.string("SOPInstanceUID").orElseThrow(), 1, Integer::sum);
            assertThat(header.string("PatientName")).hasValue("DEMO_CMH_0001_01_01");
            assertThat(header.string("PatientBirthDate")).isEmpty();
            assertThat(header.string("StudyInstanceUID").orElseThrow()).matches("2\\.25\\.[1-9][0-9]{30,38}");
            assertThat(header.string("DeviceSerialNumber")).hasValue("1");
        }
        assertThat(seriesUids.values()).containsExactlyInAnyOrder(48, 2);
        assertThat(instanceUids).hasSize(50);
    }

    @Test
    void resourcesLieBesideTheScans() throws IOException {
        // Given a session with paired data
        String more = ", resources: [{label: behavioural, file: run1.csv, content: \"a,b\"}]";

        // When it is scanned
        ScannedSession session = Scans.generate(folder, "SIEMENS", "{protocol: RST, volumes: 1}", more);

        // Then the file is below its label
        assertThat(session.resources().resolve("behavioural/run1.csv")).hasContent("a,b");
    }

    @Test
    void aHostileLabelStaysInsideTheFolder() throws IOException {
        // Given a label that climbs out
        String text = Scans.SCANNERS
                + "  - {label: ../../evil, project: DEMO, scanner: SIEMENS, series: [{protocol: RST, volumes: 1}]}\n";

        // When it is scanned
        ScannedSession session = Scans.generate(folder, text).sessions().get(0);

        // Then it keeps its label, and its files are where they belong
        assertThat(session.sessionLabel()).isEqualTo("../../evil");
        assertThat(session.folder().normalize())
                .startsWith(folder.resolve("out").resolve("DEMO"));
    }

    @Test
    void theTinyScenarioIsSmall() throws Exception {
        // Given the scenario for tests of other modules
        Path tiny = Path.of(
                SyntheticScanner.class.getResource("/scenarios/tiny.yaml").toURI());

        // When it is run
        ScanPlan plan = SyntheticScanner.generate(tiny, folder);

        // Then there is one session of three series
        assertThat(plan.sessions()).singleElement().satisfies(s -> assertThat(s.sessionLabel())
                .isEqualTo("DEMO_CMH_0001_01_01"));
        assertThat(plan.seriesWritten()).isEqualTo(3);
    }

    @Test
    void aScenarioWithAnErrorWritesNothing() throws IOException {
        // Given a scenario whose second session is wrong
        String text = Scans.SCANNERS + Scans.session("SIEMENS", SERIES, "")
                + "  - {label: X, project: DEMO, scanner: NOWHERE, series: [T1]}\n";

        // When it is run
        assertThatThrownBy(() -> Scans.generate(folder, text)).isInstanceOf(ScenarioException.class);

        // Then there is no output
        assertThat(folder.resolve("out")).doesNotExist();
    }

    private static Map<String, String> bytes(Path folder) throws IOException {
        Map<String, String> out = new TreeMap<>();
        for (Path file : Scans.files(folder)) {
            out.put(
                    folder.relativize(file).toString(),
                    new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
        }
        return out;
    }
}

package org.datman.contracts.study;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.datman.contracts.metric.QcKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class StudyConfigurationsTest {

    static final String GOOD = """
            StudyTag: SPN
            XnatProjects: [SPN01]
            Sites:
              CMH: {}
            Tags:
              T1:
                Pattern: {SeriesDescription: 'T1'}
                QcType: anat
            """;

    @TempDir
    Path folder;

    @Test
    void aSmallStudyHasTheDocumentedDefaults() throws IOException {
        // Given
        write("SPN.yml", GOOD);

        // When
        StudyConfigurations loaded = StudyConfigurations.load(folder);

        // Then
        assertThat(loaded.errors()).isEmpty();
        StudyConfiguration study = loaded.byProject("SPN01").orElseThrow();
        assertThat(study.quietPeriod()).isEqualTo(Duration.ofMinutes(10));
        TagRule t1 = study.tag("CMH", "T1").orElseThrow();
        assertThat(t1.formats()).containsExactly(Format.NII, Format.DCM);
        assertThat(t1.qcKind(true)).isEqualTo(QcKind.ANAT);
        assertThat(t1.headerRules()).isEqualTo(HeaderRules.USUAL);
        assertThat(study.expected("CMH", false, "01", LocalDate.EPOCH)).isEmpty();
    }

    @Test
    void aTextIsReadOnceUnderEachName() {
        // Given: a text that was read, and a faulty one
        byte[] good = GOOD.getBytes(StandardCharsets.UTF_8);
        byte[] faulty = GOOD.replace("anat", "fmri").getBytes(StandardCharsets.UTF_8);
        StudyReader.Outcome first = StudyReader.read("once.yml", good);
        StudyReader.read("once.yml", faulty);

        // When: the same bytes come again, under the same name and under another
        StudyReader.Outcome again = StudyReader.read("once.yml", good.clone());
        StudyReader.Outcome other = StudyReader.read("other.yml", faulty);

        // Then
        assertThat(again).isSameAs(first);
        assertThat(other.study()).isNull();
        assertThat(other.errors()).extracting(ConfigurationError::file).containsOnly("other.yml");
    }

    static List<Arguments> faults() {
        return List.of(
                Arguments.of("QcType: anat", "QcType: fmri", "8:13", "Tags.T1.QcType", "'fmri' is not known"),
                Arguments.of("QcType: anat", "QcTipe: anat", "8:5", "Tags.T1.QcTipe", "did you mean QcType?"),
                Arguments.of("'T1'}", "'T1('}", "7:34", "Tags.T1.Pattern.SeriesDescription", "'T1('"),
                Arguments.of("'T1'}", "'T1(?!w)'}", "7:34", "Tags.T1.Pattern.SeriesDescription", "faulty"),
                Arguments.of("SeriesDescription: 'T1'", "EchoNumber: 1", "7:14", "Tags.T1.Pattern", "has no condition"),
                Arguments.of(
                        "'T1'}",
                        "'T1', Header: {PatientID: x}}",
                        "7:60",
                        "Tags.T1.Pattern.Header.PatientID",
                        "may describe or name a person"),
                Arguments.of(
                        "'T1'}",
                        "'T1', Header: {EchoNumber: '1'}}",
                        "7:61",
                        "Tags.T1.Pattern.Header.EchoNumber",
                        "is EchoNumbers meant?"),
                Arguments.of(
                        "'T1'}",
                        "'T1', Header: {PixelData: '64'}}",
                        "7:60",
                        "Tags.T1.Pattern.Header.PixelData",
                        "holds no text or number of its own"),
                Arguments.of(
                        "'T1'}",
                        "'T1', Header: {SequenceName: {Min: 1}}}",
                        "7:63",
                        "Tags.T1.Pattern.Header.SequenceName",
                        "is a text in DICOM and has no range"),
                Arguments.of(
                        "'T1'}",
                        "'T1', Header: {EchoTime: {}}}",
                        "7:59",
                        "Tags.T1.Pattern.Header.EchoTime",
                        "has no limit"),
                Arguments.of(
                        "'T1'}",
                        "'T1', Header: {EchoTime: {Min: 40, Max: 20}}}",
                        "7:74",
                        "Tags.T1.Pattern.Header.EchoTime.Max",
                        "is less than Min"),
                Arguments.of("StudyTag: SPN", "StudyTag: spn", "1:11", "StudyTag", "lower-case"),
                Arguments.of("StudyTag: SPN\n", "", "1:1", "StudyTag", "is missing"),
                Arguments.of("CMH: {}", "CMH: {}\n  CMH: {}", "5:3", "Sites.CMH", "given twice (first in line 4)"),
                Arguments.of("CMH: {}", "CMH: {WithoutTags: [T2]}", "4:22", "Sites.CMH.WithoutTags", "'T2'"),
                Arguments.of("XnatProjects: [SPN01]\n", "", "1:1", "XnatProjects", "is missing"),
                Arguments.of("QcType: anat", "QcType: anat\n    Count: two", "9:12", "Tags.T1.Count", "'two'"),
                Arguments.of("QcType: anat", "QcType: anat\n    Count: -1", "9:12", "Tags.T1.Count", "too small"),
                Arguments.of(
                        "QcType: anat",
                        "QcType: anat\n    Count: [{To: 2020-05-01, Count: 1}, {From: 2020-05-01, Count: 2}]",
                        "9:41",
                        "Tags.T1.Count[1]",
                        "overlaps with the entry for scans until 2020-05-01"),
                Arguments.of(
                        "QcType: anat",
                        "QcType: anat\n    Count: [{Timepoints: ['01', '02'], Count: 1}, {Timepoints: '02', Count: 2}]",
                        "9:51",
                        "Tags.T1.Count[1]",
                        "overlaps with the entry for timepoint 01 or 02"),
                Arguments.of(
                        "QcType: anat",
                        "QcType: anat\n    Count: [{Timepoints: '1-2', Count: 1}]",
                        "9:26",
                        "Tags.T1.Count[0].Timepoints",
                        "'1-2'"),
                Arguments.of(
                        "QcType: anat",
                        "QcType: anat\n    PhaCount: {Timepoints: '01', Count: 1}",
                        "9:28",
                        "Tags.T1.PhaCount[0].Timepoints",
                        "phantoms, which have no timepoint"),
                Arguments.of(
                        "QcType: anat",
                        "QcType: anat\n    Count: [1, {Count: 2}]",
                        "9:13",
                        "Tags.T1.Count[0]",
                        "is not a mapping"),
                Arguments.of(
                        "StudyTag: SPN\n",
                        "StudyTag: SPN\nPairedData: {notes: {File: 'x', Per: subjct}}\n",
                        "2:38",
                        "PairedData.notes.Per",
                        "is not a tag of the study"),
                Arguments.of(
                        "StudyTag: SPN\n",
                        "StudyTag: SPN\nVisits: {'02': {Window: 3}}\n",
                        "2:16",
                        "Visits.02.Days",
                        "is missing"),
                Arguments.of(
                        "StudyTag: SPN\n", "StudyTag: SPN\nVisits: {'2-3': {Days: 3}}\n", "2:9", "Visits", "'2-3'"),
                Arguments.of(
                        "StudyTag: SPN\n",
                        "StudyTag: SPN\nVisitPlan: ../visits.csv\n",
                        "2:12",
                        "VisitPlan",
                        "leaves the folder"),
                Arguments.of(
                        "StudyTag: SPN\n",
                        "StudyTag: SPN\nRedcap: {Url: 'http://r.example.org/api/', Project: 42, Instrument: a,"
                                + " SessionField: b, DateField: c}\n",
                        "2:15",
                        "Redcap.Url",
                        "is no https address"),
                Arguments.of(
                        "StudyTag: SPN\n",
                        "StudyTag: SPN\nRedcap:\n  Url: 'https://r.example.org/api/'\n  Project: 42\n  Instrument: a\n"
                                + "  SessionField: b\n  DateField: c\n  Exceptions:\n    - SPN_CMH_0001_01\n"
                                + "    - SPN_UTO_0001_01\n",
                        "10:7",
                        "Redcap.Exceptions",
                        "'UTO' is not a site of SPN"),
                Arguments.of(
                        "StudyTag: SPN\n",
                        "StudyTag: SPN\nRedcap: {Url: 'https://r.example.org/api/', Project: 42, SubjectField: par_id}\n",
                        "2:9",
                        "Redcap.Visits",
                        "is missing"),
                Arguments.of(
                        "StudyTag: SPN\n",
                        "StudyTag: SPN\nRedcap: {Url: 'https://r.example.org/api/', Project: 42, Delay: 1h, SubjectField: a, Visits: {'02': {DateField: d}}}\n",
                        "2:9",
                        "Redcap.Instrument",
                        "is missing"),
                Arguments.of(
                        "StudyTag: SPN\n",
                        "StudyTag: SPN\nRedcap: {Url: 'https://r.example.org/api/', Project: 42, SubjectField: a, Visits: {}}\n",
                        "2:83",
                        "Redcap.Visits",
                        "names no timepoint"),
                Arguments.of(
                        "StudyTag: SPN\n",
                        "StudyTag: SPN\nRedcap: {Url: 'https://r.example.org/api/', Project: 42, SubjectField: a, Visits: {'02': {Events: v}}}\n",
                        "2:90",
                        "Redcap.Visits.02.DateField",
                        "is missing"),
                Arguments.of(
                        "StudyTag: SPN\n",
                        "StudyTag: SPN\nRedcap: {Url: 'https://r.example.org/api/', Project: 42, SubjectField: a, Visits: {'02': {DateField: d, Events: Visit 2}}}\n",
                        "2:113",
                        "Redcap.Visits.02.Events",
                        "Visit 2"),
                Arguments.of(
                        "StudyTag: SPN\n",
                        "StudyTag: SPN\nRedcap: {Url: 'https://r.example.org/api/', Project: 42, SubjectField: a, Visits: {'02': {DateField: d, Events: v}, '03': {DateField: d}}}\n",
                        "2:135",
                        "Redcap.Visits.03.DateField",
                        "that of timepoint 02 too"),
                Arguments.of("QcType: anat", "QcType: anat\n    Count: [1, x]", "9:12", "Tags.T1.Count", "'x'"),
                Arguments.of(
                        "QcType: anat",
                        "QcType: anat\n    Thresholds: {efc: {WarnBelow: 5, FlagBelow: 9}}",
                        "9:23",
                        "Tags.T1.Thresholds.efc",
                        "better"),
                Arguments.of(
                        "QcType: anat",
                        "QcType: anat\n    Thresholds: {snr_totl: {WarnBelow: 5}}",
                        "9:28",
                        "Tags.T1.Thresholds.snr_totl",
                        "is no metric (did you mean snr_total?)"),
                Arguments.of(
                        "QcType: anat",
                        "QcType: anat\n    Combine: {SeriesNumber: '^50'}",
                        "9:29",
                        "Tags.T1.Combine.SeriesNumber",
                        "have in common"),
                Arguments.of("  T1:", "  1T:", "7:5", "Tags.1T", "wrong form"),
                Arguments.of("QcType: anat", "QcType: [anat", "9:1", "", "flow sequence"),
                Arguments.of(
                        "StudyTag: SPN",
                        "GoldStandards: [{Site: CMX, Tag: T1, From: 2020-01-01, File: a.json}]\nStudyTag: SPN",
                        "1:24",
                        "GoldStandards[0].Site",
                        "did you mean CMH?"),
                Arguments.of(
                        "StudyTag: SPN",
                        "Pipelines: {p: {Descriptor: ../x.json, Inputs: {a: T1}}}\nStudyTag: SPN",
                        "1:29",
                        "Pipelines.p.Descriptor",
                        "leaves the folder"),
                Arguments.of(
                        "StudyTag: SPN",
                        "Pipelines: {p: {Descriptor: x.json, Inputs: {a: T1}, Container: none, SignedBy: k.pub}}\nStudyTag: SPN",
                        "1:81",
                        "Pipelines.p.SignedBy",
                        "is given for a tool that runs in no container"),
                Arguments.of(
                        "StudyTag: SPN",
                        "Pipelines: {p: {Descriptor: x.json, Inputs: {a: T1}, Defaced: o},"
                                + " q: {Descriptor: y.json, Inputs: {a: T1}, Defaced: o}}\nStudyTag: SPN",
                        "1:117",
                        "Pipelines.q.Defaced",
                        "stands in two pipelines for tag T1: p and q"),
                Arguments.of(
                        "StudyTag: SPN",
                        "Pipelines: {p: {Descriptor: x.json, Inputs: {a: {Pipeline: q, Output: o}}}, q: {Descriptor: x.json, Inputs: {a: {Pipeline: p, Output: o}}}}\nStudyTag: SPN",
                        "1:45",
                        "Pipelines.p.Inputs",
                        "name the pipeline q, which itself needs p"),
                Arguments.of(
                        "StudyTag: SPN",
                        "Pipelines: {p: {Descriptor: x.json, Inputs: {a: {Pipeline: pq, Output: o}}}}\nStudyTag: SPN",
                        "1:45",
                        "Pipelines.p.Inputs",
                        "which the study does not have"),
                Arguments.of(
                        "StudyTag: SPN",
                        "Pipelines: {p: {Descriptor: x.json, Inputs: {a: {Pipeline: q}}}, q: {Descriptor: x.json, Inputs: {a: T1}}}\nStudyTag: SPN",
                        "1:49",
                        "Pipelines.p.Inputs.a.Output",
                        "is missing"),
                Arguments.of(
                        "StudyTag: SPN",
                        "Pipelines: {p: {Descriptor: x.json, Inputs: {a: {Optional: true}}}}\nStudyTag: SPN",
                        "1:49",
                        "Pipelines.p.Inputs.a",
                        "says nothing that it gets"),
                Arguments.of(
                        "StudyTag: SPN",
                        "Pipelines: {p: {Descriptor: x.json, Inputs: {a: T1, b: {Tag: T1.json, All: true}}}}\nStudyTag: SPN",
                        "1:45",
                        "Pipelines.p.Inputs",
                        "have T1 in different ways"),
                Arguments.of(
                        "StudyTag: SPN",
                        "Pipelines: {p: {Descriptor: x.json, Inputs: {a: T1, b: {FieldMapFor: T1}}}}\nStudyTag: SPN",
                        "1:70",
                        "Pipelines.p.Inputs.b.FieldMapFor",
                        "is no tag for which another tag of the study is a field map"),
                Arguments.of(
                        "StudyTag: SPN",
                        "Pipelines: {p: {Descriptor: x.json, Inputs: {a: {Bids: true}}, FieldMaps: T1}}\nStudyTag: SPN",
                        "1:75",
                        "Pipelines.p.FieldMaps",
                        "is no tag for which another tag of the study is a field map"),
                Arguments.of(
                        "StudyTag: SPN",
                        "Pipelines: {p: {Descriptor: x.json, Inputs: {a: {Paired: behav}}}}\nStudyTag: SPN",
                        "1:58",
                        "Pipelines.p.Inputs.a.Paired",
                        "is no label of PairedData of the study"),
                Arguments.of(
                        "StudyTag: SPN",
                        "Pipelines: {p: {Descriptor: x.json, Inputs: {a: {Paired: notes}}}}\nStudyTag: SPN\n"
                                + "PairedData: {notes: {File: x, Per: subject}}",
                        "1:58",
                        "Pipelines.p.Inputs.a.Paired",
                        "is once of a subject"),
                Arguments.of(
                        "StudyTag: SPN",
                        "Pipelines: {p: {Descriptor: x.json, Inputs: {a: T1, b: {FieldMapFor: T1.json, Tag: T1}}}}\n"
                                + "StudyTag: SPN",
                        "1:70",
                        "Pipelines.p.Inputs.b.FieldMapFor",
                        "beside Tag, which says of what the file is"),
                Arguments.of(
                        "StudyTag: SPN",
                        "Pipelines: {p: {Manual: Look, Runner: local, Inputs: {a: T1}}}\nStudyTag: SPN",
                        "1:39",
                        "Pipelines.p.Runner",
                        "stands beside Manual"),
                Arguments.of(
                        "StudyTag: SPN",
                        "Pipelines: {p: {Manual: Look, Inputs: {a: {Tag: T1, All: true}}}}\nStudyTag: SPN",
                        "1:39",
                        "Pipelines.p.Inputs",
                        "have no single file"),
                Arguments.of(
                        "StudyTag: SPN",
                        "Pipelines: {q: {Descriptor: x.json, Inputs: {a: T1}}, p: {Descriptor: x.json, Inputs: {b: T1, a: {Pipeline: q, Output: o, Sessions: all}}}}\nStudyTag: SPN",
                        "1:87",
                        "Pipelines.p.Inputs",
                        "have outputs of all sessions, and files of one"),
                Arguments.of(
                        "StudyTag: SPN",
                        "Pipelines: {p: {Descriptor: x.json, Inputs: {a: {Session: name}}}}\nStudyTag: SPN",
                        "1:45",
                        "Pipelines.p.Inputs",
                        "names no file"),
                Arguments.of(
                        "StudyTag: SPN",
                        "Pipelines: {p: {Descriptor: x.json, Inputs: {a: T1}, Hours: 19:00-07:00}}\nStudyTag: SPN",
                        "1:61",
                        "Pipelines.p.Hours",
                        "stands in a study without TimeZone"),
                Arguments.of(
                        "StudyTag: SPN",
                        "Pipelines: {p: {Descriptor: x.json, Inputs: {a: T1}, Hours: 7pm-7am}}\nTimeZone: UTC\nStudyTag: SPN",
                        "1:61",
                        "Pipelines.p.Hours",
                        "has a time that is none"),
                Arguments.of("StudyTag: SPN", "TimeZone: Mars\nStudyTag: SPN", "1:11", "TimeZone", "is no time zone"));
    }

    @Test
    void exceptionsOfRedcapAreReadAsTheFieldOfItsForm() {
        // Given: in REDCap's form, in lower case, with and without a repeat
        String text = """
                StudyTag: SPN
                XnatProjects: [SPN]
                IdMap: {Study: {ABC01: SPN01}, Site: {CAM: CMH}}
                Sites: {CMH: {SiteTags: [SPN01]}}
                Redcap:
                  Url: https://r.example.org/api/
                  Project: 42
                  Instrument: a
                  SessionField: b
                  DateField: c
                  Exceptions: [abc01_cam_00010001_01_se01_mr, SPN01_CMH_0002_01]
                """;

        // When
        StudyConfigurations read = StudyConfigurations.ofText("SPN.yml", text.getBytes(StandardCharsets.UTF_8));

        // Then
        assertThat(read.errors()).isEmpty();
        RedcapRule rule = read.study("SPN").orElseThrow().findRedcap().orElseThrow();
        assertThat(rule.exceptions()).containsExactlyInAnyOrder("SPN01_CMH_00010001_01_01", "SPN01_CMH_0002_01");
        assertThat(List.of("SPN01_CMH_00010001_01", "SPN01_CMH_0002_01_02", "SPN01_CMH_0002_01"))
                .as("a form of the timepoint, a session of it")
                .allMatch(rule::isException);
        assertThat(List.of("SPN01_CMH_00010001_01_02", "SPN01_CMH_0002_011")).noneMatch(rule::isException);
    }

    @Test
    void aVisitPlanInRedcapNeedsNoForm() {
        // Given
        String text = """
                StudyTag: SPN
                XnatProjects: [SPN]
                Sites: {CMH: {}}
                Redcap:
                  Url: https://r.example.org/api/
                  Project: 42
                  SubjectField: par_id
                  Visits:
                    '02': {DateField: planned, Events: [visit_2_arm_1, visit_2_arm_2], Window: 7}
                    '03': {DateField: planned_3}
                """;

        // When
        StudyConfigurations read = StudyConfigurations.ofText("SPN.yml", text.getBytes(StandardCharsets.UTF_8));

        // Then
        assertThat(read.errors()).isEmpty();
        StudyConfiguration study = read.study("SPN").orElseThrow();
        assertThat(study.findRedcap()).isEmpty();
        assertThat(study.hasVisitPlan()).isTrue();
        RedcapPlan plan = study.findRedcapPlan().orElseThrow();
        assertThat(List.of(plan.recordField(), plan.subjectField())).containsExactly("record_id", "par_id");
        assertThat(plan.visits()).extracting(RedcapVisit::timepoint).containsExactly("02", "03");
        RedcapVisit second = plan.visits().get(0);
        assertThat(List.of(second.isOf("visit_2_arm_2"), second.isOf("visit_3_arm_1"), second.isOf("")))
                .containsExactly(true, false, false);
        assertThat(plan.visits().get(1).isOf("")).isTrue();
        assertThat(second.from(LocalDate.of(2026, 11, 8))).isEqualTo(LocalDate.of(2026, 11, 1));
        assertThat(second.to(LocalDate.of(2026, 11, 8))).isEqualTo(LocalDate.of(2026, 11, 15));
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("faults")
    void aFaultIsReportedWithPlaceKeyAndWhatIsAllowed(String from, String to, String place, String key, String problem)
            throws IOException {
        // Given
        write("SPN.yml", GOOD.replace(from, to));
        write("OTHER.yml", GOOD.replace("SPN", "OTH"));

        // When
        StudyConfigurations loaded = StudyConfigurations.load(folder);

        // Then
        assertThat(loaded.valid()).containsOnlyKeys("OTH");
        assertThat(loaded.errors()).anySatisfy(e -> {
            assertThat(e.toString()).contains(problem);
            assertThat(e.key()).isEqualTo(key);
            assertThat(e.line() + ":" + e.column()).isEqualTo(place);
            assertThat(e.allowed()).isNotBlank();
        });
    }

    @Test
    void allFaultsOfAFileAreFoundInOnePass() throws IOException {
        // Given
        write("SPN.yml", GOOD.replace("anat", "fmri").replace("'T1'", "'('").replace("SPN01", "SPN01]\nQuiet: [1"));

        // When
        StudyConfigurations loaded = StudyConfigurations.load(folder);

        // Then
        assertThat(loaded.errors())
                .extracting(ConfigurationError::key)
                .contains("Quiet", "Tags.T1.QcType", "Tags.T1.Pattern.SeriesDescription");
    }

    @Test
    void twoFilesCannotClaimTheSameProjectOrCode() throws IOException {
        // Given
        write("A.yml", GOOD);
        write("B.yml", GOOD.replace("StudyTag: SPN", "StudyTag: ABC"));

        // When
        StudyConfigurations loaded = StudyConfigurations.load(folder);

        // Then
        assertThat(loaded.valid()).containsOnlyKeys("SPN");
        assertThat(loaded.errors())
                .singleElement()
                .hasToString(
                        "B.yml: XNAT project SPN01 belongs to A.yml already; allowed: each study code, XNAT project, and study code"
                                + " of a site in one file only");
    }

    @Test
    void aSiteOverridesWhatTheStudyStates() throws IOException {
        // Given
        write("SPN.yml", GOOD.replace("CMH: {}", """
                CMH: {}
                  UTO:
                    XnatProjects: [SPN01_UTO]
                    SiteTags: SPINS
                    IgnoreHeaderFields: [Extra, SoftwareVersions]
                    Tags:
                      T1: {Count: 2, Pattern: {SeriesDescription: 'BRAVO'}, Thresholds: {snr_total: {WarnBelow: 5}}}
                """.stripTrailing()));

        // When
        StudyConfiguration study = StudyConfigurations.load(folder).study("SPN").orElseThrow();

        // Then
        TagRule t1 = study.tag("UTO", "T1").orElseThrow();
        assertThat(t1.pattern().clauses().get(0).expected()).isEqualTo("'BRAVO'");
        assertThat(t1.thresholds().get("snr_total").warnBelow()).hasValue(5);
        assertThat(t1.headerRules().ignored()).contains("Extra", "AcquisitionTime", "SoftwareVersions");
        assertThat(t1.headerRules().named()).containsExactlyInAnyOrder("Extra", "SoftwareVersions");
        assertThat(study.tag("CMH", "T1").orElseThrow().headerRules().named()).isEmpty();
        assertThat(study.expected("UTO", false, "01", LocalDate.EPOCH)).isEqualTo(Map.of("T1", ExpectedCount.of(2)));
        assertThat(study.expected("CMH", false, "01", LocalDate.EPOCH)).isEmpty();
        assertThat(study.xnatProjects()).containsExactlyInAnyOrder("SPN01", "SPN01_UTO");
        assertThat(study.sitesByCode())
                .isEqualTo(Map.of("SPN", java.util.Set.of("CMH", "UTO"), "SPINS", java.util.Set.of("UTO")));
    }

    @Test
    void aClosedStudyExpectsNothing() throws IOException {
        // Given
        write("SPN.yml", GOOD + "    Count: 1\nIsOpen: false\n");

        // When
        StudyConfiguration study = StudyConfigurations.load(folder).study("SPN").orElseThrow();

        // Then
        assertThat(study.open()).isFalse();
        assertThat(study.expected("CMH", false, "01", LocalDate.EPOCH)).isEmpty();
    }

    @Test
    void countsHoldFromAndUntilTheirDates() throws IOException {
        // Given
        write("SPN.yml", GOOD + "    Count: [{To: 2024-12-31, Count: 1}, {From: 2025-01-01, Count: 2}]\n");

        // When
        StudyConfiguration study = StudyConfigurations.load(folder).study("SPN").orElseThrow();

        // Then
        assertThat(study.expected("CMH", false, "01", LocalDate.parse("2024-12-31")))
                .containsEntry("T1", new ExpectedCount(List.of(1), "Count for scans until 2024-12-31"));
        assertThat(study.expected("CMH", false, "01", LocalDate.parse("2025-01-01")))
                .containsEntry("T1", new ExpectedCount(List.of(2), "Count for scans from 2025-01-01"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "01 | 2024-12-31 | 1 or 2 | Count for timepoint 01 or 02",
                "02 | 2025-01-01 | 1 or 2 | Count for timepoint 01 or 02",
                "03 | 2024-12-31 | 1      | Count for scans until 2024-12-31",
                "04 | 2025-01-01 | 0      | Count for timepoint 04, scans from 2025-01-01 until 2025-12-31",
                "04 | 2026-01-01 | any number | Count has no entry for timepoint 04 on 2026-01-01",
            })
    void anEntryOfATimepointHasPrecedence(String timepoint, LocalDate day, String words, String rule)
            throws IOException {
        // Given
        write("SPN.yml", GOOD + """
                    Count:
                      - {To: 2024-12-31, Count: 1}
                      - {Timepoints: ['01', '02'], Count: [2, 1]}
                      - {Timepoints: ['04'], From: 2025-01-01, To: 2025-12-31, Count: 0}
                """);
        StudyConfiguration study = StudyConfigurations.load(folder).study("SPN").orElseThrow();

        // When
        ExpectedCount count = study.expected("CMH", false, timepoint, day).getOrDefault("T1", ExpectedCount.ANY);

        // Then
        assertThat(count.words()).isEqualTo(words);
        assertThat(count.rule()).isEqualTo(rule);
    }

    @Test
    void severalNumbersMayBeRight() throws IOException {
        // Given
        write("SPN.yml", GOOD + "    Count: [1, 3]\n");
        StudyConfiguration study = StudyConfigurations.load(folder).study("SPN").orElseThrow();

        // When
        ExpectedCount count =
                study.expected("CMH", false, "01", LocalDate.EPOCH).getOrDefault("T1", ExpectedCount.ANY);

        // Then
        assertThat(List.of(count.accepts(1), count.accepts(2), count.accepts(3), count.accepts(4)))
                .containsExactly(true, false, true, false);
        assertThat(List.of(count.nearest(0), count.nearest(2), count.nearest(3), count.nearest(4)))
                .containsExactly(1, 3, 3, 3);
    }

    @Test
    void theRevisionFollowsTheContentAndNothingElse() throws IOException {
        // Given
        write("SPN.yml", GOOD);
        String before = StudyConfigurations.load(folder).revision();
        write("SPN.yml", GOOD);
        String same = StudyConfigurations.load(folder).revision();
        write("SPN.yml", GOOD + "# changed\n");

        // When
        String after = StudyConfigurations.load(folder).revision();

        // Then
        assertThat(same).isEqualTo(before);
        assertThat(after).isNotEqualTo(before);
    }

    @Test
    void anAbsentFolderIsAnErrorAmongTheOthers() {
        // Given
        Path absent = folder.resolve("absent");

        // When
        StudyConfigurations loaded = StudyConfigurations.load(absent);

        // Then
        assertThat(loaded.valid()).isEmpty();
        assertThat(loaded.errors()).singleElement().asString().contains("cannot be read");
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(folder.resolve(name), text);
    }
}

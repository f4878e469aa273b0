package org.datman.local.legacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.datman.contracts.metric.QcKind;
import org.datman.contracts.naming.DatmanIds;
import org.datman.contracts.study.ExpectedCount;
import org.datman.contracts.study.GoldStandard;
import org.datman.contracts.study.PairedData;
import org.datman.contracts.study.SiteConfiguration;
import org.datman.contracts.study.StudyConfiguration;
import org.datman.contracts.study.StudyConfigurations;
import org.datman.local.legacy.ConfigurationImport.Result;
import org.datman.local.legacy.ImportNote.Outcome;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An old installation of two studies, written as its documentation has it. */
class ConfigurationImportTest {

    @TempDir
    Path folder;

    private Path old;
    private Path projects;
    private Path out;

    @BeforeEach
    void anOldInstallation() throws IOException {
        old = Files.createDirectories(folder.resolve("config"));
        projects = Files.createDirectories(folder.resolve("archive"));
        out = folder.resolve("new");
        Files.writeString(old.resolve("main_config.yml"), """
                SystemSettings:
                  cluster:
                    DatmanProjectsDir: %s
                    DatmanAssetsDir: /opt/assets
                    ConfigDir: /not/on/this/machine
                    Queue: slurm
                Projects:
                  SPINS: spins.yml
                  LOST: lost.yml
                Paths: {meta: metadata/, nii: data/nii/}
                XnatServer: xnat.example.org
                ExportSettings:
                  T1: {Formats: [nii, dcm, mnc], QcType: anat}
                  RST: {Formats: [nii, dcm], QcType: fmri, QcPha: abcd_fmri}
                  DTI60-1000: {Formats: [nii], QcType: dti, QcPha: qa_dti}
                  MAG1: {Formats: [nii], QcType: ignore}
                  T2: {Formats: [nii, dcm], QcType: anat}
                IgnoreHeaderFields: [AcquisitionTime, SAR]
                HeaderFieldTolerance: {ImagingFrequency: 1, EchoTime: 0.005}
                """.formatted(projects));
        Files.writeString(old.resolve("spins.yml"), """
                FullName: Social processes
                StudyTag: SPN01
                ProjectDir: SPINS
                XnatArchive: SPN01_CMH
                UsesRedcap: True
                TaskRegex: 'behav|\\.edat2'
                IdMap: {Study: {SPN30: SPN01}, Site: {UTO: UT2}}
                HeaderFieldTolerance: {RepetitionTime: 1, SpacingBetweenSlices: 0}
                Sites:
                  CMH:
                    SiteTags: SPINS
                    ExportInfo:
                      T1: {Pattern: {SeriesDescription: 'Sag.?T1.BRAVO'}, Count: 1, PhaCount: 1}
                      RST: {Pattern: {SeriesDescription: ['^RestingState$', 'Resting']}, Count: 1}
                      MAG1: {Pattern: {SeriesDescription: 'field', EchoNumber: 1}, Count: 1}
                      T2: {Pattern: {SeriesDescription: 'T2w(?!.*NORM)'}, Count: 1}
                  MRC:
                    IgnoreHeaderFields: [ScanOptions]
                    ExportInfo:
                      T1: {Pattern: {SeriesDescription: 'MPRAGE{,2}\\Z'}, Count: 1}
                      RST: {Pattern: {SeriesDescription: 'Rest', ImageType: 'ORIGINAL'}, Count: 2}
                  UT2:
                    XnatArchive: SPN01_UTO
                    MrUser: upload
                    PrimaryContact: A. Person
                    ExportInfo:
                      T1: {Pattern: {SeriesDescription: 'Sag.?T1.BRAVO'}, Count: 1}
                      DTI60-1000: {Pattern: {SeriesDescription: 'DTI'}, Colour: red}
                """);
        Path metadata = Files.createDirectories(projects.resolve("SPINS/metadata/standards"));
        standard(metadata, "SPN01_CMH_0001_01_01_T1_02_Sag-T1-BRAVO.json", "2019-05-01T00:00:00Z");
        standard(metadata, "SPN01_CMH_0002_01_01_T1_02_Sag-T1-BRAVO.json", "2020-05-01T00:00:00Z");
        standard(metadata, "SPN01_XYZ_0001_01_01_T1_02_Sag.json", "2020-05-01T00:00:00Z");
        standard(metadata, "SPN01_UT2_0002_01_01_DTI60-1000_05_DTI.json", "2020-05-01T00:00:00Z");
        Files.writeString(metadata.resolve("SPN01_UT2_0002_01_01_DTI60-1000_05_DTI.bval"), "0 1000\n");
        Files.writeString(
                metadata.resolveSibling("blacklist.csv"),
                "series reason\nSPN01_CMH_0003_01_01_RST_04_Resting too much motion, rescanned\n");
    }

    private static void standard(Path folder, String name, String modified) throws IOException {
        Path file = Files.writeString(folder.resolve(name), "{\"RepetitionTime\": 2}");
        Files.setLastModifiedTime(file, FileTime.from(Instant.parse(modified)));
    }

    private Result imported() throws IOException {
        return ConfigurationImport.run(old, null, null, out);
    }

    @Test
    void theStudyFileIsValidAndEachSiteHasItsTags() throws IOException {
        // When
        Result result = imported();

        // Then
        assertThat(result.faults()).isEmpty();
        assertThat(result.files()).containsExactly("SPN01.yml");
        StudyConfiguration study = StudyConfigurations.load(out).valid().get("SPN01");
        assertThat(study.name()).isEqualTo("Social processes");
        assertThat(study.site("CMH").orElseThrow().studyCodes()).contains("SPN01", "SPINS");
        assertThat(tags(study))
                .isEqualTo(Map.of(
                        "CMH",
                        List.of("MAG1", "RST", "T1"),
                        "MRC",
                        List.of("RST", "T1"),
                        "UT2",
                        List.of("DTI60-1000", "T1")));
        assertThat(study.site("UT2").orElseThrow().xnatProjects()).containsExactly("SPN01_UTO");
        assertThat(study.site("CMH").orElseThrow().xnatProjects()).containsExactly("SPN01_CMH");
    }

    @Test
    void rulesKindsAndCountsMeanTheSame() throws IOException {
        // When
        imported();

        // Then
        StudyConfiguration study = StudyConfigurations.load(out).valid().get("SPN01");
        LocalDate day = LocalDate.of(2026, 1, 1);
        assertThat(study.expected("CMH", false, "01", day))
                .isEqualTo(Map.of("T1", ExpectedCount.of(1), "RST", ExpectedCount.of(1), "MAG1", ExpectedCount.of(1)));
        assertThat(study.expected("MRC", false, "01", day))
                .isEqualTo(Map.of("T1", ExpectedCount.of(1), "RST", ExpectedCount.of(2)));
        assertThat(study.expected("CMH", true, "", day)).isEqualTo(Map.of("T1", ExpectedCount.of(1)));
        assertThat(study.tag("CMH", "RST").orElseThrow().qcKind()).isEqualTo(QcKind.BOLD);
        assertThat(study.tag("CMH", "RST").orElseThrow().phantomQcKind()).isEqualTo(QcKind.FBIRN);
        assertThat(study.tag("UT2", "DTI60-1000").orElseThrow().qcKind()).isEqualTo(QcKind.DWI);
        assertThat(study.tag("CMH", "MAG1").orElseThrow().qcKind()).isEqualTo(QcKind.FMAP);
        assertThat(study.tag("MRC", "T1").orElseThrow().pattern().toString()).contains("MPRAGE{0,2}\\z");
        assertThat(study.tag("MRC", "T1").orElseThrow().headerRules().ignored())
                .containsExactlyInAnyOrder("AcquisitionTime", "SAR", "ScanOptions");
        assertThat(study.tag("CMH", "T1").orElseThrow().headerRules().tolerances())
                .containsOnlyKeys("ImagingFrequency", "EchoTime", "RepetitionTime");
        assertThat(study.pairedData()).extracting(PairedData::label).containsExactly("behaviour");
        assertThat(DatmanIds.parse("SPN30_UTO_0001_01_SE01_MR", study.idMap()).sessionName())
                .isEqualTo("SPN01_UT2_0001_01_01");
    }

    private static Map<String, List<String>> tags(StudyConfiguration study) {
        return study.sites().values().stream()
                .collect(java.util.stream.Collectors.toMap(
                        SiteConfiguration::code,
                        site -> site.tags().keySet().stream().sorted().toList()));
    }

    @Test
    void theNewestGoldStandardOfEachSiteAndTagIsInForce() throws IOException {
        // When
        imported();

        // Then
        StudyConfiguration study = StudyConfigurations.load(out).valid().get("SPN01");
        String file = study.goldStandard("CMH", "T1", LocalDate.of(2018, 1, 1))
                .flatMap(GoldStandard::findFile)
                .orElseThrow();
        assertThat(file).isEqualTo("standards/SPN01/SPN01_CMH_0002_01_01_T1_02_Sag-T1-BRAVO.json");
        assertThat(out.resolve(file)).exists();
        assertThat(out.resolve("standards/SPN01/SPN01_UT2_0002_01_01_DTI60-1000_05_DTI.bval"))
                .exists();
    }

    @Test
    void whatHasNoPlaceIsReportedWithItsLineAndWhatToDo() throws IOException {
        // When
        Result result = imported();

        // Then
        assertThat(result.notes().stream()
                        .filter(n -> n.outcome() == Outcome.LEFT)
                        .map(ImportNote::toString))
                .anyMatch(n -> n.startsWith("main_config.yml:9: Projects.LOST: the study cannot be read"))
                .anyMatch(n ->
                        n.startsWith("spins.yml:16: T2.Pattern.SeriesDescription: 'T2w(?!.*NORM)' is not possible"))
                .anyMatch(n -> n.startsWith("spins.yml:28: DTI60-1000.Colour: has no counterpart"))
                .anyMatch(n -> n.startsWith("spins.yml:24: Sites.UT2.MrUser"))
                .anyMatch(n -> n.startsWith("spins.yml:25: Sites.UT2.PrimaryContact: is a setting of the study"))
                .anyMatch(n -> n.contains("is of tag T1 at XYZ, which the study does not have"))
                .anyMatch(n -> n.startsWith("spins.yml:5: UsesRedcap: has another name"))
                .anyMatch(n -> n.startsWith("main_config.yml:11: XnatServer"))
                .anyMatch(n -> n.startsWith("main_config.yml:1: SystemSettings.Queue"))
                .anyMatch(
                        n -> n.contains("SPN01_CMH_0003_01_01_RST_04_Resting was rejected: too much motion rescanned"));
        assertThat(result.notes().stream()
                        .filter(n -> n.outcome() == Outcome.CHANGED)
                        .map(ImportNote::key))
                .contains(
                        "T1.Formats",
                        "RST.Pattern.ImageType",
                        "T1.Pattern.SeriesDescription",
                        "TaskRegex",
                        "MAG1.QcType");
        assertThat(out.resolve(ConfigurationImport.REPORT))
                .content()
                .contains("## Not carried over", "T2w(?!.*NORM)", "## Changed");
    }

    @Test
    void twoProjectsOfOneCodeAreBothWrittenAndTheFaultIsStated() throws IOException {
        // Given
        Path main = old.resolve("main_config.yml");
        Files.writeString(main, Files.readString(main).replace("LOST: lost.yml", "AGAIN: spins.yml"));

        // When
        Result result = imported();

        // Then
        assertThat(result.files()).containsExactly("SPN01.yml", "AGAIN.yml");
        assertThat(result.faults()).anyMatch(fault -> fault.toString().contains("study code SPN01 belongs to"));
        assertThat(out.resolve("standards/AGAIN/SPN01_CMH_0002_01_01_T1_02_Sag-T1-BRAVO.json"))
                .exists();
    }

    @Test
    void aValueOfAnotherFormIsReportedAndNeverDropped() throws IOException {
        // Given
        Path study = old.resolve("spins.yml");
        Files.writeString(
                study,
                Files.readString(study)
                        .replace("FullName: Social processes", "FullName: [Social, processes]")
                        .replace("StudyTag: SPN01\n", "IsOpen: sometimes\n")
                        .replace("TaskRegex: 'behav|\\.edat2'", "TaskRegex: {a: b}")
                        .replace(
                                "SeriesDescription: 'field', EchoNumber: 1}",
                                "SeriesDescription: 'field', EchoNumber: [1, 2]}")
                        .replace("SeriesDescription: 'DTI'}", "SeriesDescription: 'DTI'}, Bids: dwi"));

        // When
        Result result = imported();

        // Then
        assertThat(result.notes().stream()
                        .filter(n -> n.outcome() == Outcome.LEFT)
                        .map(ImportNote::key))
                .contains("FullName", "IsOpen", "TaskRegex", "MAG1.Pattern.EchoNumber", "DTI60-1000.Bids");
        assertThat(result.notes().stream()
                        .filter(n -> n.outcome() == Outcome.CHANGED)
                        .map(ImportNote::key))
                .contains("StudyTag", "ProjectDir", "Paths");
        assertThat(result.faults()).isEmpty();
        assertThat(StudyConfigurations.load(out)
                        .valid()
                        .get("SPINS")
                        .site("CMH")
                        .orElseThrow()
                        .tags())
                .doesNotContainKey("MAG1");
    }

    @Test
    void theFaultOfTheMainFileIsStated() throws IOException {
        // Given
        Files.writeString(old.resolve("main_config.yml"), "Projects: {SPINS: spins.yml\n");

        // When
        // Then
        assertThatThrownBy(this::imported)
                .hasMessageContaining("main_config.yml")
                .hasMessageContaining("faulty");
    }

    @Test
    void aBraceThatIsNoRepetitionStaysAsItIs() {
        // When
        // Then
        assertThat(PythonPattern.of("a{,b}").text()).isEqualTo("a{,b}");
        assertThat(PythonPattern.of("a{,2}").text()).isEqualTo("a{0,2}");
        assertThat(PythonPattern.of("[{,2}]").text()).isEqualTo("[{,2}]");
        assertThat(PythonPattern.of("(a)\\1").isValid()).isFalse();
    }

    @Test
    void aFolderInUseIsNotWrittenTo() throws IOException {
        // Given
        Files.createDirectories(out);
        Files.writeString(out.resolve("SPN01.yml"), "StudyTag: SPN01\n");

        // When
        // Then
        assertThatThrownBy(this::imported).hasMessageContaining("is not empty");
        assertThat(out.resolve("SPN01.yml")).hasContent("StudyTag: SPN01");
    }

    @Test
    void ofSeveralSystemsOneIsChosenByThePerson() throws IOException {
        // Given
        Path main = old.resolve("main_config.yml");
        Files.writeString(main, Files.readString(main).replace("Projects:\n", "  other: {Queue: sge}\nProjects:\n"));

        // When
        // Then
        assertThatThrownBy(this::imported).hasMessageContaining("choose one with --system: [cluster, other]");
        assertThat(ConfigurationImport.run(old, "cluster", null, out).faults()).isEmpty();
    }
}

package org.datman.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.datman.contracts.event.EventJson;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.FileRole;
import org.datman.contracts.event.ToolMeasure;
import org.datman.contracts.study.PipelineRule;
import org.datman.pipeline.PythonPackages;
import org.datman.pipeline.runner.JobRunner;
import org.datman.pipeline.runner.LocalRunner;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * {@code freesurfer-recon-all} of the catalogue, run as the service runs it. FreeSurfer needs a licence and hours: a stand-in for {@code recon-all} checks
 * its arguments and writes files of the real shape. The tables are read from a real session, too.
 */
class FreeSurferTest {

    private static final String NAME = "freesurfer-recon-all";
    private static final Path TOOL =
            Path.of(System.getProperty("datman.root"), "pipelines/catalogue").resolve(NAME);

    @TempDir
    Path folder;

    private RunFixture fixture;
    private Path freesurfer;

    @BeforeEach
    void anInstallationOfFreeSurfer() throws Exception {
        fixture = new RunFixture(folder, "FSR_CMH_0001_01_01");
        copy(TOOL, fixture.home());
        for (String shared : List.of("measures.awk", "freesurfer.sh")) {
            Files.copy(CatalogueRun.SHARED.resolve(shared), fixture.home().resolve(shared));
        }
        freesurfer = folder.resolve("freesurfer");
        copy(Path.of("src/test/resources/freesurfer"), freesurfer);
        assertThat(freesurfer.resolve("bin/recon-all").toFile().setExecutable(true))
                .isTrue();
    }

    @Test
    void thicknessAreaAndVolumeOfEachRegionAreThoseOfTheTables() throws Exception {
        // Given / When
        Outcome.Succeeded done = succeeded(run("freesurfer", Map.of("t1", "T1")));

        // Then as the stand-in says of its numbers
        Map<String, Double> values = new HashMap<>();
        done.measures().forEach(m -> values.put(String.join(" ", m.measure(), m.region(), m.unit()), m.value()));
        assertThat(values)
                // 3 volumes of the head, 2 counts of holes, 45 structures; of a hemisphere 34 regions and the cortex
                .hasSize(3 + 2 + 45 + 2 * (34 * 3 + 2))
                .containsEntry("volume eTIV mm3", 1_500_000.25)
                .containsEntry("volume BrainSegVol mm3", 1_200_000.0)
                .containsEntry("surface_holes Left-Cerebral-Cortex 1", 21.0)
                .containsEntry("surface_holes Right-Cerebral-Cortex 1", 34.0)
                .containsEntry("volume Left-Lateral-Ventricle mm3", 1000.5)
                .containsEntry("volume Left-Hippocampus mm3", 12_000.5)
                .containsEntry("volume CC_Anterior mm3", 45_000.5)
                .containsEntry("cortical_thickness_mean Left-Cerebral-Cortex mm", 2.5)
                .containsEntry("surface_area Right-Cerebral-Cortex mm2", 91_000.5)
                .containsEntry("cortical_thickness_mean ctx-lh-bankssts mm", 2.01)
                .containsEntry("surface_area ctx-lh-bankssts mm2", 100.0)
                .containsEntry("volume ctx-lh-bankssts mm3", 300.0)
                .containsEntry("cortical_thickness_mean ctx-rh-insula mm", 2.345)
                .containsEntry("surface_area ctx-rh-insula mm2", 3401.0)
                .containsEntry("volume ctx-rh-insula mm3", 10_202.0);
    }

    @Test
    void surfacesVolumesTablesAndLogAreInTheArchiveAndNothingOfTheInstallation() throws Exception {
        // Given / When
        Outcome.Succeeded done = succeeded(run("freesurfer", Map.of("t1", "T1")));

        // Then
        List<String> paths = done.outputs().stream().map(FileRef::path).toList();
        assertThat(paths)
                .doesNotHaveDuplicates()
                .noneMatch(path -> path.contains("fsaverage"))
                .noneMatch(path -> path.contains("/touch/") || path.contains("/tmp/") || path.contains("/trash/"));
        // lh.pial is a link to lh.pial.T1
        for (String file : List.of(
                "subject/mri/aparc+aseg.mgz",
                "subject/surf/lh.pial",
                "subject/surf/rh.thickness",
                "subject/label/lh.aparc.annot",
                "subject/stats/aseg.stats",
                "subject/scripts/recon-all.log",
                "measures.tsv")) {
            assertThat(paths).filteredOn(path -> path.endsWith("/" + file)).hasSize(1);
        }
    }

    @ParameterizedTest
    @CsvSource({"freesurfer-t2, t2, T2, T2raw.mgz", "freesurfer-flair, flair, FLAIR, FLAIRraw.mgz"})
    void aSecondImageRefinesThePialSurface(String pipeline, String input, String tag, String converted)
            throws Exception {
        // Given / When
        Outcome.Succeeded done = succeeded(run(pipeline, Map.of("t1", "T1", input, tag)));

        // Then
        FileRef raw = done.outputs().stream()
                .filter(file -> file.path().endsWith("mri/orig/" + converted))
                .findFirst()
                .orElseThrow();
        assertThat(fixture.archive().resolve(raw.path())).hasContent("image of " + tag);
    }

    @ParameterizedTest
    @CsvSource({
        "fails,      5, recon-all failed; its last lines: #@# Fix Topology lh; began / mris_fix_topology could not",
        "no-surface, 6, did not write a file of its result; did not write surf/lh.pial",
        "truncated,  7, is not whole; aseg.stats has 22 rows, not 45"
    })
    void aRunWithoutAWholeResultFailsWithWhatIsMissing(String fault, int code, String words) throws Exception {
        // Given
        Files.writeString(freesurfer.resolve("fault"), fault);

        // When
        Optional<Outcome> outcome = run("freesurfer", Map.of("t1", "T1"));

        // Then
        assertFailed(outcome, code, words);
    }

    @Test
    void aTemplateIsMadeOfAllTimePointsAndEachIsProcessedWithIt() throws Exception {
        // Given
        CatalogueRun base = longitudinal("freesurfer-base", "base").given("timepoints", "timepoints");
        CatalogueRun processed = longitudinal("freesurfer-long", "long")
                .given("subject", "subject")
                .given("base", "base")
                .parameter("session", "FSR_CMH_0001_02_01");
        CatalogueRun other = longitudinal("freesurfer-long", "other")
                .given("subject", "subject")
                .given("base", "base")
                .parameter("session", "FSR_CMH_0001_03_01");
        for (String session : List.of("FSR_CMH_0001_01_01", "FSR_CMH_0001_02_01")) {
            subject(base, "timepoints/" + session + "/freesurfer-0123456789ab/subject/");
        }
        subject(processed, "subject/");
        subject(other, "subject/");

        // When
        CatalogueRun.Ended template = base.run();
        copy(template.folder().resolve("base"), processed.folder().resolve("inputs/base"));
        copy(template.folder().resolve("base"), other.folder().resolve("inputs/base"));
        CatalogueRun.Ended timePoint = processed.run();
        CatalogueRun.Ended withoutIt = other.run();

        // Then
        assertThat(template.exitCode()).as(template.errors()).isZero();
        assertThat(template.missing()).isEmpty();
        assertThat(template.folder().resolve("base/base-tps")).hasContent("FSR_CMH_0001_01_01\nFSR_CMH_0001_02_01");
        assertThat(timePoint.exitCode()).as(timePoint.errors()).isZero();
        assertThat(timePoint.missing()).isEmpty();
        assertThat(timePoint.measures())
                .hasSize(3 + 2 + 45 + 2 * (34 * 3 + 2))
                .containsEntry("cortical_thickness_mean ctx-rh-insula mm", 2.345);
        assertThat(withoutIt.exitCode()).isEqualTo(8);
        assertThat(withoutIt.errors()).contains("The template was made without FSR_CMH_0001_03_01");
    }

    private CatalogueRun longitudinal(String tool, String name) throws Exception {
        return new CatalogueRun(folder.resolve(name), tool).environment("FREESURFER_HOME", freesurfer.toString());
    }

    /** What recon-all reads of a subject. */
    private static void subject(CatalogueRun run, String folder) throws Exception {
        for (String file : List.of("mri/aseg.mgz", "mri/orig/001.mgz", "scripts/recon-all.done")) {
            run.fileIn(folder + file, "content");
        }
    }

    @Test
    void anotherVersionIsRefused() throws Exception {
        // Given
        Files.writeString(
                freesurfer.resolve("build-stamp.txt"), "freesurfer-linux-centos8_x86_64-7.4.10-20240101-0000000\n");

        // When
        Optional<Outcome> outcome = run("freesurfer", Map.of("t1", "T1"));

        // Then
        assertFailed(outcome, 4, "another version; 7.4.10-20240101-0000000 is installed");
    }

    @Test
    void aMachineWithoutFreeSurferSaysSo() throws Exception {
        // Given
        Files.delete(freesurfer.resolve("SetUpFreeSurfer.sh"));

        // When
        Optional<Outcome> outcome = run("freesurfer", Map.of("t1", "T1"));

        // Then
        assertFailed(outcome, 4, "not where FREESURFER_HOME says; SetUpFreeSurfer.sh is not");
    }

    /** The package freesurfer-stats reads tables of FreeSurfer, and its source brings those of a session of FreeSurfer 7.0.0. */
    @Test
    void numbersOfARealSessionAreThoseThatAnotherReaderFinds() throws Exception {
        // Given
        PythonPackages python = PythonPackages.installed(folder, "freesurfer-stats==1.2.1");
        python.unpackSource("freesurfer-stats", "1.2.1");
        Path real = folder.resolve("freesurfer-stats-1.2.1/tests/subjects/soichi");
        JsonNode expected = EventJson.mapper().readTree(python.python("-c", """
                import json, sys
                from freesurfer_stats import CorticalParcellationStats
                found = {}
                for hemisphere, side in ("lh", "Left"), ("rh", "Right"):
                    stats = CorticalParcellationStats.read(f"{sys.argv[1]}/stats/{hemisphere}.aparc.stats")
                    whole = stats.whole_brain_measurements.iloc[0]
                    found[f"cortical_thickness_mean {side}-Cerebral-Cortex"] = whole["mean_thickness_mm"]
                    found[f"surface_area {side}-Cerebral-Cortex"] = whole["white_surface_total_area_mm^2"]
                    for _, row in stats.structural_measurements.iterrows():
                        region = f"ctx-{hemisphere}-{row['structure_name']}"
                        found[f"cortical_thickness_mean {region}"] = row["average_thickness_mm"]
                        found[f"surface_area {region}"] = row["surface_area_mm^2"]
                        found[f"volume {region}"] = row["gray_matter_volume_mm^3"]
                    found["volume eTIV"] = whole["estimated_total_intracranial_volume_mm^3"]
                    found["volume BrainSegVol"] = whole["brain_segmentation_volume_mm^3"]
                print(json.dumps({name: float(value) for name, value in found.items()}))
                """, real.toString()));

        // When
        List<ToolMeasure> measures = new ArrayList<>();
        measures.addAll(table(real, "aseg"));
        measures.addAll(table(real, "lh.aparc", "-v", "hemisphere=lh", "-v", "cortex=Left-Cerebral-Cortex"));
        measures.addAll(table(real, "rh.aparc", "-v", "hemisphere=rh", "-v", "cortex=Right-Cerebral-Cortex"));

        // Then
        Map<String, Double> values = new TreeMap<>();
        measures.forEach(m -> values.put(m.measure() + " " + m.region(), m.value()));
        assertThat(expected.size()).isEqualTo(2 * (34 * 3 + 2) + 2);
        expected.properties().forEach(number -> assertThat(values)
                .containsEntry(number.getKey(), number.getValue().doubleValue()));
        // The 45 structures, and the volumes and holes of the head of the table.
        assertThat(values).hasSize(2 * (34 * 3 + 2) + 45 + 15 + 2);
    }

    private List<ToolMeasure> table(Path subject, String name, String... options) throws Exception {
        List<String> command = new ArrayList<>(List.of("awk"));
        command.addAll(List.of(options));
        command.addAll(List.of("-f", CatalogueRun.SHARED.resolve("measures.awk").toString()));
        command.add(subject.resolve("stats/" + name + ".stats").toString());
        Path table = folder.resolve(name + ".tsv");
        Files.writeString(
                table,
                "measure\tregion\tunit\tvalue\n"
                        + new String(
                                PythonPackages.output(folder, command.toArray(String[]::new)), StandardCharsets.UTF_8));
        return MeasuresTable.read(List.of(table));
    }

    private static Outcome.Succeeded succeeded(Optional<Outcome> outcome) {
        assertThat(outcome).get().isInstanceOf(Outcome.Succeeded.class);
        return (Outcome.Succeeded) outcome.orElseThrow();
    }

    private static void assertFailed(Optional<Outcome> outcome, int code, String words) {
        assertThat(outcome).get().isInstanceOfSatisfying(Outcome.Failed.class, failed -> {
            assertThat(failed.ran().exitCode()).isEqualTo(code);
            assertThat(failed.reason().message()).contains(words.split("; "));
        });
    }

    /** @param tags by input of the tool */
    private Optional<Outcome> run(String pipeline, Map<String, String> tags) throws Exception {
        Map<String, FileRef> inputs = new TreeMap<>();
        for (Map.Entry<String, String> input : tags.entrySet()) {
            String stem = "FSR_CMH_0001_01_01_" + input.getValue() + "_02";
            inputs.put(
                    input.getKey(),
                    fixture.archive()
                            .write(
                                    FileRole.NIFTI,
                                    "FSR/nii/FSR_CMH_0001_01_01/" + stem + ".nii.gz",
                                    ("image of " + input.getValue()).getBytes(StandardCharsets.UTF_8)));
        }
        PipelineRule rule = PipelineRule.find(fixture.rules(), pipeline).orElseThrow();
        assertThat(inputs.keySet()).isEqualTo(rule.inputs().keySet());
        JobRunner runner = new WithFreeSurfer(new LocalRunner(List.of("PATH")), freesurfer);
        return fixture.attempt(runner).run(fixture.job(rule, inputs), handle -> true, () -> false);
    }

    /** A machine on which FreeSurfer is. */
    private record WithFreeSurfer(JobRunner runner, Path home) implements JobRunner {

        @Override
        public String name() {
            return runner.name();
        }

        @Override
        public Optional<String> handle(Command command) {
            return runner.handle(command);
        }

        @Override
        public Running start(Command command) throws ProgramMissingException, RefusedException, IOException {
            Map<String, String> environment = new HashMap<>(command.environment());
            environment.put("FREESURFER_HOME", home.toString());
            return runner.start(new Command(
                    command.name(),
                    command.folder(),
                    command.arguments(),
                    environment,
                    command.resources(),
                    command.walltime(),
                    command.stdout(),
                    command.stderr()));
        }

        @Override
        public void end(String handle) throws IOException {
            runner.end(handle);
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path path : all.filter(Files::isRegularFile).toList()) {
                Path target = to.resolve(from.relativize(path).toString());
                Files.createDirectories(target.getParent());
                Files.copy(path, target);
            }
        }
    }
}

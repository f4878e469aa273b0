package org.datman.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.datman.contracts.event.EventJson;
import org.datman.pipeline.PythonPackages;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The BIDS Apps of the catalogue, and ciftify. None is run: they need hours. Their commands are run with stand-ins, and read by the parsers of their own packages, where
 * these are on PyPI.
 */
class BidsAppsTest {

    private static final Path REQUIREMENTS =
            Path.of("src/test/resources/stand-ins/bids").toAbsolutePath();

    /** Values of inputs that only the parser of the App can judge. */
    private static final Map<String, Map<String, String>> CHOSEN = Map.of(
            "fmriprep", Map.of("cifti_output", "91k"),
            "mriqc", Map.of("modalities", "[\"T1w\", \"bold\"]"),
            "qsiprep", Map.of("hmc_method", "shoreline", "denoise_method", "patch2self", "anat_modality", "T2w"),
            "smriprep", Map.of("fs_no_reconall", "true"));

    @TempDir
    Path folder;

    @Test
    void fmriprepGivesHeadMotionOfEachRunAndNumbersOfFreesurfer() throws Exception {
        // Given
        CatalogueRun run = app("fmriprep");

        // When
        CatalogueRun.Ended ended = run.run();

        // Then as the stand-in says; the second run has one volume, without motion
        assertWhole(ended);
        assertThat(ended.calls())
                .containsExactly("fmriprep RUN/inputs/bids RUN/results participant --participant-label CMH0001"
                        + " --skip-bids-validation --notrack --stop-on-first-crash --nthreads 8 --omp-nthreads 8 -w RUN/work"
                        + " --fs-subjects-dir RUN/freesurfer --output-spaces MNI152NLin2009cAsym");
        assertThat(ended.measures())
                .hasSize(5 + 1 + 3 + 2 * (2 + 3))
                .containsEntry("framewise_displacement_mean task-rest_run-01 mm", 0.2)
                .containsEntry("framewise_displacement_max task-rest_run-01 mm", 0.3)
                .containsEntry("std_dvars_mean task-rest_run-01 1", 1.5)
                .containsEntry("volumes task-rest_run-01 1", 3.0)
                .containsEntry("volumes task-rest_run-02 1", 1.0)
                .containsEntry("volume eTIV mm3", 1_500_000.25)
                .containsEntry("cortical_thickness_mean ctx-rh-precuneus mm", 2.345);
    }

    @Test
    void fmriprepGoesOnFromFreesurfer() throws Exception {
        // Given
        CatalogueRun run =
                app("fmriprep").fileIn("subject/mri/aseg.mgz", "segmentation").given("freesurfer_subject", "subject");
        onlyToBeRead(run.folder().resolve("inputs/subject"));

        // When
        CatalogueRun.Ended ended = run.run();

        // Then a copy that may be changed has the name of the participant, and its numbers are those of another run
        assertWhole(ended);
        assertThat(run.folder().resolve("freesurfer/sub-CMH0001/scripts/fmriprep.txt"))
                .exists();
        assertThat(run.folder().resolve("inputs/subject/scripts")).doesNotExist();
        assertThat(run.folder().resolve("freesurfer/sub-CMH0001/mri/aseg.mgz")).hasContent("segmentation");
        assertThat(ended.calls().get(0)).doesNotContain("freesurfer-subject");
        assertThat(ended.measures()).hasSize(6);
    }

    @Test
    void smriprepGivesNumbersOfFreesurfer() throws Exception {
        // Given
        CatalogueRun run = app("smriprep");

        // When
        CatalogueRun.Ended ended = run.run();

        // Then
        assertWhole(ended);
        assertThat(ended.measures()).hasSize(3 + 2 * (2 + 3)).containsEntry("volume Left-Hippocampus mm3", 4000.5);
    }

    @Test
    void mriqcGivesItsMeasuresWithUnits() throws Exception {
        // Given
        CatalogueRun run = app("mriqc").parameter("modalities", "[\"T1w\", \"bold\"]");

        // When
        CatalogueRun.Ended ended = run.run();

        // Then
        assertWhole(ended);
        assertThat(ended.calls())
                .containsExactly(
                        "mriqc RUN/inputs/bids RUN/results participant --participant-label CMH0001 --no-sub --notrack"
                                + " --nprocs 4 --omp-nthreads 4 -w RUN/work --modalities T1w bold");
        assertThat(ended.measures())
                .isEqualTo(Map.of(
                        "cjv T1w 1", 0.4,
                        "snr_total T1w 1", 12.5,
                        "spacing_x T1w mm", 1.0,
                        "summary_bg_n T1w 1", 1000.0,
                        "fd_mean task-rest_bold mm", 0.12,
                        "fd_num task-rest_bold 1", 3.0,
                        "fd_perc task-rest_bold %", 1.5,
                        "tsnr task-rest_bold 1", 55.0,
                        "spacing_tr task-rest_bold s", 2.0));
    }

    @Test
    void qsiprepGivesHeadMotionAndQualityOfEachSeries() throws Exception {
        // Given
        CatalogueRun run = app("qsiprep").parameter("output_resolution", "1.25");

        // When
        CatalogueRun.Ended ended = run.run();

        // Then
        assertWhole(ended);
        assertThat(ended.calls().get(0)).endsWith("-w RUN/work --output-resolution 1.25");
        assertThat(ended.measures())
                .hasSize(8)
                .containsEntry("framewise_displacement_mean dir-AP mm", 0.3)
                .containsEntry("raw_max_b dir-AP_space-ACPC s/mm2", 3000.0)
                .containsEntry("mean_fd dir-AP_space-ACPC mm", 0.2)
                .containsEntry("raw_neighbor_corr dir-AP_space-ACPC 1", 0.7)
                .containsEntry("raw_num_bad_slices dir-AP_space-ACPC 1", 3.0);
    }

    @Test
    void qsireconGivesScalarsOfBundles() throws Exception {
        // Given
        CatalogueRun run = app("qsirecon");

        // When
        CatalogueRun.Ended ended = run.run();

        // Then
        assertWhole(ended);
        assertThat(ended.calls().get(0)).endsWith("-w RUN/work --recon-spec dsi_studio_autotrack");
        assertThat(ended.measures())
                .isEqualTo(Map.of(
                        "dti_fa_mean CorticospinalTractL n/a", 0.51,
                        "dti_fa_mean CorticospinalTractR n/a", 0.52,
                        "dti_fa_mean acq-b1000_run-02 CorticospinalTractL n/a", 0.41,
                        "dti_fa_mean acq-b1000_run-02 CorticospinalTractR n/a", 0.52));
    }

    @Test
    void xcpdGivesQualityOfEachRun() throws Exception {
        // Given
        CatalogueRun run = app("xcp-d")
                .fileIn("bids/sub-CMH0001/ses-01/func/sub-CMH0001_ses-01_task-rest_den-91k_bold.dtseries.nii", "series")
                .parameter("fd_thresh", "0.5");

        // When
        CatalogueRun.Ended ended = run.run();

        // Then
        assertWhole(ended);
        assertThat(ended.calls().get(0)).endsWith("-w RUN/work --mode linc --fd-thresh 0.5");
        assertThat(ended.measures())
                .isEqualTo(Map.of(
                        "mean_fd task-rest_space-MNI152NLin2009cAsym_res-2 mm", 0.15,
                        "num_censored_volumes task-rest_space-MNI152NLin2009cAsym_res-2 1", 7.0,
                        "mean_dvars_final task-rest_space-MNI152NLin2009cAsym_res-2 1", 12.5,
                        "fd_dvars_correlation_final task-rest_space-MNI152NLin2009cAsym_res-2 1", 0.4));
    }

    @Test
    void anyBidsAppIsRunByItsName() throws Exception {
        // Given
        CatalogueRun run = app("bids-app")
                .parameter("program", "anyapp")
                .parameter("app_version", "2.0")
                .parameter("arguments", "[\"--n_cpus\", \"CORES\"]");

        // When
        CatalogueRun.Ended ended = run.run();

        // Then
        assertWhole(ended);
        assertThat(ended.calls())
                .containsExactly(
                        "anyapp RUN/inputs/bids RUN/results participant --participant-label CMH0001 --n_cpus 4");
        // The numbers of both runs, though their names are longer than those of measures may be
        assertThat(ended.measures()).hasSize(2).containsValues(1.0, 2.0);
    }

    @Test
    void withoutPythonNothingIsBegun() throws Exception {
        // Given
        Path programs = Files.createDirectories(folder.resolve("programs"));
        for (String program :
                List.of("/bin/sh", CatalogueRun.standIn("bids", "mriqc").toString())) {
            Files.createSymbolicLink(
                    programs.resolve(Path.of(program).getFileName().toString()), Path.of(program));
        }
        CatalogueRun run = app("mriqc").environment("PATH", programs.toString());

        // When
        CatalogueRun.Ended ended = run.run();

        // Then
        assertThat(ended.exitCode()).isEqualTo(4);
        assertThat(ended.errors()).contains("python3 is not in PATH");
    }

    @Test
    void ciftifyReconAllTakesASubjectOfFreesurfer() throws Exception {
        // Given
        CatalogueRun run = ciftifyReconAll();
        onlyToBeRead(run.folder().resolve("inputs/subject/mri"));

        // When
        CatalogueRun.Ended ended = run.run();

        // Then
        assertWhole(ended);
        assertThat(ended.calls())
                .containsExactly(
                        "ciftify_recon_all --ciftify-work-dir RUN/ciftify --fs-subjects-dir RUN/freesurfer --surf-reg MSMSulc"
                                + " --no-symlinks --n_cpus 2 subject",
                        "wb_command -cifti-stats ciftify/subject/MNINonLinear/fsaverage_LR32k/subject.thickness.32k_fs_LR.dscalar.nii"
                                + " -reduce MEAN");
        assertThat(ended.measures()).isEqualTo(Map.of("cortical_thickness_mean cortex mm", 2.625));
    }

    /** The commands of our script on a file of the real form; ciftify itself is a stand-in. */
    @Test
    void theRealWorkbenchComputesTheNumbersOfCiftifyReconAll() throws Exception {
        // Given thickness of four points
        CatalogueRun run = withWorkbench(ciftifyReconAll());
        Path scalars = folder.resolve("thickness.dscalar.nii");
        PythonPackages.output(
                folder,
                "wb_command",
                "-cifti-create-dense-scalar",
                scalars.toString(),
                "-left-metric",
                metric(new float[] {1, 2, 3, 4.5f}).toString());
        run.environment("STAND_IN_CIFTI", scalars.toString());

        // When
        CatalogueRun.Ended ended = run.run();

        // Then
        assertWhole(ended);
        assertThat(ended.measures()).isEqualTo(Map.of("cortical_thickness_mean cortex mm", 2.625));
    }

    @Test
    void theRealWorkbenchComputesTheNumbersOfCiftifyFmri() throws Exception {
        // Given mean 100 and deviations of 1, 2 and 4
        CatalogueRun run = withWorkbench(ciftifyFmri());
        Path series = folder.resolve("rest.dtseries.nii");
        PythonPackages.output(
                folder,
                "wb_command",
                "-cifti-create-dense-timeseries",
                series.toString(),
                "-left-metric",
                metric(new float[] {101, 102, 104}, new float[] {99, 98, 96}, new float[] {101, 102, 104}, new float[] {
                            99, 98, 96
                        })
                        .toString(),
                "-timestep",
                "2",
                "-timestart",
                "0");
        run.environment("STAND_IN_CIFTI", series.toString());

        // When
        CatalogueRun.Ended ended = run.run();

        // Then
        assertWhole(ended);
        assertThat(ended.measures()).isEqualTo(Map.of("volumes rest 1", 4.0, "temporal_snr_median rest 1", 50.0));
    }

    private CatalogueRun withWorkbench(CatalogueRun run) throws Exception {
        Path workbench = Path.of("/usr/bin/wb_command");
        assumeThat(workbench)
                .as("Connectome Workbench (Debian: connectome-workbench) is not installed")
                .isExecutable();
        Path programs = Files.createDirectories(folder.resolve("workbench"));
        Files.createSymbolicLink(programs.resolve("wb_command"), workbench);
        return run.programs(programs);
    }

    /** A value for each point of the left cortex, several maps, as GIFTI (https://www.nitrc.org/projects/gifti). */
    private Path metric(float[]... maps) throws Exception {
        StringBuilder text = new StringBuilder(
                        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<GIFTI Version=\"1.0\" NumberOfDataArrays=\"")
                .append(maps.length)
                .append(
                        "\"><MetaData><MD><Name>AnatomicalStructurePrimary</Name><Value>CortexLeft</Value></MD></MetaData>\n");
        for (float[] map : maps) {
            text.append(
                            "<DataArray Intent=\"NIFTI_INTENT_NONE\" DataType=\"NIFTI_TYPE_FLOAT32\" ArrayIndexingOrder=\"RowMajorOrder\"")
                    .append(" Dimensionality=\"1\" Dim0=\"")
                    .append(map.length)
                    .append(
                            "\" Encoding=\"ASCII\" Endian=\"LittleEndian\" ExternalFileName=\"\" ExternalFileOffset=\"\"><Data>");
            for (float value : map) {
                text.append(value).append(' ');
            }
            text.append("</Data></DataArray>\n");
        }
        return Files.writeString(folder.resolve("left.func.gii"), text.append("</GIFTI>\n"));
    }

    @Test
    void ciftifySubjectFmriTakesASubjectOfCiftify() throws Exception {
        // Given
        CatalogueRun run = ciftifyFmri();
        onlyToBeRead(run.folder().resolve("inputs/subject/MNINonLinear"));

        // When
        CatalogueRun.Ended ended = run.run();

        // Then
        assertWhole(ended);
        assertThat(ended.calls().get(0))
                .isEqualTo("ciftify_subject_fmri --ciftify-work-dir RUN/ciftify --surf-reg MSMSulc --n_cpus 2"
                        + " --SmoothingFWHM 4 --already-in-MNI RUN/inputs/bold.nii.gz subject rest");
        assertThat(ended.measures()).isEqualTo(Map.of("volumes rest 1", 240.0, "temporal_snr_median rest 1", 61.5));
    }

    @ParameterizedTest
    @CsvSource({
        "fmriprep, 25.2.30, fMRIPrep 25.2.30 is installed",
        "mriqc, 24.0.2.dev1, MRIQC 24.0.2.dev1 is installed",
        "qsiprep, 6.1.1, QSIPrep 6.1.1 is installed",
        "qsirecon, 1.1, QSIRecon 1.1 is installed",
        "xcp-d, 0.11, XCP-D 0.11 is installed",
        "smriprep, 0.19, sMRIPrep 0.19 is installed",
        "ciftify-recon-all, 2.3.2, 2.3.2 is installed",
        "ciftify-fmri, 2.3.2, 2.3.2 is installed"
    })
    void anotherVersionIsRefused(String tool, String version, String words) throws Exception {
        // Given
        CatalogueRun run =
                switch (tool) {
                    case "ciftify-recon-all" -> ciftifyReconAll();
                    case "ciftify-fmri" -> ciftifyFmri();
                    default -> app(tool);
                };
        run.environment("STAND_IN_VERSION", version);

        // When
        CatalogueRun.Ended ended = run.run();

        // Then
        assertThat(ended.exitCode()).isEqualTo(4);
        assertThat(ended.errors()).contains(words);
        assertThat(ended.calls()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "fmriprep, fails, 5, fmriprep: cannot go on",
        "fmriprep, silent, 6, wrote nothing of sub-CMH0001",
        "fmriprep, reports, 6, but reports and logs",
        "fmriprep, no-stats, 7, did not write freesurfer/sub-CMH0001/stats",
        "fmriprep, half-aseg, 7, has 3 columns in line 4",
        "smriprep, no-lh, 7, lh.aparc.stats",
        "mriqc, nothing, 7, no numbers were found",
        "qsirecon, two-values, 7, two files have dti_fa_mean of CorticospinalTractL",
        "ciftify-fmri, fails, 6, ciftify_subject_fmri: cannot go on",
        "ciftify-fmri, silent, 7, did not write"
    })
    void aFailureHasACodeThatTheDescriptorExplains(String tool, String fault, int code, String words) throws Exception {
        // Given
        CatalogueRun run = tool.equals("ciftify-fmri") ? ciftifyFmri() : app(tool);
        run.environment("STAND_IN_FAULT", fault);

        // When
        CatalogueRun.Ended ended = run.run();

        // Then
        assertThat(ended.exitCode()).as(ended.errors()).isEqualTo(code);
        assertThat(ended.errors()).contains(words);
        assertThat(run.descriptor().errorCodes()).containsKey(code);
    }

    /** The parser of the package, without what it needs to compute: only what it imports is installed. */
    @ParameterizedTest
    @CsvSource({
        "fmriprep, fmriprep.cli.parser, _build_parser",
        "mriqc, mriqc.cli.parser, _build_parser",
        "qsiprep, qsiprep.cli.parser, _build_parser",
        "smriprep, smriprep.cli.run, get_parser"
    })
    void theParserOfTheAppReadsTheCommand(String tool, String module, String function) throws Exception {
        // Given
        PythonPackages python = PythonPackages.large(
                folder,
                "--no-deps",
                "-r",
                REQUIREMENTS.resolve("requirements-" + tool + ".txt").toString());
        CatalogueRun run = app(tool);
        CHOSEN.getOrDefault(tool, Map.of()).forEach(run::parameter);
        CatalogueRun.Ended ended = run.run();
        String call = ended.calls().get(0).replace("RUN/", run.folder() + "/");

        // When
        JsonNode read = EventJson.mapper().readTree(python.python("-c", """
                import importlib, json, shlex, sys
                parser = getattr(importlib.import_module(sys.argv[1]), sys.argv[2])()
                print(json.dumps(vars(parser.parse_args(shlex.split(sys.argv[3])[1:])), default=str))
                """, module, function, call));

        // Then
        assertThat(read.path("analysis_level").toString()).contains("participant");
        assertThat(read.path("participant_label").toString()).isEqualTo("[\"CMH0001\"]");
        assertThat(read.path("work_dir").asText())
                .isEqualTo(run.folder().resolve("work").toString());
        assertThat(read.path("omp_nthreads").asInt())
                .isEqualTo(run.descriptor().resources().cpuCores().intValue());
    }

    /** ciftify reads its arguments by the usage in its own files. */
    @ParameterizedTest
    @ValueSource(strings = {"ciftify-recon-all", "ciftify-fmri"})
    void theUsageOfCiftifyAllowsTheCommand(String tool) throws Exception {
        // Given
        PythonPackages python = PythonPackages.installed(folder, "--no-deps", "ciftify==2.3.3", "docopt==0.6.2");
        CatalogueRun run = tool.equals("ciftify-fmri") ? ciftifyFmri() : ciftifyReconAll();
        String call = run.run().calls().get(0);

        // When
        JsonNode read = EventJson.mapper().readTree(python.python("-c", """
                import ast, importlib.util, json, os, shlex, sys
                import docopt
                words = shlex.split(sys.argv[1])
                package = importlib.util.find_spec("ciftify").submodule_search_locations[0]
                with open(os.path.join(package, "bin", words[0] + ".py")) as source:
                    usage = ast.get_docstring(ast.parse(source.read()), clean=False)
                print(json.dumps(docopt.docopt(usage, words[1:])))
                """, call));

        // Then
        assertThat(read.path("--ciftify-work-dir").asText()).isEqualTo("RUN/ciftify");
        assertThat(read.path("--surf-reg").asText()).isEqualTo("MSMSulc");
        assertThat(read.path(tool.equals("ciftify-fmri") ? "<subject>" : "<Subject>")
                        .asText())
                .isEqualTo("subject");
    }

    private static void onlyToBeRead(Path input) throws Exception {
        Files.setPosixFilePermissions(input, PosixFilePermissions.fromString("r-xr-xr-x"));
    }

    private static void assertWhole(CatalogueRun.Ended ended) {
        assertThat(ended.exitCode()).as(ended.errors()).isZero();
        assertThat(ended.missing()).isEmpty();
    }

    /** On a dataset of one participant. */
    private CatalogueRun app(String tool) throws Exception {
        return new CatalogueRun(folder, tool)
                .standIns("bids")
                .fileIn("bids/dataset_description.json", "{\"Name\": \"one session\", \"BIDSVersion\": \"1.10.0\"}")
                .fileIn("bids/sub-CMH0001/ses-01/anat/sub-CMH0001_ses-01_T1w.nii.gz", "image")
                .given("dataset", "bids")
                .parameter("participant", "sub-CMH0001");
    }

    private CatalogueRun ciftifyReconAll() throws Exception {
        return new CatalogueRun(folder, "ciftify-recon-all")
                .standIns("ciftify")
                .fileIn("subject/mri/aparc+aseg.mgz", "parcellation")
                .given("subject", "subject");
    }

    private CatalogueRun ciftifyFmri() throws Exception {
        return new CatalogueRun(folder, "ciftify-fmri")
                .standIns("ciftify")
                .file("bold", "bold.nii.gz", "series")
                .fileIn("subject/MNINonLinear/T1w.nii.gz", "image")
                .given("subject", "subject")
                .parameter("task", "rest")
                .parameter("smoothing", "4")
                .parameter("already_in_mni", "true");
    }
}

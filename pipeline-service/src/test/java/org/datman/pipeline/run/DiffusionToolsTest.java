package org.datman.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tools of the catalogue for diffusion series that no machine of ours has: the whole command with stand-ins for the programs that it calls. */
class DiffusionToolsTest {

    private static final List<String> ENIGMA = List.of(
            "ENIGMA_DTI_FA.nii.gz",
            "ENIGMA_DTI_FA_mask.nii.gz",
            "mean_FA_skeleton.nii.gz",
            "ENIGMA_DTI_FA_skeleton_mask.nii.gz",
            "ENIGMA_DTI_FA_skeleton_mask_dst.nii.gz",
            "ENIGMA_look_up_table.txt",
            "JHU-WhiteMatter-labels-1mm.nii.gz");

    @TempDir
    Path folder;

    @Test
    void dtiprepSaysHowManyVolumesItKept() throws Exception {
        // Given
        CatalogueRun run = ofSeries("dtiprep").standIns("nrrd");

        // When
        CatalogueRun.Ended ended = run.run();

        // Then
        assertWhole(ended);
        assertThat(ended.calls())
                .containsExactly(
                        "DWIConvert --conversionMode FSLToNrrd --inputVolume inputs/s.nii --inputBValues inputs/s.bval"
                                + " --inputBVectors inputs/s.bvec --outputVolume dwi.nrrd",
                        "DTIPrep --DWINrrdFile RUN/dwi.nrrd --xmlProtocol RUN/protocol.xml --default --check"
                                + " --outputFolder RUN/report",
                        "DWIConvert --conversionMode NrrdToFSL --inputVolume report/dwi_QCed.nrrd --outputVolume dwi_qced.nii.gz"
                                + " --outputBValues dwi_qced.bval --outputBVectors dwi_qced.bvec");
        assertThat(ended.measures())
                .isEqualTo(Map.of(
                        "volumes series 1", 7.0, "volumes_kept series 1", 4.0, "volumes_excluded series 1", 3.0));
    }

    @Test
    void dtiprepTakesTheProtocolOfTheStudy() throws Exception {
        // Given
        CatalogueRun run = ofSeries("dtiprep").standIns("nrrd");
        Files.createDirectories(run.folder().resolve("tool"));
        Files.writeString(run.folder().resolve("tool/protocol.xml"), "<OurProtocol/>");

        // When
        CatalogueRun.Ended ended = run.run();

        // Then
        assertWhole(ended);
        assertThat(ended.calls().get(1))
                .isEqualTo(
                        "DTIPrep --DWINrrdFile RUN/dwi.nrrd --xmlProtocol RUN/protocol.xml --check --outputFolder RUN/report");
        assertThat(run.folder().resolve("protocol.xml")).hasContent("<OurProtocol/>");
    }

    /** Files of before and since VTK 5.1 count their lines differently. */
    @ParameterizedTest
    @CsvSource({"3.0", "5.1"})
    void ukfSaysHowManyStreamlinesItsFileHas(String vtk) throws Exception {
        // Given
        CatalogueRun run = ofSeries("ukf-tractography")
                .file("mask", "mask.nii.gz", "mask")
                .parameter("seeds", "2")
                .environment("STAND_IN_VERSION", vtk)
                .standIns("nrrd");

        // When
        CatalogueRun.Ended ended = run.run();

        // Then
        assertWhole(ended);
        assertThat(ended.calls())
                .last()
                .isEqualTo("UKFTractography --dwiFile dwi.nrrd --maskFile mask.nrrd --tracts tracts.vtk --numTensor 2"
                        + " --seedsPerVoxel 2 --recordFA --recordTrace --numThreads 4");
        assertThat(ended.measures())
                .isEqualTo(Map.of("streamlines whole_brain 1", 3.0, "streamline_points whole_brain 1", 9.0));
    }

    @Test
    void numbersOfCaminoAreThoseOfItsBigEndianFiles() throws Exception {
        // Given
        CatalogueRun run =
                ofSeries("camino-dti").file("mask", "mask.nii.gz", "mask").standIns("camino");

        // When
        CatalogueRun.Ended ended = run.run();

        // Then
        assertWhole(ended);
        assertThat(ended.calls())
                .contains(
                        "fsl2scheme -bvecfile inputs/s.bvec -bvalfile inputs/s.bval",
                        "modelfit -inputfile dwi.Bfloat -schemefile dwi.scheme -model ldt -bgmask inputs/mask.nii.gz"
                                + " -outputfile tensor.Bdouble",
                        "track -inputmodel dt -inputfile tensor.Bdouble -seedfile inputs/mask.nii.gz -anisthresh 0.2"
                                + " -curvethresh 60 -outputfile tracts.Bfloat");
        // Means of the three voxels in the mask, m2/s as mm2/s, and of streamlines of 3 and 5 mm; as the stand-in says
        assertThat(ended.measures())
                .isEqualTo(Map.of(
                        "fractional_anisotropy_mean brain_mask 1", 0.4,
                        "mean_diffusivity_mean brain_mask mm2/s", 0.0008,
                        "mask_voxels brain_mask 1", 3.0,
                        "streamlines whole_brain 1", 2.0,
                        "streamline_length_mean whole_brain mm", 4.0));
    }

    @Test
    void caminoFitsNoTensorToThreeDirections() throws Exception {
        // Given
        CatalogueRun run =
                ofSeries("camino-dti").file("mask", "mask.nii.gz", "mask").standIns("camino");
        Files.writeString(run.folder().resolve("inputs/s.bvec"), "0 1 0 0 1 0 0\n0 0 1 0 0 1 0\n0 0 0 1 0 0 1\n");

        // When
        CatalogueRun.Ended ended = run.run();

        // Then
        assertThat(ended.exitCode()).as(ended.errors()).isEqualTo(10);
        assertThat(ended.errors()).contains("do not determine a tensor");
        assertThat(ended.calls()).isEmpty();
        assertThat(run.descriptor().errorCodes()).containsKey(10);
    }

    @ParameterizedTest
    @ValueSource(strings = {"nan", "infinite"})
    void aMeanThatCaminoCannotComputeIsLeftOut(String fault) throws Exception {
        // Given
        CatalogueRun run = ofSeries("camino-dti")
                .file("mask", "mask.nii.gz", "mask")
                .standIns("camino")
                .environment("STAND_IN_FAULT", fault);

        // When
        CatalogueRun.Ended ended = run.run();

        // Then
        assertWhole(ended);
        assertThat(ended.measures())
                .hasSize(4)
                .containsEntry("fractional_anisotropy_mean brain_mask 1", 0.4)
                .doesNotContainKey("mean_diffusivity_mean brain_mask mm2/s");
    }

    @Test
    void enigmaTakesMdTheWayOfFa() throws Exception {
        // Given
        CatalogueRun run =
                enigma("6.0.7.8:0123456").file("fa", "dti_fa.nii.gz", "fa").file("md", "dti_md.nii.gz", "md");

        // When
        CatalogueRun.Ended ended = run.run();

        // Then as the stand-ins write of which image a file was made
        assertWhole(ended);
        assertThat(run.folder().resolve("fa_skeleton.nii.gz")).hasContent("skeleton(masked(warped(fa)))");
        assertThat(run.folder().resolve("md_skeleton.nii.gz")).hasContent("skeleton(masked(warped(masked(md))))");
        assertThat(ended.calls())
                .contains(
                        "tbss_2_reg -t ENIGMA/ENIGMA_DTI_FA.nii.gz",
                        "tbss_skeleton -i fa_in_template.nii.gz -p 0.049 ENIGMA/ENIGMA_DTI_FA_skeleton_mask_dst.nii.gz"
                                + " FSL/data/standard/LowerCingulum_1mm fa_in_template.nii.gz md_skeleton.nii.gz"
                                + " -a md_in_template.nii.gz -s ENIGMA/ENIGMA_DTI_FA_skeleton_mask.nii.gz",
                        "singleSubjROI_exe ENIGMA/ENIGMA_look_up_table.txt ENIGMA/mean_FA_skeleton.nii.gz"
                                + " ENIGMA/JHU-WhiteMatter-labels-1mm.nii.gz fa_ROIout fa_skeleton.nii.gz");
        assertThat(ended.measures())
                .hasSize(8)
                .containsEntry("fractional_anisotropy_mean skeleton 1", 0.372416)
                .containsEntry("fractional_anisotropy_mean CST-R 1", 0.529274)
                .containsEntry("mean_diffusivity_mean FX/ST-L mm2/s", 0.000506632);
    }

    @Test
    void enigmaDoesWithoutMd() throws Exception {
        // Given
        CatalogueRun run = enigma("6.0.7").file("fa", "dti_fa.nii.gz", "fa");

        // When
        CatalogueRun.Ended ended = run.run();

        // Then
        assertWhole(ended);
        assertThat(ended.measures()).hasSize(4);
        assertThat(ended.calls()).noneMatch(call -> call.contains("md"));
    }

    @Test
    void aFileOfEnigmaThatIsNotThereIsNamed() throws Exception {
        // Given
        CatalogueRun run = enigma("6.0.7").file("fa", "dti_fa.nii.gz", "fa");
        Files.delete(folder.resolve("enigma/ENIGMA_DTI_FA_skeleton_mask.nii.gz"));

        // When
        CatalogueRun.Ended ended = run.run();

        // Then
        assertThat(ended.exitCode()).isEqualTo(5);
        assertThat(ended.errors()).contains("where ENIGMA_DTI_FA_skeleton_mask.nii.gz is not");
        assertThat(ended.calls()).isEmpty();
    }

    @Test
    void anotherAmicoIsRefused() throws Exception {
        // Given
        CatalogueRun run =
                ofSeries("amico-noddi").file("mask", "mask.nii.gz", "mask").pythonPackage("dmri_amico", "2.1.0");

        // When
        CatalogueRun.Ended ended = run.run();

        // Then
        assertThat(ended.exitCode()).isEqualTo(4);
        assertThat(ended.errors()).contains("2.1.0 is installed, the descriptor is for dmri-amico 2.1.1");
        assertThat(run.descriptor().errorCodes()).containsKey(4);
    }

    @ParameterizedTest
    @CsvSource({"6.0.70, 4", "5.0.11, 4"})
    void anotherFslIsRefused(String version, int code) throws Exception {
        // Given
        CatalogueRun run = enigma(version).file("fa", "dti_fa.nii.gz", "fa");

        // When
        CatalogueRun.Ended ended = run.run();

        // Then
        assertThat(ended.exitCode()).isEqualTo(code);
        assertThat(ended.errors()).contains("FSL " + version + " is installed, the descriptor is for 6.0.7");
    }

    @ParameterizedTest
    @CsvSource({
        "dtiprep, nrrd, fails, 5, DWIConvert: cannot go on",
        "ukf-tractography, nrrd, fails, 5, DWIConvert: cannot go on",
        "camino-dti, camino, fails, 5, fsl2scheme: cannot go on",
        "camino-dti, camino, short, 9, '4 tensors, 3 of FA, 4 of MD'",
        "camino-dti, camino, cut, 9, tracts.Bfloat ends within streamline 2",
        "dtiprep, nrrd, none-kept, 7, kept no volume",
        "dtiprep, none, none, 4, is not in PATH",
        "ukf-tractography, none, none, 4, is not in PATH",
        "camino-dti, none, none, 4, is not in PATH"
    })
    void aFailureHasACodeThatTheDescriptorExplains(String tool, String standIns, String fault, int code, String words)
            throws Exception {
        // Given
        CatalogueRun run = ofSeries(tool).standIns(standIns).environment("STAND_IN_FAULT", fault);
        if (!tool.equals("dtiprep")) {
            run.file("mask", "mask.nii.gz", "mask");
        }

        // When
        CatalogueRun.Ended ended = run.run();

        // Then
        assertThat(ended.exitCode()).as(ended.errors()).isEqualTo(code);
        assertThat(ended.errors()).contains(words);
        assertThat(run.descriptor().errorCodes()).containsKey(code);
    }

    private static void assertWhole(CatalogueRun.Ended ended) {
        assertThat(ended.exitCode()).as(ended.errors()).isZero();
        assertThat(ended.missing()).isEmpty();
    }

    /** Seven volumes, whose content the stand-ins do not read. */
    private CatalogueRun ofSeries(String tool) throws Exception {
        return new CatalogueRun(folder, tool)
                .file("dwi", "s.nii", "series")
                .file("bval", "s.bval", "0 1000 1000 1000 1000 1000 1000\n")
                .file("bvec", "s.bvec", "0 1 1 1 1 0 0\n0 1 -1 0 0 1 1\n0 0 0 1 -1 1 -1\n");
    }

    private CatalogueRun enigma(String fslVersion) throws Exception {
        Path fsl = folder.resolve("fsl");
        for (String file : List.of("data/standard/LowerCingulum_1mm.nii.gz", "data/standard/FMRIB58_FA_1mm.nii.gz")) {
            Files.createDirectories(fsl.resolve(file).getParent());
            Files.writeString(fsl.resolve(file), "image");
        }
        Files.createDirectories(fsl.resolve("etc"));
        Files.writeString(fsl.resolve("etc/fslversion"), fslVersion + "\n");
        Path enigma = Files.createDirectories(folder.resolve("enigma"));
        for (String file : ENIGMA) {
            Files.writeString(enigma.resolve(file), "image");
        }
        CatalogueRun run = new CatalogueRun(folder, "enigma-dti")
                .standIns("fsl")
                .at("FSL", "FSLDIR", fsl)
                .at("ENIGMA", "ENIGMA_DTI_HOME", enigma);
        for (String program : List.of("singleSubjROI_exe", "averageSubjectTracts_exe")) {
            Path called = enigma.resolve(program);
            Files.writeString(called, "#!/bin/sh\nexec " + CatalogueRun.standIn("fsl", program) + " \"$@\"\n");
            assertThat(called.toFile().setExecutable(true)).isTrue();
        }
        return run;
    }
}

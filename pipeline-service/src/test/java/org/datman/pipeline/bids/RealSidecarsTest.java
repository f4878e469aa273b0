package org.datman.pipeline.bids;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.datman.bids.schema.BidsSchema;
import org.datman.bids.validation.BidsValidator;
import org.datman.bids.validation.FindingSeverity;
import org.datman.contracts.event.EventJson;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.FileRole;
import org.datman.contracts.event.ScanId;
import org.datman.contracts.naming.DatmanIds;
import org.datman.contracts.study.BidsRule;
import org.datman.imaging.nifti.NiftiReader;
import org.datman.platform.archive.Archive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Images and sidecars that dcm2niix makes of real scans of three vendors are one valid dataset, and nothing of them is left out. */
class RealSidecarsTest {

    private static final Path DATA = Path.of(System.getProperty("datman.shared-data", "none"));

    /** Archive, then where its images go. */
    private static final Map<String, String> SERIES = Map.of(
            "siemens-prisma-vd13-multiecho/2_me_FieldMap_GRE", "fmap/magnitude%d for=ME",
            "siemens-prisma-vd13-multiecho/3_me_FieldMap_GRE", "fmap/phasediff for=ME",
            "siemens-prisma-vd13-multiecho/4_me_fMRI", "func/bold task=me",
            "siemens-prisma-ve11-t1-dwi/4_ep2d_diff_mddw_20_p2", "dwi/dwi",
            "siemens-prisma-xa30-enhanced/7_func-bold_task-fa_run-1", "func/bold task=fa",
            "siemens-skyra-ve11-epi-phantom/mr_0003", "fmap/epi dir=AP for=GE",
            "siemens-skyra-ve11-epi-phantom/mr_0004", "fmap/epi dir=PA for=GE",
            "ge-mr750-bold/mr_0004", "func/bold task=ge",
            "philips-elition-classic/2101_fcMRI_first20vols", "func/bold task=fc");

    @TempDir
    Path folder;

    @Test
    void theImagesOfThreeVendorsAreAValidDataset() throws Exception {
        // Given
        assumeTrue(Files.isDirectory(DATA), "skipped: the real scans are not here");
        Archive archive = new Archive(folder.resolve("archive"));
        List<BidsImage> images = new ArrayList<>();
        int scan = 0;
        for (String series : SERIES.keySet().stream().sorted().toList()) {
            images.addAll(images(archive, series, ++scan));
        }
        BidsSession session =
                new BidsSession("STU", DatmanIds.parse("STU_CMH_0001_01_01"), "CMH", false, images, List.of());
        DatasetFolder dataset = new DatasetFolder(archive, "STU", "bids", "1.0");

        // When
        SessionPlan plan;
        try (DatasetFolder.Prepared prepared = dataset.prepare(session)) {
            plan = prepared.plan();
            dataset.publish(prepared);
            dataset.writeTables(List.of(BidsSummary.of(plan)));
        }

        // Then
        assertThat(plan.leftOut()).isEmpty();
        assertThat(plan.images()).hasSize(11);
        assertThat(plan.images().stream()
                        .filter(image -> image.path().entities().containsKey("echo"))
                        .map(image -> image.image().text("B0FieldSource")))
                .hasSize(2)
                .containsOnly(Optional.of("fmap_CMH0001_01_1"));
        assertThat(new BidsValidator(archive.root().resolve("STU/bids/rawbids"), BidsSchema.bundled(), true)
                        .validate().findings().stream().filter(finding -> finding.severity() == FindingSeverity.ERROR))
                .isEmpty();
    }

    private List<BidsImage> images(Archive archive, String series, int scan) throws Exception {
        Path dicom = Files.createDirectories(folder.resolve("dicom" + scan));
        Path nifti = Files.createDirectories(folder.resolve("nifti" + scan));
        run("tar", "-xJf", DATA.resolve(series + ".tar.xz").toString(), "-C", dicom.toString());
        run("dcm2niix", "-b", "y", "-z", "y", "-f", "image", "-o", nifti.toString(), dicom.toString());
        List<BidsImage> images = new ArrayList<>();
        try (Stream<Path> all = Files.list(nifti)) {
            for (Path image : all.filter(file -> file.toString().endsWith(".nii.gz"))
                    .sorted()
                    .toList()) {
                images.add(image(archive, series, scan, image));
            }
        }
        return images;
    }

    private static BidsImage image(Archive archive, String series, int scan, Path image) throws IOException {
        String base = image.toString().substring(0, image.toString().length() - ".nii.gz".length());
        String name = Path.of(base).getFileName().toString();
        String stem = "STU_CMH_0001_01_01_X_" + scan + "_" + name;
        ObjectNode sidecar =
                (ObjectNode) EventJson.mapper().readTree(Path.of(base + ".json").toFile());
        List<FileRef> files = new ArrayList<>();
        NiftiReader reader = NiftiReader.open(image);
        reader.close();
        for (Map.Entry<FileRole, String> role : Map.of(
                        FileRole.NIFTI,
                        ".nii.gz",
                        FileRole.SIDECAR,
                        ".json",
                        FileRole.BVAL,
                        ".bval",
                        FileRole.BVEC,
                        ".bvec")
                .entrySet()) {
            Path file = Path.of(base + role.getValue());
            if (Files.exists(file)) {
                files.add(archive.store(role.getKey(), file, "STU/nii/S/" + stem + role.getValue()));
            }
        }
        String[] words = SERIES.getOrDefault(series, "")
                .formatted(sidecar.path("EchoNumber").asInt(1))
                .split(" ");
        Map<String, String> entities = new HashMap<>();
        List<String> intended = new ArrayList<>();
        for (String word : List.of(words).subList(1, words.length)) {
            String[] pair = word.split("=");
            if (pair[0].equals("for")) {
                intended.add(pair[1]);
            } else {
                entities.put(pair[0], pair[1]);
            }
        }
        String[] place = words[0].split("/");
        return new BidsImage(
                new ScanId(Integer.toString(scan)),
                stem,
                entities.getOrDefault("task", "x").toUpperCase(Locale.ROOT),
                new BidsRule(place[0], place[1], entities, intended),
                true,
                files,
                sidecar,
                reader.header(),
                null,
                false,
                null,
                null,
                Map.of());
    }

    private static void run(String... command) throws Exception {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    }
}

package org.datman.qc;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.FileRole;
import org.datman.contracts.event.QcComplete;
import org.datman.contracts.event.SeriesExported;
import org.datman.contracts.event.SessionRef;
import org.datman.imaging.nifti.NiftiDataType;
import org.datman.imaging.nifti.NiftiHeader;
import org.datman.imaging.nifti.NiftiWriter;
import org.datman.platform.archive.Archive;
import org.datman.platform.testkit.EventsOnKafka;
import org.datman.platform.testkit.KafkaAndPostgres;
import org.datman.synthetic.DwiSeries;
import org.datman.synthetic.Grid;
import org.junit.jupiter.api.Test;

/** The gradient table beside a gold standard of the study file. */
@QuarkusTest
@QuarkusTestResource(KafkaAndPostgres.class)
class GoldTableTest {

    private static final String STEM = "QCT_UTO_0001_01_01_DTI_04_gold";
    private static final Path STUDIES = Path.of("src/test/resources/studies/gold");

    @Inject
    Archive archive;

    @Test
    void aTableThatIsNotTheStudyFilesIsFoundAndDrawnBesideIt() throws Exception {
        // Given a standard in the study file (gold/DTI.json) with a table beside it, whose x is the other way round
        SessionRef session = new SessionRef("test", "E" + UUID.randomUUID());
        SeriesExported exported = Images.exported(session, "4", 1, diffusion(), "UTO", "2026-01-02");
        QcComplete result;

        // When
        try (EventsOnKafka events = EventsOnKafka.ofTests()) {
            events.publish(exported);
            result = events.await(QcComplete.class, event -> event.session().equals(session))
                    .event();
        }

        // Then
        assertThat(result.flags())
                .filteredOn(flag -> flag.kind().equals("gradient-table"))
                .anySatisfy(flag -> assertThat(flag.evidence()).containsEntry("explained_by", "flip-x"));
        assertThat(result.metrics())
                .filteredOn(metric -> metric.key().equals("gradient_angle_max"))
                .singleElement()
                .satisfies(metric -> assertThat(metric.value().orElseThrow()).isGreaterThan(10));
        Path spheres = result.pictures().stream()
                .map(picture -> archive.resolve(picture.path()))
                .filter(path -> path.endsWith("gradients.svg"))
                .findFirst()
                .orElseThrow();
        assertThat(Files.readString(spheres)).contains("angle to the gold table");
    }

    private SeriesExported.Product diffusion() throws Exception {
        double[][] gold = table("DTI.bvec");
        double[] b = table("DTI.bval")[0];
        int volumes = b.length;
        Grid grid = Grid.axial(32, 32, 12, 7, 7, 8);
        DwiSeries made = DwiSeries.of(grid).seed(3);
        StringBuilder flipped = new StringBuilder();
        for (int t = 0; t < volumes; t++) {
            made = made.gradient(b[t], gold[0][t], gold[1][t], gold[2][t]);
            flipped.append(-gold[0][t]).append(' ');
        }
        Path folder = Files.createDirectories(archive.resolve("QCT/nii/QCT_UTO_0001_01_01"));
        Path nifti = folder.resolve(STEM + ".nii.gz");
        double[][] affine = new double[4][4];
        for (int v = 0; v < 16; v++) {
            affine[v / 4][v % 4] = v < 12 ? grid.affine()[v] : v == 15 ? 1 : 0;
        }
        List<float[]> data = new ArrayList<>();
        for (int t = 0; t < volumes; t++) {
            data.add(made.volume(t));
        }
        NiftiWriter.write(nifti, NiftiHeader.of(NiftiDataType.FLOAT32, affine, 32, 32, 12, volumes), data);
        List<String> rows = Files.readAllLines(STUDIES.resolve("DTI.bvec"));
        Path bval = Files.copy(
                STUDIES.resolve("DTI.bval"), folder.resolve(STEM + ".bval"), StandardCopyOption.REPLACE_EXISTING);
        Path bvec = Files.write(folder.resolve(STEM + ".bvec"), List.of(flipped.toString(), rows.get(1), rows.get(2)));
        List<FileRef> files = List.of(
                archive.describe(FileRole.NIFTI, nifti),
                archive.describe(FileRole.BVAL, bval),
                archive.describe(FileRole.BVEC, bvec));
        return new SeriesExported.Product(STEM, "DTI", "dwi", List.of(32, 32, 12, volumes), files);
    }

    private static double[][] table(String name) throws Exception {
        return Files.readAllLines(STUDIES.resolve(name)).stream()
                .map(row -> Arrays.stream(row.trim().split(" "))
                        .mapToDouble(Double::parseDouble)
                        .toArray())
                .toArray(double[][]::new);
    }
}

package org.datman.qc;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.datman.contracts.event.FileRole;
import org.datman.contracts.event.QcComplete;
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.SeriesExported;
import org.datman.contracts.event.SeriesExportedBuilder;
import org.datman.contracts.event.SeriesTagged;
import org.datman.contracts.event.SeriesTaggedAssignmentBuilder;
import org.datman.contracts.event.SeriesTaggedBuilder;
import org.datman.contracts.event.SessionRef;
import org.datman.imaging.nifti.NiftiDataType;
import org.datman.imaging.nifti.NiftiHeader;
import org.datman.imaging.nifti.NiftiWriter;
import org.datman.platform.archive.Archive;
import org.datman.synthetic.EpiSeries;
import org.datman.synthetic.Grid;

/** Images in the archive, and the events about them. */
public final class Images {

    /** Name of the session of all images. */
    public static final String SESSION = "QCT_CMH_0001_01_01";

    private Images() {}

    /** A small resting run in the archive. */
    public static SeriesExported.Product run(Archive archive, String name, int volumes) throws IOException {
        Path nifti = place(archive, name, ".nii.gz");
        Grid grid = Grid.axial(32, 32, 16, 6, 6, 7);
        EpiSeries series = EpiSeries.of(grid, volumes).trSeconds(2).sigma(8).seed(7);
        List<float[]> data = new ArrayList<>();
        for (int t = 0; t < volumes; t++) {
            data.add(series.volume(t));
        }
        NiftiWriter.write(
                nifti,
                NiftiHeader.of(NiftiDataType.FLOAT32, affine(grid), 32, 32, 16, volumes)
                        .withRepetitionTime(2),
                data);
        return product(archive, name, "bold", List.of(32, 32, 16, volumes), nifti);
    }

    /** Path of a file of an image. */
    public static Path place(Archive archive, String name, String ending) throws IOException {
        Path file = archive.resolve("QCT/nii/" + SESSION + "/" + stem(name) + ending);
        Files.createDirectories(file.getParent());
        return file;
    }

    public static String stem(String name) {
        return SESSION + "_RST_03_" + name;
    }

    public static SeriesExported.Product product(
            Archive archive, String name, String kind, List<Integer> dimensions, Path nifti) throws IOException {
        return new SeriesExported.Product(
                stem(name), "RST", kind, dimensions, List.of(archive.describe(FileRole.NIFTI, nifti)));
    }

    private static double[][] affine(Grid grid) {
        double[] rows = grid.affine();
        double[][] affine = new double[4][4];
        for (int row = 0; row < 3; row++) {
            System.arraycopy(rows, 4 * row, affine[row], 0, 4);
        }
        affine[3][3] = 1;
        return affine;
    }

    /** The tag of a series that becomes one image. */
    public static SeriesTagged tagged(SessionRef session, String scan, String name, String tag, String stem) {
        return SeriesTaggedBuilder.builder()
                .session(session)
                .seriesRevision(1)
                .decision(SeriesTagged.Decision.TAGGED)
                .phantom(false)
                .scan(scan)
                .description("Rest")
                .assignments(List.of(SeriesTaggedAssignmentBuilder.builder()
                        .tag(tag)
                        .stem(stem)
                        .qcKind("bold")
                        .formats(List.of("nii"))
                        .build()))
                .reason(Reason.of("tagged", "it matched"))
                .explanation(List.of())
                .fileCount(1)
                .fingerprint("fingerprint")
                .configRevision("config")
                .study(Optional.of("QCT"))
                .site(Optional.of("CMH"))
                .sessionName(Optional.of(name))
                .seriesNumber(Optional.of(3L))
                .resource(Optional.of("1"))
                .date(Optional.of(LocalDate.parse("2026-01-02")))
                .build();
    }

    /** The export of a series of one image. */
    public static SeriesExported exported(
            SessionRef session, String scan, long revision, SeriesExported.Product product, String site, String date) {
        return SeriesExportedBuilder.builder()
                .session(session)
                .seriesRevision(1)
                .exportRevision(revision)
                .outcome(SeriesExported.Outcome.EXPORTED)
                .study("QCT")
                .site(site)
                .sessionName(SESSION)
                .phantom(false)
                .scan(scan)
                .products(List.of(product))
                .runKey("run")
                .configRevision("config")
                .started(Instant.EPOCH)
                .finished(Instant.EPOCH)
                .seriesNumber(Optional.of(3L))
                .date(Optional.of(LocalDate.parse(date)))
                .build();
    }

    /** The result as an older DATMAN, with older versions of all definitions, would have published it. */
    public static QcComplete ofOlderDefinitions(QcComplete now) {
        return now.withMetrics(now.metrics().stream()
                        .map(m -> new QcComplete.Metric(m.key(), m.value(), m.unit(), "0", m.reason()))
                        .toList())
                .withRunKey("0".repeat(64));
    }
}

package org.datman.metrics.input;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.commons.codec.digest.DigestUtils;
import org.apache.commons.codec.digest.MessageDigestAlgorithms;
import org.datman.analysis.image.Grid;
import org.datman.analysis.image.Series;
import org.datman.analysis.image.SeriesBuilder;
import org.datman.contracts.metric.QcKind;
import org.datman.header.HeaderFiles;
import org.datman.imaging.nifti.NiftiHeader;
import org.datman.imaging.nifti.NiftiReader;
import org.datman.metrics.model.MeasureException;
import org.datman.plots.report.Flag;
import org.jspecify.annotations.Nullable;

/** Opens the files of a request. */
public final class ScanReader {

    private ScanReader() {}

    /** Reads image and sidecar, of a colour image the luminance; every failure is a {@link MeasureException} that names the file and the fault. */
    public static ScanData read(MeasureRequest request) throws MeasureException {
        Path file = request.nifti();
        SidecarValues sidecar = SidecarValues.read(request.sidecar());
        CompletableFuture<String> digest = CompletableFuture.supplyAsync(() -> sha256(file));
        try (NiftiReader reader = NiftiReader.open(file)) {
            NiftiHeader header = reader.header();
            if (!header.dataType().measurable() && !header.dataType().colour()) {
                throw new MeasureException(file.getFileName() + " holds " + header.dataType()
                        + " voxels (complex or wider than double); only images of one real number per voxel can be measured: convert"
                        + " its magnitude");
            }
            Grid grid = grid(header, file);
            long count = header.volumeCount();
            if (count < 1 || count > 100_000) {
                throw new MeasureException(file.getFileName() + " claims " + count + " volumes; the header is corrupt");
            }
            Series series = series(reader, grid, (int) count);
            Axes axes = Axes.of(sidecar, header, grid);
            ScanData.Storage storage = new ScanData.Storage(
                    header.dataType().integral(),
                    header.dataType().max(),
                    header.slope(),
                    header.intercept(),
                    header.dataType().colour());
            RepetitionTime tr = repetitionTime(request, sidecar, header, (int) count);
            List<Flag> remarks = Remarks.of(sidecar, header, tr, axes, grid);
            return new ScanData(request, series, sidecar, axes, tr, storage, digest.join(), remarks);
        } catch (IOException e) {
            throw new MeasureException(file.getFileName() + " cannot be read: " + e.getMessage(), e);
        } catch (CompletionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new MeasureException(file.getFileName() + " cannot be read: " + cause.getMessage(), e);
        } catch (ArithmeticException e) {
            throw new MeasureException(file.getFileName() + " has more voxels per volume than can be addressed", e);
        }
    }

    /** Kinds whose numbers are made with the time from volume to volume. */
    private static final Set<QcKind> RUNS = Set.of(QcKind.BOLD, QcKind.FBIRN);

    private static RepetitionTime repetitionTime(
            MeasureRequest request, SidecarValues sidecar, NiftiHeader header, int volumes) {
        Double stated = sidecar.number("RepetitionTime");
        double image = header.repetitionTimeSeconds();
        Double dicom = ofDicom(request.dicom());
        return volumes > 1 && RUNS.contains(request.kind())
                ? RepetitionTime.ofRun(stated, image, sidecar.number("RepetitionTimeExcitation"), dicom)
                : RepetitionTime.asStated(stated, image, dicom);
    }

    /** Seconds, or null: a DICOM that cannot be read is reported where headers are compared. */
    private static @Nullable Double ofDicom(@Nullable Path file) {
        if (file == null) {
            return null;
        }
        try {
            List<Double> ms = HeaderFiles.read(file).numbers("RepetitionTime");
            return ms.isEmpty() ? null : ms.get(0) / 1000;
        } catch (IOException e) {
            return null;
        }
    }

    private static Grid grid(NiftiHeader header, Path file) throws MeasureException {
        int[] dims = {1, 1, 1};
        double[] spacing = {1, 1, 1};
        for (int a = 0; a < Math.min(3, header.dims().size()); a++) {
            dims[a] = header.dims().get(a);
            spacing[a] = header.voxelSizeMm(a);
            if (!(spacing[a] > 0) || !Double.isFinite(spacing[a])) {
                if (dims[a] > 1) {
                    throw new MeasureException(file.getFileName() + " gives a voxel size of " + spacing[a]
                            + " mm along " + "ijk".charAt(a) + "; the header is corrupt");
                }
                spacing[a] = 1;
            }
        }
        double[][] matrix = header.affine();
        double[] affine = new double[12];
        for (int r = 0; r < 3; r++) {
            for (int c = 0; c < 4; c++) {
                affine[4 * r + c] = Double.isFinite(matrix[r][c]) ? matrix[r][c] : 0;
            }
        }
        boolean oriented = header.sform().code() > 0 || header.qform().code() > 0;
        return new Grid(dims[0], dims[1], dims[2], spacing[0], spacing[1], spacing[2], affine, oriented);
    }

    private static Series series(NiftiReader reader, Grid grid, int count) throws IOException {
        try (SeriesBuilder builder = SeriesBuilder.of(grid, count)) {
            for (int t = 0; t < count; t++) {
                float[] volume = reader.header().dataType().colour() ? reader.readLuminance() : reader.readVolume();
                builder.add(Objects.requireNonNull(volume, "fewer volumes than the header counts"));
            }
            return builder.build();
        }
    }

    private static String sha256(Path file) {
        try {
            return new DigestUtils(MessageDigestAlgorithms.SHA_256).digestAsHex(file);
        } catch (IOException e) {
            throw new CompletionException(e);
        }
    }
}

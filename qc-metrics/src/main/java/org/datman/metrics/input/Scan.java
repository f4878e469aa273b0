package org.datman.metrics.input;

import java.nio.file.Path;
import org.datman.metrics.image.Grid;
import org.datman.metrics.image.Series;
import org.datman.metrics.model.InputFacts;

/**
 * One series, opened.
 *
 * @param request what was asked for
 * @param series voxels
 * @param sidecar JSON beside the image
 * @param axes slices and phase encoding
 * @param trSeconds repetition time, NaN when unknown
 * @param storage how voxels are stored
 * @param sha256 of the image file
 */
public record Scan(
        MeasureRequest request,
        Series series,
        Sidecar sidecar,
        Axes axes,
        double trSeconds,
        Storage storage,
        String sha256)
        implements AutoCloseable {

    /**
     * How the voxels lie in the file.
     *
     * @param integral whole numbers, scaled by slope and intercept
     * @param max largest storable number, before scaling
     */
    public record Storage(boolean integral, double max, double slope, double intercept) {}

    public Grid grid() {
        return series.grid();
    }

    public int volumes() {
        return series.volumes();
    }

    /** The facts that go into metrics.json. */
    public InputFacts facts() {
        Grid g = grid();
        Path name = request.nifti().getFileName();
        return new InputFacts(
                name == null ? "" : name.toString(),
                sha256,
                java.util.List.of(g.nx(), g.ny(), g.nz()),
                java.util.List.of(g.dx(), g.dy(), g.dz()),
                volumes(),
                Double.isNaN(trSeconds) ? null : Double.valueOf(trSeconds),
                g.axes().letters(),
                axes.sliceName(),
                axes.phaseName());
    }

    @Override
    public void close() {
        series.close();
    }
}

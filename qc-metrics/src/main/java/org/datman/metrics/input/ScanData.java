package org.datman.metrics.input;

import java.nio.file.Path;
import java.util.List;
import org.datman.analysis.image.Grid;
import org.datman.analysis.image.Series;
import org.datman.plots.picture.PicturedSeries;
import org.datman.plots.report.Flag;
import org.datman.plots.report.InputFacts;

/**
 * One series, opened.
 *
 * @param request the request
 * @param series voxels
 * @param sidecar JSON beside the image
 * @param axes slices and phase encoding
 * @param tr repetition time, and where it is from
 * @param storage how voxels are stored
 * @param sha256 of the image file
 * @param remarks faults and contradictions of sidecar or header
 */
public record ScanData(
        MeasureRequest request,
        Series series,
        SidecarValues sidecar,
        Axes axes,
        RepetitionTime tr,
        Storage storage,
        String sha256,
        List<Flag> remarks)
        implements AutoCloseable, PicturedSeries {

    /**
     * Storage of the voxels in the file.
     *
     * @param integral whole numbers, scaled by slope and intercept
     * @param max largest storable number, before scaling
     * @param colour the file holds colours; the series is their luminance, to be shown and not measured
     */
    public record Storage(boolean integral, double max, double slope, double intercept, boolean colour) {}

    public ScanData {
        remarks = List.copyOf(remarks);
    }

    @Override
    public double trSeconds() {
        return tr.seconds();
    }

    /** The same with only some of its volumes; not to be closed in addition to this one. */
    public ScanData of(Series some) {
        return new ScanData(request, some, sidecar, axes, tr, storage, sha256, remarks);
    }

    @Override
    public String name() {
        return request.series();
    }

    @Override
    public int sliceAxis() {
        return axes.slice();
    }

    @Override
    public int phaseAxis() {
        return axes.phase();
    }

    /** The facts that go into metrics.json. */
    public InputFacts facts() {
        Grid g = grid();
        Path name = request.nifti().getFileName();
        return new InputFacts(
                name == null ? "" : name.toString(),
                sha256,
                List.of(g.nx(), g.ny(), g.nz()),
                List.of(g.dx(), g.dy(), g.dz()),
                volumes(),
                Double.isNaN(trSeconds()) ? null : Double.valueOf(trSeconds()),
                tr.source(),
                g.oriented() ? g.axes().letters() : InputFacts.UNKNOWN,
                axes.sliceName(),
                axes.phaseName());
    }

    @Override
    public void close() {
        series.close();
    }
}

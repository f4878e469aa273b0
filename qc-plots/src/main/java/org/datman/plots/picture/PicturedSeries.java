package org.datman.plots.picture;

import org.datman.analysis.image.Grid;
import org.datman.analysis.image.Series;

/** The series that a picture is of. */
public interface PicturedSeries {

    /** Its name, for the stamp of the picture. */
    String name();

    /** Its voxels. */
    Series series();

    /** File axis 0, 1 or 2 that the slices are stacked along. */
    int sliceAxis();

    /** File axis 0, 1 or 2 that was phase encoded, or -1 when unknown. */
    int phaseAxis();

    /** Repetition time in seconds, NaN when unknown. */
    double trSeconds();

    /** The voxel grid of each volume. */
    default Grid grid() {
        return series().grid();
    }

    /** Number of volumes. */
    default int volumes() {
        return series().volumes();
    }
}

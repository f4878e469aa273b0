package org.datman.cli;

import java.io.IOException;
import java.nio.file.Path;
import org.datman.contracts.metric.QcKind;
import org.datman.imaging.nifti.NiftiReader;
import org.datman.metrics.model.MeasureException;

/** Guesses the kind of a file on the command line when none is given; the service never guesses. */
final class KindGuess {

    private static final int FEWEST_BOLD_VOLUMES = 10;
    private static final double LARGEST_ANAT_VOXEL_MM3 = 8;

    private KindGuess() {}

    static QcKind of(Path file, boolean hasGradients) throws MeasureException {
        try (NiftiReader reader = NiftiReader.open(file)) {
            long volumes = reader.header().volumeCount();
            if (hasGradients && volumes > 1) {
                return QcKind.DWI;
            }
            if (volumes >= FEWEST_BOLD_VOLUMES) {
                return QcKind.BOLD;
            }
            double voxel = 1;
            for (int axis = 0; axis < Math.min(3, reader.header().dims().size()); axis++) {
                voxel *= reader.header().voxelSizeMm(axis);
            }
            return volumes == 1 && voxel <= LARGEST_ANAT_VOXEL_MM3 ? QcKind.ANAT : QcKind.OTHER;
        } catch (IOException e) {
            throw new MeasureException(file.getFileName() + " cannot be read: " + e.getMessage(), e);
        }
    }
}

package org.datman.imaging.nifti;

import java.io.IOException;
import java.nio.file.Path;
import org.datman.imaging.ImageFormatException;

/**
 * A whole image in memory: for short series and tests. Long series are better read with {@link NiftiReader}.
 *
 * @param header the header
 * @param volumes scaled voxels, one array per volume, x fastest
 */
public record NiftiImage(NiftiHeader header, float[][] volumes) {

    /** Most voxels that {@link #read(Path)} takes: 4 GiB as floats. */
    private static final long MAX_VOXELS = 1L << 30;

    /** Reads all volumes. */
    public static NiftiImage read(Path path) throws IOException {
        try (NiftiReader reader = NiftiReader.open(path)) {
            NiftiHeader header = reader.header();
            long voxels = Math.multiplyExact(header.voxelsPerVolume(), header.volumeCount());
            if (voxels > MAX_VOXELS) {
                throw new ImageFormatException(
                        "dim",
                        header.version() == 1 ? 40 : 16,
                        "the image has " + voxels + " voxels, too many to hold in memory",
                        "the header is corrupt, or the series should be read volume by volume");
            }
            float[][] volumes = new float[(int) header.volumeCount()][];
            for (int t = 0; t < volumes.length; t++) {
                volumes[t] = reader.readVolume();
            }
            return new NiftiImage(header, volumes);
        }
    }
}

package org.datman.metrics.common;

import org.datman.analysis.mask.Mask;
import org.datman.metrics.model.MeasureException;

/** An image that has nothing to measure. */
public final class EmptyImage {

    private static final int FEWEST = 50;

    private EmptyImage() {}

    /**
     * Refuses an image without an object.
     *
     * @param automask bright part of the image
     * @param expected what should be in it, e.g. {@code phantom}
     * @throws MeasureException if hardly any voxel is brighter than the background
     */
    public static void refuse(Mask automask, String expected) throws MeasureException {
        if (automask.count() < FEWEST) {
            throw new MeasureException("the image holds no " + expected + " brighter than its background ("
                    + automask.count() + " voxels above the clip level); is this series empty?");
        }
    }
}

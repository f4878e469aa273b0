package org.datman.metrics.phantom;

/**
 * A ball that was found.
 *
 * @param centre patient R, A, S in mm
 * @param voxel the same in voxels along the file axes, fractional
 * @param radiusMm of the ball with the same contrast and volume
 * @param intensity mean within 0.7 of the radius
 * @param voxels in that mean
 */
record Ball(double[] centre, double[] voxel, double radiusMm, double intensity, int voxels) {

    Ball {
        centre = centre.clone();
        voxel = voxel.clone();
    }

    @Override
    public double[] centre() {
        return centre.clone();
    }

    @Override
    public double[] voxel() {
        return voxel.clone();
    }

    /** Between the centres, mm. */
    double distance(Ball other) {
        return Quadric.distance(centre, other.centre);
    }
}

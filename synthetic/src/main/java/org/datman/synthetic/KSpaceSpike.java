package org.datman.synthetic;

/**
 * A corrupted k-space sample of one slice in one volume: a plane wave over the whole slice.
 *
 * @param volume 0-based volume
 * @param slice 0-based slice
 * @param kx cycles across the field of view along i (may be negative)
 * @param ky cycles across the field of view along j
 * @param amplitude of the wave in the image, in intensity units
 * @param phase of the wave at the first voxel, rad
 */
public record KSpaceSpike(int volume, int slice, int kx, int ky, double amplitude, double phase) {

    /** The angle of the wave at a voxel of its slice, radians. */
    double angle(int i, int j, Grid grid) {
        return 2 * Math.PI * ((double) kx * i / grid.nx() + (double) ky * j / grid.ny()) + phase;
    }
}

package org.datman.synthetic;

/** An object with known tissue at every point: the ground truth of every image. */
public interface Body {

    /**
     * Weights of the tissues at a point of the body's own frame (mm R, A, S); they sum to about 1 inside (texture moves them by a
     * few per cent) and to 0 in air.
     *
     * @param edgeMm width over which a surface goes from inside to outside: the partial-volume effect of the voxel size
     * @param fractions one element per {@link Tissue}, overwritten
     * @return false where there is only air (then {@code fractions} is all 0)
     */
    boolean at(double x, double y, double z, double edgeMm, double[] fractions);

    /**
     * Unit vector of the fibres at a point, in the body's own frame; only meaningful where there is white matter.
     *
     * @param direction 3 elements, overwritten
     */
    default void fibreAt(double x, double y, double z, double[] direction) {
        direction[0] = 1;
        direction[1] = 0;
        direction[2] = 0;
    }
}

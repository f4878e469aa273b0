package org.datman.synthetic;

/** Ground-truth masks, derived from the known body. */
public final class Truth {

    private Truth() {}

    /** Voxels whose centre lies inside the brain's outer surface. */
    public static boolean[] brainMask(Grid grid, Head head, Rigid movement) {
        boolean[] mask = new boolean[grid.voxels()];
        Sampler.sample(grid, head, movement, (index, x, y, z, f) -> mask[index] = head.inBrain(x, y, z));
        return mask;
    }

    /** Voxels that hold at least half body, half air. */
    public static boolean[] bodyMask(Grid grid, Body body, Rigid movement) {
        boolean[] mask = new boolean[grid.voxels()];
        Sampler.sample(grid, body, movement, (index, x, y, z, f) -> {
            double sum = 0;
            for (double w : f) {
                sum += w;
            }
            mask[index] = sum > 0.5;
        });
        return mask;
    }
}

package org.datman.plots.picture;

import java.util.List;

/**
 * Voxels of a run, one row each.
 *
 * @param groups from top to bottom; their rows add up
 * @param rows [voxel][volume]: difference from the voxel's median in units of its noise; NaN where not known
 */
public record Carpet(List<Group> groups, float[][] rows) {

    static final Scale SCALE = Scale.diverging(4, "SD");

    /** A group of rows, e.g. {@code core}. */
    public record Group(String name, int rows) {}

    public Carpet {
        groups = List.copyOf(groups);
        int sum = groups.stream().mapToInt(Group::rows).sum();
        if (sum != rows.length) {
            throw new IllegalArgumentException("groups of " + sum + " rows for a carpet of " + rows.length);
        }
    }
}

package org.datman.analysis.image;

/** A series whose volumes are float arrays on the heap. */
final class HeapSeries implements Series {

    private final Grid grid;
    private final float[][] volumes;
    private final long nonFinite;

    /** Volumes that are known to be clean, with the number of voxels that had to be. */
    HeapSeries(Grid grid, float[][] volumes, long nonFinite) {
        this.grid = grid;
        this.volumes = volumes;
        this.nonFinite = nonFinite;
    }

    HeapSeries(Grid grid, float[][] volumes) {
        if (volumes.length == 0) {
            throw new IllegalArgumentException("a series needs at least one volume");
        }
        long bad = 0;
        for (float[] volume : volumes) {
            if (volume.length != grid.size()) {
                throw new IllegalArgumentException(
                        "volumes of " + volume.length + " voxels on a grid of " + grid.size());
            }
            bad += clean(volume, 0, volume.length);
        }
        this.grid = grid;
        this.volumes = volumes;
        this.nonFinite = bad;
    }

    /** Replaces non-finite values by 0 and returns their number. */
    static long clean(float[] data, int from, int length) {
        long bad = 0;
        for (int i = from; i < from + length; i++) {
            if (!Float.isFinite(data[i])) {
                data[i] = 0;
                bad++;
            }
        }
        return bad;
    }

    @Override
    public Grid grid() {
        return grid;
    }

    @Override
    public int volumes() {
        return volumes.length;
    }

    @Override
    public void read(int t, int from, int length, float[] into, int at) {
        System.arraycopy(volumes[t], from, into, at, length);
    }

    @Override
    public long nonFinite() {
        return nonFinite;
    }

    @Override
    public Volume volume(int t) {
        return new Volume(grid, volumes[t]);
    }
}

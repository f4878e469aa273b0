package org.datman.analysis.image;

/** Some volumes of a series, in the given order, as a series of their own; nothing is copied. */
public record SomeVolumes(Series whole, int[] chosen) implements Series {

    public SomeVolumes {
        chosen = chosen.clone();
    }

    @Override
    public Grid grid() {
        return whole.grid();
    }

    @Override
    public int volumes() {
        return chosen.length;
    }

    @Override
    public void read(int t, int from, int length, float[] into, int at) {
        whole.read(chosen[t], from, length, into, at);
    }

    @Override
    public long nonFinite() {
        return whole.nonFinite();
    }
}

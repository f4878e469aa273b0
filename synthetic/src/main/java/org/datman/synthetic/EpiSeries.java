package org.datman.synthetic;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A BOLD-like run of a body: noise, motion and scanner artifacts. Settings return {@code this}; volumes are made on demand.
 *
 * <pre>{@code EpiSeries.of(Grid.axial(64, 64, 36, 3.4, 3.4, 3.5), 200).sigma(8).motion(Motion.walk(200, .02, .02, 1)).volume(0);}</pre>
 */
public final class EpiSeries implements Series {

    private final Grid grid;
    private final int volumes;
    private Body body = Head.adult();
    private Contrast contrast = Contrast.EPI;
    private double tr = 2;
    private double sigma = 8;
    private int coils = 1;
    private Rigid[] motion;
    private int dummies;
    private double dummyPercent;
    private double driftPercent;
    private double fluctuationPercent;
    private double ghost;
    private int phaseAxis = 1;
    private final List<KSpaceSpike> spikes = new ArrayList<>();
    private final List<SliceSpike> sliceSpikes = new ArrayList<>();
    private double @Nullable [] common;
    private double @Nullable [] gain;
    private long seed = 1;

    private @Nullable Prepared cached;

    private record Prepared(Rigid position, float[] signal) {}

    private EpiSeries(Grid grid, int volumes) {
        this.grid = grid;
        this.volumes = volumes;
        this.motion = Motion.still(volumes);
    }

    /** A still run of the standard head, TR 2 s, sigma 8. */
    public static EpiSeries of(Grid grid, int volumes) {
        return new EpiSeries(grid, volumes);
    }

    public EpiSeries body(Body value) {
        body = value;
        cached = null;
        return this;
    }

    public EpiSeries contrast(Contrast value) {
        contrast = value;
        cached = null;
        return this;
    }

    public EpiSeries trSeconds(double value) {
        tr = value;
        return this;
    }

    /** Noise per channel and quadrature, intensity units. */
    public EpiSeries sigma(double value) {
        sigma = value;
        return this;
    }

    public EpiSeries coils(int value) {
        coils = value;
        return this;
    }

    /** One position per volume. */
    public EpiSeries motion(Rigid[] course) {
        if (course.length != volumes) {
            throw new IllegalArgumentException(
                    "a course of " + course.length + " positions for " + volumes + " volumes");
        }
        motion = course.clone();
        return this;
    }

    /** The first {@code count} volumes are brighter by {@code percent}: not yet in steady state. */
    public EpiSeries dummies(int count, double percent) {
        dummies = count;
        dummyPercent = percent;
        return this;
    }

    /** Linear change of the whole signal over the run, in per cent of its start. */
    public EpiSeries drift(double percent) {
        driftPercent = percent;
        return this;
    }

    /** Random change of the whole signal from volume to volume, sd in per cent. */
    public EpiSeries fluctuation(double sdPercent) {
        fluctuationPercent = sdPercent;
        return this;
    }

    /** N/2 ghost: fraction of the object, along axis 0 = i or 1 = j. */
    public EpiSeries ghost(double fraction, int axis) {
        ghost = fraction;
        phaseAxis = axis;
        return this;
    }

    public EpiSeries spike(KSpaceSpike spike) {
        spikes.add(spike);
        return this;
    }

    public EpiSeries sliceSpike(SliceSpike spike) {
        sliceSpikes.add(spike);
        return this;
    }

    /** Added to every voxel of the body, one value per volume, intensity units. */
    public EpiSeries commonSignal(double[] perVolume) {
        common = perVolume.clone();
        return this;
    }

    /** Receiver gain per volume (1 = unchanged). */
    public EpiSeries gain(double[] perVolume) {
        gain = perVolume.clone();
        return this;
    }

    public EpiSeries seed(long value) {
        seed = value;
        return this;
    }

    @Override
    public Grid grid() {
        return grid;
    }

    @Override
    public int volumes() {
        return volumes;
    }

    @Override
    public double trSeconds() {
        return tr;
    }

    @Override
    public Rigid position(int t) {
        return motion[t];
    }

    /** Ground truth: factor on the whole signal of volume {@code t}: drift, fluctuation, gain and approach to steady state. */
    public double factor(int t) {
        double f = 1 + driftPercent / 100 * t / Math.max(1, volumes - 1);
        f *= 1 + fluctuationPercent / 100 * Noise.of(seed, t, -2).gaussian();
        f *= gain == null ? 1 : gain[t];
        return t < dummies ? f * (1 + dummyPercent / 100) : f;
    }

    /** The signal of volume {@code t} at its position before gain, spikes and noise; with ghost. */
    public synchronized float[] noiseFree(int t) {
        return signal(t).clone();
    }

    private synchronized float[] signal(int t) {
        Prepared found = cached;
        if (found == null || !motion[t].equals(found.position)) {
            float[] signal = Sampler.withGhost(grid, Sampler.signal(grid, body, motion[t], contrast), ghost, phaseAxis);
            found = new Prepared(motion[t], signal);
            cached = found;
        }
        return found.signal;
    }

    @Override
    public float[] volume(int t) {
        float[] s = signal(t);
        double factor = factor(t);
        double added = common == null ? 0 : common[t];
        double floor = 0.2 * contrast.of(body instanceof Head ? Tissue.WHITE : Tissue.AGAR);
        float[] out = new float[s.length];
        IntStream.range(0, grid.nz()).parallel().forEach(k -> {
            double sliceFactor = factor;
            for (SliceSpike spike : sliceSpikes) {
                if (spike.volume() == t && spike.slice() == k) {
                    sliceFactor *= 1 + spike.percent() / 100;
                }
            }
            KSpaceSpike[] here = spikes.stream()
                    .filter(spike -> spike.volume() == t && spike.slice() == k)
                    .toArray(KSpaceSpike[]::new);
            Noise noise = Noise.of(seed, t, k);
            for (int j = 0; j < grid.ny(); j++) {
                for (int i = 0; i < grid.nx(); i++) {
                    int at = grid.index(i, j, k);
                    double real = s[at] * sliceFactor + (s[at] > floor ? added : 0);
                    double imaginary = 0;
                    for (KSpaceSpike spike : here) {
                        double angle = spike.angle(i, j, grid);
                        real += spike.amplitude() * Math.cos(angle);
                        imaginary += spike.amplitude() * Math.sin(angle);
                    }
                    out[at] = (float) noise.magnitude(real, imaginary, sigma, coils);
                }
            }
        });
        return out;
    }

    /** Ground truth: Power's framewise displacement per volume, mm; NaN for the first. */
    public double[] framewiseDisplacement() {
        double[] fd = new double[volumes];
        Arrays.setAll(fd, t -> t == 0 ? Double.NaN : motion[t].framewiseDisplacement(motion[t - 1]));
        return fd;
    }
}

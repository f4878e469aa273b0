package org.datman.metrics.bold;

import java.util.Arrays;
import org.datman.analysis.image.Grid;
import org.datman.analysis.image.Parallel;
import org.datman.analysis.image.Series;
import org.datman.analysis.mask.Mask;
import org.datman.analysis.stats.Statistics;
import org.datman.analysis.stats.StreamingMedian;
import org.datman.analysis.timeseries.Polynomials;
import org.datman.plots.report.TemporalSpectrum;
import org.jspecify.annotations.Nullable;

/**
 * All metrics that need the time series of single voxels, in one pass over the run, plane by plane on all cores. Volumes before
 * {@code start} (not in steady state) are left out and are NaN in the time courses. Planes are summed in their order.
 */
public final class Temporal {

    /** Median of all masked values. */
    final double median;

    final float[] meanImage;
    final float[] sdImage;
    final float[] medianImage;
    double tsnr;
    double sfnr;
    double sigmaDiff;
    double gcor;
    double highPower;
    /** Mean and sd over the mask of each frequency's power; null without a TR. */
    @Nullable
    TemporalSpectrum spectrum;

    final double[] global;
    final double[] dvarsN;
    final double[] dvarsStd;
    final double[] dvarsVstd;
    final double[] aor;
    final double[] aorDetrended;
    /** Mean variance of the masked voxels, in units of the DVARS (scaled to a median of 1000). */
    double meanVariance;

    /** [slice][volume] mean intensity in the mask, NaN where the slice has too few voxels. */
    final double[][] sliceMean;
    /** [slice][volume] mean absolute temporal z in the mask, NaN where the slice has too few voxels. */
    final double[][] sliceZ;

    static final int FEWEST_IN_SLICE = 50;
    private static final double DVARS_SCALE = 1000;
    private static final double DVARS_SD_TOLERANCE = 1e-7;
    private static final double HIGH_HZ = 0.2;

    private final Series series;
    private final Grid grid;
    private final Mask mask;
    private final int start;
    private final int volumes;
    private final int sliceAxis;
    private final double tr;
    private final int[] sliceVoxels;

    private Temporal(Series series, Mask mask, int start, int sliceAxis, double tr) {
        this.series = series;
        this.grid = series.grid();
        this.mask = mask;
        this.start = start;
        this.volumes = series.volumes();
        this.sliceAxis = sliceAxis;
        this.tr = tr;
        this.meanImage = new float[grid.size()];
        this.sdImage = new float[grid.size()];
        this.medianImage = new float[grid.size()];
        this.global = nan();
        this.dvarsN = nan();
        this.dvarsStd = nan();
        this.dvarsVstd = nan();
        this.aor = nan();
        this.aorDetrended = nan();
        this.sliceMean = new double[grid.dim(sliceAxis)][];
        this.sliceZ = new double[grid.dim(sliceAxis)][];
        this.sliceVoxels = new int[grid.dim(sliceAxis)];
        this.median = masterMedian();
    }

    /** Measures; needs at least two steady volumes. */
    public static Temporal of(Series series, Mask mask, int start, int sliceAxis, double trSeconds) {
        Temporal result = new Temporal(series, mask, start, sliceAxis, trSeconds);
        result.walk();
        return result;
    }

    private double[] nan() {
        double[] all = new double[volumes];
        Arrays.fill(all, Double.NaN);
        return all;
    }

    private double masterMedian() {
        int plane = grid.nx() * grid.ny();
        return StreamingMedian.of(sink -> Parallel.forEach(grid.nz(), k -> {
            float[] values = new float[plane];
            for (int t = start; t < volumes; t++) {
                series.read(t, k * plane, plane, values, 0);
                for (int v = 0; v < plane; v++) {
                    if (mask.in()[k * plane + v]) {
                        sink.add(values[v]);
                    }
                }
            }
        }));
    }

    private void walk() {
        Plane[] planes = new Plane[grid.nz()];
        double[][] trend = Polynomials.orthonormal(volumes - start, degree());
        double[][] line = Polynomials.orthonormal(volumes - start, 1);
        Parallel.forEach(planes.length, k -> {
            planes[k] = new Plane(k, trend, line);
            planes[k].run();
        });
        Plane all = new Plane(-1, trend, line);
        int slices = grid.dim(sliceAxis);
        double[][] sum = new double[slices][volumes];
        double[][] z = new double[slices][volumes];
        for (Plane p : planes) {
            all.add(p);
            for (int s = 0; s < slices; s++) {
                if (p.sliceCount[s] > 0) {
                    sliceVoxels[s] += p.sliceCount[s];
                    for (int t = 0; t < volumes; t++) {
                        sum[s][t] += p.sliceSum[s][t];
                        z[s][t] += p.sliceAbsZ[s][t];
                    }
                }
            }
        }
        summarise(all, planes);
        for (int s = 0; s < slices; s++) {
            sliceMean[s] = scaled(sum[s], sliceVoxels[s], 0);
            sliceZ[s] = scaled(z[s], sliceVoxels[s], start);
        }
    }

    private double[] scaled(double[] sums, int count, int from) {
        double[] out = nan();
        for (int t = from; t < volumes && count >= FEWEST_IN_SLICE; t++) {
            out[t] = sums[t] / count;
        }
        return out;
    }

    private int degree() {
        double duration = Double.isNaN(tr) ? 2.0 * (volumes - start) : tr * (volumes - start);
        return Math.min(1 + (int) Math.floor(duration / 150), Math.max(1, (volumes - start) / 4));
    }

    private void summarise(Plane all, Plane[] planes) {
        double unit = DVARS_SCALE / median;
        tsnr = Statistics.median(concat(planes, true));
        sigmaDiff = Statistics.median(concat(planes, false));
        sfnr = all.sfnrSum / all.sfnrCount;
        highPower = all.power > 0 ? all.highPower / all.power : Double.NaN;
        meanVariance = all.variance / all.voxels * unit * unit;
        spectrum = Double.isNaN(tr) ? null : spectrum(all);
        double norm = 0;
        for (double g : all.unitSum) {
            norm += g * g;
        }
        gcor = norm / ((double) all.voxels * all.voxels);
        double expected = all.diffSd / all.dvarsVoxels;
        for (int t = 0; t < volumes; t++) {
            global[t] = all.sum[t] / all.voxels;
            if (t >= start) {
                aor[t] = (double) all.outliers[t] / all.voxels;
                aorDetrended[t] = (double) all.outliersDetrended[t] / all.voxels;
            }
            if (t > start) {
                double rms = Math.sqrt(all.diff[t] / all.dvarsVoxels);
                dvarsN[t] = rms * unit;
                dvarsStd[t] = rms / expected;
                dvarsVstd[t] = Math.sqrt(all.diffStandard[t] / all.dvarsVoxels);
            }
        }
    }

    private TemporalSpectrum spectrum(Plane all) {
        int n = all.density.length;
        double[] hz = new double[n];
        double[] mean = new double[n];
        double[] sd = new double[n];
        for (int f = 0; f < n; f++) {
            hz[f] = f / ((volumes - start) * tr);
            mean[f] = all.density[f] / all.voxels;
            sd[f] = Math.sqrt(Math.max(0, all.densitySquare[f] / all.voxels - mean[f] * mean[f]));
        }
        return new TemporalSpectrum(hz, mean, sd);
    }

    private static double[] concat(Plane[] planes, boolean ratios) {
        int n = Arrays.stream(planes)
                .mapToInt(p -> ratios ? p.ratioCount : p.noiseCount)
                .sum();
        double[] out = new double[n];
        int at = 0;
        for (Plane p : planes) {
            int count = ratios ? p.ratioCount : p.noiseCount;
            System.arraycopy(ratios ? p.ratios : p.noises, 0, out, at, count);
            at += count;
        }
        return out;
    }

    /** The contribution of one k-plane. */
    private final class Plane {
        private final int k;
        private final double[][] trend;
        private final double[][] line;
        private int voxels;
        private int dvarsVoxels;
        private double sfnrSum;
        private int sfnrCount;
        private double power;
        private double highPower;
        private double variance;
        private double diffSd;
        private double[] ratios = new double[0];
        private double[] noises = new double[0];
        private int ratioCount;
        private int noiseCount;
        private final double[] sum = new double[volumes];
        private final double[] unitSum = new double[volumes - start];
        private final double[] diff = new double[volumes];
        private final double[] diffStandard = new double[volumes];
        private final double[] density = new double[Double.isNaN(tr) ? 0 : (volumes - start) / 2 + 1];
        private final double[] densitySquare = new double[density.length];
        private final int[] outliers = new int[volumes];
        private final int[] outliersDetrended = new int[volumes];
        private final int[] sliceCount = new int[grid.dim(sliceAxis)];
        private final double[][] sliceSum = new double[grid.dim(sliceAxis)][];
        private final double[][] sliceAbsZ = new double[grid.dim(sliceAxis)][];

        Plane(int k, double[][] trend, double[][] line) {
            this.k = k;
            this.trend = trend;
            this.line = line;
        }

        void add(Plane p) {
            voxels += p.voxels;
            dvarsVoxels += p.dvarsVoxels;
            sfnrSum += p.sfnrSum;
            sfnrCount += p.sfnrCount;
            power += p.power;
            highPower += p.highPower;
            variance += p.variance;
            diffSd += p.diffSd;
            for (int t = 0; t < volumes; t++) {
                sum[t] += p.sum[t];
                diff[t] += p.diff[t];
                diffStandard[t] += p.diffStandard[t];
                outliers[t] += p.outliers[t];
                outliersDetrended[t] += p.outliersDetrended[t];
            }
            for (int t = 0; t < unitSum.length; t++) {
                unitSum[t] += p.unitSum[t];
            }
            for (int f = 0; f < density.length; f++) {
                density[f] += p.density[f];
                densitySquare[f] += p.densitySquare[f];
            }
        }

        void run() {
            int plane = grid.nx() * grid.ny();
            int[] inside = new int[plane];
            int count = 0;
            for (int v = 0; v < plane; v++) {
                if (mask.in()[k * plane + v]) {
                    inside[count++] = v;
                }
            }
            // One row per voxel of the mask: the pass over time then reads neighbouring memory.
            float[] rows = new float[count * volumes];
            float[] values = new float[plane];
            float[] total = new float[plane];
            for (int t = 0; t < volumes; t++) {
                series.read(t, k * plane, plane, values, 0);
                for (int n = 0; n < count; n++) {
                    rows[n * volumes + t] = values[inside[n]];
                }
                if (t >= start) {
                    for (int v = 0; v < plane; v++) {
                        total[v] += values[v];
                    }
                }
            }
            for (int v = 0; v < plane; v++) {
                meanImage[k * plane + v] = total[v] / (volumes - start);
            }
            ratios = new double[count];
            noises = new double[count];
            Voxel voxel = new Voxel(volumes - start, trend, line, tr);
            for (int n = 0; n < count; n++) {
                int at = k * plane + inside[n];
                voxel.load(rows, n * volumes + start);
                meanImage[at] = (float) voxel.mean;
                sdImage[at] = (float) Math.sqrt(voxel.variance);
                accumulate(voxel, at, rows, n * volumes);
            }
        }

        private void accumulate(Voxel voxel, int at, float[] rows, int row) {
            int n = volumes - start;
            voxels++;
            int slice = at / grid.stride(sliceAxis) % grid.dim(sliceAxis);
            if (sliceCount[slice]++ == 0) {
                sliceSum[slice] = new double[volumes];
                sliceAbsZ[slice] = new double[volumes];
            }
            for (int t = 0; t < volumes; t++) {
                sum[t] += rows[row + t];
                sliceSum[slice][t] += rows[row + t];
            }
            voxel.analyse(volumes);
            medianImage[at] = (float) voxel.median;
            variance += voxel.variance;
            double sd = Math.sqrt(voxel.variance);
            boolean varies = sd > 1e-6 * Math.abs(voxel.mean) && sd > 0;
            if (varies) {
                ratios[ratioCount++] = voxel.mean / sd;
                double norm = Math.sqrt(n * voxel.variance);
                for (int t = 0; t < n; t++) {
                    unitSum[t] += (voxel.x[t] - voxel.mean) / norm;
                }
            }
            if (varies && voxel.lineSd > 0) {
                sfnrSum += voxel.mean / voxel.lineSd;
                sfnrCount++;
                for (int t = 0; t < n; t++) {
                    sliceAbsZ[slice][start + t] += Math.abs(voxel.straight[t]) / voxel.lineSd;
                }
            }
            if (n >= 3) {
                noises[noiseCount++] = voxel.noise();
            }
            power += voxel.power;
            highPower += voxel.highPower;
            for (int f = 0; f < density.length; f++) {
                density[f] += voxel.density[f];
                densitySquare[f] += voxel.density[f] * voxel.density[f];
            }
            for (int t = 0; t < n; t++) {
                outliers[start + t] += voxel.outlier[t] ? 1 : 0;
                outliersDetrended[start + t] += voxel.outlierDetrended[t] ? 1 : 0;
            }
            if (voxel.robustSd * DVARS_SCALE / median > DVARS_SD_TOLERANCE) {
                dvarsVoxels++;
                double each = voxel.robustSd * Math.sqrt(Math.max(0, 2 * (1 - voxel.rho)));
                diffSd += each;
                for (int t = 1; t < n; t++) {
                    double d = voxel.x[t] - voxel.x[t - 1];
                    diff[start + t] += d * d;
                    diffStandard[start + t] += each > 0 ? d * d / (each * each) : 0;
                }
            }
        }
    }

    static double highHz() {
        return HIGH_HZ;
    }
}

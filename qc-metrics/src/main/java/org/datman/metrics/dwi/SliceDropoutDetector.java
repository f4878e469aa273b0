package org.datman.metrics.dwi;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.datman.analysis.stats.Statistics;
import org.datman.contracts.study.Severity;
import org.jspecify.annotations.Nullable;

/**
 * Finds slices whose signal was lost while the head moved. The log mean signal of a slice is compared with its two neighbours in
 * z of the same volume, which removes shell and gain; the rest is compared with the shell's expectation for that slice in that
 * direction, relative to its spread over the shell. Halves of slices are tested too. After a flag, its two neighbours are tested again
 * without it. End slices, which have one neighbour only, are compared with the rest of their volume and can at most warn.
 */
final class SliceDropoutDetector {

    /**
     * Gates. Z are robust z, losses per cent.
     *
     * @param modelledWarnZ z that a warning needs where a direction model has made the spread smaller than motion makes it
     * @param modelledFlagZ the same for a flag
     * @param fewFactor how much larger a loss must be for a flag in shells of less than ten directions, where fibres that run along
     *     one of them resemble a loss of some ten per cent
     * @param movingAboveFdMm where the volume moved more than this, in mm, a loss of a half only must reach {@code movingHalfFlagLoss}
     *     to be more than a warning: tilting the head makes one half darker. Weighted volumes' motion is itself known to
     *     some 0.6 mm only
     */
    record Gates(
            double wholeZ,
            double wholeFlagLoss,
            double wholeWarnLoss,
            double halfZ,
            double halfFlagLoss,
            double halfWarnLoss,
            double modelledWarnZ,
            double modelledFlagZ,
            double fewFactor,
            double movingAboveFdMm,
            double movingHalfFlagLoss) {

        static final Gates DEFAULT = new Gates(-4, 10, 5, -5, 12, 8, -5, -6, 1.5, 1.5, 25);
    }

    /**
     * The result.
     *
     * @param lost sorted by volume, then slice
     * @param lossPercent [slice][volume] of the whole-slice test, negative for gain; NaN where it cannot be tested
     * @param tested slice-volumes that could be tested
     */
    record Result(List<LostSlice> lost, double[][] lossPercent, int tested) {}

    private static final double SCALE_FLOOR = 0.004;
    /** An end slice is compared with the whole rest of its volume: only gross losses are worth a warning there. */
    private static final double END_Z = -6;

    private static final double END_LOSS = 15;
    private static final int SHELL_MINIMUM = 5;
    private static final int FEW = 10;

    private final SliceSignal signal;
    private final Shells shells;
    private final double @Nullable [][] directions;
    private final double[] fd;
    private final Gates gates;
    private final boolean trusted;
    private final boolean[] few;

    private SliceDropoutDetector(
            SliceSignal signal,
            Shells shells,
            double @Nullable [][] directions,
            double[] fd,
            Gates gates,
            boolean trusted) {
        this.signal = signal;
        this.shells = shells;
        this.directions = directions;
        this.fd = fd;
        this.gates = gates;
        this.trusted = trusted;
        this.few = new boolean[signal.volumes()];
        for (int v = 0; v < few.length; v++) {
            int shell = shells.b()[v];
            few[v] = shell > 0 && shells.volumes(shell).length < FEW;
        }
    }

    /**
     * @param directions gradient direction per volume, or null when unknown
     * @param fd framewise displacement per volume in mm, NaN where unknown
     * @param trusted false when the mask is poor: then nothing is more than a warning
     */
    static Result detect(
            SliceSignal signal,
            Shells shells,
            double @Nullable [][] directions,
            double[] fd,
            Gates gates,
            boolean trusted) {
        return new SliceDropoutDetector(signal, shells, directions, fd, gates, trusted).run();
    }

    /** Difference of a slice from its neighbours, less what its shell expects, and that over its spread: [slice][volume]. */
    private record Anomaly(double[][] value, double[][] z, boolean[] modelled) {}

    private Result run() {
        Map<Long, LostSlice> found = new HashMap<>();
        Anomaly whole = anomalies(neighbours(signal.log()[0], -1, 1, 0.5));
        double[][] loss = new double[signal.slices()][signal.volumes()];
        int tested = 0;
        for (int z = 0; z < signal.slices(); z++) {
            for (int v = 0; v < signal.volumes(); v++) {
                loss[z][v] = percent(whole.value[z][v]);
                tested += Double.isNaN(whole.value[z][v]) ? 0 : 1;
            }
        }
        collect(found, whole, Region.WHOLE, "neighbours");
        for (Region half : List.of(Region.LOW_U, Region.HIGH_U, Region.LOW_W, Region.HIGH_W)) {
            collect(found, anomalies(neighbours(signal.log()[half.ordinal()], -1, 1, 0.5)), half, "neighbours");
        }
        peel(found);
        endSlices(found);
        List<LostSlice> lost = new ArrayList<>(found.values());
        lost.sort(Comparator.comparingInt(LostSlice::volume).thenComparingInt(LostSlice::slice));
        return new Result(lost, loss, tested);
    }

    /** Tests the neighbours of flagged slices once more, each against the slices at both sides of the gap. */
    private void peel(Map<Long, LostSlice> found) {
        List<LostSlice> flagged = found.values().stream()
                .filter(l -> l.severity() == Severity.FLAG)
                .toList();
        if (flagged.isEmpty()) {
            return;
        }
        for (Region region : Region.values()) {
            double[][] log = signal.log()[region.ordinal()];
            Anomaly above = anomalies(neighbours(log, -2, 1, 2 / 3.0));
            Anomaly below = anomalies(neighbours(log, -1, 2, 1 / 3.0));
            for (LostSlice l : flagged) {
                record(found, above, region, l.slice() + 1, l.volume(), "peel");
                record(found, below, region, l.slice() - 1, l.volume(), "peel");
            }
        }
    }

    /** Slice z less the line between slices z + a and z + b, of which b has weight {@code share}. */
    private static double[][] neighbours(double[][] log, int a, int b, double share) {
        int slices = log.length;
        int volumes = log[0].length;
        double[][] out = new double[slices][volumes];
        for (int z = 0; z < slices; z++) {
            Arrays.fill(out[z], Double.NaN);
            if (z + a < 0 || z + b >= slices) {
                continue;
            }
            for (int v = 0; v < volumes; v++) {
                out[z][v] = log[z][v] - (1 - share) * log[z + a][v] - share * log[z + b][v];
            }
        }
        return out;
    }

    private Anomaly anomalies(double[][] s) {
        int slices = s.length;
        int volumes = s[0].length;
        double[][] value = new double[slices][volumes];
        double[][] zs = new double[slices][volumes];
        boolean[] modelled = new boolean[volumes];
        for (double[] row : value) {
            Arrays.fill(row, Double.NaN);
        }
        for (int shell : shells.values()) {
            int[] members = shells.volumes(shell);
            // A shell of one or two has no median of its own; the other weighted volumes provide it.
            int[] centreOn = members.length >= 3 || shell == 0 ? members : shells.weighted();
            if (centreOn.length < 3) {
                continue;
            }
            DirectionModel model = directions == null || shell == 0 || centreOn != members
                    ? DirectionModel.constant()
                    : DirectionModel.of(pick(directions, members));
            for (int v : members) {
                modelled[v] = model.fits();
            }
            for (int z = 0; z < slices; z++) {
                double[] residual = model.residuals(pick(s[z], centreOn));
                for (int n = 0; n < centreOn.length; n++) {
                    if (shells.b()[centreOn[n]] == shell) {
                        value[z][centreOn[n]] = residual[n];
                    }
                }
            }
        }
        double pooled = pooledScale(value);
        for (int shell : shells.values()) {
            int[] members = shells.volumes(shell);
            double[] spread = new double[slices];
            for (int z = 0; z < slices; z++) {
                spread[z] = Statistics.madn(pick(value[z], members));
            }
            double[] known = Arrays.stream(spread).filter(Double::isFinite).toArray();
            // The spread of a handful of volumes is itself uncertain: then no slice may be steadier than the typical
            // one.
            double floor = Math.max(SCALE_FLOOR, Statistics.median(known) / (members.length < FEW ? 1 : 2));
            for (int z = 0; z < slices; z++) {
                double scale = members.length >= SHELL_MINIMUM ? Math.max(spread[z], floor) : pooled;
                for (int v : members) {
                    zs[z][v] = value[z][v] / scale;
                }
            }
        }
        return new Anomaly(value, zs, modelled);
    }

    /** Spread of all slices and all weighted volumes, for shells of too few volumes. */
    private double pooledScale(double[][] value) {
        int[] weighted = shells.weighted();
        double[] all = Arrays.stream(value)
                .flatMapToDouble(row -> Arrays.stream(pick(row, weighted)))
                .filter(Double::isFinite)
                .toArray();
        double spread = Statistics.madn(all);
        return Double.isFinite(spread) ? Math.max(spread, SCALE_FLOOR) : Double.NaN;
    }

    private void collect(Map<Long, LostSlice> found, Anomaly anomaly, Region region, String test) {
        for (int z = 0; z < signal.slices(); z++) {
            for (int v = 0; v < signal.volumes(); v++) {
                record(found, anomaly, region, z, v, test);
            }
        }
    }

    /** Records a hit unless a worse one is known for the same slice; the whole slice precedes a half of equal weight. */
    private void record(Map<Long, LostSlice> found, Anomaly anomaly, Region region, int z, int v, String test) {
        if (z < 0 || z >= signal.slices()) {
            return;
        }
        boolean whole = region == Region.WHOLE;
        double loss = percent(anomaly.value[z][v]);
        double score = anomaly.z[z][v];
        double gate = whole ? gates.wholeZ : gates.halfZ;
        if (!(score < (anomaly.modelled[v] ? Math.min(gate, gates.modelledWarnZ) : gate))
                || !(loss >= (whole ? gates.wholeWarnLoss : gates.halfWarnLoss))) {
            return;
        }
        double flagLoss = (whole ? gates.wholeFlagLoss : gates.halfFlagLoss) * (few[v] ? gates.fewFactor : 1);
        boolean flag = trusted && (!anomaly.modelled[v] || score < gates.modelledFlagZ) && loss >= flagLoss;
        if (!whole && fd[v] > gates.movingAboveFdMm && loss < gates.movingHalfFlagLoss) {
            flag = false;
        }
        LostSlice hit = new LostSlice(
                v, z, flag ? Severity.FLAG : Severity.WARN, loss, score, signal.names()[region.ordinal()], test);
        found.merge(key(z, v), hit, SliceDropoutDetector::worse);
    }

    private static LostSlice worse(LostSlice known, LostSlice other) {
        if (known.severity() != other.severity()) {
            return known.severity() == Severity.FLAG ? known : other;
        }
        boolean knownWhole = known.region().equals("whole");
        boolean otherWhole = other.region().equals("whole");
        if (knownWhole != otherWhole) {
            return knownWhole ? known : other;
        }
        return other.lossPercent() > known.lossPercent() ? other : known;
    }

    /** First and last testable slice: against the rest of the volume. */
    private void endSlices(Map<Long, LostSlice> found) {
        double[][] log = signal.log()[0];
        int first = firstKnown(log, 0, 1);
        int last = firstKnown(log, log.length - 1, -1);
        if (first < 0 || last - first < 4) {
            return;
        }
        double[][] relative = new double[log.length][signal.volumes()];
        for (double[] row : relative) {
            Arrays.fill(row, Double.NaN);
        }
        for (int shell : shells.values()) {
            int[] members = shells.volumes(shell);
            double[] centre = new double[log.length];
            for (int z = first; z <= last; z++) {
                centre[z] = Statistics.median(pick(log[z], members));
            }
            for (int v : members) {
                double[] own = new double[last - first + 1];
                for (int z = first; z <= last; z++) {
                    own[z - first] = log[z][v] - centre[z];
                }
                double level = Statistics.median(
                        Arrays.stream(own).filter(Double::isFinite).toArray());
                relative[first][v] = own[0] - level;
                relative[last][v] = own[last - first] - level;
            }
        }
        Anomaly ends = anomalies(relative);
        for (int z : new int[] {first, last}) {
            for (int v = 0; v < signal.volumes(); v++) {
                double loss = percent(ends.value[z][v]);
                if (ends.z[z][v] < END_Z && loss >= END_LOSS) {
                    found.putIfAbsent(
                            key(z, v), new LostSlice(v, z, Severity.WARN, loss, ends.z[z][v], "whole", "end-slice"));
                }
            }
        }
    }

    private static int firstKnown(double[][] log, int from, int step) {
        for (int z = from; z >= 0 && z < log.length; z += step) {
            if (Double.isFinite(log[z][0])) {
                return z;
            }
        }
        return -1;
    }

    private static double percent(double anomaly) {
        return 100 * (1 - Math.exp(anomaly));
    }

    private static long key(int z, int v) {
        return ((long) v << 32) | z;
    }

    private static double[][] pick(double[][] x, int[] at) {
        double[][] out = new double[at.length][];
        for (int n = 0; n < at.length; n++) {
            out[n] = x[at[n]];
        }
        return out;
    }

    private static double[] pick(double[] x, int[] at) {
        double[] out = new double[at.length];
        for (int n = 0; n < at.length; n++) {
            out[n] = x[at[n]];
        }
        return out;
    }
}

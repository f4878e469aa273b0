package org.datman.metrics.phantom;

import java.util.ArrayList;
import java.util.List;
import org.datman.analysis.image.Grid;
import org.datman.analysis.image.Series;

/**
 * Background before and behind the phantom along phase encoding, which contains the N/2 ghost, and beside it along readout, which does not
 * (Chavez 2017): rectangles in the phantom's central slices.
 *
 * @param phase {u, v, width, height} of the strips along phase encoding
 * @param readout of those along readout
 */
record NyquistStrips(List<int[]> phase, List<int[]> readout) {

    private static final int CLEAR_PHASE = 5;
    private static final int CLEAR_READOUT = 3;
    /** Outermost voxels, which scanners like to zero or to fold into. */
    private static final int FRAME = 2;

    private static final int FEWEST = 20;

    NyquistStrips {
        phase = List.copyOf(phase);
        readout = List.copyOf(readout);
    }

    /** The strips; a list is empty where the phantom leaves no room. */
    static NyquistStrips of(Grid g, SpherePlace sphere, int phaseAxis) {
        int a = sphere.plane()[0];
        int b = sphere.plane()[1];
        boolean alongU = phaseAxis == a;
        List<int[]> u = sides(g.dim(a), sphere.u(), sphere.radiusMm() / g.spacing(a), alongU);
        List<int[]> v = sides(g.dim(b), sphere.v(), sphere.radiusMm() / g.spacing(b), !alongU);
        int[] wholeU = span(g.dim(a), sphere.u(), sphere.radiusMm() / g.spacing(a));
        int[] wholeV = span(g.dim(b), sphere.v(), sphere.radiusMm() / g.spacing(b));
        List<int[]> besideU = new ArrayList<>();
        List<int[]> besideV = new ArrayList<>();
        for (int[] s : u) {
            besideU.add(new int[] {s[0], wholeV[0], s[1] - s[0] + 1, wholeV[1] - wholeV[0] + 1});
        }
        for (int[] s : v) {
            besideV.add(new int[] {wholeU[0], s[0], wholeU[1] - wholeU[0] + 1, s[1] - s[0] + 1});
        }
        return alongU ? new NyquistStrips(besideU, besideV) : new NyquistStrips(besideV, besideU);
    }

    private static List<int[]> sides(int n, double centre, double radius, boolean phase) {
        int clear = phase ? CLEAR_PHASE : CLEAR_READOUT;
        int before = (int) Math.floor(centre - radius) - clear;
        int behind = (int) Math.ceil(centre + radius) + clear;
        List<int[]> out = new ArrayList<>();
        if (before >= FRAME) {
            out.add(new int[] {FRAME, before});
        }
        if (behind <= n - 1 - FRAME) {
            out.add(new int[] {behind, n - 1 - FRAME});
        }
        return out;
    }

    /** Half of the phantom's width about its centre: the ghost of the rest is too narrow to fill the strip. */
    private static int[] span(int n, double centre, double radius) {
        int from = (int) Math.max(FRAME, Math.round(centre - radius / 2));
        int to = (int) Math.min(n - 1.0 - FRAME, Math.round(centre + radius / 2));
        return new int[] {from, to};
    }

    /** Mean along phase encoding over mean along readout of a volume; NaN where there is no room or nothing but zeros. */
    double ratio(Series series, int volume, DtiRegion region) {
        float[] x = series.volume(volume).data();
        double[] along = mean(series.grid(), x, region, phase);
        double[] beside = mean(series.grid(), x, region, readout);
        return along[1] >= FEWEST && beside[1] >= FEWEST && beside[0] > 0 ? along[0] / beside[0] : Double.NaN;
    }

    boolean roomy() {
        return !phase.isEmpty() && !readout.isEmpty();
    }

    private static double[] mean(Grid g, float[] x, DtiRegion region, List<int[]> strips) {
        int a = region.sphere().plane()[0];
        int b = region.sphere().plane()[1];
        double sum = 0;
        int n = 0;
        for (int slice : region.slices()) {
            for (int[] s : strips) {
                for (int v = s[1]; v < s[1] + s[3]; v++) {
                    for (int u = s[0]; u < s[0] + s[2]; u++) {
                        sum += x[slice * g.stride(3 - a - b) + u * g.stride(a) + v * g.stride(b)];
                        n++;
                    }
                }
            }
        }
        return new double[] {sum / n, n};
    }
}

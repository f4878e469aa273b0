package org.datman.metrics.dwi;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.datman.contracts.study.Severity;
import org.datman.plots.report.Flag;
import org.jspecify.annotations.Nullable;

/** Checks a gradient table on its own, against the series, and against a gold table. */
final class TableChecks {

    static final String KIND = "gradient-table";

    private static final double NORM_TOLERANCE = 0.01;
    private static final double B_TOLERANCE = 0.03;
    static final double ANGLE_TOLERANCE_DEG = 2;
    private static final double HIGH_CONDITION = 10;

    private TableChecks() {}

    /** @return true when there is one b-value and one direction per volume, so that the table can be used */
    static boolean counts(GradientTable table, int volumes, List<Flag> flags) {
        boolean ok = true;
        if (table.bvals().length != volumes) {
            flags.add(flag(
                    Severity.FLAG,
                    null,
                    "count",
                    Map.of("file", "bval", "expected", volumes, "found", table.bvals().length)));
            ok = false;
        }
        if (table.bvecs().length != volumes) {
            flags.add(flag(
                    Severity.FLAG,
                    null,
                    "count",
                    Map.of("file", "bvec", "expected", volumes, "found", table.bvecs().length)));
            ok = false;
        }
        if (table.transposed()) {
            flags.add(flag(Severity.WARN, null, "transposed", Map.of("rows", table.bvecs().length, "columns", 3)));
        }
        return ok;
    }

    /** Values, norms and coverage of a table whose counts are right. */
    static List<Flag> values(GradientTable table, Shells shells) {
        List<Flag> flags = new ArrayList<>();
        List<Integer> wrongB = new ArrayList<>();
        List<Integer> missing = new ArrayList<>();
        List<Integer> notUnit = new ArrayList<>();
        double worst = 1;
        for (int v = 0; v < table.bvals().length; v++) {
            double b = table.bvals()[v];
            if (!Double.isFinite(b) || b < 0) {
                wrongB.add(v);
            }
            if (!(b > Shells.B0_LIMIT)) {
                continue;
            }
            double norm = norm(table.bvecs()[v]);
            if (!(norm > 0)) {
                missing.add(v);
            } else if (Math.abs(norm - 1) > NORM_TOLERANCE) {
                notUnit.add(v);
                worst = Math.abs(norm - 1) > Math.abs(worst - 1) ? norm : worst;
            }
        }
        if (!wrongB.isEmpty()) {
            flags.add(flag(Severity.FLAG, wrongB, "b-value-invalid", Map.of()));
        }
        if (!missing.isEmpty()) {
            flags.add(flag(Severity.FLAG, missing, "direction-missing", Map.of()));
        }
        if (!notUnit.isEmpty()) {
            flags.add(flag(Severity.FLAG, notUnit, "norm", Map.of("worst_norm", worst)));
        }
        int[] weighted = shells.weighted();
        double condition = TensorFit.conditionNumber(table.bvecs(), weighted);
        if (weighted.length >= 6 && missing.isEmpty() && condition > HIGH_CONDITION) {
            Map<String, Object> evidence =
                    Double.isInfinite(condition) ? Map.of("rank_deficient", true) : Map.of("condition", condition);
            flags.add(flag(Severity.WARN, null, "coverage", evidence));
        }
        return flags;
    }

    /** Degrees from each direction to the gold table's of the same volume; NaN for unweighted volumes; the tables have equal counts. */
    static double[] angles(GradientTable table, GradientTable gold) {
        double[] out = new double[gold.bvals().length];
        for (int v = 0; v < out.length; v++) {
            boolean weighted = table.bvals()[v] >= Shells.B0_LIMIT && gold.bvals()[v] >= Shells.B0_LIMIT;
            out[v] = weighted ? degrees(table.bvecs()[v], gold.bvecs()[v]) : Double.NaN;
        }
        return out;
    }

    /** Differences from a gold table, volume by volume; written forms of the same number do not differ. */
    static List<Flag> gold(GradientTable table, GradientTable gold) {
        List<Flag> flags = new ArrayList<>();
        int n = gold.bvals().length;
        if (table.bvals().length != n || table.bvecs().length != gold.bvecs().length) {
            flags.add(flag(Severity.FLAG, null, "gold-count", Map.of("expected", n, "found", table.bvals().length)));
            return flags;
        }
        List<Integer> energy = new ArrayList<>();
        List<Integer> angle = new ArrayList<>();
        double worst = 0;
        for (int v = 0; v < n; v++) {
            double a = table.bvals()[v];
            double b = gold.bvals()[v];
            if (a < Shells.B0_LIMIT && b < Shells.B0_LIMIT) {
                continue;
            }
            if (!(Math.abs(a - b) <= B_TOLERANCE * b)) {
                energy.add(v);
            }
            double degrees = degrees(table.bvecs()[v], gold.bvecs()[v]);
            if (!(degrees <= ANGLE_TOLERANCE_DEG)) {
                angle.add(v);
                worst = Math.max(worst, degrees);
            }
        }
        if (!energy.isEmpty()) {
            flags.add(flag(Severity.FLAG, energy, "gold-b-value", Map.of()));
        }
        if (!angle.isEmpty()) {
            Map<String, Object> evidence = new TreeMap<>();
            evidence.put("worst_degrees", worst);
            String explained = explain(table, gold);
            if (explained != null) {
                evidence.put("explained_by", explained);
            }
            flags.add(flag(Severity.FLAG, angle, "gold-direction", evidence));
        }
        return flags;
    }

    /** The flip of one axis or swap of two that turns the table into the gold one, or null. */
    private static @Nullable String explain(GradientTable table, GradientTable gold) {
        int[][] orders = {{0, 1, 2}, {1, 0, 2}, {0, 2, 1}, {2, 1, 0}};
        String[] names = {"", "swap-xy", "swap-yz", "swap-xz"};
        String[] flips = {"", "flip-x", "flip-y", "flip-z"};
        for (int o = 0; o < orders.length; o++) {
            for (int flip = 0; flip < 4; flip++) {
                boolean all = true;
                for (int v = 0; v < gold.bvals().length && all; v++) {
                    if (gold.bvals()[v] >= Shells.B0_LIMIT) {
                        double[] g = table.bvecs()[v];
                        double[] turned = {g[orders[o][0]], g[orders[o][1]], g[orders[o][2]]};
                        if (flip > 0) {
                            turned[flip - 1] = -turned[flip - 1];
                        }
                        all = degrees(turned, gold.bvecs()[v]) <= ANGLE_TOLERANCE_DEG;
                    }
                }
                if (all) {
                    return names[o] + (o > 0 && flip > 0 ? "+" : "") + flips[flip];
                }
            }
        }
        return null;
    }

    /** Directions that occur more than once in their shell (closer than 1 degree). */
    static int duplicates(GradientTable table, Shells shells) {
        int n = 0;
        int[] weighted = shells.weighted();
        for (int a = 0; a < weighted.length; a++) {
            for (int b = 0; b < a; b++) {
                if (shells.b()[weighted[a]] == shells.b()[weighted[b]]
                        && degrees(table.bvecs()[weighted[a]], table.bvecs()[weighted[b]]) < 1) {
                    n++;
                    break;
                }
            }
        }
        return n;
    }

    /** Angle between two directions, a direction and its opposite being the same. */
    static double degrees(double[] a, double[] b) {
        double dot = Math.abs(a[0] * b[0] + a[1] * b[1] + a[2] * b[2]) / (norm(a) * norm(b));
        return Math.toDegrees(Math.acos(Math.min(1, dot)));
    }

    private static double norm(double[] g) {
        return Math.sqrt(g[0] * g[0] + g[1] * g[1] + g[2] * g[2]);
    }

    static Flag flag(Severity severity, @Nullable List<Integer> volumes, String check, Map<String, Object> evidence) {
        Map<String, Object> all = new TreeMap<>(evidence);
        all.put("check", check);
        if (volumes != null) {
            all.put("volumes", volumes);
        }
        Integer volume = volumes != null && volumes.size() == 1 ? volumes.get(0) : null;
        return new Flag(KIND, null, volume, severity, all);
    }

    /** Mean angle from each direction to its nearest other, over that of an even spread: 1 is perfect, small is clumped. */
    static double evenness(GradientTable table, int[] members) {
        if (members.length < 6) {
            return Double.NaN;
        }
        double[] nearest = new double[members.length];
        Arrays.fill(nearest, 90);
        for (int a = 0; a < members.length; a++) {
            for (int b = 0; b < members.length; b++) {
                if (a != b) {
                    nearest[a] = Math.min(nearest[a], degrees(table.bvecs()[members[a]], table.bvecs()[members[b]]));
                }
            }
        }
        // An even spread of n axes over a half sphere leaves each a cap of solid angle 2π/n, hexagonally packed.
        double ideal = Math.toDegrees(Math.sqrt(2 * (2 * Math.PI / members.length) / Math.sqrt(3)));
        return Arrays.stream(nearest).average().orElse(Double.NaN) / ideal;
    }
}

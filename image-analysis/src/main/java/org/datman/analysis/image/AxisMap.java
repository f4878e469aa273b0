package org.datman.analysis.image;

import java.util.Arrays;

/**
 * Which way the file axes run in the patient: nearest right-left, anterior-posterior and superior-inferior directions,
 * each used exactly once.
 *
 * @param patientAxis per file axis i, j, k: 0 = left-right, 1 = posterior-anterior, 2 = inferior-superior
 * @param sign per file axis: +1 if the index grows towards R, A or S, -1 towards L, P or I
 */
public record AxisMap(int[] patientAxis, int[] sign) {

    private static final int[][] PERMUTATIONS = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};

    public AxisMap {
        patientAxis = patientAxis.clone();
        sign = sign.clone();
    }

    static AxisMap of(double[] directions) {
        int[] best = PERMUTATIONS[0];
        double bestScore = -1;
        for (int[] p : PERMUTATIONS) {
            double score = 0;
            for (int c = 0; c < 3; c++) {
                score += Math.abs(directions[3 * p[c] + c]);
            }
            // Strictly better only: ties at 45 degrees fall to the earlier permutation, always the same one.
            if (score > bestScore + 1e-9) {
                bestScore = score;
                best = p;
            }
        }
        int[] sign = new int[3];
        for (int c = 0; c < 3; c++) {
            sign[c] = directions[3 * best[c] + c] < 0 ? -1 : 1;
        }
        return new AxisMap(best, sign);
    }

    /** The file axis that follows patient axis 0 (R), 1 (A) or 2 (S). */
    public int fileAxis(int patient) {
        for (int c = 0; c < 3; c++) {
            if (patientAxis[c] == patient) {
                return c;
            }
        }
        throw new IllegalArgumentException("patient axis " + patient);
    }

    /** Letters of the directions that i, j, k point to, e.g. {@code LAS}. */
    public String letters() {
        StringBuilder letters = new StringBuilder();
        for (int c = 0; c < 3; c++) {
            letters.append((sign[c] > 0 ? "RAS" : "LPI").charAt(patientAxis[c]));
        }
        return letters.toString();
    }

    @Override
    public int[] patientAxis() {
        return patientAxis.clone();
    }

    @Override
    public int[] sign() {
        return sign.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof AxisMap m && Arrays.equals(patientAxis, m.patientAxis) && Arrays.equals(sign, m.sign);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(patientAxis) + Arrays.hashCode(sign);
    }
}

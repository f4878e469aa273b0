package org.datman.header;

import java.util.List;

/** Angles between image frames. */
final class Orientation {

    private Orientation() {}

    /** The angle of the rotation that takes one frame to the other, degrees; frames as row and column direction cosines. */
    static double angle(List<Double> a, List<Double> b) {
        double[][] p = frame(a);
        double[][] q = frame(b);
        double trace = 0;
        for (int i = 0; i < 3; i++) {
            trace += p[i][0] * q[i][0] + p[i][1] * q[i][1] + p[i][2] * q[i][2];
        }
        return Math.toDegrees(Math.acos(Math.max(-1, Math.min(1, (trace - 1) / 2))));
    }

    /** Row, column and normal, the latter right-handed. */
    static double[][] frame(List<Double> cosines) {
        double[] row = {cosines.get(0), cosines.get(1), cosines.get(2)};
        double[] column = {cosines.get(3), cosines.get(4), cosines.get(5)};
        double[] normal = {
            row[1] * column[2] - row[2] * column[1],
            row[2] * column[0] - row[0] * column[2],
            row[0] * column[1] - row[1] * column[0]
        };
        return new double[][] {row, column, normal};
    }
}

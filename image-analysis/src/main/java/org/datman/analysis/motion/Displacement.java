package org.datman.analysis.motion;

/** Displacement measures of a series of rigid movements. */
public final class Displacement {

    /** Radius of Power's sphere, mm. */
    public static final double POWER_RADIUS_MM = 50;
    /** Radius of Jenkinson's sphere, mm. */
    public static final double JENKINSON_RADIUS_MM = 80;

    private Displacement() {}

    /** Power 2012: sum of absolute changes, rotations on a 50 mm sphere; first volume NaN. */
    public static double[] power(Rigid[] course) {
        double[] fd = new double[course.length];
        double[] before = null;
        for (int t = 0; t < course.length; t++) {
            double[] now = course[t].parameters();
            fd[t] = Double.NaN;
            if (before != null) {
                double sum = 0;
                for (int a = 0; a < 6; a++) {
                    sum += (a < 3 ? 1 : POWER_RADIUS_MM) * Math.abs(now[a] - before[a]);
                }
                fd[t] = sum;
            }
            before = now;
        }
        return fd;
    }

    /** Jenkinson 1999: root mean square over an 80 mm sphere between neighbours; first volume NaN. */
    public static double[] jenkinson(Rigid[] course) {
        double[] fd = new double[course.length];
        for (int t = 0; t < course.length; t++) {
            fd[t] = t == 0
                    ? Double.NaN
                    : course[t].after(course[t - 1].inverse()).rmsDisplacement(JENKINSON_RADIUS_MM);
        }
        return fd;
    }

    /** Root mean square over an 80 mm sphere against the reference, per volume. */
    public static double[] absolute(Rigid[] course) {
        double[] all = new double[course.length];
        for (int t = 0; t < course.length; t++) {
            all[t] = course[t].rmsDisplacement(JENKINSON_RADIUS_MM);
        }
        return all;
    }
}

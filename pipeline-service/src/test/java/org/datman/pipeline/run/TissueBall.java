package org.datman.pipeline.run;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;

/**
 * A synthetic diffusion series with two shells: a ball of white matter whose fibres go along x, within a layer of grey matter, within one of fluid. Methods that tell
 * tissues apart need all three. The signal has a little noise, of one seed.
 */
final class TissueBall {

    /** Radius of white matter in voxels, and side of a voxel in mm. */
    static final int WHITE = 6;

    static final float VOXEL = 2;

    private static final int SIDE = 20;
    private static final double GREY = 7.6;
    private static final double FLUID = 9;

    private static final double AXIAL = 1.7e-3;
    private static final double RADIAL = 0.2e-3;

    /** Of white matter, mm2/s. */
    static final double MEAN_DIFFUSIVITY = (AXIAL + 2 * RADIAL) / 3;

    /** Of white matter: Basser and Pierpaoli 1996, of a tensor with two equal eigenvalues. */
    static final double ANISOTROPY = (AXIAL - RADIAL) / Math.sqrt(AXIAL * AXIAL + 2 * RADIAL * RADIAL);

    private static final double[][] DIRECTIONS = TensorBall.directions(24);
    private static final List<Volume> VOLUMES = volumes();

    private TissueBall() {}

    /** b in s/mm2. */
    private record Volume(double b, double[] direction) {

        double white() {
            double x = direction[0] * direction[0];
            return 1000 * Math.exp(-b * (AXIAL * x + RADIAL * (1 - x)));
        }

        double grey() {
            return 600 * Math.exp(-b * 0.9e-3) + 600 * Math.exp(-b * 0.4e-3);
        }

        double fluid() {
            return 3000 * Math.exp(-b * 3e-3);
        }
    }

    private static List<Volume> volumes() {
        List<Volume> volumes = new ArrayList<>();
        volumes.add(new Volume(0, new double[3]));
        volumes.add(new Volume(0, new double[3]));
        for (double b : new double[] {1000, 2500}) {
            for (double[] direction : DIRECTIONS) {
                volumes.add(new Volume(b, direction));
            }
        }
        return volumes;
    }

    /** b-values, in FSL's form. */
    static String bval() {
        return VOLUMES.stream().map(volume -> Double.toString(volume.b())).collect(Collectors.joining(" "));
    }

    /** Gradient directions, in FSL's form. */
    static String bvec() {
        StringBuilder text = new StringBuilder();
        for (int axis = 0; axis < 3; axis++) {
            for (Volume volume : VOLUMES) {
                text.append(volume.direction()[axis]).append(' ');
            }
            text.append('\n');
        }
        return text.toString();
    }

    /** The series as NIfTI. */
    static byte[] series() {
        Random noise = new Random(1);
        float[][] images = new float[VOLUMES.size()][SIDE * SIDE * SIDE];
        double centre = (SIDE - 1) / 2.0;
        for (int v = 0; v < images.length; v++) {
            Volume volume = VOLUMES.get(v);
            for (int voxel = 0; voxel < images[v].length; voxel++) {
                double radius =
                        Math.sqrt(Arrays.stream(new int[] {voxel % SIDE, voxel / SIDE % SIDE, voxel / (SIDE * SIDE)})
                                .mapToDouble(at -> (at - centre) * (at - centre))
                                .sum());
                double signal = radius <= WHITE
                        ? volume.white()
                        : radius <= GREY ? volume.grey() : radius <= FLUID ? volume.fluid() : 0;
                images[v][voxel] = (float) (signal + Math.abs(3 * noise.nextGaussian()));
            }
        }
        return TestNifti.of(SIDE, VOXEL, images);
    }
}

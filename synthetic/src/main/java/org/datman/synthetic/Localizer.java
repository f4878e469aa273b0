package org.datman.synthetic;

import java.util.List;

/** A three-plane scout: one short stack per plane. */
public final class Localizer {

    /** One stack of the scout: its position and its voxels. */
    public record Stack(String plane, Grid grid, float[] volume) {}

    private Localizer() {}

    /** Axial, sagittal and coronal stacks of {@code slices} slices, {@code matrix}² voxels over 256 mm, 7 mm thick, 12 mm apart. */
    public static List<Stack> of(Body body, int matrix, int slices, double sigma, long seed) {
        Grid axial = Grid.axial(matrix, matrix, slices, 256.0 / matrix, 256.0 / matrix, 12);
        double quarter = Math.PI / 2;
        // Sagittal: k along R, i along A, j along S. Coronal: i along R, j along S, k along −A.
        Grid sagittal = axial.posed(new Rigid(0, 0, 0, quarter, 0, quarter));
        Grid coronal = axial.posed(new Rigid(0, 0, 0, quarter, 0, 0));
        return List.of(
                stack("axial", axial, body, sigma, seed),
                stack("sagittal", sagittal, body, sigma, seed + 1),
                stack("coronal", coronal, body, sigma, seed + 2));
    }

    private static Stack stack(String plane, Grid grid, Body body, double sigma, long seed) {
        float[] volume = Anatomy.of(grid)
                .body(body)
                .contrast(Contrast.T1)
                .sigma(sigma)
                .seed(seed)
                .volume();
        return new Stack(plane, grid, volume);
    }
}

package org.datman.analysis.mask;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.datman.analysis.image.Grid;

/**
 * A closed surface of triangles: an icosahedron whose faces were halved and blown up to a sphere. Positions are millimetres along
 * the file axes of a grid, from the centre of its first voxel, and may be moved by their owner.
 */
final class Surface {

    private static final double GOLDEN = (1 + Math.sqrt(5)) / 2;
    private static final double[][] CORNERS = {
        {-1, GOLDEN, 0}, {1, GOLDEN, 0}, {-1, -GOLDEN, 0}, {1, -GOLDEN, 0},
        {0, -1, GOLDEN}, {0, 1, GOLDEN}, {0, -1, -GOLDEN}, {0, 1, -GOLDEN},
        {GOLDEN, 0, -1}, {GOLDEN, 0, 1}, {-GOLDEN, 0, -1}, {-GOLDEN, 0, 1},
    };
    private static final int[][] FACES = {
        {0, 11, 5},
        {0, 5, 1},
        {0, 1, 7},
        {0, 7, 10},
        {0, 10, 11},
        {1, 5, 9},
        {5, 11, 4},
        {11, 10, 2},
        {10, 7, 6},
        {7, 1, 8},
        {3, 9, 4},
        {3, 4, 2},
        {3, 2, 6},
        {3, 6, 8},
        {3, 8, 9},
        {4, 9, 5},
        {2, 4, 11},
        {6, 2, 10},
        {8, 6, 7},
        {9, 8, 1},
    };

    private final double[] position;
    private final int[][] faces;
    private final int[][] neighbours;

    private Surface(double[] position, int[][] faces, int[][] neighbours) {
        this.position = position;
        this.faces = faces;
        this.neighbours = neighbours;
    }

    /** A unit sphere about the origin; every halving makes four faces of one: 10 x 4^halvings + 2 corners. */
    static Surface sphere(int halvings) {
        double[] icosahedron = new double[3 * CORNERS.length];
        for (int v = 0; v < icosahedron.length; v++) {
            icosahedron[v] = CORNERS[v / 3][v % 3];
        }
        Surface surface = new Surface(icosahedron, FACES, ring(CORNERS.length, FACES));
        for (int h = 0; h < halvings; h++) {
            surface = surface.halved();
        }
        double[] p = surface.position;
        for (int v = 0; v < p.length; v += 3) {
            double length = Math.sqrt(p[v] * p[v] + p[v + 1] * p[v + 1] + p[v + 2] * p[v + 2]);
            for (int c = 0; c < 3; c++) {
                p[v + c] /= length;
            }
        }
        return surface;
    }

    /** The same place with four faces for each: a new corner in the middle of every edge. */
    Surface halved() {
        double[] more = Arrays.copyOf(position, position.length + faces.length * 9 / 2);
        int[][] quarters = new int[4 * faces.length][];
        Map<Long, Integer> middles = new HashMap<>();
        int[] count = {corners()};
        for (int f = 0; f < faces.length; f++) {
            int[] at = faces[f];
            int[] middle = new int[3];
            for (int e = 0; e < 3; e++) {
                int a = at[e];
                int b = at[(e + 1) % 3];
                middle[e] = middles.computeIfAbsent(Math.min(a, b) * (long) Integer.MAX_VALUE + Math.max(a, b), key -> {
                    for (int c = 0; c < 3; c++) {
                        more[3 * count[0] + c] = (more[3 * a + c] + more[3 * b + c]) / 2;
                    }
                    return count[0]++;
                });
            }
            quarters[4 * f] = new int[] {at[0], middle[0], middle[2]};
            quarters[4 * f + 1] = new int[] {at[1], middle[1], middle[0]};
            quarters[4 * f + 2] = new int[] {at[2], middle[2], middle[1]};
            quarters[4 * f + 3] = middle;
        }
        return new Surface(more, quarters, ring(count[0], quarters));
    }

    private static int[][] ring(int corners, int[][] faces) {
        int[][] ring = new int[corners][0];
        for (int[] face : faces) {
            for (int e = 0; e < 3; e++) {
                // Each edge is met once in each direction, so every neighbour is added once.
                int[] known = ring[face[e]];
                int[] longer = Arrays.copyOf(known, known.length + 1);
                longer[known.length] = face[(e + 1) % 3];
                ring[face[e]] = longer;
            }
        }
        return ring;
    }

    int corners() {
        return neighbours.length;
    }

    /** x, y, z of each corner in turn; shared, not copied. */
    double[] position() {
        return position;
    }

    int[] neighbours(int corner) {
        return neighbours[corner];
    }

    /** Moves every corner inwards by so many mm. */
    void takeIn(double mm) {
        double[] normal = new double[position.length];
        normals(normal);
        for (int v = 0; v < position.length; v++) {
            position[v] -= mm * normal[v];
        }
    }

    /** Mean distance of neighbouring corners. */
    double spacing() {
        double[] p = position;
        double sum = 0;
        int n = 0;
        for (int c = 0; c < neighbours.length; c++) {
            for (int o : neighbours[c]) {
                double x = p[3 * o] - p[3 * c];
                double y = p[3 * o + 1] - p[3 * c + 1];
                double z = p[3 * o + 2] - p[3 * c + 2];
                sum += Math.sqrt(x * x + y * y + z * z);
                n++;
            }
        }
        return sum / n;
    }

    /** Outward unit normals, x, y, z of each corner in turn: sums of the faces' normals, weighted by area. */
    void normals(double[] normal) {
        Arrays.fill(normal, 0);
        double[] p = position;
        for (int[] face : faces) {
            int a = 3 * face[0];
            int b = 3 * face[1];
            int c = 3 * face[2];
            double ux = p[b] - p[a];
            double uy = p[b + 1] - p[a + 1];
            double uz = p[b + 2] - p[a + 2];
            double wx = p[c] - p[a];
            double wy = p[c + 1] - p[a + 1];
            double wz = p[c + 2] - p[a + 2];
            double nx = uy * wz - uz * wy;
            double ny = uz * wx - ux * wz;
            double nz = ux * wy - uy * wx;
            for (int corner : face) {
                normal[3 * corner] += nx;
                normal[3 * corner + 1] += ny;
                normal[3 * corner + 2] += nz;
            }
        }
        for (int v = 0; v < normal.length; v += 3) {
            double length =
                    Math.sqrt(normal[v] * normal[v] + normal[v + 1] * normal[v + 1] + normal[v + 2] * normal[v + 2]);
            for (int c = 0; c < 3 && length > 0; c++) {
                normal[v + c] /= length;
            }
        }
    }

    /** Voxels of {@code grid} whose centres are inside: along every column, those behind an odd number of faces. */
    boolean[] inside(Grid grid) {
        boolean[] crossed = new boolean[grid.size()];
        for (int[] face : faces) {
            cross(grid, face, crossed);
        }
        int layer = grid.nx() * grid.ny();
        for (int v = layer; v < crossed.length; v++) {
            crossed[v] ^= crossed[v - layer];
        }
        return crossed;
    }

    private void cross(Grid g, int[] face, boolean[] crossed) {
        // Columns are slightly beside the voxel centres, so that none meets a corner or an edge that two faces share.
        double hair = 1e-7;
        double[] x = new double[3];
        double[] y = new double[3];
        double[] z = new double[3];
        for (int c = 0; c < 3; c++) {
            x[c] = position[3 * face[c]] / g.dx() + hair;
            y[c] = position[3 * face[c] + 1] / g.dy() + Math.sqrt(2) * hair;
            z[c] = position[3 * face[c] + 2] / g.dz();
        }
        double area = (x[1] - x[0]) * (y[2] - y[0]) - (x[2] - x[0]) * (y[1] - y[0]);
        if (area == 0) {
            return;
        }
        int i0 = (int) Math.max(0, Math.ceil(Math.min(x[0], Math.min(x[1], x[2]))));
        int i1 = (int) Math.min(g.nx() - 1, Math.floor(Math.max(x[0], Math.max(x[1], x[2]))));
        int j0 = (int) Math.max(0, Math.ceil(Math.min(y[0], Math.min(y[1], y[2]))));
        int j1 = (int) Math.min(g.ny() - 1, Math.floor(Math.max(y[0], Math.max(y[1], y[2]))));
        for (int j = j0; j <= j1; j++) {
            for (int i = i0; i <= i1; i++) {
                double w1 = ((i - x[0]) * (y[2] - y[0]) - (x[2] - x[0]) * (j - y[0])) / area;
                double w2 = ((x[1] - x[0]) * (j - y[0]) - (i - x[0]) * (y[1] - y[0])) / area;
                if (w1 >= 0 && w2 >= 0 && w1 + w2 <= 1) {
                    double at = Math.ceil(z[0] + w1 * (z[1] - z[0]) + w2 * (z[2] - z[0]));
                    int k = (int) Math.max(0, at);
                    if (k < g.nz()) {
                        crossed[g.index(i, j, k)] ^= true;
                    }
                }
            }
        }
    }
}

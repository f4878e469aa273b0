package org.datman.analysis.mask;

import java.util.Arrays;
import org.datman.analysis.image.Grid;
import org.datman.analysis.image.Parallel;
import org.jspecify.annotations.Nullable;

/** Binary morphology on voxel neighbourhoods and in millimetres, connected components, hole filling. */
public final class Morphology {

    /** Which voxels count as neighbours: those that share a face, an edge or a corner. */
    public enum Neighbours {
        FACES_6,
        EDGES_18,
        CORNERS_26;

        int[][] steps() {
            int reach = ordinal() + 1;
            int[][] all = new int[26][];
            int n = 0;
            for (int k = -1; k <= 1; k++) {
                for (int j = -1; j <= 1; j++) {
                    for (int i = -1; i <= 1; i++) {
                        int distance = Math.abs(i) + Math.abs(j) + Math.abs(k);
                        if (distance > 0 && distance <= reach) {
                            all[n++] = new int[] {i, j, k};
                        }
                    }
                }
            }
            return Arrays.copyOf(all, n);
        }
    }

    private Morphology() {}

    /** Voxels with any neighbour in the set, and the set itself. */
    public static Mask dilate(Mask mask, Neighbours neighbours, int times) {
        Mask out = mask;
        for (int n = 0; n < times; n++) {
            out = neighbours == Neighbours.FACES_6 ? dilateByFaces(out) : atLeast(out, neighbours, 1, true, false);
        }
        return out;
    }

    /** Voxels of the set all of whose neighbours are in it; outside the grid counts as not in it. */
    public static Mask erode(Mask mask, Neighbours neighbours, int times) {
        Mask out = mask;
        for (int n = 0; n < times; n++) {
            out = neighbours == Neighbours.FACES_6
                    ? erodeByFaces(out)
                    : atLeast(out, neighbours, neighbours.steps().length, false, true);
        }
        return out;
    }

    /** The usual neighbourhood, whole rows at a time: several times as fast as one neighbour after another. */
    private static Mask dilateByFaces(Mask mask) {
        Grid g = mask.grid();
        boolean[] in = mask.in();
        boolean[] out = in.clone();
        int nx = g.nx();
        int plane = nx * g.ny();
        Parallel.forEach(g.nz(), k -> {
            for (int j = 0; j < g.ny(); j++) {
                int row = g.index(0, j, k);
                for (int v = row + 1; v < row + nx; v++) {
                    out[v] |= in[v - 1];
                }
                for (int v = row; v < row + nx - 1; v++) {
                    out[v] |= in[v + 1];
                }
                orRow(out, row, in, j > 0 ? row - nx : row, nx);
                orRow(out, row, in, j < g.ny() - 1 ? row + nx : row, nx);
                orRow(out, row, in, k > 0 ? row - plane : row, nx);
                orRow(out, row, in, k < g.nz() - 1 ? row + plane : row, nx);
            }
        });
        return new Mask(g, out, mask.id());
    }

    private static void orRow(boolean[] out, int to, boolean[] in, int from, int n) {
        for (int i = 0; i < n; i++) {
            out[to + i] |= in[from + i];
        }
    }

    private static Mask erodeByFaces(Mask mask) {
        Grid g = mask.grid();
        boolean[] in = mask.in();
        boolean[] out = new boolean[in.length];
        int nx = g.nx();
        int plane = nx * g.ny();
        Parallel.forEach(Math.max(0, g.nz() - 2), p -> {
            for (int j = 1; j < g.ny() - 1; j++) {
                int row = g.index(0, j, p + 1);
                for (int v = row + 1; v < row + nx - 1; v++) {
                    out[v] = in[v] & in[v - 1] & in[v + 1] & in[v - nx] & in[v + nx] & in[v - plane] & in[v + plane];
                }
            }
        });
        return new Mask(g, out, mask.id());
    }

    public static Mask open(Mask mask, Neighbours neighbours, int times) {
        return dilate(erode(mask, neighbours, times), neighbours, times);
    }

    /** Dilation and erosion on a padded grid, so that nothing is lost at the edge of the field of view. */
    public static Mask close(Mask mask, Neighbours neighbours, int times) {
        Grid g = mask.grid();
        Grid wide = padded(g, times + 1);
        Mask closed = erode(dilate(pad(mask, wide, times + 1), neighbours, times), neighbours, times);
        boolean[] out = new boolean[g.size()];
        for (int k = 0; k < g.nz(); k++) {
            for (int j = 0; j < g.ny(); j++) {
                System.arraycopy(
                        closed.in(),
                        wide.index(times + 1, j + times + 1, k + times + 1),
                        out,
                        g.index(0, j, k),
                        g.nx());
            }
        }
        return new Mask(g, out, mask.id());
    }

    private static Grid padded(Grid g, int by) {
        return new Grid(g.nx() + 2 * by, g.ny() + 2 * by, g.nz() + 2 * by, g.dx(), g.dy(), g.dz(), g.affine());
    }

    private static Mask pad(Mask mask, Grid wide, int by) {
        Grid g = mask.grid();
        boolean[] out = new boolean[wide.size()];
        for (int k = 0; k < g.nz(); k++) {
            for (int j = 0; j < g.ny(); j++) {
                System.arraycopy(mask.in(), g.index(0, j, k), out, wide.index(by, j + by, k + by), g.nx());
            }
        }
        return new Mask(wide, out, mask.id());
    }

    /**
     * Voxels with at least {@code needed} neighbours in the set.
     *
     * @param keep voxels of the set stay whatever their neighbours
     * @param onlyInside voxels outside the set never enter
     */
    static Mask atLeast(Mask mask, Neighbours neighbours, int needed, boolean keep, boolean onlyInside) {
        Grid g = mask.grid();
        boolean[] in = mask.in();
        boolean[] out = new boolean[in.length];
        int[][] steps = neighbours.steps();
        int[] jump = new int[steps.length];
        for (int s = 0; s < steps.length; s++) {
            jump[s] = g.index(steps[s][0], steps[s][1], steps[s][2]);
        }
        Parallel.forEach(g.nz(), k -> {
            for (int j = 0; j < g.ny(); j++) {
                boolean innerRow = k > 0 && k < g.nz() - 1 && j > 0 && j < g.ny() - 1;
                for (int i = 0; i < g.nx(); i++) {
                    int v = g.index(i, j, k);
                    if (in[v] ? keep : onlyInside) {
                        out[v] = in[v];
                        continue;
                    }
                    boolean inner = innerRow && i > 0 && i < g.nx() - 1;
                    int count = 0;
                    int left = steps.length;
                    // Until it is decided either way.
                    for (int s = 0; s < steps.length && count < needed && count + left >= needed; s++, left--) {
                        if ((inner || contains(g, i + steps[s][0], j + steps[s][1], k + steps[s][2]))
                                && in[v + jump[s]]) {
                            count++;
                        }
                    }
                    out[v] = count >= needed;
                }
            }
        });
        return new Mask(g, out, mask.id());
    }

    private static boolean contains(Grid g, int i, int j, int k) {
        return i >= 0 && j >= 0 && k >= 0 && i < g.nx() && j < g.ny() && k < g.nz();
    }

    /** Connected components: label per voxel, 0 outside, 1 for the component with the lowest first index and so on. */
    public static int[] components(Mask mask, Neighbours neighbours) {
        Grid g = mask.grid();
        boolean[] in = mask.in();
        int[] label = new int[in.length];
        int[][] steps = neighbours.steps();
        int[] jump = new int[steps.length];
        for (int s = 0; s < steps.length; s++) {
            jump[s] = g.index(steps[s][0], steps[s][1], steps[s][2]);
        }
        int nx = g.nx();
        int ny = g.ny();
        int nz = g.nz();
        int[] queue = new int[Math.max(1, mask.count())];
        int labels = 0;
        for (int start = 0; start < in.length; start++) {
            if (!in[start] || label[start] != 0) {
                continue;
            }
            label[start] = ++labels;
            int head = 0;
            int tail = 0;
            queue[tail++] = start;
            while (head < tail) {
                int v = queue[head++];
                int row = v / nx;
                int k = row / ny;
                int i = v - row * nx;
                int j = row - k * ny;
                boolean inner = i > 0 && j > 0 && k > 0 && i < nx - 1 && j < ny - 1 && k < nz - 1;
                for (int s = 0; s < jump.length; s++) {
                    if (inner || contains(g, i + steps[s][0], j + steps[s][1], k + steps[s][2])) {
                        int w = v + jump[s];
                        if (in[w] && label[w] == 0) {
                            label[w] = labels;
                            queue[tail++] = w;
                        }
                    }
                }
            }
        }
        return label;
    }

    /** The largest connected component; the first one on a tie; empty for an empty mask. */
    public static Mask largest(Mask mask, Neighbours neighbours) {
        Grid g = mask.grid();
        // With a rim of voxels that are not in the set the flood needs no bounds checks.
        Grid wide = padded(g, 1);
        boolean[] left = pad(mask, wide, 1).in();
        int[][] steps = neighbours.steps();
        int[] jump = new int[steps.length];
        for (int s = 0; s < steps.length; s++) {
            jump[s] = wide.index(steps[s][0], steps[s][1], steps[s][2]);
        }
        // Components are stored one behind the other.
        int[] found = new int[mask.count()];
        int tail = 0;
        int from = 0;
        int size = 0;
        for (int start = 0; tail < found.length; start++) {
            if (!left[start]) {
                continue;
            }
            int first = tail;
            left[start] = false;
            found[tail++] = start;
            for (int head = first; head < tail; head++) {
                int v = found[head];
                for (int step : jump) {
                    if (left[v + step]) {
                        left[v + step] = false;
                        found[tail++] = v + step;
                    }
                }
            }
            if (tail - first > size) {
                from = first;
                size = tail - first;
            }
        }
        for (int n = from; n < from + size; n++) {
            left[found[n]] = true;
        }
        boolean[] out = new boolean[g.size()];
        for (int k = 0; k < g.nz(); k++) {
            for (int j = 0; j < g.ny(); j++) {
                System.arraycopy(left, wide.index(1, j + 1, k + 1), out, g.index(0, j, k), g.nx());
            }
        }
        return new Mask(g, out, mask.id());
    }

    /** Adds every voxel that cannot be reached from the faces of the grid without crossing the set. */
    public static Mask fillHoles(Mask mask) {
        Grid g = mask.grid();
        boolean[] out = mask.in().clone();
        fill(out, g.nx(), g.ny(), g.nz());
        return new Mask(g, out, mask.id());
    }

    /** Fills holes in each slice across {@code axis}. */
    public static Mask fillHolesPerSlice(Mask mask, int axis) {
        Grid g = mask.grid();
        int u = axis == 0 ? 1 : 0;
        int w = axis == 2 ? 1 : 2;
        int nu = g.dim(u);
        int nw = g.dim(w);
        int su = g.stride(u);
        int sw = g.stride(w);
        boolean[] out = mask.in().clone();
        Parallel.forEach(g.dim(axis), s -> {
            boolean[] plane = new boolean[nu * nw];
            for (int b = 0; b < nw; b++) {
                int from = s * g.stride(axis) + b * sw;
                for (int a = 0; a < nu; a++) {
                    plane[b * nu + a] = out[from + a * su];
                }
            }
            fill(plane, nu, nw, 1);
            for (int b = 0; b < nw; b++) {
                int from = s * g.stride(axis) + b * sw;
                for (int a = 0; a < nu; a++) {
                    out[from + a * su] = plane[b * nu + a];
                }
            }
        });
        return new Mask(g, out, mask.id());
    }

    /** Floods the outside of a block (or a plane, of one slice) from its border; voxels that are not reached become part of the set. */
    private static void fill(boolean[] set, int nx, int ny, int nz) {
        // A wall one voxel thick around it: the flood needs no bounds checks. An axis of one voxel has no border
        // of its own.
        int wx = nx + 2;
        int wy = ny + 2;
        int wall = nz > 1 ? 1 : 0;
        boolean[] closed = new boolean[wx * wy * (nz + 2 * wall)];
        Arrays.fill(closed, true);
        for (int k = 0; k < nz; k++) {
            for (int j = 0; j < ny; j++) {
                System.arraycopy(set, (k * ny + j) * nx, closed, ((k + wall) * wy + j + 1) * wx + 1, nx);
            }
        }
        int[] queue = new int[set.length];
        int tail = 0;
        for (int k = 0; k < nz; k++) {
            for (int j = 0; j < ny; j++) {
                boolean face = (nz > 1 && (k == 0 || k == nz - 1)) || (ny > 1 && (j == 0 || j == ny - 1));
                int step = face ? 1 : Math.max(1, nx - 1);
                for (int i = 0; i < nx && (face || nx > 1); i += step) {
                    int v = ((k + wall) * wy + j + 1) * wx + i + 1;
                    if (!closed[v]) {
                        closed[v] = true;
                        queue[tail++] = v;
                    }
                }
            }
        }
        int[] jumps = {-1, 1, -wx, wx, -wx * wy, wx * wy};
        int directions = nz > 1 ? 6 : 4;
        for (int head = 0; head < tail; head++) {
            int v = queue[head];
            for (int s = 0; s < directions; s++) {
                int w = v + jumps[s];
                if (!closed[w]) {
                    closed[w] = true;
                    queue[tail++] = w;
                }
            }
        }
        // Voxels that are still open were not reached.
        for (int k = 0; k < nz; k++) {
            for (int j = 0; j < ny; j++) {
                int to = (k * ny + j) * nx;
                int from = ((k + wall) * wy + j + 1) * wx + 1;
                for (int i = 0; i < nx; i++) {
                    set[to + i] |= !closed[from + i];
                }
            }
        }
    }

    /** All voxels within {@code mm} of the set. */
    public static Mask dilateMm(Mask mask, double mm) {
        Grid g = mask.grid();
        Box box = Box.around(
                mask, (int) Math.ceil(mm / g.dx()), (int) Math.ceil(mm / g.dy()), (int) Math.ceil(mm / g.dz()));
        boolean[] out = new boolean[g.size()];
        if (box != null) {
            box.copy(Distance.within(box.part(mask), mm), out);
        }
        return new Mask(g, out, mask.id());
    }

    /** Voxels of the set further than {@code mm} from any voxel outside it; the edge of the grid is not outside. */
    public static Mask erodeMm(Mask mask, double mm) {
        Grid g = mask.grid();
        // Of all voxels outside the nearest is never further than the layer around the box that holds the set.
        Box box = Box.around(mask, 1, 1, 1);
        boolean[] out = new boolean[g.size()];
        if (box != null) {
            Mask part = box.part(mask);
            boolean[] near = Distance.within(part.not(mask.id()), mm);
            for (int v = 0; v < near.length; v++) {
                near[v] = part.in()[v] && !near[v];
            }
            box.copy(near, out);
        }
        return new Mask(g, out, mask.id());
    }

    /** A part of a grid: distances are taken where they can matter only. */
    private record Box(Grid whole, int i, int j, int k, Grid grid) {

        /** The set with so many voxels around it, within the grid; null for an empty set. */
        static @Nullable Box around(Mask mask, int x, int y, int z) {
            Grid g = mask.grid();
            int[] low = {g.nx(), g.ny(), g.nz()};
            int[] high = {-1, -1, -1};
            for (int k = 0; k < g.nz(); k++) {
                for (int j = 0; j < g.ny(); j++) {
                    int row = g.index(0, j, k);
                    int first = 0;
                    while (first < g.nx() && !mask.in()[row + first]) {
                        first++;
                    }
                    if (first < g.nx()) {
                        int last = g.nx() - 1;
                        while (!mask.in()[row + last]) {
                            last--;
                        }
                        low[0] = Math.min(low[0], first);
                        high[0] = Math.max(high[0], last);
                        low[1] = Math.min(low[1], j);
                        high[1] = Math.max(high[1], j);
                        low[2] = Math.min(low[2], k);
                        high[2] = k;
                    }
                }
            }
            if (high[2] < 0) {
                return null;
            }
            int[] margin = {x, y, z};
            for (int a = 0; a < 3; a++) {
                low[a] = Math.max(0, low[a] - margin[a]);
                high[a] = Math.min(g.dim(a) - 1, high[a] + margin[a]);
            }
            Grid part = new Grid(
                    high[0] - low[0] + 1,
                    high[1] - low[1] + 1,
                    high[2] - low[2] + 1,
                    g.dx(),
                    g.dy(),
                    g.dz(),
                    g.affine());
            return new Box(g, low[0], low[1], low[2], part);
        }

        /** The set in the box; the box's place in the patient is irrelevant to distances. */
        Mask part(Mask mask) {
            boolean[] in = new boolean[grid.size()];
            for (int c = 0; c < grid.nz(); c++) {
                for (int b = 0; b < grid.ny(); b++) {
                    System.arraycopy(mask.in(), whole.index(i, j + b, k + c), in, grid.index(0, b, c), grid.nx());
                }
            }
            return new Mask(grid, in, mask.id());
        }

        void copy(boolean[] part, boolean[] into) {
            for (int c = 0; c < grid.nz(); c++) {
                for (int b = 0; b < grid.ny(); b++) {
                    System.arraycopy(part, grid.index(0, b, c), into, whole.index(i, j + b, k + c), grid.nx());
                }
            }
        }
    }

    /** Dilation and erosion by a ball, the edge of the grid not being outside. */
    public static Mask closeMm(Mask mask, double mm) {
        return erodeMm(dilateMm(mask, mm), mm);
    }
}

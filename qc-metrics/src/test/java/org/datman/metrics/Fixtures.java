package org.datman.metrics;

import java.util.ArrayList;
import java.util.List;
import org.datman.metrics.image.Grid;
import org.datman.metrics.image.Series;

/** From the scenario library's types to the metrics' types. */
public final class Fixtures {

    private Fixtures() {}

    public static Grid grid(org.datman.synthetic.Grid g) {
        return new Grid(g.nx(), g.ny(), g.nz(), g.dx(), g.dy(), g.dz(), java.util.Arrays.copyOf(g.affine(), 12));
    }

    public static Series series(org.datman.synthetic.Series made) {
        List<float[]> volumes = new ArrayList<>();
        for (int t = 0; t < made.volumes(); t++) {
            volumes.add(made.volume(t).clone());
        }
        return Series.of(grid(made.grid()), volumes);
    }
}

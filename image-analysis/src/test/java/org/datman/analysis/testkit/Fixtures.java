package org.datman.analysis.testkit;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.datman.analysis.image.Grid;
import org.datman.analysis.image.Series;
import org.datman.analysis.mask.Mask;
import org.datman.imaging.nifti.NiftiDataType;
import org.datman.imaging.nifti.NiftiHeader;
import org.datman.imaging.nifti.NiftiWriter;

/** From the scenario library's types to the metrics' types. */
public final class Fixtures {

    private Fixtures() {}

    public static Grid grid(org.datman.synthetic.Grid g) {
        return new Grid(g.nx(), g.ny(), g.nz(), g.dx(), g.dy(), g.dz(), java.util.Arrays.copyOf(g.affine(), 12));
    }

    /** Writes a run as float32 NIfTI, gzipped when the name ends in .gz. */
    public static Path write(Path folder, String name, org.datman.synthetic.Series made) throws IOException {
        org.datman.synthetic.Grid g = made.grid();
        Path file = folder.resolve(name);
        NiftiHeader header = header(g, made.volumes(), made.trSeconds());
        try (NiftiWriter writer = NiftiWriter.create(file, header)) {
            for (int t = 0; t < made.volumes(); t++) {
                writer.writeVolume(made.volume(t));
            }
        }
        return file;
    }

    /** Writes one volume as float32 NIfTI. */
    public static Path write(Path folder, String name, org.datman.synthetic.Grid g, float[] volume) throws IOException {
        Path file = folder.resolve(name);
        NiftiWriter.write(file, header(g, 1, 0), List.of(volume));
        return file;
    }

    /** Writes a mask as zeros and ones. */
    public static Path write(Path folder, String name, org.datman.synthetic.Grid g, Mask mask) throws IOException {
        float[] ones = new float[mask.in().length];
        for (int v = 0; v < ones.length; v++) {
            ones[v] = mask.in()[v] ? 1 : 0;
        }
        return write(folder, name, g, ones);
    }

    public static NiftiHeader header(org.datman.synthetic.Grid g, int volumes, double tr) {
        double[] m = g.affine();
        double[][] affine = new double[4][4];
        for (int v = 0; v < 16; v++) {
            affine[v / 4][v % 4] = m[v];
        }
        if (volumes == 1) {
            return NiftiHeader.of(NiftiDataType.FLOAT32, affine, g.nx(), g.ny(), g.nz());
        }
        return NiftiHeader.of(NiftiDataType.FLOAT32, affine, g.nx(), g.ny(), g.nz(), volumes)
                .withRepetitionTime(tr);
    }

    public static Series series(org.datman.synthetic.Series made) {
        List<float[]> volumes = new ArrayList<>();
        for (int t = 0; t < made.volumes(); t++) {
            volumes.add(made.volume(t).clone());
        }
        return Series.of(grid(made.grid()), volumes);
    }
}

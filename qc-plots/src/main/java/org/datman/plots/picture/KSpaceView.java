package org.datman.plots.picture;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.datman.analysis.image.Grid;
import org.datman.analysis.spike.Herringbone;
import org.datman.analysis.spike.KSpaceSpikes;
import org.datman.analysis.stats.Statistics;
import org.jspecify.annotations.Nullable;

/** <a href="{@docRoot}/../docs/qc-specification.md#V8">V8</a>: k-space of the air, k-space of the changes between volumes, and the times of the changes. */
public final class KSpaceView {

    private static final int SIDE = 256;
    private static final int LEFT = 14;
    private static final int TOP = 40;
    private static final int BOTTOM = 26;
    private static final int INK = 0xffffff;

    /** One plane of k-space, zero frequency in the middle. */
    private record Panel(float[] values, Scale scale, List<int[]> marks) {}

    private KSpaceView() {}

    /**
     * Two planes side by side.
     *
     * @param air the background of the (mean) image
     * @param spikes result of the search between volumes, or null
     */
    public static Picture planes(PicturedSeries scan, Herringbone air, @Nullable KSpaceSpikes spikes) {
        float[] magnitude = new float[air.power().length];
        for (int i = 0; i < magnitude.length; i++) {
            magnitude[i] = (float) Math.sqrt(air.power()[i]);
        }
        double level = Statistics.median(magnitude);
        double high = Scale.round(Math.max(level, 1e-12) * 30);
        List<int[]> waves = air.score() > air.limit() ? List.of(new int[] {air.kx(), air.ky()}) : List.of();
        Panel first = new Panel(magnitude, Scale.viridisLog(high / 100, high, "K-SPACE OF THE AIR, MAGNITUDE"), waves);
        KSpaceSpikes.Scores scores = spikes == null ? null : spikes.scores();
        List<Panel> panels = spikes == null || scores == null
                ? List.of(first)
                : List.of(
                        first,
                        new Panel(
                                whole(scores),
                                scoreScale(scores),
                                spikes.spikes().stream()
                                        .map(s -> new int[] {s.kx(), s.ky()})
                                        .toList()));
        return draw(scan, panels, air.nx(), air.ny());
    }

    /** Largest score of every slice of every volume; of a search that tested at least one slice. */
    public static Picture times(PicturedSeries scan, KSpaceSpikes spikes) {
        KSpaceSpikes.Scores scores = Objects.requireNonNull(spikes.scores(), "scores of tested slices");
        int[][] marks = spikes.spikes().stream()
                .map(s -> new int[] {s.slice(), s.volume()})
                .toArray(int[][]::new);
        return new HeatMap(scan.name(), scores.worst(), scoreScale(scores), scan.trSeconds())
                .marks(marks)
                .picture(
                        "kspace-time.png",
                        "Spikes in k-space by slice and volume",
                        "Framed cells hold a spike: single ones are discharges (spike noise), many in one row interference or a failing part."
                                + shared(spikes.shared().size()));
    }

    private static String shared(int samples) {
        return samples == 0
                ? ""
                : String.format(
                        Locale.ROOT,
                        " Not framed: %d sample%s of k-space that a neighbouring slice has too, as interference makes them that lasts longer than a"
                                + " slice, or anatomy that differs between diffusion directions.",
                        samples,
                        samples == 1 ? "" : "s");
    }

    private static Scale scoreScale(KSpaceSpikes.Scores scores) {
        return Scale.viridisLog(4, 200, String.format(Locale.ROOT, "SPIKE SCORE (SPIKE ABOVE %.0f)", scores.limit()));
    }

    /** The other half plane is equivalent. */
    private static float[] whole(KSpaceSpikes.Scores s) {
        float[] out = s.peak().clone();
        for (int y = 0; y < s.ny(); y++) {
            for (int x = 0; x < s.nx(); x++) {
                int mirror = (s.ny() - y) % s.ny() * s.nx() + (s.nx() - x) % s.nx();
                out[y * s.nx() + x] = Math.max(s.peak()[y * s.nx() + x], s.peak()[mirror]);
            }
        }
        for (int i = 0; i < out.length; i++) {
            out[i] = out[i] == 0 ? Float.NaN : out[i];
        }
        return out;
    }

    private static Picture draw(PicturedSeries scan, List<Panel> panels, int nx, int ny) {
        int zoom = Math.max(1, SIDE / Math.max(nx, ny));
        int w = nx * zoom;
        int h = ny * zoom;
        int most = panels.stream()
                .mapToInt(p -> TinyFont.width(p.scale.text()) + 100)
                .max()
                .orElse(0);
        int cell = Math.max(w, most) + 2 * LEFT;
        Raster raster = new Raster(panels.size() * cell, TOP + h + BOTTOM, 0x000000);
        int room = (raster.width - TinyFont.width("K-SPACE  " + Stamp.VERSION) - 8) / TinyFont.WIDTH;
        TinyFont.draw(raster, 3, 3, "K-SPACE  " + Stamp.shortened(scan.name(), room), INK);
        TinyFont.draw(raster, raster.width - TinyFont.width(Stamp.VERSION) - 2, 3, Stamp.VERSION, 0xa0a0a0);
        for (int n = 0; n < panels.size(); n++) {
            Panel panel = panels.get(n);
            int left = n * cell + LEFT;
            TinyFont.draw(raster, left, 16, panel.scale.text(), INK);
            panel.scale.bar(raster, left + TinyFont.width(panel.scale.text()) + 8, 16, 70, 7);
            for (int y = 0; y < h; y++) {
                for (int x = 0; x < w; x++) {
                    int sample = wrapped(ny - 1 - y / zoom, ny) * nx + wrapped(x / zoom, nx);
                    raster.set(left + x, TOP + y, panel.scale.colour(panel.values[sample]));
                }
            }
            for (int[] mark : panel.marks) {
                for (int sign : new int[] {1, -1}) {
                    int x = left + place(sign * mark[0], nx) * zoom;
                    int y = TOP + (ny - 1 - place(sign * mark[1], ny)) * zoom;
                    raster.frame(x - 3, y - 3, zoom + 6, zoom + 6, INK);
                }
            }
            axes(raster, scan, left, w, h, nx, ny);
        }
        return new Picture(
                "kspace.png",
                "k-space",
                "Single bright points are spikes or RF interference, a bright line is interference at one frequency; only the middle may be bright.",
                raster.png());
    }

    /** From a position with zero frequency in the middle to the sample of the transform. */
    private static int wrapped(int position, int n) {
        return Math.floorMod(position - n / 2, n);
    }

    private static int place(int frequency, int n) {
        return Math.floorMod(frequency + n / 2, n);
    }

    private static void axes(Raster raster, PicturedSeries scan, int left, int w, int h, int nx, int ny) {
        int slice = scan.sliceAxis();
        int u = slice == 0 ? 1 : 0;
        int v = slice == 2 ? 1 : 2;
        Grid g = scan.grid();
        double halfU = nx / 2 / (nx * g.spacing(u));
        double halfV = ny / 2 / (ny * g.spacing(v));
        TinyFont.draw(raster, left, TOP + h + 4, String.format(Locale.ROOT, "%.3f", -halfU), INK);
        TinyFont.draw(raster, left + w / 2 - 3, TOP + h + 4, "0", INK);
        String high = String.format(Locale.ROOT, "%.3f", halfU);
        TinyFont.draw(raster, left + w - TinyFont.width(high), TOP + h + 4, high, INK);
        String what = String.format(
                Locale.ROOT,
                "K%s ACROSS, K%s UP TO +-%.3f, CYCLES PER MM",
                axisName(scan, u),
                axisName(scan, v),
                halfV);
        TinyFont.draw(raster, left, TOP + h + 15, what, INK);
    }

    private static String axisName(PicturedSeries scan, int axis) {
        String letter = "IJK".substring(axis, axis + 1);
        return axis == scan.phaseAxis() ? letter + " (PHASE)" : letter;
    }
}

package org.datman.metrics.phantom;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.datman.analysis.image.Grid;
import org.datman.analysis.image.Volume;
import org.datman.metrics.input.ScanData;
import org.datman.metrics.model.Findings;
import org.datman.plots.picture.Mosaic;
import org.datman.plots.picture.Picture;
import org.datman.plots.picture.RegionSheet;
import org.datman.plots.picture.RegionSheet.Line;
import org.datman.plots.picture.RegionSheet.Tile;
import org.jspecify.annotations.Nullable;

/** Pictures of the ACR phantom: slices, background, the measured slices with every region that was measured. */
final class AcrPictures {

    private static final double DISC_MM = 56;
    private static final double SPOKE_FROM_MM = 5;
    private static final double SPOKE_TO_MM = 44;

    private AcrPictures() {}

    static List<Picture> of(ScanData scan, Volume volume, AcrMeasurement.@Nullable Seen seen, Findings findings) {
        List<Picture> pictures = new ArrayList<>(Mosaic.all(scan, volume));
        if (seen == null) {
            return pictures;
        }
        int axis = scan.axes().slice();
        float[] data = volume.data();
        double signal = Uniformity.signal(seen.outlines()[6]);
        double air = Math.max(0.03 * signal, 3 * Uniformity.air(seen.outlines()[6]));
        List<Tile> tiles = new ArrayList<>();
        tiles.add(tile(
                "SLICE 1: LENGTHS, POSITION",
                text(findings, "X %.2f  ", "acr_length_x")
                        + text(findings, "Y %.2f MM  ", "acr_length_y")
                        + text(findings, "BARS %.2f MM", "acr_position_1"),
                data,
                axis,
                seen.file()[0],
                0,
                1.3 * signal,
                first(seen)));
        tiles.add(tile(
                "SLICE 1: RAMPS, WINDOW 0 TO 25%",
                text(findings, "THICKNESS %.2f MM  ", "acr_slice_thickness")
                        + text(findings, "FWHM %.2f MM", "acr_slice_thickness_fwhm"),
                data,
                axis,
                seen.file()[0],
                0,
                0.25 * signal,
                ramps(seen)));
        tiles.add(tile(
                "SLICE 11: POSITION",
                text(findings, "BARS %.2f MM", "acr_position_11"),
                data,
                axis,
                seen.file()[10],
                0,
                1.3 * signal,
                position(seen.last())));
        tiles.add(tile(
                "SLICE 5: LENGTHS",
                text(findings, "X %.2f  ", "acr_length_5_x")
                        + text(findings, "Y %.2f  ", "acr_length_5_y")
                        + text(findings, "DIAGONALS %.2f  ", "acr_length_5_rising")
                        + text(findings, "%.2f MM", "acr_length_5_falling"),
                data,
                axis,
                seen.file()[4],
                0,
                1.3 * signal,
                cross(seen.outlines()[4], true)));
        tiles.add(tile(
                "SLICE 7: UNIFORMITY, SNR",
                text(findings, "PIU %.2f%%  ", "acr_piu") + text(findings, "SNR %.1f", "acr_snr"),
                data,
                axis,
                seen.file()[6],
                0.5 * signal,
                1.5 * signal,
                uniformity(seen.outlines()[6])));
        tiles.add(tile(
                "SLICE 7: GHOST",
                text(findings, "PSG %.3f%%  ", "acr_psg")
                        + String.format(Locale.ROOT, "WINDOW 0 TO %.1f%%", 100 * air / signal),
                data,
                axis,
                seen.file()[6],
                0,
                air,
                ghost(seen.outlines()[6])));
        pictures.add(RegionSheet.of(
                "phantom.png",
                "Regions of the ACR phantom",
                "Outlines should touch the phantom's edge, ramps and bars end where their marks are, the air in the ellipses be even.",
                scan.grid(),
                tiles));
        if (seen.lowContrast() != null) {
            pictures.add(lowContrast(scan, axis, seen, seen.lowContrast(), findings));
        }
        return pictures;
    }

    private static Tile tile(
            String title, String value, float[] data, int axis, int slice, double low, double high, List<Line> lines) {
        return new Tile(List.of(title, value), data, axis, slice, low, high, lines);
    }

    private static String text(Findings findings, String format, String key) {
        Double value = findings.value(key);
        return value == null ? findings.reason(key, "") + "  " : String.format(Locale.ROOT, format, value);
    }

    private static List<Line> first(AcrMeasurement.Seen seen) {
        List<Line> lines = new ArrayList<>(cross(seen.outlines()[0], false));
        lines.addAll(position(seen.first()));
        return lines;
    }

    private static List<Line> cross(Outline outline, boolean diagonals) {
        List<Line> lines = new ArrayList<>();
        lines.add(hull(outline));
        int row = (int) Math.round(outline.v());
        int column = (int) Math.round(outline.u());
        double half = outline.lengthU() / outline.plane().du() / 2;
        double middle = middle(outline, row);
        lines.add(RegionSheet.line(middle - half, row, middle + half, row, RegionSheet.BLUE));
        lines.add(RegionSheet.line(
                column, outline.first()[column] - 0.5, column, outline.last()[column] + 0.5, RegionSheet.BLUE));
        for (int sign = -1; diagonals && sign <= 1; sign += 2) {
            double reach = outline.lengthDiagonal(sign) / 2 * Math.sqrt(0.5);
            double u = reach / outline.plane().du();
            double v = sign * reach / outline.plane().dv();
            lines.add(RegionSheet.line(
                    outline.u() - u, outline.v() - v, outline.u() + u, outline.v() + v, RegionSheet.BLUE));
        }
        return lines;
    }

    private static double middle(Outline outline, int row) {
        int from = 0;
        while (!outline.holds(from, row)) {
            from++;
        }
        return from - 0.5 + outline.lengthU() / outline.plane().du() / 2;
    }

    private static Line hull(Outline outline) {
        List<double[]> points = new ArrayList<>();
        int n = outline.first().length;
        for (int column = 0; column < n; column++) {
            if (outline.last()[column] >= outline.first()[column]) {
                points.add(new double[] {column, outline.first()[column] - 0.5});
            }
        }
        for (int column = n - 1; column >= 0; column--) {
            if (outline.last()[column] >= outline.first()[column]) {
                points.add(new double[] {column, outline.last()[column] + 0.5});
            }
        }
        points.add(points.get(0));
        return new Line(points.toArray(double[][]::new), RegionSheet.ORANGE);
    }

    private static List<Line> position(@Nullable SlicePosition found) {
        List<Line> lines = new ArrayList<>();
        for (int half = 0; found != null && half < 2; half++) {
            double[] from = found.sides()[half];
            double[] to = found.ends()[half];
            lines.add(
                    RegionSheet.line(from[0], from[1], to[0], to[1], half == 0 ? RegionSheet.GREEN : RegionSheet.RED));
        }
        return lines;
    }

    private static List<Line> ramps(AcrMeasurement.Seen seen) {
        SliceThickness thickness = seen.ramps();
        List<Line> lines = new ArrayList<>();
        if (thickness == null) {
            return lines;
        }
        int[] colours = {RegionSheet.GREEN, RegionSheet.RED};
        SliceThickness.Streak[] both = {thickness.lower(), thickness.upper()};
        for (int n = 0; n < 2; n++) {
            double from = thickness.row(both[n], both[n].from());
            double to = thickness.row(both[n], both[n].to());
            double tick = 2 / seen.outlines()[0].plane().dv();
            lines.add(line(seen, both[n].from(), from, both[n].to(), to, colours[n]));
            lines.add(line(seen, both[n].from(), from - tick, both[n].from(), from + tick, colours[n]));
            lines.add(line(seen, both[n].to(), to - tick, both[n].to(), to + tick, colours[n]));
        }
        return lines;
    }

    private static Line line(AcrMeasurement.Seen seen, double u, double v, double toU, double toV, int colour) {
        return seen.turned() ? RegionSheet.line(v, u, toV, toU, colour) : RegionSheet.line(u, v, toU, toV, colour);
    }

    private static List<Line> uniformity(Outline outline) {
        SliceImage p = outline.plane();
        List<Line> lines = new ArrayList<>();
        lines.add(circle(p, outline.u(), outline.v(), Uniformity.LARGE_MM, RegionSheet.ORANGE));
        Uniformity.Extremes extremes = Uniformity.Extremes.of(outline);
        if (extremes != null) {
            lines.add(circle(p, extremes.lowAt()[0], extremes.lowAt()[1], Uniformity.SMALL_MM, RegionSheet.BLUE));
            lines.add(circle(p, extremes.highAt()[0], extremes.highAt()[1], Uniformity.SMALL_MM, RegionSheet.RED));
        }
        for (int[] s : Uniformity.squares(outline)) {
            lines.add(RegionSheet.rectangle(s[0], s[1], Uniformity.SQUARE, Uniformity.SQUARE, RegionSheet.GREEN));
        }
        return lines;
    }

    private static Line circle(SliceImage p, double u, double v, double radiusMm, int colour) {
        return RegionSheet.ellipse(u, v, radiusMm / p.du(), radiusMm / p.dv(), colour);
    }

    private static List<Line> ghost(Outline outline) {
        List<Line> lines = new ArrayList<>();
        SliceImage p = outline.plane();
        lines.add(circle(p, outline.u(), outline.v(), Uniformity.LARGE_MM, RegionSheet.ORANGE));
        for (Uniformity.Ellipse e : Uniformity.beside(outline)) {
            lines.add(RegionSheet.ellipse(e.u(), e.v(), e.ru(), e.rv(), RegionSheet.GREEN));
        }
        return lines;
    }

    private static Picture lowContrast(
            ScanData scan, int axis, AcrMeasurement.Seen seen, LowContrast found, Findings findings) {
        Grid g = scan.grid();
        int a = axis == 0 ? 1 : 0;
        int b = axis == 2 ? 1 : 2;
        int[] from = {0, 0, 0};
        int[] size = {g.nx(), g.ny(), g.nz()};
        cut(g, a, found.u(), from, size);
        cut(g, b, found.v(), from, size);
        Volume disc = part(flat(scan, axis, seen, found), from, size);
        List<Tile> tiles = new ArrayList<>();
        for (int slice = 0; slice < 4; slice++) {
            int number = LowContrast.FIRST_SLICE + slice;
            SliceImage p = seen.outlines()[number - 1].plane();
            List<Line> moved = spokes(p, found, slice).stream()
                    .map(l -> new Line(
                            Arrays.stream(l.points())
                                    .map(q -> new double[] {q[0] - from[a], q[1] - from[b]})
                                    .toArray(double[][]::new),
                            l.colour()))
                    .toList();
            tiles.add(tile(
                    "SLICE " + number + ": LOW CONTRAST, SHADING REMOVED, WINDOW +-6%",
                    text(findings, "COMPLETE SPOKES %.0f", "acr_lcod_" + number),
                    disc.data(),
                    axis,
                    seen.file()[number - 1],
                    0.94,
                    1.06,
                    moved));
        }
        return RegionSheet.of(
                "low-contrast.png",
                "Low-contrast objects of the ACR phantom",
                "Green marks are at spokes of which all three holes were seen, red at the others: the eye should agree.",
                disc.grid(),
                tiles);
    }

    /** Limits one axis to {@link #DISC_MM} around a place. */
    private static void cut(Grid g, int axis, double middle, int[] from, int[] size) {
        double reach = DISC_MM / g.spacing(axis);
        from[axis] = (int) Math.max(0, Math.floor(middle - reach));
        size[axis] = (int) Math.min(g.dim(axis) - 1.0, Math.ceil(middle + reach)) - from[axis] + 1;
    }

    private static Volume part(Volume whole, int[] from, int[] size) {
        Grid g = whole.grid();
        double[] affine = g.affine();
        for (int r = 0; r < 3; r++) {
            affine[4 * r + 3] += affine[4 * r] * from[0] + affine[4 * r + 1] * from[1] + affine[4 * r + 2] * from[2];
        }
        Grid small = new Grid(size[0], size[1], size[2], g.dx(), g.dy(), g.dz(), affine);
        float[] out = new float[small.size()];
        for (int k = 0; k < size[2]; k++) {
            for (int j = 0; j < size[1]; j++) {
                System.arraycopy(
                        whole.data(), g.index(from[0], j + from[1], k + from[2]), out, small.index(0, j, k), size[0]);
            }
        }
        return new Volume(small, out);
    }

    /** The image with its four low-contrast slices flattened. */
    private static Volume flat(ScanData scan, int axis, AcrMeasurement.Seen seen, LowContrast found) {
        Grid g = scan.grid();
        int a = axis == 0 ? 1 : 0;
        int b = axis == 2 ? 1 : 2;
        float[] out = new float[g.size()];
        for (int slice = 0; slice < 4; slice++) {
            SliceImage p = found.flat()[slice];
            int base = seen.file()[LowContrast.FIRST_SLICE - 1 + slice] * g.stride(axis);
            for (int v = 0; v < p.nv(); v++) {
                for (int u = 0; u < p.nu(); u++) {
                    out[base + u * g.stride(a) + v * g.stride(b)] = p.at(u, v);
                }
            }
        }
        return new Volume(g, out);
    }

    /** A short mark outside of each spoke, and one in the middle for the largest, so that the holes stay free. */
    private static List<Line> spokes(SliceImage p, LowContrast found, int slice) {
        List<Line> lines = new ArrayList<>();
        for (int spoke = 0; spoke < LowContrast.DIAMETERS_MM.length; spoke++) {
            boolean[] holes = found.seen()[slice][spoke];
            int colour = holes[0] && holes[1] && holes[2] ? RegionSheet.GREEN : RegionSheet.RED;
            double angle = found.spoke(slice, spoke);
            lines.add(radial(p, found, angle, SPOKE_TO_MM, SPOKE_TO_MM + 9, colour));
            if (spoke == 0) {
                lines.add(radial(p, found, angle, 0, SPOKE_FROM_MM, RegionSheet.ORANGE));
            }
        }
        return lines;
    }

    private static Line radial(SliceImage p, LowContrast found, double angle, double from, double to, int colour) {
        double u = Math.sin(angle) / p.du();
        double v = -Math.cos(angle) / p.dv();
        return RegionSheet.line(
                found.u() + from * u, found.v() + from * v, found.u() + to * u, found.v() + to * v, colour);
    }
}

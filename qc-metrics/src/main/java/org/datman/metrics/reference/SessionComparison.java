package org.datman.metrics.reference;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.commons.codec.digest.DigestUtils;
import org.datman.analysis.image.Grid;
import org.datman.analysis.image.Volume;
import org.datman.analysis.mask.Mask;
import org.datman.analysis.stats.Statistics;
import org.datman.contracts.study.Severity;
import org.datman.metrics.common.EvenSample;
import org.datman.metrics.input.ScanData;
import org.datman.metrics.model.Findings;
import org.datman.plots.picture.MapSheet;
import org.datman.plots.picture.Picture;
import org.datman.plots.picture.Scale;
import org.datman.plots.picture.ThumbnailStrip;
import org.datman.plots.report.Compared;
import org.datman.plots.report.Flag;

/** Compares a series with earlier ones of its protocol (<a href="{@docRoot}/../docs/qc-specification.md#V13">V13</a>, <a href="{@docRoot}/../docs/qc-specification.md#V18">V18</a>), and makes its reference image for later ones. */
public final class SessionComparison {

    private static final List<String> KEYS = List.of("local_snr_ratio_min", "local_snr_lost_pct");
    private static final double RATIO_PCT = 50;
    private static final int SHOWN = 5;
    private static final double MOST_FD_MM = 0.5;

    private SessionComparison() {}

    /** Adds metrics and flags, adds pictures, and returns the reference image; none when the series contains no object. */
    public static Optional<ImageReference> compare(ScanData scan, Findings findings, List<Picture> pictures) {
        Findings.Seen seen = findings.seen();
        if (seen == null || seen.object().count() == 0) {
            findings.unknown(KEYS, "no_object");
            return Optional.empty();
        }
        Mask object = seen.object();
        int sliceAxis = scan.axes().slice();
        Tiles.Place place = Tiles.Place.of(object);
        Tiles tiles = Tiles.of(place, object, seen.signal(), seen.acquired(), seen.noise(), sliceAxis);
        List<ImageReference> before = before(scan, findings);
        loss(scan, seen, place, tiles, before, findings, pictures);
        Volume image = new Volume(scan.grid(), seen.signal());
        int patient = scan.grid().axes().patientAxis()[sliceAxis];
        SliceStrip.Box box = SliceStrip.Box.of(object);
        SliceStrip own = SliceStrip.suiting(image, object, patient, box);
        Optional<ImageReference> chosen = against(scan, before, findings);
        if (chosen.isEmpty()) {
            return Optional.of(new ImageReference(
                    scan.request().series(), scan.request().kind(), tiles, own, own.draw(image, patient, box)));
        }
        ImageReference against = chosen.get();
        // The earlier window and frame are used as long as they fit: pictures of years can then be overlaid.
        SliceStrip theirs = against.slices();
        boolean fits = own.top() < 2 * theirs.top() && theirs.top() < 2 * own.top();
        SliceStrip used =
                new SliceStrip(theirs.widthMm(), theirs.heightMm(), theirs.pixelMm(), fits ? theirs.top() : own.top());
        byte[] drawn = used.draw(image, patient, box);
        pictures.add(ThumbnailStrip.blink(
                scan.request().series(),
                against.series(),
                against.png(),
                drawn,
                SliceStrip.SLICES * (int) Math.max(1, Math.round(used.widthMm() / used.pixelMm())),
                (int) Math.max(1, Math.round(used.heightMm() / used.pixelMm())),
                fits
                        ? "same window in both: 0 to " + plain(used.top())
                        : "intensities are scaled otherwise: white is " + plain(theirs.top()) + " before and "
                                + plain(used.top()) + " now"));
        return Optional.of(
                new ImageReference(scan.request().series(), scan.request().kind(), tiles, used, drawn));
    }

    private static String plain(double value) {
        return BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
    }

    /** Earlier reference images of the same kind that can be read; the others are reported. */
    private static List<ImageReference> before(ScanData scan, Findings findings) {
        scan.request().references().leftOut().forEach(findings::compared);
        List<ImageReference> all = new ArrayList<>();
        for (Path file : scan.request().references().before()) {
            read(scan, file, Compared.EARLIER, findings).ifPresent(all::add);
        }
        return all;
    }

    private static Optional<ImageReference> against(ScanData scan, List<ImageReference> before, Findings findings) {
        Path gold = scan.request().references().goldLikeness();
        Optional<ImageReference> chosen = gold == null ? Optional.empty() : read(scan, gold, Compared.GOLD, findings);
        return chosen.or(() -> before.isEmpty() ? Optional.empty() : Optional.of(before.get(before.size() - 1)));
    }

    /** A reference image that this series can be compared with. */
    private static Optional<ImageReference> read(ScanData scan, Path file, String role, Findings findings) {
        String name = String.valueOf(file.getFileName());
        String series = name;
        String sha256 = null;
        String problem;
        try {
            byte[] bytes = Files.readAllBytes(file);
            sha256 = DigestUtils.sha256Hex(bytes);
            ImageReference reference = ImageReference.read(bytes, name);
            series = reference.series();
            if (reference.kind().equals(scan.request().kind())) {
                findings.compared(new Compared(series, role, sha256, null));
                return Optional.of(reference);
            }
            problem = "it is of kind " + reference.kind();
        } catch (IOException e) {
            problem = String.valueOf(e.getMessage());
        }
        findings.compared(new Compared(series, role, sha256, problem));
        findings.flag(new Flag("earlier-session", null, null, Severity.WARN, Map.of("file", name, "problem", problem)));
        return Optional.empty();
    }

    private static void loss(
            ScanData scan,
            Findings.Seen seen,
            Tiles.Place place,
            Tiles tiles,
            List<ImageReference> before,
            Findings findings,
            List<Picture> pictures) {
        // The difference of volumes of a moved head shows its edges, which are not noise.
        if (above(findings, "fd_power_mean", MOST_FD_MM) || above(findings, "fd_b0_max", MOST_FD_MM)) {
            findings.unknown(KEYS, "head_moved");
            return;
        }
        LocalLoss loss =
                LocalLoss.of(tiles, before.stream().map(ImageReference::tiles).toList());
        if (loss == null) {
            findings.unknown(
                    KEYS,
                    before.isEmpty()
                            ? "no_earlier_sessions"
                            : before.size() < LocalLoss.FEWEST_BEFORE
                                    ? "fewer_than_" + LocalLoss.FEWEST_BEFORE + "_earlier_sessions"
                                    : "earlier_sessions_do_not_fit");
            return;
        }
        Mask object = seen.object();
        findings.put(KEYS.get(0), loss.smallest(), object);
        findings.put(KEYS.get(1), 100.0 * loss.lost().length / loss.known(), object);
        if (loss.lost().length > 0) {
            Map<String, Object> evidence = new TreeMap<>();
            evidence.put("ratio", loss.ofLost());
            evidence.put("tiles", loss.lost().length);
            evidence.put("sessions", before.size());
            String[] axes = {"r_mm", "a_mm", "s_mm"};
            for (int r = 0; r < 3; r++) {
                int axis = r;
                evidence.put(
                        axes[r],
                        Arrays.stream(loss.lost())
                                .mapToDouble(t -> place.centre()[t][axis])
                                .average()
                                .orElse(Double.NaN));
            }
            findings.flag(new Flag("local-snr-loss", null, null, Severity.WARN, evidence));
        }
        pictures.add(map(scan, seen, place, tiles, loss, before.size()));
    }

    private static boolean above(Findings findings, String key, double limit) {
        Double value = findings.value(key);
        return value != null && value > limit;
    }

    /** <a href="{@docRoot}/../docs/qc-specification.md#V13">V13</a>. */
    private static Picture map(
            ScanData scan, Findings.Seen seen, Tiles.Place place, Tiles tiles, LocalLoss loss, int sessions) {
        Grid grid = scan.grid();
        float[] snr = new float[grid.size()];
        float[] change = new float[grid.size()];
        for (int v = 0; v < snr.length; v++) {
            int t = place.of()[v];
            snr[v] = t < 0 ? Float.NaN : (float) tiles.snr()[t];
            change[v] = t < 0 ? Float.NaN : (float) (100 * (loss.ratio()[t] - 1));
        }
        double top = Scale.round(Statistics.quantile(
                Arrays.stream(tiles.snr()).filter(Double::isFinite).toArray(), 0.98));
        int axis = scan.axes().slice();
        int[] slices = EvenSample.slices(seen.object(), axis, SHOWN);
        double white = Scale.round(Statistics.quantile(seen.signal(), 0.995));
        return MapSheet.of(
                scan.request().series(),
                "local-snr.png",
                "Local signal to noise against earlier sessions",
                "The lowest row should be pale: a blue part has lost signal to noise since, as under a failing element of the coil.",
                grid,
                axis,
                slices,
                List.of(
                        new MapSheet.Map(seen.signal(), Scale.grey(0, white, "SIGNAL")),
                        new MapSheet.Map(snr, Scale.viridis(0, top, "LOCAL SNR")),
                        new MapSheet.Map(
                                change,
                                Scale.diverging(RATIO_PCT, "AGAINST THE MEDIAN OF " + sessions + " EARLIER, %"))));
    }
}

package org.datman.metrics.common;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.datman.analysis.mask.Mask;
import org.datman.analysis.noise.Profiles;
import org.datman.analysis.noise.StructuredNoise;
import org.datman.analysis.noise.Zipper;
import org.datman.analysis.spike.Herringbone;
import org.datman.contracts.study.Severity;
import org.datman.metrics.input.ScanData;
import org.datman.metrics.model.Findings;
import org.datman.plots.report.Flag;

/** Adds the scores of patterned noise in the air (specification <a href="{@docRoot}/../docs/qc-specification.md#A.5">A.5</a>) and flags a line of RF noise. */
public final class StructuredFindings {

    private StructuredFindings() {}

    /**
     * Adds herringbone_score, bg_flatness, air_levels, air_comb and zipper_score.
     *
     * @param acquired one volume: over a run, motion and ghosts would draw lines of their own
     * @param zipperLimit robust z above which a line is flagged
     */
    public static void measure(
            ScanData scan, float[] acquired, Background air, Herringbone wave, double zipperLimit, Findings findings) {
        Mask candidates = air.candidates();
        if (Double.isNaN(wave.score())) {
            findings.unknown(List.of("herringbone_score", "bg_flatness"), "too_little_air");
        } else {
            findings.put("herringbone_score", wave.score() / wave.limit(), candidates);
            double flatness = StructuredNoise.flatness(wave.power(), wave.nx(), wave.ny(), wave.slices());
            findings.putOr("bg_flatness", flatness, candidates, "matrix_too_small");
        }
        ScanData.Storage storage = scan.storage();
        StructuredNoise.Levels levels = storage.integral()
                ? StructuredNoise.levels(air.air().values(acquired), storage.slope(), storage.intercept())
                : null;
        if (levels == null) {
            findings.unknown(
                    List.of("air_levels", "air_comb"), storage.integral() ? "no_air" : "not_stored_as_whole_numbers");
        } else {
            findings.put("air_levels", levels.distinct(), air.air());
            findings.put("air_comb", levels.comb(), air.air());
        }
        Zipper.Line line =
                Zipper.find(scan.grid(), acquired, candidates, scan.axes().slice());
        if (Double.isNaN(line.score())) {
            findings.unknown("zipper_score", "too_little_air");
            return;
        }
        findings.put("zipper_score", line.score(), candidates);
        if (line.score() > zipperLimit) {
            findings.flag(zipper(scan, line));
        }
    }

    /** Adds the reason why none of them can be measured. */
    public static void unknown(String reason, Findings findings) {
        findings.unknown(List.of("herringbone_score", "bg_flatness", "air_levels", "air_comb", "zipper_score"), reason);
    }

    private static Flag zipper(ScanData scan, Zipper.Line line) {
        Map<String, Object> evidence = new TreeMap<>();
        evidence.put("score", line.score());
        evidence.put("axis", String.valueOf("ijk".charAt(line.axis())));
        evidence.put("index", line.index());
        Double bandwidth = scan.sidecar().number("PixelBandwidth");
        if (bandwidth != null
                && scan.axes().phase() >= 0
                && line.axis() != scan.axes().phase()) {
            evidence.put("offset_hz", Profiles.hertz(line.index(), scan.grid().dim(line.axis()), bandwidth));
        }
        return new Flag(
                "zipper", line.slice() < 0 ? null : Integer.valueOf(line.slice()), null, Severity.WARN, evidence);
    }
}

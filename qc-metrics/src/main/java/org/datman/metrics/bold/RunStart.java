package org.datman.metrics.bold;

import org.datman.metrics.common.OddVolumes;
import org.datman.metrics.common.StorageScan;
import org.datman.metrics.common.VolumeCount;
import org.datman.metrics.input.ScanData;
import org.datman.metrics.kind.Stages;
import org.datman.metrics.model.Findings;
import org.datman.metrics.model.MeasureException;

/** The first checks of every run over time, head or phantom: length, truncation, storage, steady state. */
public final class RunStart {

    private RunStart() {}

    /** Adds n_volumes, duration_min, the truncation flag, storage metrics, dummy_trs and odd volumes; returns the first steady volume. */
    public static int of(ScanData scan, Findings findings, Stages stages) throws MeasureException {
        int volumes = scan.volumes();
        findings.put("n_volumes", volumes);
        if (Double.isNaN(scan.trSeconds())) {
            findings.unknown("duration_min", "tr_unknown");
        } else {
            findings.put("duration_min", volumes * scan.trSeconds() / 60);
        }
        VolumeCount.check(scan, findings);
        stages.run("storage", () -> StorageScan.measure(scan, findings));
        int dummies = stages.run("steady_state", () -> SteadyState.dummies(scan.series()));
        if (dummies < 0) {
            findings.unknown("dummy_trs", "fewer_than_10_volumes");
        } else {
            findings.put("dummy_trs", dummies);
        }
        int start = Math.max(0, Math.min(dummies, volumes - 2));
        stages.run("odd_volumes", () -> OddVolumes.of(
                        scan.series(), OddVolumes.run(volumes, start), OddVolumes.ONE_CONTRAST)
                .flag(findings));
        return start;
    }
}

package org.datman.metrics.bold;

import org.datman.metrics.Stages;
import org.datman.metrics.common.StorageScan;
import org.datman.metrics.common.VolumeCount;
import org.datman.metrics.input.MeasureException;
import org.datman.metrics.input.Scan;
import org.datman.metrics.model.Findings;

/** What every run over time is asked first, head or phantom: length, truncation, storage, steady state. */
public final class RunStart {

    private RunStart() {}

    /** Puts n_volumes, duration_min, the truncation flag, storage metrics and dummy_trs; returns the first steady volume. */
    public static int of(Scan scan, Findings findings, Stages stages) throws MeasureException {
        int volumes = scan.volumes();
        findings.put("n_volumes", volumes);
        if (Double.isNaN(scan.trSeconds())) {
            findings.unknown("duration_min", "tr_unknown");
        } else {
            findings.put("duration_min", volumes * scan.trSeconds() / 60);
        }
        VolumeCount.check(scan, findings);
        stages.run("storage", () -> {
            StorageScan.measure(scan, findings);
            return null;
        });
        int dummies = stages.run("steady_state", () -> SteadyState.dummies(scan.series()));
        if (dummies < 0) {
            findings.unknown("dummy_trs", "fewer_than_10_volumes");
        } else {
            findings.put("dummy_trs", dummies);
        }
        return Math.max(0, Math.min(dummies, volumes - 2));
    }
}

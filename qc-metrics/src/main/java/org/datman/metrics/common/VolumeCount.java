package org.datman.metrics.common;

import java.util.Map;
import org.datman.contracts.study.Severity;
import org.datman.metrics.input.ScanData;
import org.datman.metrics.model.Findings;
import org.datman.plots.report.Flag;

/** Compares the number of volumes with the protocol's: detects a run that was stopped early. */
public final class VolumeCount {

    private VolumeCount() {}

    /** Flags fewer volumes than expected ({@code truncated}) or more ({@code volume-count}); nothing when the study expects none. */
    public static void check(ScanData scan, Findings findings) {
        Integer expected = scan.request().expectedVolumes();
        if (expected == null || expected == scan.volumes()) {
            return;
        }
        boolean fewer = scan.volumes() < expected;
        findings.flag(new Flag(
                fewer ? "truncated" : "volume-count",
                null,
                null,
                fewer ? Severity.FLAG : Severity.WARN,
                Map.of("expected_volumes", expected, "found_volumes", scan.volumes())));
    }
}

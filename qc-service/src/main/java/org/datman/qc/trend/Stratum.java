package org.datman.qc.trend;

import org.datman.contracts.event.QcComplete;
import org.datman.contracts.event.QcComplete.Acquisition;

/** Identifies a history: numbers of another scanner, software, coil or definition are another history. */
record Stratum(String study, String site, String tag, Acquisition acquisition, String metric, String version) {

    static Stratum of(QcComplete result, QcComplete.Metric metric) {
        return new Stratum(
                result.study(),
                result.site(),
                result.tag(),
                result.acquisition().orElse(new Acquisition("", "", "")),
                metric.key(),
                metric.version());
    }

    /** Key in the table of alarms. */
    String about() {
        return String.join(
                "\t",
                "metric",
                study,
                site,
                tag,
                acquisition.scanner(),
                acquisition.software(),
                acquisition.coil(),
                metric,
                version);
    }
}

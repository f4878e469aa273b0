package org.datman.metrics.input;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.datman.analysis.image.Grid;
import org.datman.contracts.study.Severity;
import org.datman.imaging.nifti.NiftiHeader;
import org.datman.plots.report.Flag;

/** Faults and contradictions in the files of a series. Pure. */
final class Remarks {

    private Remarks() {}

    static List<Flag> of(SidecarValues sidecar, NiftiHeader header, RepetitionTime tr, Axes axes, Grid grid) {
        List<Flag> remarks = new ArrayList<>();
        sidecar.faults().forEach(fault -> remarks.add(remark("sidecar", fault)));
        if (tr.contradiction() != null) {
            String used = Double.isNaN(tr.seconds()) ? "none is used" : "used is that of the " + tr.source();
            remarks.add(remark("repetition-time", tr.contradiction() + "; " + used));
        }
        if (!grid.oriented()) {
            remarks.add(remark(
                    "orientation", "both transform codes of the image are 0: left, anterior and superior are unknown"));
        }
        double[] timing = sidecar.numbers("SliceTiming");
        if (timing != null && header.dims().size() > 2 && timing.length != grid.dim(axes.slice())) {
            remarks.add(remark(
                    "sidecar",
                    "it lists times of " + timing.length + " slices, the image has " + grid.dim(axes.slice())
                            + "; is it the sidecar of another image?"));
        } else if (timing != null
                && !Double.isNaN(tr.seconds())
                && Arrays.stream(timing).max().orElse(0) > tr.seconds()) {
            remarks.add(remark("sidecar", "it lists slices later than the repetition time"));
        }
        return remarks;
    }

    private static Flag remark(String kind, String problem) {
        return new Flag(kind, null, null, Severity.WARN, Map.of("problem", problem));
    }
}

package org.datman.metrics;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.datman.analysis.image.Volume;
import org.datman.contracts.event.QcComplete;
import org.datman.contracts.metric.MetricCatalogue;
import org.datman.contracts.metric.QcKind;
import org.datman.metrics.anat.AnatMeasurement;
import org.datman.metrics.bold.BoldMeasurement;
import org.datman.metrics.common.OddVolumes;
import org.datman.metrics.dwi.DwiMeasurement;
import org.datman.metrics.input.MeasureRequest;
import org.datman.metrics.input.ScanData;
import org.datman.metrics.input.ScanReader;
import org.datman.metrics.kind.KindMeasurement;
import org.datman.metrics.kind.Stages;
import org.datman.metrics.model.Findings;
import org.datman.metrics.model.MeasureException;
import org.datman.metrics.other.OtherMeasurement;
import org.datman.metrics.other.PhaseImage;
import org.datman.metrics.phantom.AcrMeasurement;
import org.datman.metrics.phantom.AdniMeasurement;
import org.datman.metrics.phantom.DtiPhantomMeasurement;
import org.datman.metrics.phantom.FbirnMeasurement;
import org.datman.metrics.reference.ImageReference;
import org.datman.metrics.reference.SessionComparison;
import org.datman.metrics.verdict.VerdictRules;
import org.datman.plots.picture.Mosaic;
import org.datman.plots.picture.Picture;
import org.datman.plots.report.Report;
import org.datman.plots.report.Verdict;

/** Measures a series; the entry point of the service and of the command line. */
public final class Measurement {

    private static final KindMeasurement OTHER = new OtherMeasurement();
    private static final Map<QcKind, KindMeasurement> KINDS = byKind(
            new BoldMeasurement(),
            new DwiMeasurement(),
            new AnatMeasurement(),
            new FbirnMeasurement(),
            new AcrMeasurement(),
            new AdniMeasurement(),
            new DtiPhantomMeasurement(),
            OTHER);

    private Measurement() {}

    private static Map<QcKind, KindMeasurement> byKind(KindMeasurement... all) {
        Map<QcKind, KindMeasurement> byKind = new TreeMap<>();
        for (KindMeasurement one : all) {
            one.kinds().forEach(kind -> byKind.put(kind, one));
        }
        return byKind;
    }

    /** Kinds that can be measured, sorted. */
    public static List<QcKind> kinds() {
        return List.copyOf(KINDS.keySet());
    }

    /**
     * Measures one series. Safe to call from several threads; each call uses all cores for its own loops. An image that can be read but
     * shows nothing to measure is rejected: it has the verdict ERROR, the findings until then and a picture.
     *
     * @throws MeasureException for any fault of the input: the message states what, where and what to do
     */
    public static Measured measure(MeasureRequest request) throws MeasureException {
        KindMeasurement measurement = KINDS.get(request.kind());
        if (measurement == null) {
            throw new MeasureException("kind " + request.kind() + " cannot be measured; kinds are "
                    + KINDS.keySet().stream().map(QcKind::key).sorted().collect(Collectors.joining(", ")));
        }
        Stages stages = new Stages();
        Findings findings = new Findings();
        try (ScanData scan = stages.run("read", () -> ScanReader.read(request))) {
            scan.remarks().forEach(findings::flag);
            if (scan.storage().colour()) {
                return refused(scan, findings, stages, colours(request));
            }
            List<Picture> pictures;
            try {
                pictures = new ArrayList<>(fitting(measurement, scan, findings).measure(scan, findings, stages));
            } catch (MeasureException e) {
                return refused(scan, findings, stages, e);
            }
            Optional<ImageReference> likeness =
                    stages.run("likeness", () -> SessionComparison.compare(scan, findings, pictures));
            Verdict verdict = VerdictRules.judge(request.kind(), findings, request.config());
            Report report = new Report(
                    request.series(),
                    request.kind(),
                    scan.facts(),
                    findings.metrics(),
                    findings.courses(),
                    findings.flags(),
                    verdict,
                    findings.spectrum(),
                    findings.compared());
            return new Measured(report, pictures, likeness.orElse(null), stages.seconds());
        } catch (OutOfMemoryError e) {
            throw new MeasureException(
                    request.nifti().getFileName()
                            + " does not fit into memory; raise the heap (JAVA_TOOL_OPTIONS=-Xmx4g"
                            + " for ./datman qc, DATMAN_QC_HEAP for the service) and try again",
                    e);
        } catch (RuntimeException e) {
            // A bug must not stop a worker: it is reported like any other failure, with its cause.
            throw new MeasureException(
                    request.nifti().getFileName() + " could not be measured as " + request.kind()
                            + " because of a fault in DATMAN (" + e + "); please report it",
                    e);
        }
    }

    private static MeasureException colours(MeasureRequest request) {
        return new MeasureException(request.nifti().getFileName()
                + " is a colour map: each voxel is a colour and not one number, so nothing in it can be measured; the pictures show its"
                + " luminance. Remove the map from the study's tags, or tag the series that it was made from");
    }

    /** Shows what was rejected: the brightest volume, and why. */
    private static Measured refused(ScanData scan, Findings findings, Stages stages, MeasureException why) {
        List<Picture> pictures = stages.run("pictures", () -> Mosaic.all(scan, brightest(scan)));
        Report report = new Report(
                scan.request().series(),
                scan.request().kind(),
                scan.facts(),
                findings.metrics(),
                findings.courses(),
                findings.flags(),
                new Verdict(QcComplete.Level.ERROR, List.of(why.getMessage())),
                null,
                List.of());
        return new Measured(report, pictures, null, stages.seconds(), why);
    }

    private static Volume brightest(ScanData scan) {
        double[] mean = OddVolumes.of(scan.series(), new int[scan.volumes()], OddVolumes.ANY_CONTRAST)
                .mean();
        int best = 0;
        for (int t = 1; t < mean.length; t++) {
            best = mean[t] > mean[best] ? t : best;
        }
        return scan.series().volume(best);
    }

    /** The image's type decides before its tag: an image of angles has no magnitude metrics, whatever kind it was tagged as. */
    private static KindMeasurement fitting(KindMeasurement measurement, ScanData scan, Findings findings) {
        if (!PhaseImage.is(scan.sidecar())) {
            return measurement;
        }
        findings.unknown(MetricCatalogue.keysOf(scan.request().kind()), "phase_image");
        return OTHER;
    }

    /** A report of a series that could not be measured: no metrics, verdict ERROR with the reason. */
    public static Report failed(MeasureRequest request, MeasureException why) {
        return new Report(
                request.series(),
                request.kind(),
                null,
                Map.of(),
                Map.of(),
                List.of(),
                new Verdict(QcComplete.Level.ERROR, List.of(why.getMessage())));
    }
}

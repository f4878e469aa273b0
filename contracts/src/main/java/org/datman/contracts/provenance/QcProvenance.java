package org.datman.contracts.provenance;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.QcComplete;
import org.datman.contracts.event.QcComplete.Verdict;
import org.datman.contracts.event.SessionRef;
import org.datman.contracts.metric.Limits;

/**
 * The provenance of the numbers, pictures and verdict of one image, stored as {@code <STUDY>/qc/<SESSION>/<stem>/provenance.json}.
 * It has no times, so that two measurements with one run key leave the same bytes; {@code qc-complete} has them.
 *
 * @param stem of the measured image
 * @param session XNAT's ids of the session
 * @param scan XNAT's id of the scan
 * @param seriesRevision revision of the series
 * @param kind how it was measured
 * @param inputs the files of the image as they were published
 * @param inputSha256 digest of the measured image
 * @param tool program and version
 * @param runKey hash of inputs, limits, gold standard and version
 * @param configRevision revision of the study text
 * @param limits the limits that were applied, by metric
 * @param verdict with its reasons
 * @param headerComparison the gold standard that the header was compared with, or why there was none
 * @param outputs the files that were written, without this one
 */
public record QcProvenance(
        String stem,
        SessionRef session,
        String scan,
        long seriesRevision,
        String kind,
        List<FileRef> inputs,
        String inputSha256,
        String tool,
        String runKey,
        String configRevision,
        Map<String, Limits> limits,
        Verdict verdict,
        Optional<String> headerComparison,
        List<FileRef> outputs) {

    /** Name of the file beside metrics.json. */
    public static final String FILE_NAME = "provenance.json";

    public QcProvenance {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        limits = Collections.unmodifiableMap(new TreeMap<>(limits));
    }

    /** The provenance of a result. */
    public static QcProvenance of(QcComplete result, List<FileRef> inputs, Map<String, Limits> limits) {
        return new QcProvenance(
                result.stem(),
                result.session(),
                result.scan(),
                result.seriesRevision(),
                result.kind(),
                inputs,
                result.inputSha256(),
                result.tool(),
                result.runKey(),
                result.configRevision(),
                limits,
                result.verdict(),
                result.headerComparison(),
                result.files());
    }
}

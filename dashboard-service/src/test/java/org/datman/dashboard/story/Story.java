package org.datman.dashboard.story;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.PipelineUpdated;
import org.datman.contracts.event.ProcessingFailed;
import org.datman.contracts.event.QcAlarm;
import org.datman.contracts.event.QcComplete;
import org.datman.contracts.event.QcReviewed;
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.ResourceDiscovered;
import org.datman.contracts.event.ResourceExported;
import org.datman.contracts.event.SeriesDiscovered;
import org.datman.contracts.event.SeriesExported;
import org.datman.contracts.event.SeriesTagged;
import org.datman.contracts.event.SessionChecked;
import org.datman.contracts.event.SessionDiscovered;
import org.datman.contracts.event.SessionRef;
import org.datman.contracts.event.SessionSettled;

/** The events of one session, with sensible values for all that a test does not care about. */
public record Story(SessionRef session, String study, String name) {

    public static final Instant START = Instant.parse("2026-11-20T09:00:00Z");
    private static final String REVISION = "0123456789ab";
    private static final AtomicReference<Instant> LAST_READ = new AtomicReference<>(START);

    /** A session of SPN01 at CMH. */
    public static Story of(String accession, String name) {
        return new Story(
                new SessionRef("local", accession), name.isEmpty() ? "" : name.substring(0, name.indexOf('_')), name);
    }

    /** A time later than any before: of what is told of the study configuration only the newest holds, for all tests together. */
    public static Instant later() {
        return LAST_READ.updateAndGet(last -> {
            Instant now = Instant.now();
            return now.isAfter(last) ? now : last.plusMillis(1);
        });
    }

    public String key() {
        return session.identity();
    }

    public SessionDiscovered discovered(long revision, String label) {
        return discovered(
                revision, label, revision > 1 ? SessionDiscovered.Status.RENAMED : SessionDiscovered.Status.PRESENT);
    }

    /** The session is gone from XNAT. */
    public SessionDiscovered deleted(long revision) {
        return discovered(revision, name, SessionDiscovered.Status.DELETED);
    }

    private SessionDiscovered discovered(long revision, String label, SessionDiscovered.Status status) {
        return new SessionDiscovered(
                session,
                revision,
                status,
                "SPN01_CMH",
                "SPN01_CMH_0001",
                label,
                revision > 1 ? Optional.of("old label") : Optional.empty(),
                Optional.empty(),
                study.isEmpty() ? Optional.empty() : Optional.of(study),
                Optional.of("CMH"),
                name.isEmpty() ? Optional.empty() : Optional.of(name),
                name.isEmpty()
                        ? Optional.of(
                                new Reason("label-not-in-grammar", "'" + label + "' has 2 fields", "Rename it on XNAT"))
                        : Optional.empty(),
                false,
                Optional.of(LocalDate.of(2026, 11, 20)),
                Optional.of("Siemens Prisma"),
                REVISION);
    }

    public SeriesDiscovered series(String scan, long revision, String description) {
        return series(scan, revision, description, SeriesDiscovered.Status.PRESENT);
    }

    public SeriesDiscovered series(String scan, long revision, String description, SeriesDiscovered.Status status) {
        return new SeriesDiscovered(
                session,
                revision,
                status,
                Optional.empty(),
                "SPN01_CMH",
                "SPN01_CMH_0001",
                name,
                scan,
                number(scan),
                Optional.of("1.2.3." + session.accession().hashCode() + "." + scan),
                description,
                "T1",
                "xnat:mrScanData",
                "usable",
                List.of("ORIGINAL", "PRIMARY", "M"),
                new TreeSet<>(),
                Map.of("EchoTime", "2.3"),
                Optional.of("77"),
                192,
                33_000_000,
                digest("listing" + scan + revision),
                Optional.of("2026-11-20"));
    }

    public SeriesTagged tagged(String scan, long revision, String tag, String description) {
        return tagged(
                scan,
                revision,
                SeriesTagged.Decision.TAGGED,
                tag,
                description,
                Reason.of("matched", "Only " + tag + " matches"));
    }

    public SeriesTagged tagged(
            String scan, long revision, SeriesTagged.Decision decision, String tag, String description, Reason reason) {
        boolean tagged = decision == SeriesTagged.Decision.TAGGED;
        return new SeriesTagged(
                session,
                revision,
                decision,
                Optional.of(study),
                Optional.of("CMH"),
                Optional.of(name),
                false,
                scan,
                number(scan),
                Optional.empty(),
                description,
                tagged
                        ? List.of(new SeriesTagged.Assignment(
                                tag,
                                stem(scan, tag),
                                qcKind(tag),
                                List.of("nii", "dcm"),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty()))
                        : List.of(),
                reason,
                List.of(
                        new SeriesTagged.TagExplanation(
                                "T1",
                                tagged,
                                List.of(
                                        new SeriesTagged.Clause("SeriesDescription", "(?i)t1", description, tagged),
                                        new SeriesTagged.Clause("ImageType", "M", "ORIGINAL\\PRIMARY\\M", true))),
                        new SeriesTagged.TagExplanation(
                                "T2",
                                false,
                                List.of(new SeriesTagged.Clause("SeriesDescription", "(?i)t2", description, false)))),
                Optional.of("77"),
                192,
                digest("listing" + scan + revision),
                Optional.of("2026-11-20"),
                REVISION);
    }

    public SeriesExported exported(String scan, long revision, String tag) {
        return exported(scan, revision, tag, SeriesExported.Outcome.EXPORTED, Optional.empty());
    }

    public SeriesExported exported(
            String scan, long revision, String tag, SeriesExported.Outcome outcome, Optional<Reason> reason) {
        String stem = stem(scan, tag);
        String folder = study + "/nii/" + name + "/";
        return exported(
                scan,
                revision,
                tag,
                outcome,
                reason,
                List.of(
                        new FileRef("nifti", folder + stem + ".nii.gz", 12_345_678, nifti(scan, revision)),
                        new FileRef("sidecar", folder + stem + ".json", 2_345, digest("sidecar" + scan + revision)),
                        new FileRef(
                                "dicom",
                                study + "/dcm/" + name + "/" + stem + ".dcm",
                                234_567,
                                digest("dicom" + scan))));
    }

    /** The same with files that really lie in an archive. */
    public SeriesExported exported(String scan, long revision, String tag, List<FileRef> files) {
        return exported(scan, revision, tag, SeriesExported.Outcome.EXPORTED, Optional.empty(), files);
    }

    private SeriesExported exported(
            String scan,
            long revision,
            String tag,
            SeriesExported.Outcome outcome,
            Optional<Reason> reason,
            List<FileRef> files) {
        String stem = stem(scan, tag);
        boolean made = outcome == SeriesExported.Outcome.EXPORTED || outcome == SeriesExported.Outcome.PARTIAL;
        return new SeriesExported(
                session,
                revision,
                revision,
                outcome,
                study,
                "CMH",
                name,
                false,
                scan,
                number(scan),
                Optional.of("2026-11-20"),
                made
                        ? List.of(new SeriesExported.Product(stem, tag, qcKind(tag), List.of(176, 256, 256, 1), files))
                        : List.of(),
                reason,
                Optional.of(new SeriesExported.Source(
                        192, 33_000_000, digest("source" + scan), digest("listing" + scan + revision))),
                Optional.of(new SeriesExported.Converter("dcm2niix", "v1.0.20240202")),
                digest("run" + key() + scan + revision),
                REVISION,
                START,
                START.plusSeconds(5),
                Optional.empty(),
                Optional.empty());
    }

    /** A metric that left its own history with this session. */
    public QcAlarm alarm(String scan, String tag, String metric, String message) {
        return new QcAlarm(
                session,
                1,
                QcAlarm.State.RAISED,
                study,
                "CMH",
                name,
                false,
                scan,
                stem(scan, tag),
                tag,
                new QcComplete.Acquisition("45123", "syngo MR E11", "HeadNeck_20"),
                metric,
                "1",
                QcAlarm.Rule.CUSUM,
                "warn",
                LocalDate.of(2026, 10, 2),
                LocalDate.of(2026, 11, 20),
                Optional.empty(),
                "0.53",
                "0.61",
                Optional.of(2.1),
                new Reason("metric-higher", message, "Look at the chart"));
    }

    /** What a rater decided about the image of a scan, at a time. */
    public QcReviewed reviewed(
            String scan, String tag, String reviewer, QcReviewed.Decision decision, Instant time, String id) {
        return new QcReviewed(
                session,
                id,
                study,
                name,
                Optional.of(scan),
                Optional.of(stem(scan, tag)),
                decision,
                List.of(nifti(scan, 1)),
                reviewer,
                time);
    }

    public QcComplete measured(String scan, long revision, String tag, QcComplete.Level level, String... reasons) {
        String stem = stem(scan, tag);
        String folder = study + "/qc/" + name + "/" + stem + "/";
        return new QcComplete(
                session,
                revision,
                study,
                "CMH",
                name,
                scan,
                stem,
                tag,
                Optional.of(false),
                Optional.of(LocalDate.of(2026, 11, 2)),
                Optional.of(new QcComplete.Acquisition("45123", "syngo MR E11", "HeadNeck_20")),
                qcKind(tag),
                List.of(
                        metric("snr_core", 21.4 + number(scan).orElse(0L), "1"),
                        metric("efc", 0.53, "1"),
                        metric("fwhm_avg", 2.71, "mm"),
                        new QcComplete.Metric("qi2", Optional.empty(), "1", "1", Optional.of("too little air")),
                        metric("snrd_total", 15.25, "1")),
                level == QcComplete.Level.FLAG
                        ? List.of(new QcComplete.Flag(
                                "slice-dropout", Optional.of(12), Optional.of(41), "FLAG", Map.of("z", "-8.4")))
                        : List.of(),
                level == QcComplete.Level.PASS
                        ? List.of()
                        : List.of(new QcComplete.HeaderDifference(
                                "RepetitionTime", Optional.of("2.3"), Optional.of("2.4"), Optional.of("0.01"), "WARN")),
                Optional.of("compared with the gold standard of 2026-01-01"),
                List.of(new QcComplete.Picture(
                        folder + "mosaic.png", "Mosaic", "Look for motion, wrap-around and missing slices")),
                List.of(
                        new FileRef("picture", folder + "mosaic.png", 1_000, digest("picture" + scan + revision)),
                        new FileRef("metrics", folder + "metrics.json", 4_000, digest("metrics" + scan + revision))),
                new QcComplete.Verdict(level, List.of(reasons)),
                nifti(scan, revision),
                "datman-qc 0.1",
                digest("qc" + key() + scan + revision),
                REVISION,
                START.plusSeconds(6),
                START.plusSeconds(8));
    }

    public SessionSettled settled(long revision, String... scans) {
        return new SessionSettled(
                session,
                revision,
                SessionSettled.Cause.QUIET,
                List.of(scans).stream()
                        .map(scan -> new SessionSettled.SettledSeries(scan, 1))
                        .toList(),
                0,
                START,
                START.plusSeconds(3));
    }

    public SessionChecked checked(long revision, boolean complete, SessionChecked.Row... rows) {
        return new SessionChecked(
                session,
                revision,
                1,
                study,
                "CMH",
                name,
                false,
                Optional.of("2026-11-20"),
                List.of(rows),
                complete,
                complete ? List.of() : List.of("1 T2 is missing"),
                List.of(),
                REVISION,
                Optional.of(List.of(new SessionChecked.Paired(
                        "physiology",
                        2,
                        1,
                        List.of("run1.puls"),
                        List.of("run2.puls"),
                        Optional.of("RST"),
                        Optional.of(LocalDate.of(2025, 1, 1)),
                        Optional.empty(),
                        SessionChecked.Outcome.MISSING))));
    }

    public ResourceDiscovered resource(String path) {
        return new ResourceDiscovered(
                session,
                1,
                false,
                "SPN01_CMH",
                "SPN01_CMH_0001",
                name,
                "12",
                "TechNotes",
                path,
                2_000,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    public ResourceExported exportedResource(String path) {
        return new ResourceExported(
                session,
                1,
                SeriesExported.Outcome.EXPORTED,
                study,
                name,
                "12",
                "TechNotes",
                path,
                Optional.of(new FileRef(
                        "resource",
                        study + "/resources/" + name + "/TechNotes/" + path,
                        2_000,
                        digest("resource" + path))),
                Optional.empty(),
                START.plusSeconds(4),
                Optional.empty());
    }

    public PipelineUpdated run(PipelineUpdated.State state) {
        return new PipelineUpdated(
                session,
                study,
                name,
                "brain-volume",
                "fslstats",
                "1.0",
                digest("pipeline" + key()),
                1,
                state,
                Optional.empty(),
                List.of(),
                Optional.of(0),
                Optional.of(12.5),
                START.plusSeconds(20));
    }

    /** That the pipeline does not run yet. */
    public PipelineUpdated waits(String why) {
        return new PipelineUpdated(
                session,
                study,
                name,
                "brain-volume",
                "fslstats",
                "1.0",
                "none",
                1,
                PipelineUpdated.State.WAITING,
                Optional.of(Reason.of("no-verdict", why)),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                START.plusSeconds(10));
    }

    public ProcessingFailed failed(String service, String stage, Optional<String> scan, String cause, Instant time) {
        return new ProcessingFailed(
                service,
                stage,
                ProcessingFailed.Kind.PERMANENT,
                Optional.of(session),
                scan,
                Optional.of(cause),
                3,
                new Reason(
                        "truncated-zip", "The zip of the scan ends after 12 of 192 files", "Upload the series again"),
                Optional.of("series-tagged.export.dlq"),
                time);
    }

    public String stem(String scan, String tag) {
        return name + "_" + tag + "_" + scan + "_" + "Sag" + tag;
    }

    /** SHA-256 of the NIfTI of that series at that revision. */
    public String nifti(String scan, long revision) {
        return digest("nifti" + key() + scan + revision);
    }

    /** The same result with a picture that really lies in an archive. */
    public static QcComplete withPicture(QcComplete result, FileRef picture) {
        List<FileRef> files = Stream.concat(
                        Stream.of(picture),
                        result.files().stream().filter(file -> !file.role().equals("picture")))
                .toList();
        return new QcComplete(
                result.session(),
                result.seriesRevision(),
                result.study(),
                result.site(),
                result.sessionName(),
                result.scan(),
                result.stem(),
                result.tag(),
                result.phantom(),
                result.date(),
                result.acquisition(),
                result.kind(),
                result.metrics(),
                result.flags(),
                result.headerDifferences(),
                result.headerComparison(),
                result.pictures(),
                files,
                result.verdict(),
                result.inputSha256(),
                result.tool(),
                result.runKey(),
                result.configRevision(),
                result.started(),
                result.finished());
    }

    /** The same bytes measured again, when the definition of one metric has another version. */
    public static QcComplete again(QcComplete old, String key, double value, String version) {
        return new QcComplete(
                old.session(),
                old.seriesRevision(),
                old.study(),
                old.site(),
                old.sessionName(),
                old.scan(),
                old.stem(),
                old.tag(),
                old.phantom(),
                old.date(),
                old.acquisition(),
                old.kind(),
                old.metrics().stream()
                        .map(metric -> metric.key().equals(key)
                                ? new QcComplete.Metric(
                                        key, Optional.of(value), metric.unit(), version, Optional.empty())
                                : metric)
                        .toList(),
                old.flags(),
                old.headerDifferences(),
                old.headerComparison(),
                old.pictures(),
                old.files(),
                old.verdict(),
                old.inputSha256(),
                old.tool(),
                old.runKey() + version,
                old.configRevision(),
                old.started(),
                old.finished());
    }

    private static QcComplete.Metric metric(String key, double value, String unit) {
        return new QcComplete.Metric(key, Optional.of(value), unit, "1", Optional.empty());
    }

    private static String qcKind(String tag) {
        return tag.startsWith("DTI") ? "dwi" : tag.equals("RST") ? "bold" : tag.equals("LOC") ? "ignore" : "anat";
    }

    private static Optional<Long> number(String scan) {
        return scan.matches("\\d+") ? Optional.of(Long.valueOf(scan)) : Optional.empty();
    }

    static String digest(String of) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(of.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}

package org.datman.qc.measure;

import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.commons.codec.digest.DigestUtils;
import org.datman.contracts.event.EventJson;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.FileRole;
import org.datman.contracts.event.GoldStandardSet;
import org.datman.contracts.event.QcComplete;
import org.datman.contracts.event.QcCompleteBuilder;
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.SeriesExported;
import org.datman.contracts.event.SeriesExported.Product;
import org.datman.contracts.metric.Limits;
import org.datman.contracts.metric.MetricCatalogue;
import org.datman.contracts.metric.QcKind;
import org.datman.contracts.provenance.QcProvenance;
import org.datman.contracts.study.GoldStandard;
import org.datman.contracts.study.HeaderRules;
import org.datman.contracts.study.StudyConfiguration;
import org.datman.contracts.study.TagRule;
import org.datman.metrics.Measured;
import org.datman.metrics.Measurement;
import org.datman.metrics.input.MeasureRequest;
import org.datman.metrics.input.MemoryNeed;
import org.datman.metrics.input.References;
import org.datman.metrics.model.Findings;
import org.datman.metrics.model.MeasureException;
import org.datman.metrics.reference.ImageReference;
import org.datman.metrics.verdict.QcConfig;
import org.datman.metrics.verdict.VerdictRules;
import org.datman.platform.archive.Archive;
import org.datman.platform.event.OutageException;
import org.datman.platform.event.TransientErrors;
import org.datman.platform.study.Studies;
import org.datman.plots.picture.Picture;
import org.datman.plots.report.Compared;
import org.datman.plots.report.Flag;
import org.datman.plots.report.HtmlReport;
import org.datman.plots.report.Metric;
import org.datman.plots.report.Report;
import org.datman.plots.report.ReportFormatException;
import org.datman.plots.report.ReportJson;
import org.datman.plots.report.Verdict;
import org.datman.qc.header.HeaderCheck;
import org.datman.qc.header.HeaderOfImage;
import org.datman.qc.trend.Trends;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Measures one image by the study's rules for its tag, and writes the results beside the image. */
@ApplicationScoped
class Measurer {

    private static final Logger LOG = Logger.getLogger(Measurer.class);

    /** Maximum number of flags in an event; metrics.json has all of them. */
    private static final int MOST_FLAGS_IN_AN_EVENT = 200;

    private static final String GOLD_TABLE = "gradient_angle_max";
    private static final List<FileRole> MEASURED_ROLES =
            List.of(FileRole.NIFTI, FileRole.SIDECAR, FileRole.BVAL, FileRole.BVEC, FileRole.DICOM);

    private final Archive archive;
    private final Studies studies;
    private final HeaderCheck headers;
    private final Trends trends;
    private final ReferenceSelector predecessors;
    private final MeasurementExecutor executor;
    private final Clock clock;
    private final String version;

    Measurer(
            Archive archive,
            Studies studies,
            HeaderCheck headers,
            Trends trends,
            ReferenceSelector predecessors,
            MeasurementExecutor executor,
            Clock clock,
            @ConfigProperty(name = "quarkus.application.version") String version) {
        this.archive = archive;
        this.studies = studies;
        this.headers = headers;
        this.trends = trends;
        this.predecessors = predecessors;
        this.executor = executor;
        this.clock = clock;
        this.version = version;
    }

    /**
     * All inputs of a result.
     *
     * @param kind how it will be measured
     * @param study its study, or null when that is no longer configured
     * @param rule the rules of its tag, or null when the study no longer has it
     * @param gold the standard that a person set and that applies to it, or null
     * @param own its header
     * @param references what it will be compared with
     * @param runKey identity of the result: hash of the digests of all inputs, kind, limits, gold standard and version
     */
    record Plan(
            SeriesExported exported,
            Product product,
            QcKind kind,
            @Nullable StudyConfiguration study,
            @Nullable TagRule rule,
            @Nullable GoldStandardSet gold,
            HeaderOfImage own,
            References references,
            String runKey) {

        /** The study's limits of its tag. */
        Map<String, Limits> limits() {
            return rule == null ? Map.of() : rule.thresholds();
        }

        /** The study's header rules of its tag, or the defaults. */
        HeaderRules headerRules() {
            return rule == null ? HeaderRules.USUAL : rule.headerRules();
        }
    }

    Plan plan(SeriesExported exported, Product product, @Nullable GoldStandardSet gold) throws IOException {
        Optional<StudyConfiguration> study = studies.current().study(exported.study());
        Optional<GoldStandard> configured =
                study.flatMap(s -> s.goldStandard(exported.site(), product.tag(), day(exported)));
        HeaderOfImage own = own(List.of(product), product.stem());
        References references = QuarkusTransaction.requiringNew()
                .call(() -> predecessors.of(exported, product, own.acquisition(), configured.orElse(null), gold));
        Optional<TagRule> rule = study.flatMap(s -> s.tag(exported.site(), product.tag()));
        QcKind kind = QcKind.of(product.qcKind()).measuredAs();
        MessageDigest digest = DigestUtils.getSha256Digest();
        product.files().stream()
                .filter(file -> MEASURED_ROLES.contains(file.role()))
                // By text: the run key of a result must not depend on the order of the constants.
                .sorted(Comparator.comparing(file -> file.role().key()))
                .forEach(file -> feed(digest, file.role().key(), file.sha256()));
        feed(digest, kind.key(), version, MetricCatalogue.revision(), exported.site(), product.tag());
        feed(digest, incomplete(exported));
        feed(digest, rule.map(r -> new TreeMap<>(r.thresholds()).toString()).orElse(""));
        feed(digest, rule.map(r -> inOrder(r.headerRules())).orElse(""));
        feed(digest, configured.map(Measurer::ofRunKey).orElse(""));
        feed(digest, gold == null ? "" : gold.sidecar().sha256() + gold.validFrom());
        feed(digest, references);
        return new Plan(
                exported,
                product,
                kind,
                study.orElse(null),
                rule.orElse(null),
                gold,
                own,
                references,
                HexFormat.of().formatHex(digest.digest()));
    }

    /** A standard as in the run keys of all stored results: with another text each image would be measured again. */
    static String ofRunKey(GoldStandard standard) {
        return standard.from() + " " + standard.findFile() + " " + new TreeMap<>(standard.parameters());
    }

    /** Immutable sets and maps have another order in each process: a result's key would differ after each restart. */
    private static String inOrder(HeaderRules rules) {
        return new TreeSet<>(rules.ignored()) + " " + new TreeMap<>(rules.tolerances()) + " "
                + new TreeMap<>(rules.severities())
                + (rules.named().isEmpty() ? "" : " " + new TreeSet<>(rules.named()));
    }

    /** What export reports as missing affects the verdict like the image does; nothing for a complete image, whose result stays valid. */
    private static String[] incomplete(SeriesExported exported) {
        return exported.outcome() == SeriesExported.Outcome.PARTIAL
                ? new String[] {exported.reason().map(Reason::message).orElse("partial")}
                : new String[0];
    }

    /** The references of an image are inputs like the image. */
    private static void feed(MessageDigest digest, References references) throws IOException {
        List<Path> files = new ArrayList<>(references.before());
        Stream.of(references.goldBval(), references.goldBvec(), references.goldLikeness())
                .forEach(files::add);
        for (Path file : files) {
            feed(digest, file == null ? "" : Archive.sha256(file));
        }
        references.leftOut().forEach(other -> feed(digest, other.toString()));
    }

    /**
     * A result whose files are not written yet.
     *
     * @param likeness the reference image for later sessions, or null
     * @param earlier the last result, whose numbers stay beside the new ones; null where they are the same
     * @param earlierNumbers older numbers that are already beside them
     * @param metrics bytes of metrics.json
     * @param page bytes of the report page
     */
    record Draft(
            Plan plan,
            QcComplete result,
            List<Picture> pictures,
            byte @Nullable [] likeness,
            @Nullable QcComplete earlier,
            List<FileRef> earlierNumbers,
            byte[] metrics,
            byte[] page) {}

    /**
     * Measures an image: makes metrics.json, the pictures and the report page. A bad image gets a result with the verdict ERROR. Nothing is written.
     *
     * @param before the last result on the image, or null: the numbers of other definitions stay beside the new ones
     * @throws MeasurementAborted when time or memory were exceeded
     */
    Draft measure(Plan plan, @Nullable QcComplete before) throws IOException, MeasurementAborted, InterruptedException {
        return measure(plan, before, false);
    }

    /** The same for an image that has a result by older definitions. A bad image keeps that result, which is better than none. */
    Draft measureAgain(Plan plan, @Nullable QcComplete before)
            throws IOException, MeasurementAborted, InterruptedException {
        return measure(plan, before, true);
    }

    private Draft measure(Plan plan, @Nullable QcComplete before, boolean numbersOrNothing)
            throws IOException, MeasurementAborted, InterruptedException {
        Instant started = clock.instant();
        Product product = plan.product();
        Path nifti = archive.resolve(product.file(FileRole.NIFTI).orElseThrow().path());
        MeasureRequest request = request(plan, nifti).withReferences(plan.references());
        Measured measured;
        try {
            requireWhole(product);
            measured = executor.run(product.stem(), MemoryNeed.bytes(nifti), () -> Measurement.measure(request));
            if (measured.refusal() != null) {
                requireStorage(measured.refusal());
                if (numbersOrNothing) {
                    throw measured.refusal();
                }
            }
        } catch (MeasureException e) {
            requireStorage(e);
            if (numbersOrNothing) {
                throw new MeasurementAborted(
                        new Reason(
                                "not-measurable-again",
                                String.valueOf(e.getMessage()),
                                "If the files in the archive were changed, press 'Reconvert'; then press 'Re-run QC'"),
                        e);
            }
            measured = new Measured(Measurement.failed(request, e), List.of(), null, Map.of());
        }
        Report report = measured.report();
        byte[] likeness =
                measured.likeness() == null ? null : measured.likeness().write();
        Numbers numbers = new Numbers(
                report,
                report.metrics().values().stream().map(Measurer::metric).toList(),
                report.flags().stream()
                        .limit(MOST_FLAGS_IN_AN_EVENT)
                        .map(Measurer::flag)
                        .toList());
        return judged(plan, plan.runKey(), numbers, measured.pictures(), likeness, before, List.of(), started);
    }

    /**
     * Re-evaluates an image from the numbers and pictures of its last result: header, history and verdict as they are now. Measured again
     * is what cannot be evaluated without the image: where its files have changed since they were written, where it could not be measured, where
     * it was compared with the reference of another gold standard, whose findings would stay, and diffusion, whose gradient table is compared
     * with that of the gold standard.
     *
     * @param before the last result, or null
     */
    Draft judgeAgain(Plan plan, @Nullable QcComplete before)
            throws IOException, MeasurementAborted, InterruptedException {
        Instant started = clock.instant();
        Report report =
                before != null && isOfSameInput(plan, before) ? report(before).orElse(null) : null;
        if (before == null
                || report == null
                || report.comparedWith().stream().anyMatch(other -> other.role().equals(Compared.GOLD))) {
            return measureAgain(plan, before);
        }
        Verdict verdict = VerdictRules.judge(
                plan.kind(), Findings.of(report), QcConfig.defaults().with(plan.kind(), plan.limits()));
        List<Picture> pictures = new ArrayList<>();
        for (QcComplete.Picture picture : before.pictures()) {
            Path file = archive.resolve(picture.path());
            pictures.add(new Picture(
                    file.getFileName().toString(), picture.title(), picture.lookFor(), Files.readAllBytes(file)));
        }
        byte[] likeness = null;
        List<FileRef> earlierNumbers = new ArrayList<>();
        for (FileRef file : before.files()) {
            if (file.role() == FileRole.REFERENCE) {
                likeness = Files.readAllBytes(archive.resolve(file.path()));
            } else if (file.role() == FileRole.EARLIER_METRICS) {
                earlierNumbers.add(file);
            }
        }
        // metrics.json has nine digits of each number, the event all of them.
        Numbers numbers = new Numbers(report.with(verdict), before.metrics(), before.flags());
        return judged(plan, judgedKey(plan), numbers, pictures, likeness, null, earlierNumbers, started);
    }

    private boolean isOfSameInput(Plan plan, QcComplete last) {
        return last.kind().equals(plan.kind().key())
                && last.verdict().level() != QcComplete.Level.ERROR
                && last.inputSha256()
                        .equals(plan.product()
                                .file(FileRole.NIFTI)
                                .orElseThrow()
                                .sha256())
                && plan.references().goldBval() == null
                && last.metrics().stream()
                        .noneMatch(m -> m.key().equals(GOLD_TABLE) && m.value().isPresent())
                && filesAreWhole(last);
    }

    /** Whether this result is what the plan would produce, measured or re-evaluated. */
    static boolean isOf(Plan plan, QcComplete result) {
        return result.runKey().equals(plan.runKey()) || result.runKey().equals(judgedKey(plan));
    }

    /** Another identity than that of a measurement: pictures beside the gold standard are the previous ones. */
    private static String judgedKey(Plan plan) {
        MessageDigest digest = DigestUtils.getSha256Digest();
        // The text is part of stored run keys: with another one all re-evaluated results would be outdated.
        feed(digest, plan.runKey(), "judged anew");
        return HexFormat.of().formatHex(digest.digest());
    }

    /** The numbers of a result; empty when they are missing, or in a form that cannot be read any more. */
    private Optional<Report> report(QcComplete last) {
        Optional<FileRef> metrics =
                last.files().stream().filter(f -> f.role() == FileRole.METRICS).findFirst();
        try {
            return metrics.isEmpty()
                    ? Optional.empty()
                    : Optional.of(ReportJson.read(
                            Files.readAllBytes(archive.resolve(metrics.get().path()))));
        } catch (ReportFormatException e) {
            LOG.infof(
                    "Measured again, the numbers of the result cannot be read result=%s error=%s",
                    last.stem(), e.getMessage());
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The measurement, in the forms of metrics.json and of the event. */
    record Numbers(Report report, List<QcComplete.Metric> metrics, List<QcComplete.Flag> flags) {}

    /** Adds header, history and verdict to numbers and pictures. */
    private Draft judged(
            Plan plan,
            String runKey,
            Numbers numbers,
            List<Picture> pictures,
            byte @Nullable [] likeness,
            @Nullable QcComplete earlier,
            List<FileRef> earlierNumbers,
            Instant started) {
        Report report = numbers.report();
        Product product = plan.product();
        HeaderOfImage own = plan.own();
        StudyConfiguration study = plan.study();
        TagRule rule = plan.rule();
        HeaderCheck.Outcome header = study == null || rule == null
                ? new HeaderCheck.Outcome(null, withoutRules(plan), List.of())
                : headers.compare(
                        study,
                        plan.exported().site(),
                        rule,
                        day(plan.exported()),
                        plan.gold(),
                        path(product, FileRole.SIDECAR),
                        own.dicom());
        QcComplete.Verdict alone = Verdicts.of(report.verdict(), plan.exported(), header, own, plan.headerRules());
        QcComplete measured = result(plan, runKey, numbers, header, alone, started);
        Trends.Image image = image(plan.exported(), measured, own);
        List<Trends.Finding> findings = QuarkusTransaction.requiringNew().call(() -> trends.judge(image));
        Optional<String> comparison = header.standard() != null
                ? Optional.of("Header compared with the gold standard: " + header.standard())
                : QuarkusTransaction.requiringNew().call(() -> trends.candidate(image));
        QcComplete.Verdict verdict = Verdicts.with(alone, findings);
        report = report.with(new Verdict(verdict.level(), verdict.reasons()));
        return new Draft(
                plan,
                measured.withVerdict(verdict).withHeaderComparison(comparison),
                pictures,
                likeness,
                earlier,
                earlierNumbers,
                ReportJson.write(report),
                HtmlReport.of(report, pictures));
    }

    private static String withoutRules(Plan plan) {
        return "Study " + plan.exported().study() + " has no rules for "
                + plan.product().tag() + " at site " + plan.exported().site()
                + " any more: evaluated by DATMAN's default limits only, and its header was not compared";
    }

    /** Writes metrics.json, the pictures, the report page and where they come from beside the image. */
    QcComplete write(Draft draft) throws IOException {
        Plan plan = draft.plan();
        String folder = folder(
                plan.exported().study(),
                plan.exported().sessionName(),
                plan.product().stem());
        // Before they are overwritten.
        List<FileRef> earlierNumbers = new ArrayList<>(draft.earlierNumbers());
        QcComplete before = draft.earlier();
        if (before != null) {
            earlierNumbers.addAll(earlier(before, plan, folder));
        }
        List<FileRef> files = new ArrayList<>();
        List<QcComplete.Picture> shown = new ArrayList<>();
        for (Picture picture : draft.pictures()) {
            FileRef file = archive.write(FileRole.PICTURE, folder + picture.fileName(), picture.bytes());
            files.add(file);
            shown.add(new QcComplete.Picture(file.path(), picture.title(), picture.whatToLookFor()));
        }
        files.addAll(earlierNumbers);
        files.add(archive.write(FileRole.METRICS, folder + "metrics.json", draft.metrics()));
        byte[] likeness = draft.likeness();
        if (likeness != null) {
            files.add(archive.write(FileRole.REFERENCE, folder + ImageReference.FILE_NAME, likeness));
        }
        files.add(archive.write(FileRole.REPORT, folder + HtmlReport.FILE_NAME, draft.page()));
        QcComplete result = draft.result().withPictures(shown).withFiles(files).withFinished(clock.instant());
        files.add(archive.write(
                FileRole.PROVENANCE,
                folder + QcProvenance.FILE_NAME,
                EventJson.mapper()
                        .writerWithDefaultPrettyPrinter()
                        .writeValueAsBytes(QcProvenance.of(
                                result,
                                plan.product().files().stream()
                                        .filter(file -> MEASURED_ROLES.contains(file.role()))
                                        .toList(),
                                QcConfig.defaults()
                                        .with(plan.kind(), plan.limits())
                                        .of(plan.kind())))));
        return result.withFiles(files);
    }

    /** Folder of an image's results in the archive. */
    static String folder(String study, String session, String stem) {
        return study + "/qc/" + session + "/" + stem + "/";
    }

    /** The numbers of the same bytes by other definitions, which the new ones must not overwrite. */
    private List<FileRef> earlier(QcComplete before, Plan plan, String folder) throws IOException {
        List<FileRef> earlier = new ArrayList<>();
        boolean sameBytes = before.inputSha256()
                .equals(plan.product().file(FileRole.NIFTI).orElseThrow().sha256());
        if (!sameBytes || before.runKey().equals(plan.runKey())) {
            return earlier;
        }
        for (FileRef file : before.files()) {
            Path path = archive.resolve(file.path());
            boolean there = archive.verify(file).isEmpty();
            if (there && file.role() == FileRole.EARLIER_METRICS) {
                earlier.add(file);
            } else if (there && file.role() == FileRole.METRICS) {
                String id = before.runKey().replaceAll("[^0-9a-zA-Z]", "");
                String name = "metrics-" + id.substring(0, Math.min(12, id.length())) + ".json";
                earlier.add(archive.write(FileRole.EARLIER_METRICS, folder + name, Files.readAllBytes(path)));
            }
        }
        return earlier;
    }

    /** A result in the form that the history evaluates. */
    Trends.Image image(SeriesExported exported, QcComplete result) {
        return image(exported, result, own(exported.products(), result.stem()));
    }

    private HeaderOfImage own(List<Product> products, String stem) {
        Optional<Product> product =
                products.stream().filter(p -> p.stem().equals(stem)).findFirst();
        return product.isEmpty()
                ? headers.read(null, null)
                : headers.read(path(product.get(), FileRole.SIDECAR), path(product.get(), FileRole.DICOM));
    }

    private static Trends.Image image(SeriesExported exported, QcComplete result, HeaderOfImage own) {
        return new Trends.Image(result, exported.phantom(), day(exported), own.all());
    }

    /** Without what is only known when it is written: pictures and files. */
    private QcComplete result(
            Plan plan,
            String runKey,
            Numbers numbers,
            HeaderCheck.Outcome header,
            QcComplete.Verdict verdict,
            Instant started) {
        Product product = plan.product();
        StudyConfiguration study = plan.study();
        return QcCompleteBuilder.builder()
                .session(plan.exported().session())
                .seriesRevision(plan.exported().seriesRevision())
                .study(plan.exported().study())
                .site(plan.exported().site())
                .sessionName(plan.exported().sessionName())
                .scan(plan.exported().scan())
                .stem(product.stem())
                .tag(product.tag())
                .kind(plan.kind().key())
                .metrics(numbers.metrics())
                .flags(numbers.flags())
                .headerDifferences(header.differences())
                .pictures(List.of())
                .files(List.of())
                .verdict(verdict)
                .inputSha256(product.file(FileRole.NIFTI).orElseThrow().sha256())
                .tool("datman-qc " + version)
                .runKey(runKey)
                .configRevision(study == null ? plan.exported().configRevision() : study.revision())
                .started(started)
                .finished(clock.instant())
                .phantom(Optional.of(plan.exported().phantom()))
                .date(Optional.of(day(plan.exported())))
                .acquisition(Optional.of(plan.own().acquisition()))
                .headerComparison(Optional.ofNullable(header.standard()))
                .build();
    }

    /**
     * The export may have been withdrawn or repeated meanwhile, or the file damaged: numbers must be about the bytes that the event
     * names. Nothing is reported about the image then: once its files are written again, it is measured as usual.
     */
    private void requireWhole(Product product) throws IOException, MeasurementAborted {
        for (FileRef file : product.files()) {
            if (MEASURED_ROLES.contains(file.role())) {
                if (archive.verify(file).isPresent()) {
                    throw new MeasurementAborted(
                            new Reason(
                                    "files-changed",
                                    "the " + file.role() + " of " + product.stem()
                                            + " is no longer as it was exported: it was withdrawn or replaced since, or"
                                            + " damaged",
                                    "Press 'Reconvert': the files are made from XNAT again, and the image is then measured by"
                                            + " itself"),
                            null);
                }
            }
        }
    }

    /** A storage that is full or temporarily unavailable says nothing about an image: no verdict may result from it. */
    static void requireStorage(MeasureException e) {
        if (TransientErrors.isOutage(e)) {
            throw new OutageException(String.valueOf(e.getMessage()), e);
        }
    }

    /** Whether the files of an earlier result still exist as they were written. */
    boolean filesAreWhole(QcComplete result) {
        try {
            for (FileRef file : result.files()) {
                if (archive.verify(file).isPresent()) {
                    return false;
                }
            }
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** The day of the scan; where XNAT has none, today: today's rules then apply. */
    static LocalDate day(SeriesExported exported) {
        return exported.date().orElseGet(() -> LocalDate.ofInstant(exported.finished(), ZoneOffset.UTC));
    }

    private MeasureRequest request(Plan plan, Path nifti) throws IOException {
        Product product = plan.product();
        Map<String, Limits> limits = plan.limits();
        Optional<Integer> expectedVolumes = Optional.ofNullable(limits.get("n_volumes"))
                .filter(limit -> limit.flagBelow().isPresent())
                .map(limit -> (int) Math.ceil(limit.flagBelow().getAsDouble()));
        return new MeasureRequest(
                product.stem(),
                plan.kind(),
                nifti,
                path(product, FileRole.SIDECAR),
                path(product, FileRole.BVAL),
                path(product, FileRole.BVEC),
                path(product, FileRole.DICOM),
                expectedVolumes.orElse(null),
                QcConfig.defaults().with(plan.kind(), limits),
                References.NONE);
    }

    private @Nullable Path path(Product product, FileRole role) {
        return product.file(role).map(file -> archive.resolve(file.path())).orElse(null);
    }

    private static QcComplete.Metric metric(Metric metric) {
        return new QcComplete.Metric(
                metric.key(),
                Optional.ofNullable(metric.value()),
                metric.unit(),
                Integer.toString(metric.version()),
                Optional.ofNullable(metric.reason()));
    }

    private static QcComplete.Flag flag(Flag flag) {
        Map<String, String> evidence = new TreeMap<>();
        flag.evidence().forEach((name, value) -> evidence.put(name, String.valueOf(value)));
        return new QcComplete.Flag(
                flag.kind(),
                Optional.ofNullable(flag.slice()),
                Optional.ofNullable(flag.volume()),
                flag.severity().name().toLowerCase(Locale.ROOT),
                evidence);
    }

    private static void feed(MessageDigest digest, String... texts) {
        for (String text : texts) {
            digest.update(text.getBytes(StandardCharsets.UTF_8));
            digest.update((byte) 0);
        }
    }
}

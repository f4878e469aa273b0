package org.datman.export.publish;

import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;
import org.datman.contracts.event.Envelope;
import org.datman.contracts.event.EventJson;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.FileRole;
import org.datman.contracts.event.KeptDicom;
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.SeriesExported;
import org.datman.contracts.event.SeriesExported.Outcome;
import org.datman.contracts.event.SeriesExportedBuilder;
import org.datman.contracts.event.SeriesTagged;
import org.datman.contracts.event.SeriesTagged.Assignment;
import org.datman.contracts.provenance.Provenance;
import org.datman.contracts.provenance.SeriesCompleteness;
import org.datman.contracts.tree.Words;
import org.datman.export.convert.ImageFacts;
import org.datman.export.index.ExportPaths;
import org.datman.export.index.SeriesState;
import org.datman.export.index.SeriesStates;
import org.datman.export.layout.ExportInputs;
import org.datman.export.layout.FileLayout;
import org.datman.export.outcome.ExportPlan;
import org.datman.export.request.ExportKey;
import org.datman.export.request.ExportRequest;
import org.datman.export.work.WorkDirectory;
import org.datman.platform.archive.Archive;
import org.datman.platform.archive.Withdrawal;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/**
 * Writes the files of a series under their public names, and stores the state. A crash at any time leaves the old set or the new one
 * in the index, with every path that may exist besides it recorded; the next handling of the scan completes the work.
 */
@ApplicationScoped
public class Publication {

    /** Companion files first: a visible image is always complete. */
    private static final List<FileRole> ORDER =
            List.of(FileRole.DICOM, FileRole.BVAL, FileRole.BVEC, FileRole.SIDECAR, FileRole.NIFTI);

    private static final List<FileRole> OF_IMAGE =
            List.of(FileRole.NIFTI, FileRole.SIDECAR, FileRole.BVAL, FileRole.BVEC);

    private final Archive archive;
    private final SeriesStates states;
    private final Withdrawal withdrawal;
    private final Clock clock;
    private final String version;

    public Publication(
            Archive archive,
            SeriesStates states,
            Withdrawal withdrawal,
            Clock clock,
            @ConfigProperty(name = "quarkus.application.version") String version) {
        this.archive = archive;
        this.states = states;
        this.withdrawal = withdrawal;
        this.clock = clock;
        this.version = version;
    }

    /** Publishes a plan and stores the state; returns the new state. */
    public SeriesState publish(ExportPlan plan) throws IOException {
        ExportRequest request = plan.request();
        ExportInputs inputs = plan.inputs();
        SeriesTagged tagged = request.tagged();
        String runKey = ExportKey.of(inputs.conversionKey(), tagged);
        announce(plan.layout(), request);
        List<Map<FileRole, FileRef>> described = new ArrayList<>();
        for (FileLayout.Product product : plan.layout().products()) {
            described.add(describe(product, tagged));
        }
        keepReplaced(described, request);
        List<SeriesExported.Product> products = new ArrayList<>();
        List<SeriesState.KeptImage> keptImages = new ArrayList<>();
        List<SeriesState.KeptDicom> keptDicoms = new ArrayList<>();
        FileRef log = publishLog(inputs, tagged, plan.layout().products().get(0).stem());
        for (FileLayout.Product product : plan.layout().products()) {
            Map<FileRole, FileRef> expected = described.get(products.size());
            List<FileRef> files = new ArrayList<>();
            FileRef provenance = publishProvenance(plan, product, log, List.copyOf(expected.values()), runKey);
            for (FileRole role : ORDER) {
                FileRef file = expected.get(role);
                if (file != null) {
                    files.add(archive.store(
                            file, second(Objects.requireNonNull(product.files().get(role), role.key()))));
                }
            }
            files.add(provenance);
            if (products.isEmpty() && log != null) {
                files.add(log);
            }
            ImageFacts image = product.image();
            if (image != null) {
                keptImages.add(new SeriesState.KeptImage(image, imageFiles(files)));
            }
            if (product.dicom() != null) {
                keptDicoms.add(new SeriesState.KeptDicom(
                        product.dicom(),
                        dicomFile(files),
                        Optional.ofNullable(product.kept()).flatMap(kept -> Optional.ofNullable(kept.form())),
                        Optional.ofNullable(product.kept()).map(ExportInputs.Kept::originalSha256)));
            }
            products.add(new SeriesExported.Product(
                    product.stem(),
                    product.assignment().tag(),
                    product.assignment().qcKind(),
                    image == null ? List.of() : image.dims(),
                    files));
        }
        SeriesExported exported = exported(plan, products, runKey);
        SeriesState after = request.after(exported, keptImages, keptDicoms, inputs.conversionKey())
                .withExam(inputs.source().exam().orElse(null));
        return settle(after, request.cause(), replacedBy(exported));
    }

    private SeriesExported exported(ExportPlan plan, List<SeriesExported.Product> products, String runKey) {
        ExportRequest request = plan.request();
        SeriesTagged tagged = request.tagged();
        ExportInputs inputs = plan.inputs();
        return SeriesExportedBuilder.builder()
                .session(tagged.session())
                .seriesRevision(tagged.seriesRevision())
                .exportRevision(plan.claim().revision())
                .outcome(plan.issues().losses().isEmpty() ? Outcome.EXPORTED : Outcome.PARTIAL)
                .study(tagged.study().orElseThrow())
                .site(tagged.site().orElse(""))
                .sessionName(tagged.sessionName().orElseThrow())
                .phantom(tagged.phantom())
                .scan(tagged.scan())
                .products(products)
                .runKey(runKey)
                .configRevision(tagged.configRevision())
                .started(request.started())
                .finished(clock.instant())
                .seriesNumber(tagged.seriesNumber())
                .date(tagged.date())
                .reason(plan.issues().reason())
                .source(Optional.of(plan.source()))
                .converter(Optional.ofNullable(inputs.conversion())
                        .map(c -> new SeriesExported.Converter(c.program(), c.version())))
                .completeness(inputs.source().completeness().map(counted -> completeness(counted, plan.layout())))
                .renewal(Optional.ofNullable(plan.renewal()))
                .build();
    }

    private static SeriesExported.Completeness completeness(SeriesCompleteness counted, FileLayout layout) {
        return new SeriesExported.Completeness(
                counted.promisedImages(),
                counted.imagesArrived(),
                counted.promisedVolumes(),
                counted.volumesArrived(),
                counted.volumesComplete(),
                counted.basis(),
                layout.unmet().stream().map(Assignment::tag).toList());
    }

    private static Reason replacedBy(SeriesExported exported) {
        return Reason.of(
                "replaced",
                "The series was exported under other names: "
                        + String.join(
                                ", ",
                                exported.products().stream()
                                        .map(SeriesExported.Product::stem)
                                        .toList()));
    }

    /** Stores the new state and withdraws files that only the old one had. */
    public SeriesState settle(SeriesState after, Envelope<?> cause, Reason why) throws IOException {
        TreeSet<String> obsolete = new TreeSet<>();
        states.read(after.tagged().session(), after.tagged().scan()).ifPresent(known -> obsolete.addAll(known.paths()));
        obsolete.removeAll(after.paths());
        SeriesState unsettled = after.withUnsettled(List.copyOf(obsolete));
        states.write(unsettled);
        withdrawal.withdraw(
                obsolete, after.tagged().session(), "scan " + after.tagged().scan(), why, cause.id());
        if (!obsolete.isEmpty()) {
            states.write(after);
        }
        return after;
    }

    /** Stores a state with the files of the one before; a reason is only needed for files of an interrupted change. */
    public SeriesState settle(SeriesState after, Envelope<?> cause) throws IOException {
        return settle(after, cause, Reason.of("left-over", "A change had been interrupted"));
    }

    /** Records the paths that are about to be written, so that a crash leaves no unknown file. */
    private void announce(FileLayout layout, ExportRequest request) throws IOException {
        SeriesTagged tagged = request.tagged();
        TreeSet<String> paths = new TreeSet<>();
        request.before().ifPresent(state -> paths.addAll(state.unsettled()));
        for (FileLayout.Product product : layout.products()) {
            product.files().keySet().forEach(role -> paths.add(ExportPaths.of(role, tagged, product.stem())));
            paths.add(ExportPaths.of(FileRole.PROVENANCE, tagged, product.stem()));
        }
        paths.add(ExportPaths.of(FileRole.LOG, tagged, layout.products().get(0).stem()));
        SeriesState announced = request.before().orElseGet(request::received);
        states.write(announced.withUnsettled(List.copyOf(paths)));
    }

    /** Keeps a copy of files that are overwritten with other content: no published file is ever lost. */
    private void keepReplaced(List<Map<FileRole, FileRef>> described, ExportRequest request) throws IOException {
        List<FileRef> replaced = new ArrayList<>();
        for (Map<FileRole, FileRef> product : described) {
            for (FileRef made : product.values()) {
                request.before().stream()
                        .flatMap(before -> before.files().stream())
                        .filter(old ->
                                old.path().equals(made.path()) && !old.sha256().equals(made.sha256()))
                        .forEach(replaced::add);
            }
        }
        withdrawal.preserve(
                replaced,
                request.tagged().session(),
                "scan " + request.tagged().scan(),
                Reason.of("replaced", "A new export of the series has other content under the same names"),
                request.cause().id());
    }

    private @Nullable FileRef publishLog(ExportInputs inputs, SeriesTagged tagged, String stem) throws IOException {
        Path log = inputs.log();
        return log == null
                ? null
                : archive.store(FileRole.LOG, second(log), ExportPaths.of(FileRole.LOG, tagged, stem));
    }

    /** A second copy of a file, to be moved into the archive: one DICOM may serve several echoes. */
    private static Path second(Path source) throws IOException {
        return WorkDirectory.linkOrCopy(source, source.resolveSibling("take-" + UUID.randomUUID()));
    }

    private Map<FileRole, FileRef> describe(FileLayout.Product product, SeriesTagged tagged) throws IOException {
        Map<FileRole, FileRef> described = new LinkedHashMap<>();
        ImageFacts image = product.image();
        for (Map.Entry<FileRole, Path> file : product.files().entrySet()) {
            // An image was digested while it was compressed.
            String sha256 =
                    file.getKey() == FileRole.NIFTI && image != null ? image.sha256() : Archive.sha256(file.getValue());
            described.put(
                    file.getKey(),
                    new FileRef(
                            file.getKey(),
                            ExportPaths.of(file.getKey(), tagged, product.stem()),
                            Files.size(file.getValue()),
                            sha256));
        }
        return described;
    }

    private FileRef publishProvenance(
            ExportPlan plan, FileLayout.Product product, @Nullable FileRef log, List<FileRef> files, String runKey)
            throws IOException {
        ExportRequest request = plan.request();
        SeriesTagged tagged = request.tagged();
        Provenance provenance = new Provenance(
                product.stem(),
                files,
                Optional.ofNullable(product.image()).map(Publication::imageText),
                Provenance.Origin.of(tagged),
                request.parts().areOne()
                        ? Optional.empty()
                        : Optional.of(request.parts().series().stream()
                                .map(Provenance.Origin::of)
                                .toList()),
                new Provenance.Naming(
                        tagged.study().orElseThrow(),
                        tagged.site().orElse(""),
                        tagged.sessionName().orElseThrow(),
                        product.assignment().tag(),
                        tagged.configRevision(),
                        tagged.reason(),
                        tagged.explanation()),
                plan.inputs().source(),
                Optional.ofNullable(plan.inputs().conversion()).map(c -> c.withLog(log == null ? "" : log.path())),
                keptFile(product),
                new Provenance.Run(
                        runKey,
                        request.cause().id().toString(),
                        request.cause().correlationId(),
                        plan.claim().revision(),
                        request.started(),
                        clock.instant(),
                        host(),
                        System.getProperty("user.name", ""),
                        Optional.of("datman-export " + version)));
        return archive.write(
                FileRole.PROVENANCE,
                ExportPaths.of(FileRole.PROVENANCE, tagged, product.stem()),
                EventJson.mapper().writerWithDefaultPrettyPrinter().writeValueAsBytes(provenance));
    }

    private static Optional<Provenance.KeptFile> keptFile(FileLayout.Product product) {
        ExportInputs.Kept kept = product.kept();
        return kept == null || product.dicom() == null
                ? Optional.empty()
                : Optional.of(new Provenance.KeptFile(
                        Words.key(kept.form() == null ? KeptDicom.ORIGINAL : kept.form()),
                        product.dicom().path(),
                        kept.originalSha256()));
    }

    private static String imageText(ImageFacts image) {
        return "echo " + image.echo() + ", " + image.part().key()
                + (image.ending().isEmpty() ? "" : ", " + image.ending());
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "unknown";
        }
    }

    private static List<FileRef> imageFiles(List<FileRef> files) {
        return files.stream().filter(file -> OF_IMAGE.contains(file.role())).toList();
    }

    private static FileRef dicomFile(List<FileRef> files) {
        return files.stream()
                .filter(file -> file.role() == FileRole.DICOM)
                .findFirst()
                .orElseThrow();
    }
}

package org.datman.export.series;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
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
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.SeriesExported;
import org.datman.contracts.event.SeriesExported.Outcome;
import org.datman.contracts.event.SeriesExportedBuilder;
import org.datman.contracts.event.SeriesTagged;
import org.datman.contracts.event.SeriesTagged.Assignment;
import org.datman.contracts.event.SessionRef;
import org.datman.export.completeness.Completeness;
import org.datman.export.convert.ConvertedImage;
import org.datman.export.convert.ImageFacts;
import org.datman.export.dicom.DicomFacts;
import org.datman.export.provenance.Provenance;
import org.datman.export.publish.Paths;
import org.datman.export.publish.SeriesState;
import org.datman.export.publish.SeriesStates;
import org.datman.platform.archive.Archive;
import org.datman.platform.archive.Withdrawal;

/**
 * Publishes a series under its public names. A crash at any time leaves the old set or the new one in the index, with every path
 * that may exist besides it recorded; the next handling of the scan completes the work.
 */
@ApplicationScoped
class Publication {

    /** Companion files first: a visible image is always complete. */
    private static final List<FileRole> ORDER =
            List.of(FileRole.DICOM, FileRole.BVAL, FileRole.BVEC, FileRole.SIDECAR, FileRole.NIFTI);

    /** Maximum number of times an export is published again without rewriting its provenance. */
    private static final long MOST_REPUBLICATIONS = 1000;

    private final Archive archive;
    private final SeriesStates states;
    private final Withdrawal withdrawal;
    private final Clock clock;

    Publication(Archive archive, SeriesStates states, Withdrawal withdrawal, Clock clock) {
        this.archive = archive;
        this.states = states;
        this.withdrawal = withdrawal;
        this.clock = clock;
    }

    /**
     * Publishes and stores the state; returns the new state.
     *
     * @param renewal when the inputs are the previous export: why it could not be created again
     * @throws SeriesFailure when there is nothing to publish, when its name belongs to another session, or when it contains less than
     *     the current export; nothing has changed then
     */
    SeriesState publish(ExportInputs inputs, ExportRequest request, Optional<Reason> renewal)
            throws IOException, SeriesFailure {
        SeriesTagged tagged = request.tagged();
        List<Assignment> assignments = unclaimed(tagged);
        String runKey = RunKey.of(inputs.conversionKey(), tagged.assignments());
        long revision = revision(request, assignments);
        FileLayout layout = FileLayout.of(inputs, assignments);
        ExportIssues issues = ExportIssues.of(
                        inputs.source(),
                        inputs.conversion(),
                        layout.named(),
                        layout.unmet(),
                        layout.leftOut(),
                        request.parts(),
                        renewal.isPresent())
                .with(OtherExams.of(tagged.scan(), inputs.source().exam(), states.all(tagged.session())));
        if (layout.products().isEmpty()) {
            throw new SeriesFailure(issues.reason()
                    .orElse(new Reason(
                            "no-format",
                            "The tag's formats leave nothing to keep of the series",
                            "Set Formats of the tag in the study configuration to nii, dcm or both")));
        }
        if (renewal.isEmpty() && !takesLess(request, inputs) && SeriesSource.wantsNifti(tagged)) {
            refuseLess(request, layout, issues, inputs);
        }
        announce(layout, request);
        keepReplaced(layout, request);
        List<SeriesExported.Product> products = new ArrayList<>();
        List<SeriesState.KeptImage> keptImages = new ArrayList<>();
        List<SeriesState.KeptDicom> keptDicoms = new ArrayList<>();
        Optional<FileRef> log =
                publishLog(inputs, tagged, layout.products().get(0).stem());
        for (FileLayout.Product product : layout.products()) {
            Map<FileRole, FileRef> expected = describe(product, tagged);
            List<FileRef> files = new ArrayList<>();
            FileRef provenance =
                    publishProvenance(inputs, request, product, log, List.copyOf(expected.values()), runKey, revision);
            for (FileRole role : ORDER) {
                FileRef file = expected.get(role);
                if (file != null) {
                    files.add(archive.take(
                            file, second(Objects.requireNonNull(product.files().get(role), role.key()))));
                }
            }
            files.add(provenance);
            if (products.isEmpty()) {
                log.ifPresent(files::add);
            }
            product.image().ifPresent(facts -> keptImages.add(new SeriesState.KeptImage(facts, imageFiles(files))));
            product.dicom().ifPresent(facts -> keptDicoms.add(kept(facts, files)));
            products.add(new SeriesExported.Product(
                    product.stem(),
                    product.assignment().tag(),
                    product.assignment().qcKind(),
                    product.image().map(ImageFacts::dims).orElse(List.of()),
                    files));
        }
        SeriesExported exported = SeriesExportedBuilder.builder()
                .session(tagged.session())
                .seriesRevision(tagged.seriesRevision())
                .exportRevision(revision)
                .outcome(issues.losses().isEmpty() ? Outcome.EXPORTED : Outcome.PARTIAL)
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
                .reason(issues.reason())
                .source(Optional.of(sourceOf(inputs.source())))
                .converter(inputs.conversion().map(c -> new SeriesExported.Converter(c.program(), c.version())))
                .completeness(inputs.source().completeness().map(counted -> completeness(counted, layout)))
                .renewal(renewal)
                .build();
        SeriesState after = request.after(exported, keptImages, keptDicoms, inputs.conversionKey())
                .withExam(inputs.source().exam());
        return settle(after, request.cause(), replacedBy(exported));
    }

    /**
     * The number of this export. If the index was lost, the provenance of the remaining files contains the number of an earlier one,
     * and this one is greater than all numbers published since: the other services skip older exports.
     */
    private long revision(ExportRequest request, List<Assignment> assignments) throws IOException {
        long next = request.nextRevision();
        for (Assignment assignment : request.before().isPresent() ? List.<Assignment>of() : assignments) {
            Path file = archive.resolve(path(FileRole.PROVENANCE, request.tagged(), assignment.stem()));
            if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                next = Math.max(next, known(file) + MOST_REPUBLICATIONS);
            }
        }
        return next;
    }

    private static long known(Path provenance) throws IOException {
        try {
            return EventJson.mapper()
                    .readTree(provenance.toFile())
                    .at("/run/exportRevision")
                    .asLong();
        } catch (JsonProcessingException damaged) {
            return 0;
        }
    }

    /** Published for exactly these files before: a person who requests it again has read it. */
    private static boolean takesLess(ExportRequest request, ExportInputs inputs) {
        return request.takesLess()
                && inputs.source().fingerprint().equals(request.parts().fingerprint());
    }

    private void refuseLess(ExportRequest request, FileLayout layout, ExportIssues issues, ExportInputs inputs)
            throws IOException, SeriesFailure {
        boolean sameParts =
                request.before().map(SeriesState::tagged).flatMap(Parts::group).equals(Parts.group(request.tagged()));
        if (request.before().filter(SeriesState::isPublished).isEmpty()) {
            return;
        }
        SeriesState before = request.before().orElseThrow();
        boolean partLeft = !request.parts().series().stream()
                .map(SeriesTagged::scan)
                .toList()
                .containsAll(scans(before));
        if (partLeft && !sameParts) {
            return;
        }
        Optional<Reason> worse = Renewal.worse(
                before,
                layout.named().stream().map(named -> named.image()).toList(),
                issues.losses(),
                sourceOf(inputs.source()),
                partLeft);
        if (worse.isPresent()) {
            throw new SeriesFailure(worse.get());
        }
    }

    /** The source scans of the images of a state. */
    private List<String> scans(SeriesState state) throws IOException {
        return provenance(state)
                .flatMap(Provenance::parts)
                .map(parts -> parts.stream().map(Provenance.Origin::scan).toList())
                .orElse(List.of(state.tagged().scan()));
    }

    /** The provenance of the images of a state; empty when it is missing or unreadable. */
    private Optional<Provenance> provenance(SeriesState state) throws IOException {
        Optional<Path> file = state.files().stream()
                .filter(one -> one.role() == FileRole.PROVENANCE)
                .map(one -> archive.resolve(one.path()))
                .findFirst();
        if (file.isEmpty() || !Files.isRegularFile(file.get(), LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
        }
        try {
            return Optional.of(EventJson.mapper().readValue(file.get().toFile(), Provenance.class));
        } catch (JsonProcessingException damaged) {
            return Optional.empty();
        }
    }

    /** Keeps a copy of files that are overwritten with other content: no published file is ever lost. */
    private void keepReplaced(FileLayout layout, ExportRequest request) throws IOException {
        List<FileRef> replaced = new ArrayList<>();
        for (FileLayout.Product product : layout.products()) {
            for (FileRef made : describe(product, request.tagged()).values()) {
                request.before().stream()
                        .flatMap(before -> before.files().stream())
                        .filter(old ->
                                old.path().equals(made.path()) && !old.sha256().equals(made.sha256()))
                        .forEach(replaced::add);
            }
        }
        withdrawal.keep(
                replaced,
                request.tagged().session(),
                "scan " + request.tagged().scan(),
                Reason.of("replaced", "A new export of the series has other content under the same names"),
                request.cause().id());
    }

    private static SeriesExported.Completeness completeness(Completeness counted, FileLayout layout) {
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
    SeriesState settle(SeriesState after, Envelope<?> cause, Reason why) throws IOException {
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

    /** Records the paths that are about to be written, so that a crash leaves no unknown file. */
    private void announce(FileLayout layout, ExportRequest request) throws IOException {
        SeriesTagged tagged = request.tagged();
        TreeSet<String> paths = new TreeSet<>();
        request.before().ifPresent(state -> paths.addAll(state.unsettled()));
        for (FileLayout.Product product : layout.products()) {
            product.files().keySet().forEach(role -> paths.add(path(role, tagged, product.stem())));
            paths.add(path(FileRole.PROVENANCE, tagged, product.stem()));
        }
        paths.add(path(FileRole.LOG, tagged, layout.products().get(0).stem()));
        SeriesState announced = request.before().orElseGet(request::received);
        states.write(announced.withUnsettled(List.copyOf(paths)));
    }

    private static String path(FileRole role, SeriesTagged tagged, String stem) {
        return Paths.of(role, tagged.study().orElseThrow(), tagged.sessionName().orElseThrow(), stem);
    }

    private Optional<FileRef> publishLog(ExportInputs inputs, SeriesTagged tagged, String stem) throws IOException {
        return inputs.log().isPresent()
                ? Optional.of(archive.take(FileRole.LOG, second(inputs.log().get()), path(FileRole.LOG, tagged, stem)))
                : Optional.empty();
    }

    /** A second copy of a file, to be moved into the archive: one DICOM may serve several echoes. */
    private static Path second(Path source) throws IOException {
        Path second = source.resolveSibling("take-" + UUID.randomUUID());
        linkOrCopy(source, second);
        return second;
    }

    private Map<FileRole, FileRef> describe(FileLayout.Product product, SeriesTagged tagged) throws IOException {
        Map<FileRole, FileRef> described = new LinkedHashMap<>();
        for (Map.Entry<FileRole, Path> file : product.files().entrySet()) {
            described.put(
                    file.getKey(),
                    new FileRef(
                            file.getKey(),
                            path(file.getKey(), tagged, product.stem()),
                            Files.size(file.getValue()),
                            Archive.sha256(file.getValue())));
        }
        return described;
    }

    private FileRef publishProvenance(
            ExportInputs inputs,
            ExportRequest request,
            FileLayout.Product product,
            Optional<FileRef> log,
            List<FileRef> files,
            String runKey,
            long revision)
            throws IOException {
        SeriesTagged tagged = request.tagged();
        Provenance provenance = new Provenance(
                product.stem(),
                files,
                product.image().map(Publication::imageText),
                origin(tagged),
                request.parts().areOne()
                        ? Optional.empty()
                        : Optional.of(request.parts().series().stream()
                                .map(Publication::origin)
                                .toList()),
                new Provenance.Naming(
                        tagged.study().orElseThrow(),
                        tagged.site().orElse(""),
                        tagged.sessionName().orElseThrow(),
                        product.assignment().tag(),
                        tagged.configRevision(),
                        tagged.reason(),
                        tagged.explanation()),
                inputs.source(),
                inputs.conversion().map(c -> c.withLog(log.map(FileRef::path).orElse(""))),
                new Provenance.Run(
                        runKey,
                        request.cause().id().toString(),
                        request.cause().correlationId(),
                        revision,
                        request.started(),
                        clock.instant(),
                        host(),
                        System.getProperty("user.name", "")));
        return archive.write(
                FileRole.PROVENANCE,
                path(FileRole.PROVENANCE, tagged, product.stem()),
                EventJson.mapper().writerWithDefaultPrettyPrinter().writeValueAsBytes(provenance));
    }

    private static Provenance.Origin origin(SeriesTagged tagged) {
        return new Provenance.Origin(
                tagged.session(),
                tagged.scan(),
                tagged.resource(),
                tagged.seriesNumber(),
                tagged.uid(),
                tagged.description(),
                tagged.date(),
                tagged.seriesRevision());
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

    private static SeriesExported.Source sourceOf(Provenance.Source source) {
        return new SeriesExported.Source(
                source.files().size(),
                source.files().stream().mapToLong(Provenance.SourceFile::size).sum(),
                source.sha256(),
                source.fingerprint());
    }

    private static List<FileRef> imageFiles(List<FileRef> files) {
        return files.stream()
                .filter(file -> List.of(FileRole.NIFTI, FileRole.SIDECAR, FileRole.BVAL, FileRole.BVEC)
                        .contains(file.role()))
                .toList();
    }

    private static SeriesState.KeptDicom kept(DicomFacts facts, List<FileRef> files) {
        return new SeriesState.KeptDicom(
                facts,
                files.stream()
                        .filter(file -> file.role() == FileRole.DICOM)
                        .findFirst()
                        .orElseThrow());
    }

    /**
     * The assignments with stems that no other scan has. XNAT merges a repeated series number of one session as {@code 3-MR1}:
     * its stem gets the scan's id. A name of another session is never taken over.
     */
    private List<Assignment> unclaimed(SeriesTagged tagged) throws IOException, SeriesFailure {
        List<Assignment> assignments = new ArrayList<>();
        for (Assignment a : tagged.assignments()) {
            Optional<Provenance.Origin> owner = owner(tagged, a.stem());
            if (owner.isEmpty()) {
                assignments.add(a);
            } else if (owner.get().session().equals(tagged.session())) {
                String stem = FileLayout.extended(a.stem(), "-scan" + tagged.scan());
                assignments.add(a.withStem(stem));
            } else {
                throw new SeriesFailure(new Reason(
                        "name-taken",
                        "The name " + a.stem() + " belongs to scan "
                                + owner.get().scan() + " of session "
                                + owner.get().session().identity() + " already",
                        "Two sessions on XNAT have the same name; rename or remove one of them"));
            }
        }
        return assignments;
    }

    /** The other scan with files under that stem, according to both provenance and index. */
    private Optional<Provenance.Origin> owner(SeriesTagged tagged, String stem) throws IOException {
        String path = path(FileRole.PROVENANCE, tagged, stem);
        Path file = archive.resolve(path);
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
        }
        Optional<Provenance.Origin> origin = origin(file);
        if (origin.isEmpty()) {
            return ownerByIndex(tagged, path);
        }
        if (isOf(tagged, origin.get().session(), origin.get().scan())) {
            return Optional.empty();
        }
        return states.read(origin.get().session(), origin.get().scan())
                .filter(state -> state.paths().contains(path))
                .flatMap(state -> origin);
    }

    /** The origin in a provenance file; empty when it is damaged. */
    private static Optional<Provenance.Origin> origin(Path provenance) throws IOException {
        try {
            JsonNode json = EventJson.mapper().readTree(provenance.toFile()).path("origin");
            return Optional.ofNullable(EventJson.mapper().treeToValue(json, Provenance.Origin.class));
        } catch (JsonProcessingException damaged) {
            return Optional.empty();
        }
    }

    /** The other scan that has a file, from the whole index: slow, used if the file itself has no origin. */
    private Optional<Provenance.Origin> ownerByIndex(SeriesTagged tagged, String path) throws IOException {
        if (states.read(tagged.session(), tagged.scan())
                .filter(own -> own.paths().contains(path))
                .isPresent()) {
            return Optional.empty();
        }
        for (SessionRef session : states.sessions()) {
            for (SeriesState state : states.all(session)) {
                if (!isOf(tagged, session, state.tagged().scan())
                        && state.paths().contains(path)) {
                    return Optional.of(origin(state.tagged()));
                }
            }
        }
        return Optional.empty();
    }

    private static boolean isOf(SeriesTagged tagged, SessionRef session, String scan) {
        return session.equals(tagged.session()) && scan.equals(tagged.scan());
    }

    /** The published files of a scan as inputs for other names: linked into the work directory, not copied, if possible. */
    Optional<ExportInputs> material(SeriesState state, Path workDir) throws IOException {
        Optional<FileRef> provenanceFile = state.files().stream()
                .filter(file -> file.role() == FileRole.PROVENANCE)
                .findFirst();
        if (provenanceFile.isEmpty()) {
            return Optional.empty();
        }
        Provenance provenance = EventJson.mapper()
                .readValue(archive.resolve(provenanceFile.get().path()).toFile(), Provenance.class);
        List<ConvertedImage> images = new ArrayList<>();
        for (SeriesState.KeptImage image : state.images()) {
            Map<FileRole, Path> files = new LinkedHashMap<>();
            for (FileRef file : image.files()) {
                files.put(file.role(), link(file, workDir));
            }
            images.add(new ConvertedImage(image.facts(), files, List.of()));
        }
        List<ExportInputs.Dicom> dicoms = new ArrayList<>();
        for (SeriesState.KeptDicom dicom : state.dicoms()) {
            dicoms.add(new ExportInputs.Dicom(dicom.facts(), link(dicom.file(), workDir)));
        }
        Optional<FileRef> log = state.files().stream()
                .filter(file -> file.role() == FileRole.LOG)
                .findFirst();
        return Optional.of(new ExportInputs(
                images,
                dicoms,
                log.isPresent() ? Optional.of(link(log.get(), workDir)) : Optional.empty(),
                provenance.source(),
                provenance.conversion(),
                state.conversionKey()));
    }

    private Path link(FileRef file, Path workDir) throws IOException {
        Path source = archive.resolve(file.path());
        Path target = workDir.resolve("kept-" + file.role() + "-" + file.sha256());
        if (Files.exists(target)) {
            return target;
        }
        linkOrCopy(source, target);
        return target;
    }

    private static void linkOrCopy(Path source, Path target) throws IOException {
        try {
            Files.createLink(target, source);
        } catch (IOException | UnsupportedOperationException otherFileSystem) {
            Files.copy(source, target, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** Whether all files of the index still exist, byte-identical. */
    boolean intact(SeriesState state) throws IOException {
        for (FileRef file : state.files()) {
            if (archive.verify(file).isPresent()) {
                return false;
            }
        }
        return true;
    }

    /** The files of the index that are missing or not byte-identical. */
    List<FileRef> lost(SeriesState state) throws IOException {
        List<FileRef> lost = new ArrayList<>();
        for (FileRef file : state.files()) {
            if (archive.verify(file).isPresent()) {
                lost.add(file);
            }
        }
        return lost;
    }
}

package org.datman.local.provenance;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.datman.contracts.archive.ArchiveMark;
import org.datman.contracts.archive.ExportIndex;
import org.datman.contracts.archive.Fixity;
import org.datman.contracts.archive.Segments;
import org.datman.contracts.event.EventJson;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.ResourceDiscovered;
import org.datman.contracts.event.SessionRef;
import org.datman.contracts.metric.Limits;
import org.datman.contracts.metric.MetricCatalogue;
import org.datman.contracts.metric.MetricDefinition;
import org.datman.contracts.provenance.Provenance;
import org.datman.contracts.provenance.QcProvenance;
import org.datman.contracts.provenance.RunGraph;
import org.jspecify.annotations.Nullable;

/** Reads where files came from out of an archive; nothing else is needed, and nothing is written. */
public final class LineageReader {

    private static final String PROVENANCE = ".prov.json";
    private static final String METRICS = "metrics.json";
    private static final String PIPELINE_RECORD = "provenance.json";
    private static final String WITHDRAWN = ".datman/withdrawn/";
    private static final String WITHDRAWAL_NOTE = "withdrawn.json";
    private static final int WITHDRAWN_LEVELS = 4;
    private static final int PIPELINE_SESSION_LEVEL = 5;

    private final Path archive;

    /**
     * The reader of an archive.
     *
     * @throws IOException when the folder is no archive, or its mount is away
     */
    public LineageReader(Path archive) throws IOException {
        this.archive = archive.toAbsolutePath().normalize();
        if (!ArchiveMark.isThere(this.archive)) {
            throw new IOException(ArchiveMark.away(this.archive) + "; or give another one with --archive");
        }
    }

    /** The archive that a path is in; empty when it is in none. */
    public static Optional<Path> archiveOf(Path path) {
        for (Path folder = path.toAbsolutePath().normalize(); folder != null; folder = folder.getParent()) {
            if (ArchiveMark.isThere(folder)) {
                return Optional.of(folder);
            }
        }
        return Optional.empty();
    }

    public Path archive() {
        return archive;
    }

    /**
     * Where a file, a number, an image or the images of a session came from.
     *
     * @param what a path in the archive, the stem of an image or the name of a session; for a number followed by {@code #} and
     *     its key
     * @throws IOException when the archive has no record of it, with what to do
     */
    public List<Lineage> read(String what) throws IOException {
        int hash = isThere(what) ? -1 : what.lastIndexOf('#');
        String name = hash < 0 ? what : what.substring(0, hash);
        String metric = hash < 0 ? null : what.substring(hash + 1);
        String path = path(name);
        Optional<ArchivePlace> place = path == null ? Optional.empty() : ArchivePlace.of(path);
        List<Lineage> found = new ArrayList<>();
        if (path != null && path.startsWith(WITHDRAWN)) {
            found.add(withdrawn(path, metric));
        } else if (path != null && place.isPresent()) {
            found.addAll(inPlace(place.get(), metric));
        } else {
            found.addAll(named(name, metric));
        }
        if (found.isEmpty()) {
            throw new IOException("The archive " + archive + " has no record of '" + name
                    + "'; give a file in the archive, the name of an image without ending, or the name of a session"
                    + " (./datman name explains names)");
        }
        return found;
    }

    /** The names of the sessions of a study that have images; empty when it is no study. */
    public List<String> sessions(String study) throws IOException {
        return entries(archive.resolve(study).resolve("provenance")).stream()
                .map(session -> session.getFileName().toString())
                .toList();
    }

    /** The images of a session. */
    public List<Lineage> ofSession(String study, String session) throws IOException {
        return session(study, session, null);
    }

    /** Whether it is the path of a file: names of associated files may have a {@code #}. */
    private boolean isThere(String what) {
        String path = path(what);
        return path != null && Files.exists(archive.resolve(path));
    }

    /** The path in the archive of what a person wrote; null when it is no path. */
    private @Nullable String path(String name) {
        Path own = Path.of(name).toAbsolutePath().normalize();
        if (own.startsWith(archive) && !own.equals(archive) && (Files.exists(own) || name.startsWith("/"))) {
            return relative(own);
        }
        Path there = archive.resolve(name).normalize();
        return there.startsWith(archive) && !there.equals(archive) && (Files.exists(there) || name.contains("/"))
                ? relative(there)
                : null;
    }

    private String relative(Path path) {
        return archive.relativize(path).toString().replace('\\', '/');
    }

    private List<Lineage> inPlace(ArchivePlace place, @Nullable String metric) throws IOException {
        String stem = place.stem();
        if (metric != null
                && (place.kind() == ArchivePlace.Kind.RESOURCE || place.kind() == ArchivePlace.Kind.PIPELINE)) {
            throw new IOException(place.path() + " has no number '" + metric + "': only " + METRICS
                    + " of quality control has numbers that are recorded");
        }
        return switch (place.kind()) {
            case SERIES, QC ->
                stem == null
                        ? session(place.study(), place.session(), metric)
                        : List.of(image(place.study(), place.session(), stem, place.path(), metric));
            case RESOURCE -> resource(place);
            case PIPELINE -> List.of(pipeline(place));
        };
    }

    private List<Lineage> named(String name, @Nullable String metric) throws IOException {
        String stem = ArchivePlace.stem(name);
        for (Path study : entries(archive)) {
            Path provenance = study.resolve("provenance");
            if (Files.isDirectory(provenance.resolve(name))) {
                return session(study.getFileName().toString(), name, metric);
            }
            for (Path session : entries(provenance)) {
                if (stem.startsWith(session.getFileName() + "_") && Files.exists(session.resolve(stem + PROVENANCE))) {
                    String asked = stem.equals(name) ? null : fileNamed(study, session, name);
                    return List.of(image(
                            study.getFileName().toString(),
                            session.getFileName().toString(),
                            stem,
                            asked,
                            metric));
                }
            }
        }
        return List.of();
    }

    /** A file name without its folders, as one copies it from a list. */
    private @Nullable String fileNamed(Path study, Path session, String name) {
        return Stream.of("nii", "dcm", "provenance")
                .map(kind -> study.resolve(kind).resolve(session.getFileName()).resolve(name))
                .filter(Files::exists)
                .findFirst()
                .map(this::relative)
                .orElse(null);
    }

    private List<Lineage> session(String study, String session, @Nullable String metric) throws IOException {
        List<Lineage> images = new ArrayList<>();
        for (Path file : entries(archive.resolve(study).resolve("provenance").resolve(session))) {
            String name = file.getFileName().toString();
            if (name.endsWith(PROVENANCE)) {
                images.add(image(study, session, ArchivePlace.stem(name), null, metric));
            }
        }
        return images;
    }

    private Lineage.OfImage image(
            String study, String session, String stem, @Nullable String asked, @Nullable String metric)
            throws IOException {
        return image("", study + "/provenance/" + session + "/" + stem + PROVENANCE, asked, metric, new ArrayList<>());
    }

    /**
     * The lineage of an image.
     *
     * @param withdrawal folder that the files were moved to, with a slash at the end; empty for public names
     * @param recordPath public path of the record
     */
    private Lineage.OfImage image(
            String withdrawal, String recordPath, @Nullable String asked, @Nullable String metric, List<String> notes)
            throws IOException {
        Provenance record = readProvenance(withdrawal + recordPath);
        Provenance.Naming naming = record.naming();
        StudyText study = StudyText.read(
                archive, naming.study(), naming.configRevision(), naming.site(), naming.tag(), naming.explanation());
        if (study.file() == null) {
            notes.add("The archive does not have the text of study " + naming.study() + " at revision "
                    + naming.configRevision() + "; the clauses are those that the record keeps");
        }
        List<FileRef> indexed = indexed(record);
        MeasuredImage qc = qc(
                withdrawal,
                record.naming().study() + "/qc/" + record.naming().sessionName() + "/" + record.stem() + "/",
                record.files(),
                metric,
                notes);
        if (qc == null && !withdrawal.isEmpty()) {
            notes.add("Results of quality control are withdrawn into folders of their own in " + WITHDRAWN);
        }
        if (metric != null && (qc == null || qc.number() == null)) {
            throw new IOException(
                    qc == null
                            ? "There is no result of quality control of " + record.stem()
                            : METRICS + " of " + record.stem() + " has no number '" + metric + "'");
        }
        Map<String, FileRef> known = new LinkedHashMap<>();
        if (withdrawal.isEmpty()) {
            indexed.stream().filter(file -> isOf(file, record.stem())).forEach(file -> known.put(file.path(), file));
        }
        record.files().forEach(file -> known.put(withdrawal + file.path(), at(withdrawal, file)));
        List<CheckedFile> files = new ArrayList<>();
        if (asked == null) {
            for (FileRef file : known.values()) {
                files.add(CheckedFile.of(archive, file));
            }
        } else if (known.containsKey(asked)) {
            files.add(CheckedFile.of(archive, Objects.requireNonNull(known.get(asked))));
        } else if (qc != null) {
            qc.files().stream()
                    .filter(file -> file.published().path().equals(asked)
                            || file.published().path().startsWith(asked + "/"))
                    .forEach(files::add);
        }
        if (asked != null && files.isEmpty()) {
            Path file = Fixity.resolve(archive, asked);
            if (!Files.exists(file)) {
                throw new IOException("The archive " + archive + " has no file " + asked + ", and no record of one");
            }
            notes.add("The SHA-256 of " + asked + " is " + (Files.isRegularFile(file) ? Fixity.sha256(file) : "unknown")
                    + "; no record in the archive lists what was published under this name");
        }
        return new Lineage.OfImage(asked, files, published(record, indexed), record, study, qc, List.copyOf(notes));
    }

    private Provenance readProvenance(String path) throws IOException {
        Path file = Fixity.resolve(archive, path);
        try {
            return EventJson.mapper().readValue(Files.readAllBytes(file), Provenance.class);
        } catch (NoSuchFileException none) {
            throw new IOException(
                    "There is no " + path + " in the archive " + archive
                            + ": the image is not published (any more); press 'Reprocess' on its session page to make"
                            + " it from XNAT",
                    none);
        }
    }

    private static FileRef at(String withdrawal, FileRef file) {
        return new FileRef(file.role(), withdrawal + file.path(), file.size(), file.sha256());
    }

    private static boolean isOf(FileRef file, String stem) {
        return ArchivePlace.of(file.path())
                .filter(place -> stem.equals(place.stem()))
                .isPresent();
    }

    /** The files of the scan that are published now. */
    private List<FileRef> indexed(Provenance record) throws IOException {
        SessionRef session = record.origin().session();
        return ExportIndex.read(
                        archive,
                        folder(ExportIndex.SERIES, session) + "/"
                                + Segments.of(record.origin().scan()) + ".json")
                .map(ExportIndex.Entry::files)
                .orElse(List.of());
    }

    private static String folder(String index, SessionRef session) {
        return index + "/" + Segments.of(session.server()) + "/" + Segments.of(session.accession());
    }

    private static String published(Provenance record, List<FileRef> indexed) {
        if (indexed.isEmpty()) {
            return "the export index does not list this scan: its files were withdrawn, or the index is lost";
        }
        return indexed.containsAll(record.files())
                ? "the export index lists these files as the current export"
                : "the export index lists other files: this record is not that of the current export";
    }

    /**
     * The result of quality control.
     *
     * @param withdrawal folder that it was moved to, with a slash at the end; empty for the public name
     * @param folder of the result, by its public name
     * @param image files of the image
     */
    private @Nullable MeasuredImage qc(
            String withdrawal, String folder, List<FileRef> image, @Nullable String metric, List<String> notes)
            throws IOException {
        Path metrics = Fixity.resolve(archive, withdrawal + folder + METRICS);
        QcProvenance provenance = qcProvenance(withdrawal + folder + QcProvenance.FILE_NAME, notes);
        if (provenance == null && !Files.exists(metrics)) {
            return null;
        }
        List<CheckedFile> files = new ArrayList<>();
        if (provenance == null) {
            notes.add(
                    withdrawal.isEmpty()
                            ? "There is no provenance of the result of quality control in the archive (versions before it was"
                                    + " kept wrote none): its limits and the revision of the study are in the event"
                                    + " qc-complete, on the dashboard's page of the series"
                            : "The limits of the withdrawn result and the revision of the study are not kept with it");
        } else {
            for (FileRef output : provenance.outputs()) {
                files.add(CheckedFile.of(archive, at(withdrawal, output)));
            }
        }
        JsonNode report = report(metrics, provenance, notes);
        String input = provenance == null ? report.path("input").path("sha256").asText("") : provenance.inputSha256();
        List<String> reasons = new ArrayList<>();
        report.path("verdict").path("reasons").forEach(reason -> reasons.add(reason.asText()));
        return new MeasuredImage(
                provenance,
                provenance == null
                        ? report.path("verdict").path("level").asText("unknown")
                        : provenance.verdict().level().name(),
                provenance == null ? reasons : provenance.verdict().reasons(),
                image.stream().anyMatch(one -> one.sha256().equals(input)),
                number(report, metric, provenance),
                files);
    }

    private @Nullable QcProvenance qcProvenance(String path, List<String> notes) throws IOException {
        try {
            return EventJson.mapper().readValue(Files.readAllBytes(Fixity.resolve(archive, path)), QcProvenance.class);
        } catch (NoSuchFileException none) {
            return null;
        } catch (JsonProcessingException damaged) {
            notes.add(path + " cannot be read: " + damaged.getOriginalMessage());
            return null;
        }
    }

    /** The numbers; without them where the file is gone or damaged and its provenance lists it as changed. */
    private static JsonNode report(Path metrics, @Nullable QcProvenance provenance, List<String> notes)
            throws IOException {
        try {
            return EventJson.mapper().readTree(Files.readAllBytes(metrics));
        } catch (NoSuchFileException | JsonProcessingException unusable) {
            if (provenance == null) {
                throw unusable;
            }
            notes.add("The numbers cannot be read: " + METRICS
                    + " is missing or damaged; verdict and limits are those of " + QcProvenance.FILE_NAME);
            return MissingNode.getInstance();
        }
    }

    private static MeasuredImage.@Nullable Number number(
            JsonNode report, @Nullable String key, @Nullable QcProvenance provenance) {
        if (key == null || !report.path("metrics").has(key)) {
            return null;
        }
        JsonNode number = report.path("metrics").path(key);
        Optional<MetricDefinition> definition = MetricCatalogue.find(key);
        Limits limits = provenance == null ? null : provenance.limits().get(key);
        return new MeasuredImage.Number(
                key,
                number.path("value").isNumber()
                        ? Double.valueOf(number.path("value").asDouble())
                        : null,
                number.path("reason").textValue(),
                number.path("unit").asText(""),
                number.path("version").asInt(),
                definition.map(MetricDefinition::meaning).orElse(""),
                definition.map(MetricDefinition::source).orElse(""),
                limits);
    }

    private Lineage withdrawn(String path, @Nullable String metric) throws IOException {
        String[] parts = path.split("/", WITHDRAWN_LEVELS + 1);
        Path file = Fixity.resolve(archive, path);
        if (parts.length <= WITHDRAWN_LEVELS || Files.isDirectory(file)) {
            throw new IOException("Give a file in " + path + ", not the folder");
        }
        if (!Files.isRegularFile(file)) {
            throw new IOException("The archive " + archive + " has no file " + path);
        }
        String folder = String.join("/", List.of(parts).subList(0, WITHDRAWN_LEVELS)) + "/";
        String before = parts[WITHDRAWN_LEVELS];
        List<String> notes = new ArrayList<>();
        notes.add(withdrawalNote(folder + WITHDRAWAL_NOTE));
        Optional<ArchivePlace> place = ArchivePlace.of(before).filter(one -> one.stem() != null);
        if (place.isPresent()) {
            ArchivePlace of = place.get();
            String record = of.study() + "/provenance/" + of.session() + "/" + of.stem() + PROVENANCE;
            if (Files.exists(Fixity.resolve(archive, folder + record))) {
                return image(folder, record, path, metric, notes);
            }
        }
        MeasuredImage qc = place.isEmpty()
                ? null
                : qc(
                        folder,
                        place.get().study() + "/qc/" + place.get().session() + "/"
                                + place.get().stem() + "/",
                        List.of(),
                        metric,
                        notes);
        MeasuredImage.Number number = qc == null ? null : qc.number();
        if (metric != null && number == null) {
            throw new IOException("There is no number '" + metric + "' beside " + path);
        }
        List<CheckedFile> files = qc == null
                ? List.of()
                : qc.files().stream()
                        .filter(one -> one.published().path().equals(path))
                        .toList();
        if (files.isEmpty()) {
            notes.add("No record was withdrawn with it: what was published under its name is not known here"
                    + (Files.exists(Fixity.resolve(archive, before))
                            ? "; './datman explain " + before + "' explains the file of that name now"
                            : ""));
        }
        return new Lineage.OfWithdrawn(path, files, Fixity.sha256(file), number, List.copyOf(notes));
    }

    private String withdrawalNote(String path) throws IOException {
        try {
            JsonNode note = EventJson.mapper().readTree(Files.readAllBytes(Fixity.resolve(archive, path)));
            return "Withdrawn or replaced " + note.path("time").asText("") + " ("
                    + note.path("reason").path("code").asText("") + "): "
                    + note.path("reason").path("message").asText("") + "; event "
                    + note.path("event").asText("");
        } catch (NoSuchFileException none) {
            return "Why it was withdrawn is not known: there is no " + path;
        }
    }

    private List<Lineage> resource(ArchivePlace place) throws IOException {
        List<Lineage> found = new ArrayList<>();
        Path root = archive.resolve(ExportIndex.RESOURCES);
        if (!Files.isDirectory(root)) {
            return found;
        }
        List<Path> indexes;
        try (Stream<Path> all = Files.walk(root, 3)) {
            indexes = all.filter(file -> file.toString().endsWith(".json"))
                    .sorted()
                    .toList();
        }
        for (Path index : indexes) {
            JsonNode state = EventJson.mapper().readTree(Files.readAllBytes(index));
            JsonNode exported = state.path("exported");
            JsonNode file = exported.path("file");
            boolean asked = file.path("path").asText("").equals(place.path())
                    || file.path("path").asText("").startsWith(place.path() + "/");
            if (asked) {
                found.add(new Lineage.OfResource(
                        place.path(),
                        List.of(CheckedFile.of(archive, EventJson.mapper().treeToValue(file, FileRef.class))),
                        place.study(),
                        place.session(),
                        EventJson.mapper().treeToValue(state.path("discovered"), ResourceDiscovered.class),
                        isCurrent(exported),
                        isCurrent(exported) ? List.of() : List.of(earlierCopy(exported))));
            }
        }
        return found;
    }

    /** Whether the last attempt to copy the file succeeded: after a failed one, the file of before stays. */
    private static boolean isCurrent(JsonNode exported) {
        return exported.path("outcome").asText("").equals("EXPORTED")
                && !exported.path("renewal").isObject();
    }

    private static String earlierCopy(JsonNode exported) {
        JsonNode reason = exported.path("renewal").isObject() ? exported.path("renewal") : exported.path("reason");
        return "The last attempt to copy the file from XNAT failed, and the revision and MD5 of this earlier copy are not recorded: "
                + reason.path("message").asText("no reason is recorded") + ". "
                + reason.path("action").asText("");
    }

    private Lineage pipeline(ArchivePlace place) throws IOException {
        Path folder = Fixity.resolve(archive, place.path());
        Path top = archive.resolve(
                String.join("/", List.of(place.path().split("/")).subList(0, PIPELINE_SESSION_LEVEL)));
        while (!Files.isRegularFile(folder.resolve(PIPELINE_RECORD))) {
            folder = folder.getParent();
            if (folder == null || !folder.startsWith(top)) {
                throw new IOException("There is no " + PIPELINE_RECORD + " beside " + place.path()
                        + ": its tool has not finished, or the file is none of DATMAN's");
            }
        }
        JsonNode record = EventJson.mapper().readTree(Files.readAllBytes(folder.resolve(PIPELINE_RECORD)));
        List<CheckedFile> inputs = new ArrayList<>();
        for (FileRef input : RunGraph.inputs(record)) {
            inputs.add(CheckedFile.of(archive, input));
        }
        List<CheckedFile> outputs = new ArrayList<>();
        for (FileRef file : RunGraph.outputs(record)) {
            if (file.path().equals(place.path()) || file.path().startsWith(place.path() + "/")) {
                outputs.add(CheckedFile.of(archive, file));
            }
        }
        return new Lineage.OfPipeline(
                place.path(),
                outputs,
                record,
                inputs,
                outputs.isEmpty()
                        ? List.of(relative(folder.resolve(PIPELINE_RECORD)) + " does not list " + place.path()
                                + " as an output")
                        : List.of());
    }

    private static List<Path> entries(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(entry -> !entry.getFileName().toString().startsWith("."))
                    .sorted()
                    .toList();
        }
    }
}

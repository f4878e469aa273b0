package org.datman.simulator.importer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.datman.simulator.archive.ArchivedFile;
import org.datman.simulator.archive.Incoming;
import org.datman.simulator.archive.XsiType;

/**
 * Turns a folder of any depth into a study: every DICOM joins the series of its SeriesInstanceUID, everything else becomes a
 * file of a session resource named after its first folder (`MISC` where it has none). Archives in it are unpacked to a work
 * folder; one that is damaged or has no DICOM inside stays a plain file.
 */
public final class StudyReader {
    private static final System.Logger LOG = System.getLogger(StudyReader.class.getName());

    private static final Pattern SCAN_FOLDER = Pattern.compile("(\\d+)-(.+)");

    private final Path work;

    /** @param work where archives are unpacked */
    public StudyReader(Path work) {
        this.work = work;
    }

    /**
     * The result.
     *
     * @param studies number of different StudyInstanceUIDs
     */
    public record Found(Incoming study, int studies, int images) {}

    private record Image(String path, Path file, DicomHeaders.Instance instance) {}

    /**
     * The content of a session.
     *
     * @param damaged files marked as DICOM that cannot be read: they belong to the series that fills their folder
     */
    private record Content(List<Image> images, List<Image> damaged, Map<String, List<ArchivedFile>> others) {}

    /**
     * Reads folders and archives as one study.
     *
     * @throws IOException when one cannot be read, or an archive is damaged; says which
     */
    public Found read(List<Path> sources, String project, String subject, String label) throws IOException {
        var content = new Content(new ArrayList<>(), new ArrayList<>(), new TreeMap<>());
        for (var source : sources) {
            var root = Files.isDirectory(source) ? source : unpack(source);
            collect(root, root, "", content);
        }
        return build(content, project, subject, label);
    }

    /**
     * Reads one DICOM object as the study that it belongs to.
     *
     * @throws IOException when it cannot be read
     */
    public Found object(Path file, String project, String subject, String label) throws IOException {
        var content = new Content(new ArrayList<>(), new ArrayList<>(), new TreeMap<>());
        collectFile(file.getParent(), file, "", content);
        return build(content, project, subject, label);
    }

    private Path unpack(Path archive) throws IOException {
        Files.createDirectories(work);
        var target = Files.createTempDirectory(work, Unpacker.baseName(archive).replaceAll("\\W", "_") + "-");
        Unpacker.unpack(archive, target);
        return target;
    }

    private void collect(Path root, Path folder, String prefix, Content content) throws IOException {
        List<Path> children;
        try (var stream = Files.list(folder)) {
            children = stream.sorted(Comparator.comparing(p -> p.getFileName().toString()))
                    .toList();
        }
        for (var child : children) {
            if (Files.isDirectory(child)) {
                collect(root, child, prefix, content);
            } else {
                collectFile(root, child, prefix, content);
            }
        }
    }

    private void collectFile(Path root, Path file, String prefix, Content content) throws IOException {
        var path = prefix + root.relativize(file).toString().replace('\\', '/');
        if (Unpacker.isArchive(file)) {
            Path inner;
            try {
                inner = unpack(file);
            } catch (IOException damaged) {
                LOG.log(System.Logger.Level.WARNING, "kept as a plain file: " + path + ": " + damaged.getMessage());
                other(content, path, file);
                return;
            }
            int before = content.images().size();
            var nested = new Content(content.images(), content.damaged(), new TreeMap<>());
            var parent = path.contains("/") ? path.substring(0, path.lastIndexOf('/') + 1) : "";
            collect(inner, inner, parent + Unpacker.baseName(file) + "/", nested);
            if (content.images().size() > before) {
                nested.others().forEach((label, files) -> content.others()
                        .computeIfAbsent(label, l -> new ArrayList<>())
                        .addAll(files));
            } else {
                other(content, path, file);
            }
            return;
        }
        var instance = DicomHeaders.instance(file);
        if (instance.isPresent()) content.images().add(new Image(path, file, instance.get()));
        else if (DicomHeaders.saysItIsDicom(file) && path.contains("/"))
            content.damaged().add(new Image(path, file, null));
        else other(content, path, file);
    }

    /** The scanner wrote the damaged file among the others of its series; XNAT would have it there as well. */
    private static void placeDamaged(Content content) throws IOException {
        for (var damaged : content.damaged()) {
            var folder = damaged.path().substring(0, damaged.path().lastIndexOf('/') + 1);
            var neighbours = content.images().stream()
                    .filter(image -> image.path().startsWith(folder))
                    .toList();
            var series = neighbours.stream()
                    .map(image -> image.instance().seriesUid())
                    .distinct()
                    .toList();
            if (series.size() == 1) {
                content.images()
                        .add(new Image(
                                damaged.path(),
                                damaged.file(),
                                neighbours.get(0).instance()));
            } else {
                other(content, damaged.path(), damaged.file());
            }
        }
    }

    private static void other(Content content, String path, Path file) throws IOException {
        int slash = path.indexOf('/');
        var label = slash < 0 ? "MISC" : LoadOptions.clean(path.substring(0, slash));
        content.others()
                .computeIfAbsent(label, l -> new ArrayList<>())
                .add(archived(slash < 0 ? path : path.substring(slash + 1), file));
    }

    private static ArchivedFile archived(String path, Path file) throws IOException {
        return new ArchivedFile(
                path,
                file.toAbsolutePath(),
                Files.size(file),
                Files.getLastModifiedTime(file).toInstant());
    }

    // ---- series ----------------------------------------------------------------------------------------------------

    private static Found build(Content content, String project, String subject, String label) throws IOException {
        placeDamaged(content);
        var bySeries = new LinkedHashMap<String, List<Image>>();
        for (var image : content.images()) {
            bySeries.computeIfAbsent(image.instance().seriesUid(), uid -> new ArrayList<>())
                    .add(image);
        }
        var groups = new ArrayList<>(bySeries.values());
        groups.sort(Comparator.comparingLong(
                        (List<Image> g) -> number(g.get(0).instance().seriesNumber()))
                .thenComparing(g -> g.get(0).instance().seriesUid()));
        var series = new ArrayList<Incoming.Series>();
        for (var group : groups) series.add(series(group, series.size() + 1));
        series.addAll(seriesWithoutDicom(content));
        var others = content.others().entrySet().stream()
                .map(e -> new Incoming.Other(e.getKey(), e.getValue()))
                .toList();
        if (content.images().isEmpty()) {
            var empty = new Incoming(project, subject, label, "", "MR", "", "", Map.of(), List.of(), others);
            return new Found(empty, 0, 0);
        }
        var images = content.images().stream()
                .collect(
                        Collectors.groupingBy(i -> i.instance().studyUid(), LinkedHashMap::new, Collectors.counting()));
        var leading = images.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .orElseThrow()
                .getKey();
        var modality = XsiType.leadingModality(
                series.stream().map(Incoming.Series::modality).toList());
        var sample = content.images().stream()
                .filter(i -> i.instance().studyUid().equals(leading))
                .findFirst()
                .orElseThrow();
        var attributes = DicomHeaders.study(sample.file());
        var patient = attributes.patientId().isBlank() ? label : LoadOptions.clean(attributes.patientId());
        return new Found(
                new Incoming(
                        project,
                        subject.isEmpty() ? patient : subject,
                        label,
                        leading,
                        modality,
                        attributes.date(),
                        attributes.time(),
                        attributes.fields(),
                        series,
                        others),
                images.size(),
                content.images().size());
    }

    /** A folder called {@code <number>-<description>} that holds no DICOM at all is a scan whose images were never received. */
    private static List<Incoming.Series> seriesWithoutDicom(Content content) {
        var found = new ArrayList<Incoming.Series>();
        for (var label : List.copyOf(content.others().keySet())) {
            var name = SCAN_FOLDER.matcher(label);
            if (name.matches()
                    && content.images().stream().noneMatch(image -> image.path().startsWith(label + "/"))) {
                var description = name.group(2).replace('_', ' ');
                found.add(new Incoming.Series(
                        name.group(1),
                        "",
                        "MR",
                        XsiType.scan("MR", false),
                        description,
                        description,
                        0,
                        Map.of(),
                        Map.of(),
                        "OTHER",
                        content.others().remove(label)));
            }
        }
        return found;
    }

    private static long number(String text) {
        try {
            return Long.parseLong(text.strip());
        } catch (NumberFormatException none) {
            return Long.MAX_VALUE;
        }
    }

    private static Incoming.Series series(List<Image> group, int position) throws IOException {
        var first = group.get(0).instance();
        var attributes = DicomHeaders.series(group.get(0).file());
        boolean secondary = group.stream().allMatch(i -> i.instance().isSecondaryCapture());
        var modality = first.modality();
        var id = first.seriesNumber().isBlank()
                ? (modality.isEmpty() ? "OT" : modality) + position
                : first.seriesNumber().strip();
        var echoes = new TreeSet<Double>();
        for (var image : group) {
            if (!image.instance().echoTime().isEmpty())
                echoes.add(decimal(image.instance().echoTime()));
        }
        var addParams = new TreeMap<String, String>();
        if (echoes.size() > 1) {
            int n = 0;
            for (var echo : echoes) addParams.put("MultiEcho_TE" + ++n, echo.toString());
        }
        return new Incoming.Series(
                id,
                first.seriesUid(),
                modality,
                XsiType.scan(modality, secondary),
                attributes.description(),
                attributes.description(),
                group.stream().mapToInt(i -> i.instance().frames()).sum(),
                attributes.fields(),
                addParams,
                secondary ? "secondary" : "DICOM",
                files(group));
    }

    private static double decimal(String text) {
        try {
            return Double.parseDouble(text.strip());
        } catch (NumberFormatException odd) {
            return 0;
        }
    }

    /** File names as they were; where two are the same, the folder goes with them. */
    private static List<ArchivedFile> files(List<Image> group) throws IOException {
        var count = new HashMap<String, Integer>();
        for (var image : group) count.merge(image.file().getFileName().toString(), 1, Integer::sum);
        var result = new ArrayList<ArchivedFile>();
        for (var image : group) {
            var name = image.file().getFileName().toString();
            result.add(archived(count.get(name) == 1 ? name : image.path(), image.file()));
        }
        return result;
    }
}

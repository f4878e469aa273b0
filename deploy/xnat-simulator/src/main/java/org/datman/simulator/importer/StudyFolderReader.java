package org.datman.simulator.importer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.datman.simulator.archive.ArchivedFile;
import org.datman.simulator.archive.Incoming;
import org.datman.simulator.archive.XsiType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns a folder of any depth into a study: every DICOM joins the series of its SeriesInstanceUID, everything else becomes a
 * file of a session resource named after its first folder ({@code MISC} where it has none). Archives in it are unpacked to a work
 * folder; one that is damaged or has no DICOM inside stays a plain file.
 */
public final class StudyFolderReader {
    private static final Logger LOG = LoggerFactory.getLogger(StudyFolderReader.class);

    private static final Pattern SCAN_FOLDER = Pattern.compile("(\\d+)-(.+)");

    private final Path work;

    /** @param work where archives are unpacked */
    public StudyFolderReader(Path work) {
        this.work = work;
    }

    /**
     * The result.
     *
     * @param studies number of different StudyInstanceUIDs
     */
    public record Found(Incoming study, int studies, int images) {}

    private record Image(String path, Path file, DicomHeaders.Instance instance) {}

    private record Damaged(String path, Path file) {}

    /**
     * The content of a session.
     *
     * @param damaged files marked as DICOM that cannot be read: they belong to the series that fills their folder
     */
    private record Content(List<Image> images, List<Damaged> damaged, Map<String, List<ArchivedFile>> others) {}

    /**
     * Reads folders and archives as one study.
     *
     * @throws IOException when one cannot be read, or an archive is damaged; says which
     */
    public Found read(List<Path> sources, String project, String subject, String label) throws IOException {
        Content content = new Content(new ArrayList<>(), new ArrayList<>(), new TreeMap<>());
        for (Path source : sources) {
            Path root = Files.isDirectory(source) ? source : unpack(source);
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
        Content content = new Content(new ArrayList<>(), new ArrayList<>(), new TreeMap<>());
        collectFile(file.resolveSibling(""), file, "", content);
        return build(content, project, subject, label);
    }

    private Path unpack(Path archive) throws IOException {
        Files.createDirectories(work);
        Path target = Files.createTempDirectory(work, Unpacker.baseName(archive).replaceAll("\\W", "_") + "-");
        Unpacker.unpack(archive, target);
        return target;
    }

    private void collect(Path root, Path folder, String prefix, Content content) throws IOException {
        List<Path> children;
        try (Stream<Path> stream = Files.list(folder)) {
            children = stream.sorted(Comparator.comparing(p -> p.getFileName().toString()))
                    .toList();
        }
        for (Path child : children) {
            if (Files.isDirectory(child)) {
                collect(root, child, prefix, content);
            } else {
                collectFile(root, child, prefix, content);
            }
        }
    }

    private void collectFile(Path root, Path file, String prefix, Content content) throws IOException {
        String path = prefix + root.relativize(file).toString().replace('\\', '/');
        if (Unpacker.isArchive(file)) {
            Path inner;
            try {
                inner = unpack(file);
            } catch (IOException damaged) {
                LOG.warn("Kept as a plain file file={} error={}", path, damaged.getMessage());
                other(content, path, file);
                return;
            }
            int before = content.images().size();
            Content nested = new Content(content.images(), content.damaged(), new TreeMap<>());
            String parent = path.contains("/") ? path.substring(0, path.lastIndexOf('/') + 1) : "";
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
        Optional<DicomHeaders.Instance> instance = DicomHeaders.instance(file);
        if (instance.isPresent()) {
            content.images().add(new Image(path, file, instance.get()));
        } else if (DicomHeaders.hasDicomMark(file) && path.contains("/")) {
            content.damaged().add(new Damaged(path, file));
        } else {
            other(content, path, file);
        }
    }

    /** The scanner wrote the damaged file among the others of its series; XNAT would have it there as well. */
    private static void placeDamaged(Content content) throws IOException {
        for (Damaged damaged : content.damaged()) {
            String folder = damaged.path().substring(0, damaged.path().lastIndexOf('/') + 1);
            List<Image> neighbours = content.images().stream()
                    .filter(image -> image.path().startsWith(folder))
                    .toList();
            List<String> series = neighbours.stream()
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
        String label = slash < 0 ? "MISC" : LoadOptions.clean(path.substring(0, slash));
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
        Map<String, List<Image>> bySeries = new LinkedHashMap<>();
        for (Image image : content.images()) {
            bySeries.computeIfAbsent(image.instance().seriesUid(), uid -> new ArrayList<>())
                    .add(image);
        }
        List<List<Image>> groups = new ArrayList<>(bySeries.values());
        groups.sort(Comparator.comparingLong(
                        (List<Image> g) -> number(g.get(0).instance().seriesNumber()))
                .thenComparing(g -> g.get(0).instance().seriesUid()));
        List<Incoming.Series> series = new ArrayList<>();
        for (List<Image> group : groups) {
            series.add(series(group, series.size() + 1));
        }
        series.addAll(seriesWithoutDicom(content));
        List<Incoming.Other> others = content.others().entrySet().stream()
                .map(e -> new Incoming.Other(e.getKey(), e.getValue()))
                .toList();
        if (content.images().isEmpty()) {
            Incoming empty = new Incoming(project, subject, label, "", "MR", "", "", Map.of(), List.of(), others);
            return new Found(empty, 0, 0);
        }
        LinkedHashMap<String, Long> images = content.images().stream()
                .collect(
                        Collectors.groupingBy(i -> i.instance().studyUid(), LinkedHashMap::new, Collectors.counting()));
        String leading = images.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .orElseThrow()
                .getKey();
        String modality = XsiType.leadingModality(
                series.stream().map(Incoming.Series::modality).toList());
        Image sample = content.images().stream()
                .filter(i -> i.instance().studyUid().equals(leading))
                .findFirst()
                .orElseThrow();
        DicomHeaders.StudyFacts attributes = DicomHeaders.study(sample.file());
        String patient = attributes.patientId().isBlank() ? label : LoadOptions.clean(attributes.patientId());
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
        List<Incoming.Series> found = new ArrayList<>();
        for (Map.Entry<String, List<ArchivedFile>> other :
                List.copyOf(content.others().entrySet())) {
            String label = other.getKey();
            Matcher name = SCAN_FOLDER.matcher(label);
            if (name.matches()
                    && content.images().stream().noneMatch(image -> image.path().startsWith(label + "/"))) {
                String description = name.group(2).replace('_', ' ');
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
                        other.getValue()));
                content.others().remove(label);
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
        DicomHeaders.Instance first = group.get(0).instance();
        DicomHeaders.SeriesFacts attributes = DicomHeaders.series(group.get(0).file());
        boolean secondary = group.stream().allMatch(i -> i.instance().isSecondaryCapture());
        String modality = first.modality();
        String id = first.seriesNumber().isBlank()
                ? (modality.isEmpty() ? "OT" : modality) + position
                : first.seriesNumber().strip();
        Set<Double> echoes = new TreeSet<>();
        for (Image image : group) {
            if (!image.instance().echoTime().isEmpty()) {
                echoes.add(decimal(image.instance().echoTime()));
            }
        }
        Map<String, String> addParams = new TreeMap<>();
        if (echoes.size() > 1) {
            int n = 0;
            for (Double echo : echoes) {
                addParams.put("MultiEcho_TE" + ++n, echo.toString());
            }
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
        Set<String> seen = new HashSet<>();
        Set<String> repeated = group.stream()
                .map(image -> image.file().getFileName().toString())
                .filter(name -> !seen.add(name))
                .collect(Collectors.toSet());
        List<ArchivedFile> result = new ArrayList<>();
        for (Image image : group) {
            String name = image.file().getFileName().toString();
            result.add(archived(repeated.contains(name) ? image.path() : name, image.file()));
        }
        return result;
    }
}

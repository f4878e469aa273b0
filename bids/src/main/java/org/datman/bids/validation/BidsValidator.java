package org.datman.bids.validation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.datman.bids.dataset.Contents;
import org.datman.bids.dataset.DatasetFile;
import org.datman.bids.dataset.Folder;
import org.datman.bids.dataset.FolderReader;
import org.datman.bids.schema.BidsSchema;

/**
 * Validates a dataset, then only what changes in it. A change in a session costs the session, the dataset's own files and the sessions that
 * named the changed file; a sidecar at the top costs everything it may describe. The result is the same as that of a whole validation.
 *
 * <p>Derivatives, source data and code are not looked into; a dataset in {@code derivatives} is validated for itself. Not for several
 * threads.
 */
public final class BidsValidator {

    private final BidsSchema schema;
    private final Path place;
    private final boolean readHeaders;
    private final Folder root;
    private final Contents contents = new Contents();
    private final Map<Unit, UnitReport> reports = new LinkedHashMap<>();
    private int visited;

    /**
     * Reads the names in a dataset, no contents.
     *
     * @param readHeaders whether headers of NIfTI images are read; false for datasets whose images are empty examples
     * @throws IOException if a folder cannot be read
     */
    public BidsValidator(Path dataset, BidsSchema schema, boolean readHeaders) throws IOException {
        this.schema = schema;
        this.readHeaders = readHeaders;
        place = dataset.toAbsolutePath().normalize();
        root = FolderReader.read(place);
    }

    /** Validates everything as it was read. */
    public Report validate() {
        contents.forget("/");
        reports.clear();
        DatasetContext dataset = new DatasetContext(schema, root, contents);
        return validate(units(), dataset);
    }

    /**
     * Validates what may be otherwise since the last time.
     *
     * @param changed files that were written, removed or renamed (both names), absolute or relative to the dataset
     */
    public Report validate(Collection<Path> changed) throws IOException {
        Set<String> paths = new LinkedHashSet<>();
        for (Path each : changed) {
            Path relative = each.isAbsolute() ? place.relativize(each.normalize()) : each.normalize();
            paths.add("/" + relative.toString().replace('\\', '/'));
        }
        Set<String> before = new HashSet<>();
        paths.forEach(path -> allBelow(path, before));
        refresh(paths);
        Set<String> after = new HashSet<>();
        paths.forEach(path -> allBelow(path, after));
        Set<String> all = new TreeSet<>(before);
        all.addAll(after);
        all.addAll(paths);
        all.forEach(contents::forget);
        DatasetContext dataset = new DatasetContext(schema, root, contents);
        Set<Unit> affected = new LinkedHashSet<>();
        Set<Unit> present = units();
        reports.keySet().retainAll(present);
        for (Unit unit : present) {
            UnitReport known = reports.get(unit);
            if (known == null
                    || unit.equals(Unit.DATASET)
                    || all.stream().anyMatch(path -> affects(path, before.contains(path), unit, known))) {
                affected.add(unit);
            }
        }
        return validate(affected, dataset);
    }

    /** Whether a change at a path may change what was found in a unit. */
    private boolean affects(String path, boolean wasThere, Unit unit, UnitReport known) {
        Unit own = Unit.of(path);
        if (own.equals(unit) || Unit.of(path + "/x").equals(unit) || known.dependsOn(path)) {
            return true;
        }
        if (!unit.path().startsWith(own.path())) {
            return false;
        }
        if (path.equals(DatasetContext.DESCRIPTION) || path.equals("/" + FolderReader.IGNORE_FILE)) {
            return true;
        }
        // A file above that was there is used or not; a new one may be inherited.
        boolean isThere = root.contains(path.substring(1));
        return isThere != wasThere
                && path.startsWith(own.path())
                && path.indexOf('/', own.path().length()) < 0
                && path.contains(".");
    }

    private void allBelow(String path, Set<String> found) {
        Folder at = root;
        for (String name : path.substring(1).split("/")) {
            Optional<Folder> next = at.folder(name);
            if (next.isEmpty()) {
                if (at.file(name).isPresent()) {
                    found.add(path);
                }
                return;
            }
            at = next.get();
        }
        collect(at, found);
    }

    private static void collect(Folder folder, Set<String> found) {
        found.add(folder.path());
        folder.files().forEach(file -> found.add(file.path()));
        folder.folders().forEach(below -> collect(below, found));
    }

    /** Reads the folders again that the paths are in. */
    private void refresh(Set<String> paths) throws IOException {
        Set<Folder> again = new LinkedHashSet<>();
        for (String path : paths) {
            Folder at = root;
            boolean reached = true;
            for (String name : path.substring(1).split("/")) {
                Optional<Folder> next = at.folder(name);
                if (next.isEmpty() || !Files.isDirectory(next.get().onDisk())) {
                    reached = false;
                    break;
                }
                at = next.get();
            }
            if (reached) {
                FolderReader.refresh(at, true);
            } else {
                again.add(at);
            }
        }
        for (Folder folder : again) {
            FolderReader.refresh(folder, false);
        }
    }

    private Set<Unit> units() {
        Set<Unit> units = new LinkedHashSet<>();
        units.add(Unit.DATASET);
        for (Folder subject : root.folders()) {
            if (Unit.DATASET.leavesOut(subject)) {
                Unit unit = Unit.of(subject);
                units.add(unit);
                subject.folders().stream().filter(unit::leavesOut).forEach(session -> units.add(Unit.of(session)));
            }
        }
        return units;
    }

    private Report validate(Set<Unit> units, DatasetContext dataset) {
        visited = 0;
        for (Unit unit : units) {
            boolean ignored = !unit.equals(Unit.DATASET) && isIgnored(unit, dataset);
            Optional<Folder> folder = unit.folder(root);
            if (ignored || folder.isEmpty()) {
                reports.remove(unit);
                continue;
            }
            UnitReport report = UnitReport.of(unit, folder.get(), dataset, readHeaders);
            reports.put(unit, report);
            visited += report.visited();
            if (!unit.equals(Unit.DATASET)) {
                contents.forget(unit.path());
            }
        }
        return new Report(schema.version(), schema.bidsVersion(), findings(dataset), visited, notChecked(dataset));
    }

    private static boolean isIgnored(Unit unit, DatasetContext dataset) {
        String path = unit.path();
        for (int slash = path.indexOf('/', 1); slash > 0; slash = path.indexOf('/', slash + 1)) {
            if (dataset.isIgnored(path.substring(0, slash))) {
                return true;
            }
        }
        return false;
    }

    private List<Finding> findings(DatasetContext dataset) {
        Set<Finding> all = new HashSet<>();
        Set<String> used = new HashSet<>();
        for (UnitReport report : reports.values()) {
            all.addAll(report.findings());
            used.addAll(report.usedElsewhere());
        }
        for (UnitReport report : reports.values()) {
            report.unusedJson().stream()
                    .filter(path -> !used.contains(path))
                    .forEach(path -> all.add(Code.SIDECAR_WITHOUT_DATAFILE.at(path)));
        }
        if (dataset.root().file("dataset_description.json").isEmpty()) {
            all.add(Code.MISSING_DATASET_DESCRIPTION.at(""));
        }
        List<Finding> sorted = new ArrayList<>(all);
        sorted.sort(Finding.ORDER);
        return sorted;
    }

    private static List<String> notChecked(DatasetContext dataset) {
        Map<String, String> parts = new HashMap<>();
        if (dataset.root().file("CITATION.cff").isPresent()) {
            parts.put("CITATION.cff", "CITATION.cff is not read");
        }
        if (dataset.description().containsKey("HEDVersion")) {
            parts.put("HED", "HED tags are not checked");
        }
        return parts.values().stream().sorted().toList();
    }

    /** Files of the dataset, without those that do not belong to it. */
    public long files() {
        return count(root);
    }

    private static long count(Folder folder) {
        List<DatasetFile> files = folder.files();
        return files.size()
                + folder.folders().stream().mapToLong(BidsValidator::count).sum();
    }
}

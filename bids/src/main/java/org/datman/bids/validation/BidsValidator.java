package org.datman.bids.validation;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.datman.bids.dataset.Contents;
import org.datman.bids.dataset.Folder;
import org.datman.bids.dataset.FolderReader;
import org.datman.bids.schema.BidsSchema;

/**
 * Validates a dataset, then only what changes in it. A change in a session costs the session, the dataset's own files and the sessions that
 * named the changed file; a sidecar at the top costs everything it may describe. The findings are those of a whole validation.
 *
 * <p>Derivatives, source data and code are not looked into; a dataset in {@code derivatives} is validated for itself. Not for several
 * threads.
 */
public final class BidsValidator {

    private final BidsSchema schema;
    private final Path place;
    private final boolean readHeaders;
    private Folder root;
    private final Contents contents;
    private final Map<Unit, UnitReport> reports = new LinkedHashMap<>();
    private final Tally<Finding> findings = new Tally<>();
    private final Tally<String> used = new Tally<>();
    private Set<Finding> unusedSidecars = Set.of();
    private DatasetContext dataset;

    /**
     * Reads the names in a dataset, no contents but those of its description.
     *
     * @param readHeaders whether headers of NIfTI images are read; false for datasets whose images are empty examples
     * @throws IOException if a folder cannot be read
     */
    public BidsValidator(Path place, BidsSchema schema, boolean readHeaders) throws IOException {
        this(place, schema, readHeaders, new Contents());
    }

    BidsValidator(Path place, BidsSchema schema, boolean readHeaders, Contents contents) throws IOException {
        this.contents = contents;
        this.schema = schema;
        this.readHeaders = readHeaders;
        this.place = place.toAbsolutePath().normalize();
        root = FolderReader.read(this.place);
        dataset = new DatasetContext(schema, root, contents);
    }

    /** Validates everything as it was read. */
    public ValidationReport validate() {
        int files = validateUnits();
        List<Finding> sorted = new ArrayList<>(findings.all());
        sorted.sort(Finding.ORDER);
        return new ValidationReport(schema.version(), schema.bidsVersion(), sorted, files, notChecked());
    }

    private int validateUnits() {
        contents.forget("/");
        dataset = new DatasetContext(schema, root, contents);
        return validate(new LinkedHashSet<>(reports.keySet()), units());
    }

    /**
     * Validates what may be otherwise since the last time.
     *
     * @param changed files or folders that were written, removed or renamed (both names), absolute or relative to the dataset; the dataset
     *     itself to read everything again
     * @throws IllegalArgumentException if a path is outside of the dataset; nothing is validated then
     */
    public DatasetChange validate(Collection<Path> changed) throws IOException {
        Set<String> paths = new LinkedHashSet<>();
        for (Path each : changed) {
            Path whole = place.resolve(each).normalize();
            if (!whole.startsWith(place)) {
                throw new IllegalArgumentException("%s is outside of the dataset %s".formatted(each, place));
            }
            paths.add("/" + place.relativize(whole).toString().replace('\\', '/'));
        }
        if (paths.contains("/")) {
            root = FolderReader.read(place);
            int files = validateUnits();
            return new DatasetChange(sorted(findings.appeared()), sorted(findings.gone()), files);
        }
        Set<String> before = below(paths);
        for (String path : paths) {
            FolderReader.refresh(root, path);
        }
        Set<String> after = below(paths);
        Set<String> all = new HashSet<>(paths);
        all.addAll(before);
        all.addAll(after);
        all.forEach(contents::forget);
        dataset = new DatasetContext(schema, root, contents);
        Set<Unit> present = units();
        Set<Unit> vanished = new LinkedHashSet<>(reports.keySet());
        vanished.removeAll(present);
        int files = validate(vanished, affected(all, before, after, present));
        return new DatasetChange(sorted(findings.appeared()), sorted(findings.gone()), files);
    }

    private static List<Finding> sorted(Set<Finding> findings) {
        return findings.stream().sorted(Finding.ORDER).toList();
    }

    /** Which units a change may concern. */
    private Set<Unit> affected(Set<String> changed, Set<String> before, Set<String> after, Set<Unit> present) {
        Set<String> concerned = new HashSet<>();
        Set<String> above = new HashSet<>();
        for (String path : changed) {
            String unit = Unit.of(path).path();
            concerned.add(unit);
            concerned.add(Unit.of(path + "/x").path());
            // A file that is used is known to be; a new one above may be inherited, and one that went may have hidden
            // another.
            boolean directlyInUnit = path.startsWith(unit) && path.indexOf('/', unit.length()) < 0;
            if (directlyInUnit && path.contains(".") && before.contains(path) != after.contains(path)
                    || path.equals(DatasetContext.DESCRIPTION)
                    || path.equals("/" + FolderReader.IGNORE_FILE)) {
                above.add(unit);
            }
        }
        Set<Unit> affected = new LinkedHashSet<>();
        for (Unit unit : present) {
            UnitReport known = reports.get(unit);
            if (known == null
                    || unit.equals(Unit.DATASET)
                    || concerned.contains(unit.path())
                    || above.stream().anyMatch(unit.path()::startsWith)
                    || known.dependsOn(changed)) {
                affected.add(unit);
            }
        }
        return affected;
    }

    private Set<String> below(Set<String> paths) {
        Set<String> found = new HashSet<>();
        for (String path : paths) {
            Folder at = root;
            for (String name : path.substring(1).split("/")) {
                Optional<Folder> next = at.folder(name);
                if (next.isEmpty() && at.file(name).isPresent()) {
                    found.add(at.child(name));
                }
                at = next.orElse(at);
            }
            if (at.path().equals(path)) {
                collect(at, found);
            }
        }
        return found;
    }

    private static void collect(Folder folder, Set<String> found) {
        found.add(folder.path());
        folder.files().forEach(file -> found.add(file.path()));
        folder.folders().forEach(below -> collect(below, found));
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

    /** Forgets what was found in some units, and validates some; how many files and folders were looked at. */
    private int validate(Set<Unit> forgotten, Set<Unit> units) {
        int files = 0;
        findings.start();
        forgotten.forEach(this::forget);
        for (Unit unit : units) {
            forget(unit);
            Optional<Folder> folder = isIgnored(unit) ? Optional.empty() : unit.folder(root);
            if (folder.isPresent()) {
                UnitReport report = UnitReport.of(unit, folder.get(), dataset, readHeaders);
                reports.put(unit, report);
                findings.add(report.findings());
                used.add(report.usedElsewhere());
                files += report.files();
            }
            if (!unit.equals(Unit.DATASET)) {
                contents.forget(unit.path());
            }
        }
        findings.remove(unusedSidecars);
        unusedSidecars = new HashSet<>();
        for (UnitReport report : reports.values()) {
            for (String path : report.unusedJson()) {
                if (!used.has(path)) {
                    unusedSidecars.add(Code.SIDECAR_WITHOUT_DATAFILE.at(path));
                }
            }
        }
        findings.add(unusedSidecars);
        return files;
    }

    private void forget(Unit unit) {
        UnitReport old = reports.remove(unit);
        if (old != null) {
            findings.remove(old.findings());
            used.remove(old.usedElsewhere());
        }
    }

    private boolean isIgnored(Unit unit) {
        String path = unit.path();
        for (int slash = path.indexOf('/', 1); slash > 0; slash = path.indexOf('/', slash + 1)) {
            if (dataset.isIgnored(path.substring(0, slash))) {
                return true;
            }
        }
        return false;
    }

    private List<String> notChecked() {
        List<String> parts = new ArrayList<>();
        if (root.file("CITATION.cff").isPresent()) {
            parts.add("CITATION.cff is not read");
        }
        if (dataset.description().containsKey("HEDVersion")) {
            parts.add("HED tags are not checked");
        }
        dataset.ignoreLinesLeftOut()
                .forEach(line -> parts.add("the line '" + line + "' of .bidsignore is no pattern and ignores nothing"));
        reports.values().forEach(report -> parts.addAll(report.notChecked()));
        return parts;
    }

    /** Files of the dataset, without those that do not belong to it. */
    public long files() {
        return root.fileCount();
    }
}

package org.datman.bids.validation;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.datman.bids.dataset.DatasetFile;
import org.datman.bids.dataset.Folder;
import org.datman.bids.dataset.FolderReader;

/**
 * What validation found in a unit, and what it depends on.
 *
 * @param unusedJson JSON files in it that nothing in it uses
 * @param usedElsewhere files outside of it that it uses
 * @param askedElsewhere paths outside of it whose existence matters to it
 * @param notChecked parts of files in it that no rule looks at
 * @param count files and folders in it
 */
record UnitReport(
        Set<Finding> findings,
        Set<String> unusedJson,
        Set<String> usedElsewhere,
        Set<String> askedElsewhere,
        Set<String> notChecked,
        AtomicInteger count) {

    /** JSON files that describe no other file. */
    private static final Set<String> ALONE = Set.of("dataset_description.json", "genetic_info.json");

    /** Validates a unit. */
    static UnitReport of(Unit unit, Folder folder, DatasetContext dataset, boolean readHeaders) {
        UnitReport report = new UnitReport(
                new LinkedHashSet<>(),
                new LinkedHashSet<>(),
                new LinkedHashSet<>(),
                new LinkedHashSet<>(),
                new LinkedHashSet<>(),
                new AtomicInteger());
        if (!unit.equals(Unit.DATASET)) {
            report.visit(new FileContext(dataset, dataset.asFile(folder), !dataset.isFileLike(folder), readHeaders));
        }
        if (unit.equals(Unit.DATASET) || !dataset.isOpaque(folder)) {
            report.walk(unit, folder, dataset, readHeaders);
        }
        if (unit.equals(Unit.DATASET) && folder.file("dataset_description.json").isEmpty()) {
            report.findings.add(Code.MISSING_DATASET_DESCRIPTION.at(""));
        }
        if (unit.equals(Unit.DATASET)) {
            dataset.ignoreFault()
                    .ifPresent(fault -> report.findings.add(
                            Code.of(fault.code()).at("/" + FolderReader.IGNORE_FILE, fault.detail())));
        }
        report.usedElsewhere.forEach(report.unusedJson::remove);
        report.usedElsewhere.removeIf(path -> Unit.of(path).equals(unit));
        report.askedElsewhere.removeIf(path -> Unit.of(path).equals(unit));
        return report;
    }

    private void walk(Unit unit, Folder folder, DatasetContext dataset, boolean readHeaders) {
        for (Folder.BrokenLink link : folder.links()) {
            if (!dataset.isIgnored(link.path())) {
                String reason = link.fault() == Folder.LinkFault.UNREADABLE ? ", " + link.reason() : "";
                findings.add(Code.of(link.fault()).at(link.path(), "its target is " + link.target() + reason));
            }
        }
        for (DatasetFile file : folder.files()) {
            if (!dataset.isIgnored(file)) {
                visit(new FileContext(dataset, file, false, readHeaders));
                if (file.name().endsWith(".json") && !ALONE.contains(file.name())) {
                    unusedJson.add(file.path());
                }
            }
        }
        for (Folder below : folder.folders()) {
            boolean ofOtherUnit = Unit.of(folder).equals(unit) && unit.leavesOut(below);
            if (ofOtherUnit || dataset.isIgnored(below.path())) {
                continue;
            }
            visit(new FileContext(dataset, dataset.asFile(below), !dataset.isFileLike(below), readHeaders));
            if (!dataset.isOpaque(below)) {
                walk(unit, below, dataset, readHeaders);
            }
        }
    }

    int files() {
        return count.get();
    }

    private void visit(FileContext context) {
        count.incrementAndGet();
        if (context.dataset().type().equals("raw") && context.path().contains("derivatives")) {
            return;
        }
        NameCheck.check(context);
        ContentCheck.check(context);
        findings.addAll(context.findings());
        notChecked.addAll(context.notChecked());
        usedElsewhere.addAll(context.looked());
        askedElsewhere.addAll(context.asked());
    }

    /** Whether changes at these paths may change what was found here. */
    boolean dependsOn(Set<String> changed) {
        if (!Collections.disjoint(usedElsewhere, changed) || !Collections.disjoint(askedElsewhere, changed)) {
            return true;
        }
        for (String asked : askedElsewhere) {
            for (String path : changed) {
                if (path.startsWith(asked + "/")) {
                    return true;
                }
            }
        }
        return false;
    }
}

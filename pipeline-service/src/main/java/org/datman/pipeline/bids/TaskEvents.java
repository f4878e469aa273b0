package org.datman.pipeline.bids;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.QcReviewed;
import org.datman.contracts.event.ResourceExported;
import org.datman.contracts.event.ScanId;
import org.datman.contracts.study.EventsRule;

/**
 * The events of a run.
 *
 * @param scan of the run
 * @param tag of the run
 * @param source the behavioural file in the archive
 */
record TaskEvents(ScanId scan, String tag, FileRef source, EventsTable table) {

    /** Whether they belong to the run of that image. */
    boolean isOf(PlannedImage image) {
        return isOf(image.image());
    }

    boolean isOf(BidsImage image) {
        return image.scan().equals(scan) && image.tag().equals(tag);
    }

    /** A behavioural file and the run that it belongs to. */
    record Assigned(ScanId scan, String tag, EventsRule rule, FileRef file) {}

    /**
     * Which file belongs to which run.
     *
     * @param refused files that may be of a run, and why they are not taken
     */
    record Assignment(List<Assigned> assigned, List<LeftOut> refused) {}

    /**
     * Assigns the behavioural files of a session to its runs. A file at a scan on XNAT belongs to that; one of the session to the run of which its name has
     * the number, or to the only run when it is the only file. Where a run is incomplete or cannot be used, numbers are taken only when every run
     * has its file: a task program that began such a run anew may have counted it once or twice.
     *
     * @param inOrder the images of the session in the order of acquisition, those that cannot be in the dataset too
     * @param files associated files of the session
     */
    static Assignment assign(List<BidsImage> inOrder, List<ResourceExported> files) {
        Map<String, EventsRule> rules = new TreeMap<>();
        Map<String, Set<ScanId>> runs = new TreeMap<>();
        Set<ScanId> doubtful = new TreeSet<>();
        for (BidsImage image : inOrder) {
            image.rule().findEvents().ifPresent(rule -> {
                rules.put(image.tag(), rule);
                runs.computeIfAbsent(image.tag(), tag -> new LinkedHashSet<>()).add(image.scan());
                if (image.absent() != null || image.review() == QcReviewed.Decision.BLACKLISTED || !image.whole()) {
                    doubtful.add(image.scan());
                }
            });
        }
        List<Assigned> assigned = new ArrayList<>();
        List<LeftOut> refused = new ArrayList<>();
        rules.forEach((tag, rule) ->
                assign(tag, rule, List.copyOf(runs.getOrDefault(tag, Set.of())), doubtful, files, assigned, refused));
        return new Assignment(assigned, refused);
    }

    private static void assign(
            String tag,
            EventsRule rule,
            List<ScanId> runs,
            Set<ScanId> doubtful,
            List<ResourceExported> files,
            List<Assigned> assigned,
            List<LeftOut> refused) {
        List<ResourceExported> candidates = files.stream()
                .filter(file -> file.file().isPresent() && rule.matches(file.label(), name(file)))
                .sorted(Comparator.comparing(file -> file.file().orElseThrow().path()))
                .toList();
        long ofSession =
                candidates.stream().filter(file -> scan(file).isEmpty()).count();
        List<String> doubts =
                runs.stream().filter(doubtful::contains).map(ScanId::text).toList();
        long numbers = candidates.stream()
                .filter(file -> scan(file).isEmpty())
                .flatMap(file -> rule.run(name(file)).stream())
                .filter(number -> number >= 1 && number <= runs.size())
                .distinct()
                .count();
        boolean counted = doubts.isEmpty() || numbers == runs.size();
        Map<ScanId, List<FileRef>> byRun = new LinkedHashMap<>();
        for (ResourceExported candidate : candidates) {
            FileRef file = candidate.file().orElseThrow();
            Optional<String> owner = scan(candidate);
            if (owner.isPresent()) {
                // A file at a scan of another tag is that one's.
                runs.stream()
                        .filter(run -> run.text().replace('/', '_').equals(owner.get()))
                        .forEach(run -> byRun.computeIfAbsent(run, key -> new ArrayList<>())
                                .add(file));
                continue;
            }
            Optional<Integer> number = rule.run(name(candidate));
            int run = number.orElse(ofSession == 1 && runs.size() == 1 ? 1 : 0);
            if (run >= 1 && run <= runs.size() && number.isPresent() && !counted) {
                refused.add(LeftOut.fault(
                        file.path(),
                        "events-run-unclear",
                        "It is of run " + run + " of " + tag + ", but of the " + runs.size() + " runs scan "
                                + String.join(", ", doubts) + " is incomplete or cannot be used, and only " + numbers
                                + " have a file: whether the task program counted that scan cannot be seen. "
                                + "A file that lies at its scan on XNAT is taken"));
            } else if (run >= 1 && run <= runs.size()) {
                byRun.computeIfAbsent(runs.get(run - 1), key -> new ArrayList<>())
                        .add(file);
            } else {
                refused.add(LeftOut.fault(
                        file.path(),
                        "events-without-run",
                        number.map(given -> "It is of run " + given + " of " + tag + ", which has " + runs.size())
                                .orElse("Which of the " + runs.size() + " runs of " + tag
                                        + " it belongs to cannot be seen from its name")));
            }
        }
        byRun.forEach((run, claims) -> {
            if (claims.size() == 1) {
                assigned.add(new Assigned(run, tag, rule, claims.get(0)));
            } else {
                claims.forEach(file -> refused.add(LeftOut.fault(
                        file.path(), "several-events", claims.size() + " files are for scan " + run + " of " + tag)));
            }
        });
    }

    private static String name(ResourceExported file) {
        return file.path().substring(file.path().lastIndexOf('/') + 1);
    }

    /** The scan that a file belongs to on XNAT, by its folder in the archive; empty for one of the session. */
    private static Optional<String> scan(ResourceExported file) {
        String path = file.file().map(FileRef::path).orElse("");
        String begin = "/" + file.sessionName() + "/scan-";
        int at = path.indexOf(begin);
        if (at < 0) {
            return Optional.empty();
        }
        String rest = path.substring(at + begin.length());
        return Optional.of(rest.substring(0, rest.indexOf('/')));
    }
}

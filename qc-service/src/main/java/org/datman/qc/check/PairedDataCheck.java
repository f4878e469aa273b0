package org.datman.qc.check;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.datman.contracts.event.ResourceDiscovered.Level;
import org.datman.contracts.event.ResourceExported;
import org.datman.contracts.event.SeriesExported;
import org.datman.contracts.event.SessionChecked.Outcome;
import org.datman.contracts.event.SessionChecked.Paired;
import org.datman.contracts.event.SessionChecked.Row;
import org.datman.contracts.event.SessionCheckedPairedBuilder;
import org.datman.contracts.study.PairedData;

/** The associated files that a study requires, against what is in the archive. Pure. */
final class PairedDataCheck {

    private PairedDataCheck() {}

    /**
     * A session with the files that are its own or its subject's.
     *
     * @param day of the scan
     */
    record Session(String name, LocalDate day, List<ResourceExported> files) {}

    /**
     * Expected against found for all files that the session requires.
     *
     * @param ofSubject the checked sessions of the same subject, this one among them: any may hold what is required per subject, and the first
     *     one of which it is required reports it
     * @param rows the series that were found, to count the files of each
     */
    static List<Paired> rows(
            List<PairedData> promised, boolean phantom, Session session, List<Session> ofSubject, List<Row> rows) {
        return promised.stream()
                .filter(wanted -> wanted.promised(phantom, session.day()))
                .map(wanted -> {
                    if (wanted.findTag().isPresent()) {
                        return perSeries(wanted, scans(wanted.findTag().get(), rows), session.files());
                    }
                    if (!wanted.isPerSubject()) {
                        return row(wanted, wanted.minCount(), session.files());
                    }
                    Paired row = row(wanted, wanted.minCount(), onceEach(ofSubject));
                    return row.outcome() == Outcome.MISSING
                            ? SessionCheckedPairedBuilder.builder(row)
                                    .reportedAt(first(wanted, phantom, ofSubject)
                                            .filter(name -> !name.equals(session.name())))
                                    .build()
                            : row;
                })
                .toList();
    }

    /** A file of the subject is exported with each of its sessions, and counts once. */
    private static List<ResourceExported> onceEach(List<Session> ofSubject) {
        Map<String, ResourceExported> files = new TreeMap<>();
        ofSubject.stream()
                .flatMap(session -> session.files().stream())
                .filter(file -> file.outcome() == SeriesExported.Outcome.EXPORTED)
                .forEach(file -> files.put(file.session().server() + "/" + file.resource() + "/" + file.path(), file));
        return List.copyOf(files.values());
    }

    private static Optional<String> first(PairedData wanted, boolean phantom, List<Session> ofSubject) {
        return ofSubject.stream()
                .filter(session -> wanted.promised(phantom, session.day()))
                .min(Comparator.comparing(Session::day).thenComparing(Session::name))
                .map(Session::name);
    }

    /**
     * A file of a scan counts for that scan only. One of the session, or of which is not known what it belongs to, may be of any: it counts where
     * one is lacking.
     */
    private static Paired perSeries(PairedData wanted, List<String> scans, List<ResourceExported> files) {
        Map<String, Integer> lacking = new LinkedHashMap<>();
        scans.forEach(scan -> lacking.put(scan, wanted.minCount()));
        List<ResourceExported> counted = files.stream()
                .filter(file -> owner(file).map(lacking::containsKey).orElse(true))
                .toList();
        int ofAny = 0;
        for (ResourceExported file : counted) {
            if (fits(wanted, file) && isLarge(wanted, file)) {
                Optional<String> owner = owner(file);
                if (owner.isPresent()) {
                    lacking.merge(owner.get(), -1, Integer::sum);
                } else {
                    ofAny++;
                }
            }
        }
        List<String> without =
                scans.stream().filter(scan -> lacking.getOrDefault(scan, 0) > 0).toList();
        int missing =
                without.stream().mapToInt(scan -> lacking.getOrDefault(scan, 0)).sum();
        boolean complete = missing <= ofAny;
        return SessionCheckedPairedBuilder.builder(row(wanted, wanted.minCount() * scans.size(), counted))
                .outcome(complete ? Outcome.COMPLETE : Outcome.MISSING)
                .scansWithout(complete ? Optional.empty() : Optional.of(without))
                .build();
    }

    /** The scan that a file belongs to. */
    private static Optional<String> owner(ResourceExported file) {
        return file.level().filter(level -> level == Level.SCAN).isPresent() ? file.owner() : Optional.empty();
    }

    private static boolean fits(PairedData wanted, ResourceExported file) {
        return file.outcome() == SeriesExported.Outcome.EXPORTED && wanted.matches(file.label(), name(file));
    }

    private static boolean isLarge(PairedData wanted, ResourceExported resource) {
        return resource.file().filter(file -> file.size() >= wanted.minBytes()).isPresent();
    }

    private static Paired row(PairedData wanted, int expected, List<ResourceExported> found) {
        Map<Boolean, List<String>> large = found.stream()
                .filter(resource -> fits(wanted, resource))
                .collect(Collectors.partitioningBy(
                        resource -> isLarge(wanted, resource),
                        Collectors.mapping(
                                PairedDataCheck::name,
                                Collectors.collectingAndThen(
                                        Collectors.toList(),
                                        names -> names.stream().sorted().toList()))));
        List<String> whole = large.getOrDefault(true, List.of());
        return SessionCheckedPairedBuilder.builder()
                .label(wanted.label())
                .expected(expected)
                .found(whole.size())
                .files(whole)
                .tooSmall(large.getOrDefault(false, List.of()))
                .outcome(whole.size() < expected ? Outcome.MISSING : Outcome.COMPLETE)
                .per(wanted.isPerSubject() ? Optional.of(PairedData.SUBJECT) : wanted.findTag())
                .from(wanted.findFrom())
                .to(wanted.findTo())
                .build();
    }

    private static List<String> scans(String tag, List<Row> rows) {
        return rows.stream()
                .filter(row -> row.tag().equals(tag))
                .flatMap(row -> row.scans().stream())
                .toList();
    }

    /** What is missing or too small, as text; empty when all is there. */
    static List<String> reasons(List<Paired> rows, List<PairedData> promised) {
        List<String> reasons = new ArrayList<>();
        for (Paired row : rows) {
            if (row.reportedHere()) {
                PairedData wanted = promised.stream()
                        .filter(one -> one.label().equals(row.label()))
                        .findFirst()
                        .orElseThrow();
                reasons.add(row.label() + ": expected at least " + row.expected() + " file(s) of " + wanted.minBytes()
                        + " bytes or more"
                        + (wanted.isPerSubject() ? " of the subject or of any of its sessions" : "")
                        + wanted.findTag()
                                .map(tag -> " (" + wanted.minCount() + " for each of "
                                        + row.expected() / Math.max(1, wanted.minCount()) + " " + tag + ")")
                                .orElse("")
                        + ", found " + row.found()
                        + row.scansWithout()
                                .map(scans -> ", too few of its own for scan " + String.join(", ", scans))
                                .orElse("")
                        + (row.tooSmall().isEmpty() ? "" : "; too small: " + String.join(", ", row.tooSmall())));
            }
        }
        return reasons;
    }

    private static String name(ResourceExported resource) {
        return resource.path().substring(resource.path().lastIndexOf('/') + 1);
    }
}

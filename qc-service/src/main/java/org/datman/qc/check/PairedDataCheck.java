package org.datman.qc.check;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
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
                    if (!wanted.isPerSubject()) {
                        return row(wanted, wanted.minCount() * series(wanted, rows), session.files());
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

    private static Paired row(PairedData wanted, int expected, List<ResourceExported> found) {
        List<ResourceExported> fitting = found.stream()
                .filter(resource -> resource.outcome() == SeriesExported.Outcome.EXPORTED)
                .filter(resource -> wanted.file().matcher(name(resource)).find())
                .filter(resource -> wanted.findFolder()
                        .filter(folder -> !folder.matcher(resource.label()).find())
                        .isEmpty())
                .toList();
        Map<Boolean, List<String>> large = fitting.stream()
                .collect(Collectors.partitioningBy(
                        resource -> resource.file()
                                .filter(file -> file.size() >= wanted.minBytes())
                                .isPresent(),
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
                .reportedAt(Optional.empty())
                .build();
    }

    private static int series(PairedData wanted, List<Row> rows) {
        return wanted.findTag()
                .map(tag -> rows.stream()
                        .filter(row -> row.tag().equals(tag))
                        .mapToInt(Row::found)
                        .sum())
                .orElse(1);
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
                        + (row.tooSmall().isEmpty() ? "" : "; too small: " + String.join(", ", row.tooSmall())));
            }
        }
        return reasons;
    }

    private static String name(ResourceExported resource) {
        return resource.path().substring(resource.path().lastIndexOf('/') + 1);
    }
}

package org.datman.qc.check;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
     * Expected against found for all files that the session requires.
     *
     * @param rows the series that were found, to count the files of each
     */
    static List<Paired> rows(
            List<PairedData> promised, boolean phantom, LocalDate day, List<Row> rows, List<ResourceExported> found) {
        return promised.stream()
                .filter(wanted -> wanted.promised(phantom, day))
                .map(wanted -> row(wanted, rows, found))
                .toList();
    }

    private static Paired row(PairedData wanted, List<Row> rows, List<ResourceExported> found) {
        int expected = wanted.minCount() * series(wanted, rows);
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
                .per(wanted.findPer())
                .from(wanted.findFrom())
                .to(wanted.findTo())
                .build();
    }

    private static int series(PairedData wanted, List<Row> rows) {
        return wanted.findPer()
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
            if (row.outcome() == Outcome.MISSING) {
                PairedData wanted = promised.stream()
                        .filter(one -> one.label().equals(row.label()))
                        .findFirst()
                        .orElseThrow();
                reasons.add(row.label() + ": expected at least " + row.expected() + " file(s) of " + wanted.minBytes()
                        + " bytes or more"
                        + row.per()
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

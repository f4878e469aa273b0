package org.datman.qc.check;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.datman.contracts.event.ResourceExported;
import org.datman.contracts.event.SeriesExported;
import org.datman.contracts.event.SessionChecked.Row;
import org.datman.contracts.study.PairedData;

/** The paired data that a study promises, against what lies in the archive. Pure. */
final class Promised {

    private Promised() {}

    /**
     * What is missing or too small, in words; empty when all is there.
     *
     * @param rows the series that were found, for what each of them brings
     */
    static List<String> reasons(
            List<PairedData> promised, boolean phantom, LocalDate day, List<Row> rows, List<ResourceExported> found) {
        List<String> reasons = new ArrayList<>();
        for (PairedData wanted : promised) {
            if (wanted.promised(phantom, day)) {
                reason(wanted, rows, found, reasons);
            }
        }
        return reasons;
    }

    private static void reason(PairedData wanted, List<Row> rows, List<ResourceExported> found, List<String> reasons) {
        int series = wanted.per()
                .map(tag -> rows.stream()
                        .filter(row -> row.tag().equals(tag))
                        .mapToInt(Row::found)
                        .sum())
                .orElse(1);
        int count = wanted.minCount() * series;
        List<ResourceExported> fitting = found.stream()
                .filter(resource -> resource.outcome() == SeriesExported.Outcome.EXPORTED)
                .filter(resource -> wanted.file().matcher(name(resource)).find())
                .filter(resource -> wanted.folder()
                        .filter(folder -> !folder.matcher(resource.label()).find())
                        .isEmpty())
                .toList();
        List<String> small = fitting.stream()
                .filter(resource -> resource.file()
                        .filter(file -> file.size() >= wanted.minBytes())
                        .isEmpty())
                .map(Promised::name)
                .sorted()
                .toList();
        int whole = fitting.size() - small.size();
        if (whole < count) {
            reasons.add(wanted.label() + ": expected at least " + count + " file(s) of " + wanted.minBytes()
                    + " bytes or more"
                    + wanted.per()
                            .map(tag -> " (" + wanted.minCount() + " for each of " + series + " " + tag + ")")
                            .orElse("")
                    + ", found " + whole
                    + (small.isEmpty() ? "" : "; too small: " + String.join(", ", small)));
        }
    }

    private static String name(ResourceExported resource) {
        return resource.path().substring(resource.path().lastIndexOf('/') + 1);
    }
}

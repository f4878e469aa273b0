package org.datman.qc.visit;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.datman.contracts.naming.DatmanId;
import org.datman.contracts.naming.DatmanIds;
import org.datman.contracts.study.StudyConfiguration;

/**
 * The content of the CSV file of {@code VisitPlan}.
 *
 * @param visits the lines that can be read
 * @param notExpected what the file says will not come
 * @param faults line, as {@code visits.csv line 3}, to what is wrong with it
 * @param contradictions line with {@code none} to the visit that another line plans nevertheless, which stays expected
 * @param whole whether the file could be read at all; if not, the single fault is that of the file
 */
record PlanFile(
        List<PlannedVisit> visits,
        List<NotExpected> notExpected,
        Map<String, String> faults,
        Map<String, String> contradictions,
        boolean whole) {

    /** The columns that the file must have; {@code from} may be absent. */
    private static final List<String> REQUIRED = List.of("session", "to");

    /** In place of a day: it will not come. */
    private static final String NONE = "none";

    private static final CSVFormat FORMAT = CSVFormat.DEFAULT
            .builder()
            .setHeader()
            .setSkipHeaderRecord(true)
            .setIgnoreEmptyLines(true)
            .setTrim(true)
            .setAllowMissingColumnNames(true)
            .get();

    /**
     * Reads the file. It is a person's: every fault is a result, none an exception.
     *
     * @param name as the study file has it
     */
    static PlanFile read(StudyConfiguration study, Path file, String name) {
        try (Reader text = Files.newBufferedReader(file, StandardCharsets.UTF_8);
                CSVParser lines = CSVParser.parse(text, FORMAT)) {
            Set<String> columns = new HashSet<>(lines.getHeaderNames());
            // A spreadsheet puts a byte order mark before the first name.
            boolean marked = columns.contains("\uFEFFsession");
            if (!columns.containsAll(REQUIRED) && !(marked && columns.contains("to"))) {
                return unreadable(
                        name,
                        "the columns session and to (from may be added) are not all there: "
                                + String.join(", ", lines.getHeaderNames()));
            }
            return lines(study, lines, name, marked ? "\uFEFFsession" : "session");
        } catch (IOException | IllegalArgumentException | UncheckedIOException e) {
            return unreadable(name, problem(e.getCause() instanceof IOException cause ? cause : e));
        }
    }

    private static String problem(Exception e) {
        if (e instanceof NoSuchFileException) {
            return "there is no such file";
        }
        return e instanceof CharacterCodingException ? "it is no text in UTF-8" : String.valueOf(e.getMessage());
    }

    /** Of a study that has no such file. */
    static PlanFile none() {
        return new PlanFile(List.of(), List.of(), Map.of(), Map.of(), true);
    }

    private static PlanFile unreadable(String name, String why) {
        return new PlanFile(List.of(), List.of(), Map.of(name, why), Map.of(), false);
    }

    private static PlanFile lines(StudyConfiguration study, CSVParser lines, String name, String session) {
        List<PlannedVisit> visits = new ArrayList<>();
        Map<String, String> faults = new TreeMap<>();
        Set<String> planned = new HashSet<>();
        List<NotExpected> notExpected = new ArrayList<>();
        for (CSVRecord line : lines) {
            String where = name + " line " + lines.getCurrentLineNumber();
            try {
                if (line.get("to").equalsIgnoreCase(NONE)) {
                    notExpected.add(dropped(study, line.get(session), name, where));
                    continue;
                }
                PlannedVisit visit = visit(study, line, name, session);
                if (planned.add(visit.name())) {
                    visits.add(visit);
                } else {
                    faults.put(where, visit.name() + " is planned twice");
                }
            } catch (DateTimeParseException e) {
                faults.put(where, "'" + e.getParsedString() + "' is no day; allowed: a day as 2026-01-31, none");
            } catch (IllegalArgumentException e) {
                faults.put(where, String.valueOf(e.getMessage()));
            }
        }
        Map<String, String> contradictions = new TreeMap<>();
        notExpected.removeIf(line -> !line.isSubject()
                && visits.stream()
                        .filter(line::drops)
                        .findFirst()
                        .map(visit -> contradictions.put(line.where(), visit.name()) == null)
                        .orElse(false));
        return new PlanFile(visits, notExpected, faults, contradictions, true);
    }

    private static PlannedVisit visit(StudyConfiguration study, CSVRecord line, String name, String session) {
        String label = line.get(session);
        DatmanId id = DatmanIds.parseFor(label, study.idMap(), study.sitesByCode());
        String first = line.isSet("from") ? line.get("from") : "";
        LocalDate from = first.isEmpty() ? null : LocalDate.parse(first);
        LocalDate to = LocalDate.parse(line.get("to"));
        if (from != null && from.isAfter(to)) {
            throw new IllegalArgumentException("'" + label + "' is due from " + from + ", which is after " + to);
        }
        return new PlannedVisit(id.sessionOrTimepoint(), id.withTimepoint(), from, to, name);
    }

    /** A subject has the three first fields of a session. */
    private static NotExpected dropped(StudyConfiguration study, String label, String file, String where) {
        if (label.chars().filter(c -> c == '_').count() == 2) {
            DatmanId id = DatmanIds.parseFor(label + "_01", study.idMap(), study.sitesByCode());
            return new NotExpected(id.fullSubject(), "", file, where);
        }
        DatmanId id = DatmanIds.parseFor(label, study.idMap(), study.sitesByCode());
        return new NotExpected(id.sessionOrTimepoint(), id.withTimepoint(), file, where);
    }
}

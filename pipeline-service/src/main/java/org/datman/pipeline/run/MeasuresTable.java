package org.datman.pipeline.run;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.datman.contracts.event.ToolMeasure;

/**
 * A table of numbers that a tool wrote: TSV with the columns {@code measure}, {@code region}, {@code unit} and {@code value}, a row for each. {@code n/a} is a
 * number that the tool could not compute; it is left out.
 */
final class MeasuresTable {

    private static final List<String> COLUMNS = List.of("measure", "region", "unit", "value");

    /** Of all tables of a run. FreeSurfer has about 2,500 for a session; an event must fit into a message. */
    private static final int MOST = 5_000;

    private static final int LONGEST = 100;
    private static final CSVFormat FORMAT = CSVFormat.TDF
            .builder()
            .setHeader()
            .setSkipHeaderRecord(true)
            .setQuote(null)
            .get();

    private MeasuresTable() {}

    /** A table that is not of that form. */
    static final class TableException extends Exception {

        private static final long serialVersionUID = 1L;

        TableException(String message) {
            super(message);
        }
    }

    /**
     * Reads the tables of a run, one after another. Of a measure and region there is one number in all of them.
     *
     * @throws TableException with the file and line that is wrong
     * @throws IOException when a table cannot be read now
     */
    static List<ToolMeasure> read(List<Path> files) throws IOException, TableException {
        List<ToolMeasure> measures = new ArrayList<>();
        Set<List<String>> seen = new HashSet<>();
        for (Path file : files) {
            try {
                read(file, measures, seen);
            } catch (UncheckedIOException e) {
                throw unreadable(file, Objects.requireNonNull(e.getCause()));
            } catch (CharacterCodingException e) {
                throw unreadable(file, e);
            }
        }
        return List.copyOf(measures);
    }

    /** A table in another character set stays so; what else cannot be read may be readable later. */
    private static TableException unreadable(Path file, IOException e) throws IOException {
        if (e instanceof CharacterCodingException) {
            return new TableException(file.getFileName() + " is not UTF-8");
        }
        throw e;
    }

    private static void read(Path file, List<ToolMeasure> measures, Set<List<String>> seen)
            throws IOException, TableException {
        String name = file.getFileName() + " ";
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8);
                CSVParser rows = CSVParser.parse(reader, FORMAT)) {
            if (!rows.getHeaderNames().equals(COLUMNS)) {
                throw new TableException(name + "has the columns " + rows.getHeaderNames() + " instead of " + COLUMNS);
            }
            for (CSVRecord row : rows) {
                String where = name + "line " + (row.getRecordNumber() + 1) + " ";
                if (row.size() != COLUMNS.size()) {
                    throw new TableException(where + "has " + row.size() + " columns instead of " + COLUMNS.size());
                }
                if (seen.size() == MOST) {
                    throw new TableException(
                            where + "is number " + (MOST + 1) + " of the run; at most " + MOST + " are accepted");
                }
                if (!seen.add(List.of(text(where, row, 0), text(where, row, 1)))) {
                    throw new TableException(where + "has " + row.get(0) + " of " + row.get(1) + " once more");
                }
                if (!row.get(3).equals("n/a")) {
                    measures.add(
                            new ToolMeasure(row.get(0), row.get(1), text(where, row, 2), number(where, row.get(3))));
                }
            }
        } catch (IllegalArgumentException e) {
            throw new TableException(name + "is no table: " + e.getMessage());
        }
    }

    private static String text(String where, CSVRecord row, int column) throws TableException {
        String text = row.get(column);
        if (text.isBlank() || text.length() > LONGEST || text.chars().anyMatch(Character::isISOControl)) {
            throw new TableException(where + "has no " + COLUMNS.get(column) + " of 1 to " + LONGEST + " characters");
        }
        return text;
    }

    private static double number(String where, String text) throws TableException {
        try {
            double value = Double.parseDouble(text);
            if (Double.isFinite(value)) {
                return value;
            }
        } catch (NumberFormatException notANumber) {
            // Said below.
        }
        throw new TableException(where + "has '" + (text.length() > LONGEST ? text.substring(0, LONGEST) : text)
                + "' instead of a number");
    }
}

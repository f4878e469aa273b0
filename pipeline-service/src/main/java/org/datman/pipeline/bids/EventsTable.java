package org.datman.pipeline.bids;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.apache.commons.csv.DuplicateHeaderMode;
import org.datman.contracts.event.EventJson;
import org.datman.contracts.study.EventsRule;

/**
 * Makes the events of a run of a behavioural file: onsets in seconds from the first volume, durations in seconds, the columns that BIDS
 * defines and those that the study file names. Other columns are left out, for task programs write names into them. Pure.
 *
 * @param tsv content of {@code events.tsv}
 * @param json content of {@code events.json}
 */
record EventsTable(String tsv, String json) {

    /** BIDS has it in seconds. */
    private static final String RESPONSE_TIME = "response_time";

    /** Columns of BIDS beside onset and duration that need no other file. */
    private static final List<String> DEFINED = List.of("trial_type", RESPONSE_TIME, "value");
    /** Of a number, before and behind the point: enough for every clock, too few to fill a disk. */
    private static final int DIGITS = 20;

    private static final String NONE = "n/a";
    private static final String BYTE_ORDER_MARK = "\uFEFF";

    /** Why a file cannot be converted. */
    static final class NotConvertibleException extends Exception {
        private static final long serialVersionUID = 1L;

        NotConvertibleException(String message) {
            super(message);
        }
    }

    private record Row(BigDecimal onset, List<String> cells) {}

    /**
     * Converts a file.
     *
     * @param name of the file, by which its delimiter is known
     */
    static EventsTable of(byte[] bytes, String name, EventsRule rule) throws NotConvertibleException {
        String text = decode(bytes);
        CSVFormat format = CSVFormat.DEFAULT
                .builder()
                .setDelimiter(rule.delimiter(name))
                .setHeader()
                .setSkipHeaderRecord(true)
                .setAllowMissingColumnNames(false)
                .setDuplicateHeaderMode(DuplicateHeaderMode.DISALLOW)
                .setTrim(true)
                .get();
        try (CSVParser table = CSVParser.parse(text, format)) {
            List<String> names = table.getHeaderNames();
            for (String needed : List.of(rule.onset(), rule.duration())) {
                if (!names.contains(needed)) {
                    throw new NotConvertibleException("it has no column " + needed + ", but " + shown(names));
                }
            }
            for (String wanted : rule.columns()) {
                if (!names.contains(wanted)) {
                    throw new NotConvertibleException("it has no column " + wanted + ", but " + shown(names));
                }
            }
            List<String> kept = names.stream()
                    .filter(column -> !column.equals(rule.onset()) && !column.equals(rule.duration()))
                    .filter(column -> DEFINED.contains(column) || rule.columns().contains(column))
                    .toList();
            return write(rows(table.getRecords(), kept, rule), kept);
        } catch (IllegalArgumentException | IOException | UncheckedIOException e) {
            throw new NotConvertibleException("it is no table: " + e.getMessage());
        }
    }

    private static String decode(byte[] bytes) throws NotConvertibleException {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
        } catch (CharacterCodingException e) {
            throw new NotConvertibleException("it is no text in UTF-8");
        }
    }

    private static List<Row> rows(List<CSVRecord> records, List<String> kept, EventsRule rule)
            throws NotConvertibleException {
        BigDecimal first = offset(records, rule);
        List<Row> rows = new ArrayList<>();
        for (CSVRecord record : records) {
            if (!record.isConsistent()) {
                throw new NotConvertibleException(
                        "row " + record.getRecordNumber() + " has another number of cells than the header");
            }
            BigDecimal onset = seconds(number(record, rule.onset()).subtract(first), rule);
            List<String> cells = new ArrayList<>();
            cells.add(plain(onset));
            String duration = record.get(rule.duration());
            if (isNone(duration)) {
                cells.add(NONE);
            } else {
                BigDecimal length = seconds(number(record, rule.duration()), rule);
                if (length.signum() < 0) {
                    throw new NotConvertibleException(
                            "row " + record.getRecordNumber() + " has the negative duration " + duration);
                }
                cells.add(plain(length));
            }
            for (String column : kept) {
                String value = record.get(column).replaceAll("\\s+", " ").strip();
                if (isNone(value)) {
                    cells.add(NONE);
                } else if (column.equals(RESPONSE_TIME)) {
                    cells.add(plain(seconds(number(record, column), rule)));
                } else {
                    cells.add(value);
                }
            }
            rows.add(new Row(onset, cells));
        }
        if (rows.isEmpty()) {
            throw new NotConvertibleException("it has no row");
        }
        rows.sort(Comparator.comparing(Row::onset));
        return rows;
    }

    /** The time of the first volume, in the unit of the file. */
    private static BigDecimal offset(List<CSVRecord> records, EventsRule rule) throws NotConvertibleException {
        if (rule.offset().isEmpty()) {
            return BigDecimal.ZERO;
        }
        try {
            return bounded(rule.offset());
        } catch (NumberFormatException column) {
            for (CSVRecord record : records) {
                if (record.isMapped(rule.offset())
                        && record.isSet(rule.offset())
                        && !isNone(record.get(rule.offset()))) {
                    return number(record, rule.offset());
                }
            }
            throw new NotConvertibleException(
                    "it has no value in column " + rule.offset() + ", the time of the first volume");
        }
    }

    private static BigDecimal number(CSVRecord record, String column) throws NotConvertibleException {
        String text = record.get(column);
        try {
            return bounded(text);
        } catch (NumberFormatException e) {
            String shown = text.length() <= 2 * DIGITS ? text : text.substring(0, 2 * DIGITS) + "…";
            throw new NotConvertibleException("row " + record.getRecordNumber() + " has '" + shown + "' in column "
                    + column + ", which is no number of at most " + DIGITS + " digits before and behind the point");
        }
    }

    /** @throws NumberFormatException for a text that is no number, or one of more digits */
    private static BigDecimal bounded(String text) {
        if (text.length() > 3 * DIGITS) {
            throw new NumberFormatException("Too long");
        }
        BigDecimal number = new BigDecimal(text);
        if (Math.abs((long) number.precision() - number.scale()) > DIGITS || Math.abs(number.scale()) > DIGITS) {
            throw new NumberFormatException("Too many digits");
        }
        return number;
    }

    private static BigDecimal seconds(BigDecimal value, EventsRule rule) {
        return rule.unit() == EventsRule.Unit.MS ? value.movePointLeft(3) : value;
    }

    private static String plain(BigDecimal value) {
        return value.signum() == 0 ? "0" : value.stripTrailingZeros().toPlainString();
    }

    private static boolean isNone(String text) {
        return text.isBlank() || text.equals(NONE) || text.equals("NA") || text.equals("NaN");
    }

    private static EventsTable write(List<Row> rows, List<String> kept) throws NotConvertibleException {
        List<String> columns = new ArrayList<>(List.of("onset", "duration"));
        kept.forEach(column -> columns.add(column.replaceAll("[^A-Za-z0-9_]+", "_")));
        Set<String> different = new HashSet<>(columns);
        if (different.size() < columns.size()) {
            throw new NotConvertibleException("two of its columns would be named alike: " + shown(columns));
        }
        StringBuilder tsv = new StringBuilder(String.join("\t", columns)).append('\n');
        rows.forEach(row -> tsv.append(String.join("\t", row.cells())).append('\n'));
        ObjectNode json = EventJson.mapper().createObjectNode();
        Map<String, String> known = Map.of(
                "onset", "Seconds from the first volume of the image",
                "duration", "Seconds that the event lasted");
        for (int i = 0; i < columns.size(); i++) {
            ObjectNode column = json.putObject(columns.get(i));
            column.put(
                    "Description",
                    known.getOrDefault(
                            columns.get(i),
                            i < 2 ? "" : "Column '" + kept.get(i - 2) + "' of the file of the task program"));
            if (i < 2 || columns.get(i).equals(RESPONSE_TIME)) {
                column.put("Units", "s");
            }
        }
        return new EventsTable(tsv.toString(), BidsPlanner.json(json));
    }

    private static String shown(List<String> names) {
        List<String> few = names.subList(0, Math.min(12, names.size()));
        return String.join(", ", few) + (names.size() > few.size() ? " …" : "");
    }
}

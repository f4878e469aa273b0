package org.datman.metrics.csv;

import java.util.List;
import java.util.stream.Collectors;

/**
 * One file in the name and layout of earlier versions of DATMAN.
 *
 * @param ending what follows the image's stem in the file's name, e.g. {@code _stats.csv}
 * @param separator comma, or a tab in key/value files
 * @param header names of the columns; empty where the file has no header line
 * @param rows cells as text; the empty text where DATMAN has no such number
 */
public record LegacyFile(String ending, char separator, List<String> header, List<List<String>> rows) {

    public LegacyFile {
        header = List.copyOf(header);
        rows = rows.stream().map(List::copyOf).toList();
    }

    /**
     * The file's text, lines ended by a line feed. Not by commons-csv: whatever its quote mode, it quotes cells that begin with {@code #} (the
     * headers {@code #ndirs} and {@code # freq}) and a first cell that is empty, or it quotes nothing; the old readers know neither.
     */
    public String text() {
        StringBuilder out = new StringBuilder();
        if (!header.isEmpty()) {
            out.append(String.join(String.valueOf(separator), header)).append('\n');
        }
        for (List<String> row : rows) {
            out.append(row.stream().map(this::quoted).collect(Collectors.joining(String.valueOf(separator))))
                    .append('\n');
        }
        return out.toString();
    }

    /** Only names of files can need it: numbers and headers hold neither separators nor quotes. */
    private String quoted(String cell) {
        boolean plain = cell.chars().noneMatch(c -> c == separator || c == '"' || c == '\n' || c == '\r');
        return plain ? cell : '"' + cell.replace("\"", "\"\"") + '"';
    }
}

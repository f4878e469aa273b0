package org.datman.simulator.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * XNAT's list answer: named columns of text cells.
 *
 * @param title null where XNAT gives none
 * @param rows cells by column; an absent cell is empty
 * @param total whether `totalRecords` is included
 * @param uriColumn whether the envelope starts with `Columns` (file lists)
 */
public record Table(
        String title, List<String> columns, List<Map<String, String>> rows, boolean total, boolean uriColumn) {
    private static final ObjectMapper JSON = new ObjectMapper();

    public Table withRows(List<Map<String, String>> newRows) {
        return new Table(title, columns, newRows, total, uriColumn);
    }

    public Table withColumns(List<String> newColumns) {
        return new Table(title, newColumns, rows, total, uriColumn);
    }

    public Table withoutTotal() {
        return new Table(title, columns, rows, false, uriColumn);
    }

    /** A row from alternating names and values; null values are empty. */
    public static Map<String, String> row(String... namesAndValues) {
        var row = new LinkedHashMap<String, String>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            row.put(namesAndValues[i], namesAndValues[i + 1] == null ? "" : namesAndValues[i + 1]);
        }
        return row;
    }

    private static String cell(Map<String, String> row, String column) {
        var value = row.get(column);
        return value == null ? "" : value;
    }

    /** `{"ResultSet":{…}}`, every cell a string. */
    public byte[] json() {
        var nodes = JsonNodeFactory.instance;
        var set = nodes.objectNode();
        if (uriColumn) {
            set.putArray("Columns").addObject().put("key", "URI").put("serverRoot", "");
        }
        var result = set.putArray("Result");
        for (var row : rows) {
            var object = result.addObject();
            for (var column : columns) object.put(column, cell(row, column));
        }
        if (title != null) set.put("title", title);
        if (total) set.put("totalRecords", Integer.toString(rows.size()));
        try {
            return JSON.writeValueAsBytes(nodes.objectNode().set("ResultSet", set));
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("a tree of text does not fail to print", impossible);
        }
    }

    /** Header of column keys, `\n` line ends, quotes only where needed, line breaks in values as blanks. */
    public byte[] csv() {
        var text = new StringBuilder();
        appendLine(text, columns);
        for (var row : rows)
            appendLine(text, columns.stream().map(c -> cell(row, c)).toList());
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void appendLine(StringBuilder text, List<String> cells) {
        for (int i = 0; i < cells.size(); i++) {
            if (i > 0) text.append(',');
            var value = cells.get(i).replace("\r\n", " ").replace('\n', ' ');
            boolean quote = value.indexOf(',') >= 0 || value.indexOf('"') >= 0 || value.indexOf('\r') >= 0;
            text.append(quote ? '"' + value.replace("\"", "\"\"") + '"' : value);
        }
        text.append('\n');
    }

    /** `<ResultSet>` with columns and rows. */
    public byte[] xml() {
        var text = new StringBuilder("<ResultSet");
        if (total) text.append(" totalRecords=\"").append(rows.size()).append('"');
        if (title != null) text.append(" title=\"").append(Markup.escape(title)).append('"');
        text.append("><results><columns>");
        for (var column : columns)
            text.append("<column>").append(Markup.escape(column)).append("</column>");
        text.append("</columns><rows>");
        for (var row : rows) {
            text.append("<row>");
            for (var column : columns) {
                text.append("<cell>").append(Markup.escape(cell(row, column))).append("</cell>");
            }
            text.append("</row>");
        }
        return text.append("</rows></results></ResultSet>").toString().getBytes(StandardCharsets.UTF_8);
    }

    /** A plain table for a browser. */
    public byte[] html() {
        var text = new StringBuilder("<html><body><table><tr>");
        for (var column : columns)
            text.append("<th>").append(Markup.escape(column)).append("</th>");
        text.append("</tr>");
        for (var row : rows) {
            text.append("<tr>");
            for (var column : columns) {
                text.append("<td>").append(Markup.escape(cell(row, column))).append("</td>");
            }
            text.append("</tr>");
        }
        return text.append("</table></body></html>").toString().getBytes(StandardCharsets.UTF_8);
    }
}

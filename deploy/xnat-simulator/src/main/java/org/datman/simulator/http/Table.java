package org.datman.simulator.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * XNAT's list answer: named columns of text cells.
 *
 * @param title null where XNAT gives none
 * @param rows cells by column; an absent cell is empty
 * @param total whether {@code totalRecords} is included
 * @param uriColumn whether the envelope starts with {@code Columns} (file lists)
 */
public record Table(
        @Nullable String title,
        List<String> columns,
        List<Map<String, String>> rows,
        boolean total,
        boolean uriColumn) {
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
    public static Map<String, String> row(@Nullable String... namesAndValues) {
        Map<String, String> row = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            row.put(namesAndValues[i], namesAndValues[i + 1] == null ? "" : namesAndValues[i + 1]);
        }
        return row;
    }

    private static String cell(Map<String, String> row, String column) {
        String value = row.get(column);
        return value == null ? "" : value;
    }

    /** {@code {"ResultSet":{…}}}, every cell a string. */
    public byte[] json() {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        ObjectNode set = nodes.objectNode();
        if (uriColumn) {
            set.putArray("Columns").addObject().put("key", "URI").put("serverRoot", "");
        }
        ArrayNode result = set.putArray("Result");
        for (Map<String, String> row : rows) {
            ObjectNode object = result.addObject();
            for (String column : columns) {
                object.put(column, cell(row, column));
            }
        }
        if (title != null) {
            set.put("title", title);
        }
        if (total) {
            set.put("totalRecords", Integer.toString(rows.size()));
        }
        try {
            return JSON.writeValueAsBytes(nodes.objectNode().set("ResultSet", set));
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("a tree of text does not fail to print", impossible);
        }
    }

    /**
     * Header of column keys, {@code \n} line ends, quotes only where needed, line breaks in values as blanks: to the byte as XNAT
     * writes it, which is neither RFC 4180 nor a format of a library.
     */
    public byte[] csv() {
        StringBuilder text = new StringBuilder();
        appendLine(text, columns);
        for (Map<String, String> row : rows) {
            appendLine(text, columns.stream().map(c -> cell(row, c)).toList());
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void appendLine(StringBuilder text, List<String> cells) {
        for (int i = 0; i < cells.size(); i++) {
            if (i > 0) {
                text.append(',');
            }
            String value = cells.get(i).replace("\r\n", " ").replace('\n', ' ');
            boolean quote = value.indexOf(',') >= 0 || value.indexOf('"') >= 0 || value.indexOf('\r') >= 0;
            text.append(quote ? '"' + value.replace("\"", "\"\"") + '"' : value);
        }
        text.append('\n');
    }

    /** {@code <ResultSet>} with columns and rows. */
    public byte[] xml() {
        StringBuilder text = new StringBuilder("<ResultSet");
        if (total) {
            text.append(" totalRecords=\"").append(rows.size()).append('"');
        }
        if (title != null) {
            text.append(" title=\"").append(Markup.escape(title)).append('"');
        }
        text.append("><results><columns>");
        for (String column : columns) {
            text.append("<column>").append(Markup.escape(column)).append("</column>");
        }
        text.append("</columns><rows>");
        for (Map<String, String> row : rows) {
            text.append("<row>");
            for (String column : columns) {
                text.append("<cell>").append(Markup.escape(cell(row, column))).append("</cell>");
            }
            text.append("</row>");
        }
        return text.append("</rows></results></ResultSet>").toString().getBytes(StandardCharsets.UTF_8);
    }

    /** A plain table for a browser. */
    public byte[] html() {
        StringBuilder text = new StringBuilder("<html><body><table><tr>");
        for (String column : columns) {
            text.append("<th>").append(Markup.escape(column)).append("</th>");
        }
        text.append("</tr>");
        for (Map<String, String> row : rows) {
            text.append("<tr>");
            for (String column : columns) {
                text.append("<td>").append(Markup.escape(cell(row, column))).append("</td>");
            }
            text.append("</tr>");
        }
        return text.append("</table></body></html>").toString().getBytes(StandardCharsets.UTF_8);
    }
}

package org.datman.simulator.rest;

import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.datman.simulator.http.Refusal;
import org.datman.simulator.http.Request;
import org.datman.simulator.http.Table;
import org.jspecify.annotations.Nullable;

/** The query parameters of XNAT's lists: {@code columns}, filters by key, {@code sortBy}, {@code limit}, {@code offset}. */
final class ListQuery {
    private static final List<String> CONTROL = List.of("columns", "sortBy", "sortOrder");
    private static final List<String> PAGES = List.of("limit", "offset");
    private static final Set<String> DATES = Set.of("date", "insert_date", "last_modified");
    private static final DateTimeFormatter US = DateTimeFormatter.ofPattern("MM/dd/yyyy", Locale.ROOT);

    private ListQuery() {}

    /**
     * A list that can be queried.
     *
     * @param title null where XNAT gives none
     * @param defaults columns returned when none are requested
     * @param always columns added to the requested ones
     * @param pages whether the list knows {@code limit} and {@code offset}
     * @param heeded parameters that already selected the rows
     */
    record Shape(String title, List<String> defaults, List<String> always, boolean pages, List<String> heeded) {

        /** Whether the list can be filtered by a name. An empty list has no rows to check: any column or path is accepted. */
        private boolean has(String name, List<Map<String, String>> rows) {
            return rows.isEmpty()
                    ? name.contains(":") || defaults.contains(name)
                    : rows.stream().anyMatch(row -> value(row, name) != null);
        }
    }

    /**
     * Selects rows and columns.
     *
     * @param all rows with every field that can be requested
     * @throws Refusal when a parameter is none of the list's, or not in its form
     */
    static Table apply(Request request, Shape shape, List<Map<String, String>> all) {
        List<String> known = new ArrayList<>(shape.heeded());
        known.addAll(CONTROL);
        if (shape.pages()) {
            known.addAll(PAGES);
        }
        List<Map.Entry<String, String>> filters = new ArrayList<>();
        for (Map.Entry<String, String> parameter : request.query().entrySet()) {
            String name = parameter.getKey();
            // XNAT would ignore an unknown name; here that would hide a missing feature of the simulator.
            if (!known.contains(name) && shape.has(name, all)) {
                known.add(name);
                if (!name.equals("format")) {
                    filters.add(parameter);
                }
            }
        }
        request.knowing(known);
        List<Map<String, String>> rows = new ArrayList<>();
        for (Map<String, String> row : all) {
            if (matches(row, filters)) {
                rows.add(row);
            }
        }
        sort(rows, request, all);
        boolean total = true;
        List<Map<String, String>> page = rows;
        if (shape.pages()
                && (!request.query("limit").isEmpty()
                        || !request.query("offset").isEmpty())) {
            if (!request.query("limit").equals("*")) {
                int offset = number(request, "offset", 0);
                int limit = number(request, "limit", 100);
                page = rows.subList(Math.min(offset, rows.size()), (int) Math.min((long) offset + limit, rows.size()));
                total = false;
            }
        }
        String asked = request.query("columns");
        if (asked.isEmpty()) {
            return new Table(shape.title(), shape.defaults(), List.copyOf(page), total, false);
        }
        return project(shape.title(), page, asked, shape.always(), total);
    }

    private static Table project(
            String title, List<Map<String, String>> rows, String asked, List<String> always, boolean total) {
        List<String> columns = new ArrayList<>();
        for (String column : asked.split(",")) {
            if (!column.isBlank()) {
                columns.add(column.trim());
            }
        }
        for (String column : always) {
            if (columns.stream().noneMatch(column::equalsIgnoreCase)) {
                columns.add(column);
            }
        }
        // XNAT leaves out unknown columns, and writes a path in lower case.
        columns.removeIf(column -> !rows.isEmpty() && rows.stream().allMatch(row -> value(row, column) == null));
        List<Map<String, String>> result = new ArrayList<>();
        for (Map<String, String> row : rows) {
            Map<String, String> projected = new HashMap<>();
            for (String column : columns) {
                projected.put(header(column), value(row, column));
            }
            result.add(projected);
        }
        return new Table(title, columns.stream().map(ListQuery::header).toList(), result, total, false);
    }

    private static String header(String column) {
        return column.contains(":") ? column.toLowerCase(Locale.ROOT) : column;
    }

    private static int number(Request request, String name, int otherwise) {
        String text = request.query(name);
        if (text.isEmpty()) {
            return otherwise;
        }
        if (!text.matches("\\d{1,9}")) {
            throw new Refusal(400, "Not a number: " + name + "=" + text);
        }
        return Integer.parseInt(text);
    }

    private static void sort(List<Map<String, String>> rows, Request request, List<Map<String, String>> all) {
        String by = request.query("sortBy");
        if (by.isEmpty()) {
            return;
        }
        if (!all.isEmpty() && all.stream().allMatch(row -> value(row, by) == null)) {
            throw Refusal.notDone("sorting by " + by);
        }
        Comparator<Map<String, String>> order = Comparator.comparing(r -> {
            String value = value(r, by);
            return value == null ? "" : value;
        });
        rows.sort(
                switch (request.query("sortOrder").toUpperCase(Locale.ROOT)) {
                    case "DESC" -> order.reversed();
                    case "ASC", "" -> order;
                    default ->
                        throw new Refusal(400, "sortOrder must be ASC or DESC, not " + request.query("sortOrder"));
                });
    }

    private static boolean matches(Map<String, String> row, List<Map.Entry<String, String>> filters) {
        for (Map.Entry<String, String> parameter : filters) {
            String value = value(row, parameter.getKey());
            if (value == null) {
                return false;
            }
            if (DATES.contains(shortName(parameter.getKey()))) {
                if (!dateMatches(value, parameter.getValue())) {
                    return false;
                }
            } else if (!textMatches(value, parameter.getValue())) {
                return false;
            }
        }
        return true;
    }

    /** Comma means or; {@code *} and {@code %} stand for any text. */
    private static boolean textMatches(String value, String wanted) {
        for (String one : wanted.split(",", -1)) {
            if (one.indexOf('*') < 0 && one.indexOf('%') < 0) {
                if (one.equals(value)) {
                    return true;
                }
                continue;
            }
            StringBuilder regex = new StringBuilder();
            for (String part : one.split("[*%]", -1)) {
                if (regex.length() > 0) {
                    regex.append(".*");
                } else if (one.startsWith("*") || one.startsWith("%")) {
                    regex.append("(?:)");
                }
                regex.append(Pattern.quote(part));
            }
            if (Pattern.compile(regex.toString(), Pattern.CASE_INSENSITIVE | Pattern.DOTALL)
                    .matcher(value)
                    .matches()) {
                return true;
            }
        }
        return false;
    }

    /** One day, or {@code from-to}: the first {@code -} is the range sign, which is why an ISO date finds nothing sensible. */
    private static boolean dateMatches(String value, String wanted) {
        if (value.length() < 10) {
            return false;
        }
        try {
            LocalDate day = LocalDate.parse(value.substring(0, 10));
            int dash = wanted.indexOf('-');
            if (dash < 0) {
                return day.equals(LocalDate.parse(wanted, US));
            }
            LocalDate from = LocalDate.parse(wanted.substring(0, dash), US);
            LocalDate to = LocalDate.parse(wanted.substring(dash + 1), US);
            return !day.isBefore(from) && !day.isAfter(to);
        } catch (DateTimeParseException isoOrWorse) {
            return false;
        }
    }

    private static String shortName(String name) {
        int slash = name.indexOf('/');
        return slash < 0 ? name : name.substring(slash + 1);
    }

    /** A field by shortcut or by xpath ({@code xnat:mrSessionData/project}), null when the list does not know it. */
    static @Nullable String value(Map<String, String> row, String name) {
        String exact = row.get(name);
        if (exact != null) {
            return exact;
        }
        for (Map.Entry<String, String> entry : row.entrySet()) {
            if (entry.getKey().equalsIgnoreCase(name)) {
                return entry.getValue();
            }
        }
        if (!name.contains(":")) {
            return null;
        }
        String shortName = shortName(name);
        if (shortName.equals(name)) {
            return null;
        }
        for (Map.Entry<String, String> entry : row.entrySet()) {
            if (entry.getKey().equalsIgnoreCase(shortName)) {
                return entry.getValue();
            }
        }
        return null;
    }
}

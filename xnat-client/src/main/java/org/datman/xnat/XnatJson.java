package org.datman.xnat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads XNAT's documents in their actual form: cells are texts, the case of keys varies by version, an empty text
 * means absent, the order of children means nothing.
 */
final class XnatJson {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final DateTimeFormatter TIMESTAMP = new DateTimeFormatterBuilder()
            .appendPattern("yyyy-MM-dd HH:mm:ss")
            .optionalStart()
            .appendFraction(ChronoField.NANO_OF_SECOND, 1, 9, true)
            .optionalEnd()
            .toFormatter(Locale.ROOT);
    private static final Pattern LAST_NUMBER = Pattern.compile("(\\d{1,4})\\D*$");

    private XnatJson() {}

    static JsonNode document(InputStream body) throws IOException {
        try {
            JsonNode tree = JSON.readTree(body);
            if (tree == null || !tree.isObject()) {
                throw new MalformedBody("an empty or unexpected document instead of a JSON object");
            }
            return tree;
        } catch (JsonProcessingException e) {
            throw new MalformedBody("not JSON at line " + e.getLocation().getLineNr(), e);
        }
    }

    /** The elements of an array. */
    static List<JsonNode> array(InputStream body) throws IOException {
        try {
            JsonNode tree = JSON.readTree(body);
            if (tree == null || !tree.isArray()) {
                throw new MalformedBody("an empty or unexpected document instead of a JSON array");
            }
            List<JsonNode> elements = new ArrayList<>(tree.size());
            tree.forEach(elements::add);
            return elements;
        } catch (JsonProcessingException e) {
            throw new MalformedBody("not JSON at line " + e.getLocation().getLineNr(), e);
        }
    }

    /** The rows of a list. */
    static List<JsonNode> rows(InputStream body) throws IOException {
        JsonNode result = document(body).path("ResultSet").path("Result");
        if (!result.isArray()) {
            throw new MalformedBody("there is no ResultSet.Result in it");
        }
        List<JsonNode> rows = new ArrayList<>(result.size());
        result.forEach(rows::add);
        return rows;
    }

    /** The current item of a single object's document. */
    static JsonNode item(InputStream body) throws IOException {
        JsonNode items = document(body).path("items");
        return current(items).orElseThrow(() -> new MalformedBody("there is no current item in it"));
    }

    private static Optional<JsonNode> current(JsonNode items) {
        for (JsonNode item : items) {
            if (!item.path("meta").path("isHistory").asBoolean(false)) {
                return Optional.of(item);
            }
        }
        return Optional.empty();
    }

    /** The items of a kind below an item, at any depth. */
    static List<JsonNode> children(JsonNode item, String field) {
        List<JsonNode> found = new ArrayList<>();
        for (JsonNode child : item.path("children")) {
            if (field.equals(child.path("field").asText())) {
                child.path("items").forEach(found::add);
            }
        }
        return found;
    }

    static XnatSession session(JsonNode item, String accession, String subjectLabel) throws IOException {
        JsonNode fields = item.path("data_fields");
        List<XnatScan> scans = new ArrayList<>();
        for (JsonNode scan : children(item, "scans/scan")) {
            scans.add(scan(scan));
        }
        String project = text(fields, "project");
        String label = text(fields, "label");
        if (project.isEmpty() || label.isEmpty()) {
            throw new MalformedBody("session " + accession + " has no project or label");
        }
        return new XnatSession(
                accession,
                project,
                text(fields, "subject_ID"),
                subjectLabel,
                label,
                item.path("meta").path("xsi:type").asText(""),
                some(text(fields, "UID")).orElse(null),
                date(text(fields, "date")).orElse(null),
                scanner(fields).orElse(null),
                shares(item),
                scans);
    }

    private static List<XnatSession.Share> shares(JsonNode item) {
        List<XnatSession.Share> shares = new ArrayList<>();
        for (JsonNode share : children(item, "sharing/share")) {
            JsonNode fields = share.path("data_fields");
            if (!text(fields, "project").isEmpty()) {
                shares.add(new XnatSession.Share(text(fields, "project"), text(fields, "label")));
            }
        }
        return shares;
    }

    private static Optional<String> scanner(JsonNode fields) {
        List<String> parts = new ArrayList<>();
        for (String key : List.of("scanner/manufacturer", "scanner/model", "scanner")) {
            String part = text(fields, key);
            if (!part.isEmpty()) {
                parts.add(part);
            }
        }
        return some(String.join(" ", parts));
    }

    private static XnatScan scan(JsonNode item) throws IOException {
        JsonNode fields = item.path("data_fields");
        String id = text(fields, "ID");
        if (id.isEmpty()) {
            throw new MalformedBody("a scan has no id");
        }
        SortedSet<Integer> echoes = new TreeSet<>();
        for (JsonNode param : children(item, "parameters/addParam")) {
            JsonNode data = param.path("data_fields");
            String name = text(data, "name");
            Matcher number = LAST_NUMBER.matcher(name);
            if (name.toLowerCase(Locale.ROOT).contains("multiecho") && number.find()) {
                echoes.add(Integer.valueOf(number.group(1)));
            }
        }
        String imageType = text(fields, "parameters/imageType");
        return new XnatScan(
                id,
                some(text(fields, "UID")).orElse(null),
                text(fields, "type"),
                text(fields, "series_description"),
                text(fields, "quality"),
                item.path("meta").path("xsi:type").asText(""),
                imageType.isEmpty() ? List.of() : Arrays.asList(imageType.split("\\\\")),
                echoes);
    }

    /** A resource of a session or of one of its scans. */
    static XnatResource resource(JsonNode row, String accession) throws IOException {
        String scan = text(row, "category").equalsIgnoreCase("scans") ? text(row, "cat_id") : "";
        return resource(
                row,
                id -> scan.isEmpty() ? ResourceRef.ofSession(accession, id) : ResourceRef.ofScan(accession, scan, id));
    }

    static XnatResource resource(JsonNode row, Function<String, ResourceRef> owner) throws IOException {
        String id = text(row, "xnat_abstractresource_id");
        if (id.isEmpty()) {
            throw new MalformedBody("a resource has no id");
        }
        ResourceRef ref = owner.apply(id);
        return new XnatResource(
                ref,
                text(row, "label"),
                text(row, "format"),
                text(row, "content"),
                number(text(row, "file_count")),
                number(text(row, "file_size")));
    }

    static XnatFile file(JsonNode row) throws IOException {
        String uri = text(row, "URI");
        int at = uri.indexOf("/files/");
        String path = at < 0 ? text(row, "Name") : uri.substring(at + "/files/".length());
        if (path.isEmpty()) {
            throw new MalformedBody("a file has no name");
        }
        return new XnatFile(
                path,
                number(text(row, "Size")),
                some(text(row, "digest").toLowerCase(Locale.ROOT)).orElse(null));
    }

    static XnatListed listed(JsonNode row, ZoneId zone) throws IOException {
        String id = text(row, "ID");
        if (id.isEmpty()) {
            throw new MalformedBody("a session has no accession id");
        }
        return new XnatListed(
                id,
                text(row, "project"),
                text(row, "label"),
                text(row, "subject_label"),
                text(row, "xsiType"),
                date(text(row, "date")).orElse(null),
                timestamp(text(row, "last_modified"), zone).orElse(null),
                "");
    }

    /** A value by its key, whatever the case; empty when absent. */
    static String text(JsonNode row, String key) {
        JsonNode value = row.get(key);
        if (value == null) {
            for (Map.Entry<String, JsonNode> field : row.properties()) {
                if (field.getKey().equalsIgnoreCase(key)) {
                    value = field.getValue();
                    break;
                }
            }
        }
        return value == null || value.isNull() ? "" : value.asText("").strip();
    }

    private static Optional<String> some(String text) {
        return text.isEmpty() ? Optional.empty() : Optional.of(text);
    }

    private static OptionalLong number(String text) {
        try {
            return text.isEmpty() ? OptionalLong.empty() : OptionalLong.of((long) Double.parseDouble(text));
        } catch (NumberFormatException stale) {
            // XNAT's catalogue holds text here at times; the count is then unknown, as for an empty one.
            return OptionalLong.empty();
        }
    }

    private static Optional<LocalDate> date(String text) {
        try {
            return text.isEmpty() ? Optional.empty() : Optional.of(LocalDate.parse(text));
        } catch (DateTimeException unknown) {
            // An invalid date is unknown; only the counts that are expected on a day depend on it.
            return Optional.empty();
        }
    }

    private static Optional<Instant> timestamp(String text, ZoneId zone) {
        try {
            return text.isEmpty()
                    ? Optional.empty()
                    : Optional.of(
                            LocalDateTime.parse(text, TIMESTAMP).atZone(zone).toInstant());
        } catch (DateTimeException unknown) {
            // Only a hint: without it the session is compared.
            return Optional.empty();
        }
    }
}

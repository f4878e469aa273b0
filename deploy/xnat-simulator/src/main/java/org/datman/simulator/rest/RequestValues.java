package org.datman.simulator.rest;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.datman.simulator.archive.XsiType;
import org.datman.simulator.http.Refusal;
import org.datman.simulator.http.Request;

/**
 * The values of a PUT on an object. A value is named by its short name ({@code note}) or by its path from the object's type
 * ({@code xnat:mrSessionData/note}); the path of another object's value ({@code xnat:mrSessionData/scans/scan/note}) is not a value of this one.
 */
final class RequestValues {

    /** The objects that can be written, with the values that each keeps. */
    enum Kind {
        PROJECT("ProjectData", Set.of("ID", "name", "description", "secondary_ID"), Set.of()),
        SUBJECT(
                "SubjectData",
                Set.of("ID", "label", "group", "src", "gender", "yob", "dob", "age", "handedness"),
                Set.of("gender", "yob", "dob", "age", "handedness")),
        SESSION(
                "SessionData",
                Set.of(
                        "ID",
                        "label",
                        "date",
                        "time",
                        "note",
                        "visit_id",
                        "session_type",
                        "scanner",
                        "operator",
                        "acquisition_site"),
                Set.of()),
        SCAN("ScanData", Set.of("ID", "type", "quality", "note", "series_description"), Set.of()),
        RESOURCE("resourceCatalog", Set.of("label", "format", "content"), Set.of());

        private final String type;
        private final Set<String> names;
        private final Set<String> demographics;

        Kind(String type, Set<String> names, Set<String> demographics) {
            this.type = type;
            this.names = names;
            this.demographics = demographics;
        }

        private boolean isTypeOf(String prefix) {
            String name = prefix.toLowerCase(Locale.ROOT);
            return name.startsWith("xnat:")
                    && (name.endsWith(type.toLowerCase(Locale.ROOT))
                            || (this == SESSION && XsiType.isA("xnat:mrSessionData", prefix)));
        }

        /** The short name of a value by its path below the object, empty for a value that is not kept. */
        private Optional<String> name(String path) {
            if (names.contains(path)) {
                return Optional.of(path);
            }
            Matcher demographic = DEMOGRAPHIC.matcher(path);
            return demographic.matches() && demographics.contains(demographic.group(1))
                    ? Optional.of(demographic.group(1))
                    : Optional.empty();
        }
    }

    private static final Pattern DEMOGRAPHIC =
            Pattern.compile("demographics(?:\\[@xsi:type=xnat:demographicData])?/(\\w+)");
    private static final Pattern VARIABLE = Pattern.compile("fields/field\\[name=([^\\]]+)](?:/field)?");

    /** Parameters of a PUT that are no values; nothing is inactive here, and a PUT deletes nothing. */
    private static final Set<String> BESIDES = Set.of("xsiType", "activate", "allowDataDeletion");

    private final Map<String, String> values = new LinkedHashMap<>();
    private final Map<String, String> variables = new LinkedHashMap<>();
    private final List<String> prefixes = new ArrayList<>();
    private final String xsiType;

    private RequestValues(String xsiType) {
        this.xsiType = xsiType;
    }

    /**
     * Reads the query.
     *
     * @throws Refusal 501 for a document and for values that the object does not keep, 400 for a value given twice
     */
    static RequestValues of(Request request, Kind kind) {
        RequestValues result = new RequestValues(request.query("xsiType"));
        List<String> known = new ArrayList<>(BESIDES);
        for (Map.Entry<String, String> parameter : request.query().entrySet()) {
            if (result.read(kind, parameter.getKey(), parameter.getValue())) {
                known.add(parameter.getKey());
            }
        }
        request.withoutBody().knowing(known);
        for (String flag : List.of("activate", "allowDataDeletion")) {
            request.flag(flag);
        }
        return result;
    }

    private boolean read(Kind kind, String parameter, String value) {
        int slash = parameter.indexOf('/');
        String prefix = slash < 0 ? "" : parameter.substring(0, slash);
        boolean typed = kind.isTypeOf(prefix);
        String path = typed ? parameter.substring(slash + 1) : parameter;
        Optional<String> name = kind.name(path);
        Matcher variable = VARIABLE.matcher(path);
        if (name.isPresent()) {
            put(values, name.get(), value);
        } else if (kind == Kind.SESSION && variable.matches()) {
            put(variables, variable.group(1).toLowerCase(Locale.ROOT), value);
        } else {
            return false;
        }
        if (typed) {
            prefixes.add(prefix);
        }
        return true;
    }

    private static void put(Map<String, String> map, String name, String value) {
        String before = map.put(name, value);
        if (before != null && !before.equals(value)) {
            throw new Refusal(400, name + " is given twice: " + before + " and " + value);
        }
    }

    Optional<String> get(String name) {
        return Optional.ofNullable(values.get(name));
    }

    void forEach(BiConsumer<String, String> action) {
        values.forEach(action);
    }

    Map<String, String> variables() {
        return variables;
    }

    /** The requested type, or the one that the paths of values begin with, else the default. */
    String type(String usual) {
        if (!xsiType.isEmpty()) {
            return xsiType;
        }
        return prefixes.stream()
                .filter(prefix -> !XsiType.isA(usual, prefix))
                .findFirst()
                .orElse(usual);
    }

    /** Rejects another type than the object's, and values of another. */
    RequestValues requireType(String actual) {
        prefixes.stream()
                .filter(prefix -> !XsiType.isA(actual, prefix))
                .findFirst()
                .ifPresent(prefix -> {
                    throw Refusal.notDone("values of a " + prefix + " in a " + actual);
                });
        if (!xsiType.isEmpty() && !XsiType.isA(actual, xsiType)) {
            throw Refusal.notDone("changing the type of a " + actual);
        }
        return this;
    }

    /** Rejects an ID that is not the object's: XNAT assigns IDs, and they never change. */
    RequestValues requireId(String actual) {
        get("ID").filter(id -> !id.equals(actual)).ifPresent(id -> {
            throw Refusal.notDone("giving " + actual + " the ID " + id);
        });
        return this;
    }
}

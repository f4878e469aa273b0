package org.datman.simulator.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.datman.contracts.naming.PercentEncoding;
import org.jspecify.annotations.Nullable;

/**
 * A request as received.
 *
 * @param rawPath path as on the wire, still percent-encoded
 * @param rawQuery query as on the wire, empty when there is none
 * @param headers by lower-case name, the last value of each
 * @param body file of the body, null when there is none; deleted after the response
 */
public record Request(
        String method,
        String rawPath,
        String rawQuery,
        Map<String, String> headers,
        @Nullable Path body) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Parameters about the client, the reason or caching: ignored. */
    private static final Set<String> WITHOUT_EFFECT = Set.of(
            "XNAT_CSRF", "event_reason", "event_type", "event_action", "event_id", "req_format", "timestamp", "_");

    /** The start of a name up to the end of its condition in brackets, encoded or not. */
    private static final Pattern XPATH = Pattern.compile("^[^=\\[]*(?:\\[|%5[Bb])[^&]*?(?:]|%5[Dd])");

    public String header(String name) {
        return headers.getOrDefault(name.toLowerCase(Locale.ROOT), "");
    }

    public String userAgent() {
        return header("user-agent");
    }

    /** Path segments, percent-decoded, without empty ones (so a trailing slash is harmless). */
    public List<String> segments() {
        List<String> result = new ArrayList<>();
        for (String segment : rawPath.split("/")) {
            if (!segment.isEmpty()) {
                result.add(decodePath(segment));
            }
        }
        return result;
    }

    /** Query parameters in order; the last value of a name. */
    public Map<String, String> query() {
        return parameters(rawQuery);
    }

    public String query(String name) {
        return query().getOrDefault(name, "");
    }

    /** Every value of a parameter, of the query and of a form body, in order. */
    public List<String> values(String name) {
        return Stream.concat(pairs(rawQuery).stream(), pairs(formText()).stream())
                .filter(pair -> pair.getKey().equals(name))
                .map(Map.Entry::getValue)
                .toList();
    }

    /** A parameter of the query, else of a form body, else empty. */
    public String parameter(String name) {
        return query().getOrDefault(name, form().getOrDefault(name, ""));
    }

    /**
     * A parameter that is true or false; false when it is not there.
     *
     * @throws Refusal 400 for another value: XNAT would treat it as false
     */
    public boolean flag(String name) {
        String value = parameter(name);
        return switch (value.toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false", "" -> false;
            default -> throw new Refusal(400, name + " must be true or false, not " + value);
        };
    }

    /** Whether this only reads. */
    public boolean reads() {
        return method.equals("GET") || method.equals("HEAD");
    }

    /**
     * Rejects another method than these: 405. {@code GET} stands for {@code HEAD} as well.
     *
     * @throws Refusal when it is another
     */
    public Request withMethod(String... methods) {
        String asked = method.equals("HEAD") ? "GET" : method;
        if (!List.of(methods).contains(asked)) {
            throw Refusal.method(this);
        }
        return this;
    }

    /**
     * Rejects a parameter that the path does not support (501): a response of 200 would mean that it was applied. In a form no
     * parameter is supported.
     *
     * @param known names of the query besides {@code format} and those that change nothing on any XNAT
     * @throws Refusal when there is another
     */
    public Request knowing(Collection<String> known) {
        return knowing(known, List.of());
    }

    /** As {@link #knowing(Collection)}, where the same parameters may come in a form: they are read with {@link #parameter}. */
    public Request knowingAlsoInForm(String... known) {
        return knowing(List.of(known), List.of(known));
    }

    private Request knowing(Collection<String> inQuery, Collection<String> inForm) {
        refuse(query().keySet(), inQuery, "parameter ");
        refuse(form().keySet(), inForm, "form field ");
        return this;
    }

    private void refuse(Collection<String> names, Collection<String> known, String what) {
        names.stream()
                .filter(name -> !known.contains(name) && !WITHOUT_EFFECT.contains(name) && !name.equals("format"))
                .findFirst()
                .ifPresent(name -> {
                    throw Refusal.notDone(what + name + " of " + method + " " + rawPath);
                });
    }

    /** As {@link #knowing(Collection)}. */
    public Request knowing(String... known) {
        return knowing(List.of(known));
    }

    /**
     * Rejects another format than these (501), and one that is not available here.
     *
     * @param formats lower case; no format is always good
     * @throws Refusal when it is another
     */
    public Request givenAs(String... formats) {
        String format = query("format").toLowerCase(Locale.ROOT);
        if (!format.isEmpty() && !List.of(formats).contains(format)) {
            throw Refusal.notDone("format " + format + " of " + rawPath);
        }
        return this;
    }

    /** Rejects a body: a document that is not read would be silently lost. */
    public Request withoutBody() {
        try {
            boolean isForm = header("content-type").startsWith("application/x-www-form-urlencoded");
            if (body != null && !isForm && Files.size(body) > 0) {
                throw Refusal.notDone("reading a document that comes with " + method + " " + rawPath);
            }
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException("the request body got lost", e);
        }
    }

    /** {@code format} of the query, else by {@code Accept}, else empty. */
    public String format() {
        String format = query("format").toLowerCase(Locale.ROOT);
        if (!format.isEmpty()) {
            return format;
        }
        String accept = header("accept");
        if (accept.startsWith("application/json")) {
            return "json";
        }
        if (accept.startsWith("text/csv")) {
            return "csv";
        }
        if (accept.startsWith("text/xml") || accept.startsWith("application/xml")) {
            return "xml";
        }
        return "";
    }

    /** Parameters of a form body, empty when the body is something else. */
    public Map<String, String> form() {
        return parameters(formText());
    }

    private String formText() {
        return header("content-type").startsWith("application/x-www-form-urlencoded") ? bodyText() : "";
    }

    public String bodyText() {
        try {
            return body == null ? "" : Files.readString(body, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("the request body got lost", e);
        }
    }

    /**
     * The body as a JSON object.
     *
     * @throws Refusal 400 when it is something else
     */
    public ObjectNode jsonObject() {
        try {
            if (JSON.readTree(bodyText()) instanceof ObjectNode object) {
                return object;
            }
        } catch (JsonProcessingException malformed) {
            throw new Refusal(400, "Not JSON: " + malformed.getOriginalMessage());
        }
        throw new Refusal(400, "The body must be a JSON object.");
    }

    private static Map<String, String> parameters(String text) {
        Map<String, String> result = new LinkedHashMap<>();
        pairs(text).forEach(pair -> result.put(pair.getKey(), pair.getValue()));
        return result;
    }

    private static List<Map.Entry<String, String>> pairs(String text) {
        List<Map.Entry<String, String>> result = new ArrayList<>();
        for (String pair : text.split("&")) {
            if (pair.isEmpty()) {
                continue;
            }
            // an xpath such as xnat:mrSessionData/fields/field[name=visit]/field has a '=' of its own
            Matcher xpath = XPATH.matcher(pair);
            int eq = pair.indexOf('=', xpath.find() ? xpath.end() : 0);
            String name = eq < 0 ? pair : pair.substring(0, eq);
            result.add(Map.entry(decodeForm(name), eq < 0 ? "" : decodeForm(pair.substring(eq + 1))));
        }
        return result;
    }

    private static String decodeForm(String text) {
        try {
            return PercentEncoding.decodeForm(text);
        } catch (IllegalArgumentException malformed) {
            return text;
        }
    }

    /** Percent-decoding only: a {@code +} in a path is a plus. */
    private static String decodePath(String text) {
        try {
            return PercentEncoding.decode(text);
        } catch (IllegalArgumentException malformed) {
            return text;
        }
    }
}

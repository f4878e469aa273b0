package org.datman.simulator.http;

import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A request as received.
 *
 * @param rawPath path as on the wire, still percent-encoded
 * @param rawQuery query as on the wire, empty when there is none
 * @param headers by lower-case name, the last value of each
 * @param body where the body lies, null when there is none; deleted after the answer
 */
public record Call(String method, String rawPath, String rawQuery, Map<String, String> headers, Path body) {

    public String header(String name) {
        return headers.getOrDefault(name.toLowerCase(Locale.ROOT), "");
    }

    public String userAgent() {
        return header("user-agent");
    }

    /** Path segments, percent-decoded, without empty ones (so a trailing slash is harmless). */
    public List<String> segments() {
        var result = new ArrayList<String>();
        for (var segment : rawPath.split("/")) if (!segment.isEmpty()) result.add(decodePath(segment));
        return result;
    }

    /** Query parameters in order; the last value of a name. */
    public Map<String, String> query() {
        return parameters(rawQuery);
    }

    public String query(String name) {
        return query().getOrDefault(name, "");
    }

    /** `format` of the query, else what `Accept` says, else empty. */
    public String format() {
        var format = query("format");
        if (!format.isEmpty()) return format;
        var accept = header("accept");
        if (accept.startsWith("application/json")) return "json";
        if (accept.startsWith("text/csv")) return "csv";
        if (accept.startsWith("text/xml") || accept.startsWith("application/xml")) return "xml";
        return "";
    }

    /** Parameters of a form body, empty when the body is something else. */
    public Map<String, String> form() {
        if (body == null || !header("content-type").startsWith("application/x-www-form-urlencoded")) return Map.of();
        return parameters(bodyText());
    }

    public String bodyText() {
        try {
            return body == null ? "" : Files.readString(body, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException("the request body got lost", e);
        }
    }

    private static Map<String, String> parameters(String text) {
        var result = new LinkedHashMap<String, String>();
        for (var pair : text.split("&")) {
            if (pair.isEmpty()) continue;
            int eq = pair.indexOf('=');
            // an xpath such as xnat:mrSessionData/fields/field[name=visit]/field has a '=' of its own
            int bracket = pair.indexOf('[');
            if (bracket >= 0 && bracket < eq) eq = pair.indexOf('=', Math.max(pair.indexOf(']'), bracket));
            var name = eq < 0 ? pair : pair.substring(0, eq);
            result.put(decodeForm(name), eq < 0 ? "" : decodeForm(pair.substring(eq + 1)));
        }
        return result;
    }

    private static String decodeForm(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            return text;
        }
    }

    /** Percent-decoding only: a `+` in a path is a plus. */
    private static String decodePath(String text) {
        return decodeForm(text.replace("+", "%2B"));
    }
}

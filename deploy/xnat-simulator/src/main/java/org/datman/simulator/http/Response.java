package org.datman.simulator.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A response before it is sent; it keeps its structure (table, files …) so that faults can be applied to it. */
public record Response(int status, List<Header> headers, Body body) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** One header line. */
    public record Header(String name, String value) {}

    /** The content of a response. */
    public sealed interface Body {}

    /** Ready bytes. */
    public record Bytes(String contentType, byte[] bytes) implements Body {}

    /** A list, with the requested format: json, csv, xml or html. */
    public record Rows(Table table, String format) implements Body {}

    /** One file from disk. */
    public record FileBody(String contentType, Path file, long damageAt) implements Body {}

    /** Several files as one stream. */
    public record Archive(ArchiveDownload download) implements Body {}

    public Response {
        headers = List.copyOf(headers);
    }

    public Response with(String name, String value) {
        List<Header> more = new ArrayList<>(headers);
        more.add(new Header(name, value));
        return new Response(status, more, body);
    }

    public Response withBody(Body newBody) {
        return new Response(status, headers, newBody);
    }

    public static Response of(int status, String contentType, byte[] bytes) {
        return new Response(status, List.of(), new Bytes(contentType, bytes));
    }

    public static Response text(int status, String text) {
        return of(status, "text/plain;charset=UTF-8", text.getBytes(StandardCharsets.UTF_8));
    }

    public static Response html(int status, String html) {
        return of(status, "text/html;charset=UTF-8", html.getBytes(StandardCharsets.UTF_8));
    }

    public static Response xml(String xml) {
        return of(200, "text/xml;charset=UTF-8", xml.getBytes(StandardCharsets.UTF_8));
    }

    public static Response json(int status, JsonNode json) {
        try {
            return of(status, "application/json;charset=UTF-8", JSON.writeValueAsBytes(json));
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("a tree does not fail to print", impossible);
        }
    }

    public static Response rows(Table table, String format) {
        return new Response(200, List.of(), new Rows(table, format.toLowerCase(Locale.ROOT)));
    }

    /** The page that the server's REST layer shows for an error, for any requested format. */
    public static Response error(int status, String message) {
        return html(
                status,
                "<html>\n<head>\n   <title>Status page</title>\n</head>\n<body>\n<h3>" + Markup.escape(message)
                        + "</h3>\n</body>\n</html>\n");
    }

    /** The page behind every redirect of an unauthenticated caller. */
    public static Response loginPage() {
        return html(
                200,
                "<!DOCTYPE html>\n<html>\n<head><title>XNAT</title></head>\n<body><form name=\"form1\" method=\"post\" "
                        + "action=\"/login\"><input name=\"username\"/><input name=\"password\" type=\"password\"/></form></body>\n</html>\n");
    }

    public static Response redirect(String location) {
        return text(302, "").with("Location", location);
    }
}

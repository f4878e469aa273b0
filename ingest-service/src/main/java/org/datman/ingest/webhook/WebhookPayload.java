package org.datman.ingest.webhook;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.datman.xnat.XnatSession;

/**
 * The content of a delivery, in any of its three shapes: a session may have changed. All other fields are
 * ignored, because events of XNAT are early, duplicated, out of order and incomplete.
 *
 * @param shape {@code script, event-service}, or {@code container} for the short one
 * @param accession of the session
 * @param project as sent; may be empty or wrong
 * @param event what happened, as sent; may be empty
 * @param dataType XNAT's type of the object, as sent; may be empty
 */
record WebhookPayload(String shape, String accession, String project, String event, String dataType) {

    private static final ObjectMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder().maxNestingDepth(50).build())
                    .build())
            .build();
    private static final Pattern EXPERIMENT = Pattern.compile("/experiments/([^/?#]+)");
    private static final Pattern ACCESSION = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,126}");
    private static final Pattern PLAIN = Pattern.compile("[\\p{Alnum}() /._:-]{0,200}");

    /** A body that identifies no session. */
    static final class Unreadable extends Exception {
        private final transient Rejection rejection;

        private Unreadable(String what) {
            super(what);
            this.rejection = Rejection.malformed(what);
        }

        Rejection rejection() {
            return rejection;
        }
    }

    static WebhookPayload read(byte[] body) throws Unreadable {
        JsonNode tree;
        try {
            tree = JSON.readTree(body);
        } catch (JsonProcessingException e) {
            throw new Unreadable("The body is not JSON (line " + e.getLocation().getLineNr() + ", column "
                    + e.getLocation().getColumnNr() + ")");
        } catch (IOException e) {
            throw new Unreadable("The body cannot be read as JSON");
        }
        if (tree == null || !tree.isObject()) {
            throw new Unreadable("The body is not a JSON object");
        }
        return tree.has("dataId") ? script(tree) : eventService(tree);
    }

    /** Whether it can be about an imaging session: XNAT's events are also about subjects, projects and assessors. */
    boolean mayBeOfASession() {
        return dataType.isEmpty()
                || XnatSession.isImagingType(dataType)
                || dataType.toLowerCase(Locale.ROOT).endsWith("scandata");
    }

    private static WebhookPayload script(JsonNode tree) throws Unreadable {
        String dataId = text(tree, "dataId");
        return new WebhookPayload(
                tree.has("eventClass") || tree.has("workflowId") ? "script" : "container",
                accession(dataId, "dataId"),
                plain(text(tree, "externalId")),
                plain(text(tree, "event")),
                plain(text(tree, "dataType")));
    }

    private static WebhookPayload eventService(JsonNode tree) throws Unreadable {
        String type = text(tree, "type");
        String event = plain(type);
        String project = plain(text(tree, "project-id"));
        if (type.equals("Session")) {
            return new WebhookPayload(
                    "event-service", accession(text(tree, "id"), "id"), project, event, plain(text(tree, "xsiType")));
        }
        if (tree.has("session-id")) {
            return new WebhookPayload(
                    "event-service", accession(text(tree, "session-id"), "session-id"), project, event, "");
        }
        Matcher uri = EXPERIMENT.matcher(text(tree, "uri"));
        if (uri.find()) {
            return new WebhookPayload("event-service", accession(uri.group(1), "uri"), project, event, "");
        }
        throw new Unreadable("The body names no session: neither dataId, nor id of a Session, nor session-id, nor a uri"
                + " with /experiments/");
    }

    private static String accession(String text, String key) throws Unreadable {
        if (!ACCESSION.matcher(text).matches()) {
            throw new Unreadable("The value of " + key + " is not an accession id of XNAT");
        }
        return text;
    }

    private static String text(JsonNode tree, String key) {
        return tree.path(key).asText("").strip();
    }

    /** For the records only; values with unexpected characters are dropped. */
    private static String plain(String text) {
        return PLAIN.matcher(text).matches() ? text : "";
    }
}

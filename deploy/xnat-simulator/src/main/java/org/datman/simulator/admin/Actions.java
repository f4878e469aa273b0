package org.datman.simulator.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.datman.simulator.archive.ArchiveEvent;
import org.datman.simulator.archive.ArchivedFile;
import org.datman.simulator.archive.Scan;
import org.datman.simulator.archive.Session;
import org.datman.simulator.archive.SimulatedArchive;
import org.datman.simulator.arrival.SessionFeed;
import org.datman.simulator.auth.SimulatedAccounts;
import org.datman.simulator.auth.User;
import org.datman.simulator.fault.Fault;
import org.datman.simulator.fault.FaultRule;
import org.datman.simulator.fault.FaultRules;
import org.datman.simulator.http.RequestLog;
import org.datman.simulator.importer.LoadOptions;
import org.datman.simulator.importer.SessionLoader;
import org.datman.simulator.rest.Uploads;
import org.datman.simulator.webhook.Emission;
import org.datman.simulator.webhook.Shape;
import org.datman.simulator.webhook.Webhooks;

/**
 * Actions on the simulator, as JSON objects with an {@code action}. The same objects serve as the
 * action of a fault rule. Sessions are named by accession id ({@code session}).
 */
public record Actions(
        SimulatedArchive archive,
        SimulatedAccounts accounts,
        SessionLoader loader,
        Uploads uploads,
        FaultRules faults,
        Webhooks webhooks,
        RequestLog log,
        SessionFeed arrivals) {

    private static final Set<String> EMISSION =
            Set.of("shape", "copies", "delayMillis", "hold", "malformed", "foreignProject", "storm", "forged");
    private static final Set<String> RULE = Set.of(
            "fault",
            "path",
            "method",
            "times",
            "after",
            "probability",
            "latencyMillis",
            "status",
            "bytes",
            "column",
            "value",
            "then");
    /** The members of each action besides its name. */
    private static final Map<String, Set<String>> MEMBERS = Map.ofEntries(
            Map.entry("load-folder", Set.of("folder", "project", "subject", "label", "announceFirst")),
            Map.entry("add-session", Set.of("folder", "project", "subject", "label", "announceFirst")),
            Map.entry("add-to-session", Set.of("session", "folder")),
            Map.entry("create-project", Set.of("project")),
            Map.entry("create-session", Set.of("project", "subject", "label")),
            Map.entry("rename", Set.of("session", "label")),
            Map.entry("move", Set.of("session", "project")),
            Map.entry("share", Set.of("session", "project", "label")),
            Map.entry("delete", Set.of("session")),
            Map.entry("recreate", Set.of("session")),
            Map.entry("remove-scan", Set.of("session", "scan")),
            Map.entry("edit-scan", Set.of("session", "scan", "type", "description", "quality", "id")),
            Map.entry("add-file", Set.of("session", "scan", "resource", "path", "base64")),
            Map.entry("rename-file", Set.of("session", "scan", "resource", "path", "to")),
            Map.entry("remove-resource", Set.of("session", "scan", "resource")),
            Map.entry("stale-catalog", Set.of("session", "scan", "resource", "count", "size")),
            Map.entry("refresh-catalogs", Set.of("session")),
            Map.entry(
                    "announce",
                    Stream.concat(Stream.of("session", "event"), EMISSION.stream())
                            .collect(Collectors.toUnmodifiableSet())),
            Map.entry("expire-sessions", Set.of()),
            Map.entry("session-timeout", Set.of("seconds")),
            Map.entry("account", Set.of("user", "condition")));

    /**
     * Runs the action of an object.
     *
     * @return the result
     * @throws IllegalArgumentException when the action or one of its members is unknown or missing; says which
     */
    public JsonNode run(JsonNode order) throws IOException {
        requireKnown(order);
        String action = text(order, "action");
        switch (action) {
            case "load-folder" -> {
                ArrayNode answer = JsonNodeFactory.instance.arrayNode();
                loader.loadFolder(Path.of(text(order, "folder")), options(order))
                        .forEach(s -> answer.add(summary(s)));
                return answer;
            }
            case "add-session" -> {
                return summary(loader.addSession(Path.of(text(order, "folder")), options(order)));
            }
            case "add-to-session" -> {
                return summary(loader.addTo(session(order), Path.of(text(order, "folder"))));
            }
            case "create-project" -> {
                archive.createProject(text(order, "project"));
                return done();
            }
            case "create-session" -> {
                return summary(archive.createSession(
                        text(order, "project"), text(order, "subject"), text(order, "label"), "MR"));
            }
            case "rename" -> {
                return summary(archive.rename(session(order), text(order, "label")));
            }
            case "move" -> {
                return summary(archive.move(session(order), text(order, "project")));
            }
            case "share" -> {
                archive.createProject(text(order, "project"));
                return summary(archive.share(session(order), text(order, "project"), text(order, "label")));
            }
            case "delete" -> {
                archive.delete(session(order));
                return done();
            }
            case "recreate" -> {
                return summary(archive.recreate(session(order)));
            }
            case "remove-scan" -> {
                return summary(archive.removeScan(session(order), text(order, "scan")));
            }
            case "edit-scan" -> {
                return summary(editScan(order));
            }
            case "add-file" -> {
                byte[] bytes = Base64.getDecoder().decode(text(order, "base64"));
                List<ArchivedFile> file = List.of(uploads.store(bytes, text(order, "path")));
                String scan = optional(order, "scan");
                return summary(
                        scan.isEmpty()
                                ? archive.addFiles(session(order), text(order, "resource"), file)
                                : archive.addScanFiles(session(order), scan, text(order, "resource"), file));
            }
            case "rename-file" -> {
                return summary(archive.renameFile(
                        session(order),
                        optional(order, "scan"),
                        text(order, "resource"),
                        text(order, "path"),
                        text(order, "to")));
            }
            case "remove-resource" -> {
                return summary(
                        archive.removeResource(session(order), optional(order, "scan"), text(order, "resource")));
            }
            case "stale-catalog" -> {
                return summary(archive.makeStale(
                        session(order),
                        optional(order, "scan"),
                        text(order, "resource"),
                        optional(order, "count"),
                        optional(order, "size")));
            }
            case "refresh-catalogs" -> {
                return summary(archive.refreshCatalogs(session(order)));
            }
            case "announce" -> {
                ArchiveEvent.Kind kind = ArchiveEvent.Kind.valueOf(text(order, "event"));
                webhooks.emit(
                        new ArchiveEvent(kind, require(session(order)), "", java.time.Instant.now()), emission(order));
                return done();
            }
            case "expire-sessions" -> {
                accounts.closeAll();
                return done();
            }
            case "session-timeout" -> {
                accounts.setTimeout(Duration.ofSeconds(number(order, "seconds", 900)));
                return done();
            }
            case "account" -> {
                accounts.setCondition(text(order, "user"), User.Condition.valueOf(text(order, "condition")));
                return done();
            }
            default -> throw new IllegalArgumentException("unknown action '" + action + "'");
        }
    }

    private static void requireKnown(JsonNode order) {
        requireObject(order);
        String action = text(order, "action");
        Set<String> known = MEMBERS.get(action);
        if (known == null) {
            throw new IllegalArgumentException("unknown action '" + action + "'");
        }
        requireKnown(order, known, "action '" + action + "'");
    }

    private static void requireObject(JsonNode order) {
        if (order == null || !order.isObject()) {
            throw new IllegalArgumentException("the body must be a JSON object");
        }
    }

    private static void requireKnown(JsonNode order, Set<String> known, String of) {
        requireObject(order);
        order.fieldNames().forEachRemaining(name -> {
            if (!known.contains(name) && !name.equals("action")) {
                throw new IllegalArgumentException(of + " knows no '" + name + "', but " + new TreeSet<>(known));
            }
        });
    }

    private Session editScan(JsonNode order) {
        return archive.editScan(session(order), text(order, "scan"), scan -> {
            Scan result = scan;
            if (order.has("type")) {
                result = result.withType(order.get("type").asText());
            }
            if (order.has("description")) {
                result = result.withDescription(order.get("description").asText());
            }
            if (order.has("quality")) {
                result = result.withQuality(order.get("quality").asText());
            }
            if (order.has("id")) {
                result = result.withId(order.get("id").asText());
            }
            return result;
        });
    }

    private Session require(String id) {
        Session session = archive.session(id);
        if (session == null) {
            throw new IllegalArgumentException("no session " + id);
        }
        return session;
    }

    private static LoadOptions options(JsonNode order) {
        LoadOptions options = LoadOptions.project(text(order, "project"));
        if (order.has("subject")) {
            options = options.subject(order.get("subject").asText());
        }
        if (order.has("label")) {
            options = options.label(order.get("label").asText());
        }
        return flag(order, "announceFirst") ? options.announcedFirst() : options;
    }

    /** How an event is delivered: {@code shape}, {@code copies}, {@code delayMillis}, {@code hold}, {@code malformed}, {@code foreignProject}, {@code storm}, {@code forged}. */
    static Emission emissionAlone(JsonNode order) {
        requireKnown(order, EMISSION, "an event's way");
        return emission(order);
    }

    private static Emission emission(JsonNode order) {
        return new Emission(
                Shape.valueOf(order.path("shape").asText(Shape.CANONICAL.name())),
                (int) number(order, "copies", 1),
                Duration.ofMillis(number(order, "delayMillis", 0)),
                flag(order, "hold"),
                flag(order, "malformed"),
                order.path("foreignProject").asText(""),
                (int) number(order, "storm", 0),
                flag(order, "forged"));
    }

    /** A fault rule from JSON: {@code fault} and any of {@code path, method, times, after, probability, latencyMillis, status, bytes, column, value, then}. */
    FaultRule rule(JsonNode order) {
        requireKnown(order, RULE, "a fault rule");
        FaultRule rule = FaultRule.of(Fault.valueOf(text(order, "fault")))
                .on(order.path("path").asText("^/"))
                .method(order.path("method").asText(""))
                .times((int) number(order, "times", -1))
                .after((int) number(order, "after", 0))
                .probability(probability(order))
                .withLatency(Duration.ofMillis(number(order, "latencyMillis", 0)))
                .withStatus((int) number(order, "status", 500))
                .withBytes(number(order, "bytes", 0))
                .withColumn(order.path("column").asText(""), order.path("value").asText(""));
        JsonNode then = order.get("then");
        if ((then != null) != (rule.fault() == Fault.ACTION)) {
            throw new IllegalArgumentException("'then' is the action of a rule of the fault ACTION, and of no other");
        }
        if (then == null) {
            return rule;
        }
        requireKnown(then);
        return rule.withAction(() -> {
            try {
                run(then);
            } catch (IOException e) {
                throw new UncheckedIOException("the rule's action failed", e);
            }
        });
    }

    static ObjectNode summary(Session session) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("id", session.id()).put("project", session.project()).put("label", session.label());
        ArrayNode scans = node.putArray("scans");
        session.scans().forEach(s -> scans.add(s.id()));
        return node;
    }

    private static ObjectNode done() {
        return JsonNodeFactory.instance.objectNode().put("done", true);
    }

    private static long number(JsonNode order, String name, long otherwise) {
        JsonNode value = order.path(name);
        if (value.isMissingNode()) {
            return otherwise;
        }
        if (!value.isIntegralNumber()) {
            throw new IllegalArgumentException("'" + name + "' must be a whole number");
        }
        return value.asLong();
    }

    private static double probability(JsonNode order) {
        JsonNode value = order.path("probability");
        if (value.isMissingNode()) {
            return 1;
        }
        if (!value.isNumber() || value.asDouble() < 0 || value.asDouble() > 1) {
            throw new IllegalArgumentException("'probability' must be a number from 0 to 1");
        }
        return value.asDouble();
    }

    private static boolean flag(JsonNode order, String name) {
        JsonNode value = order.path(name);
        if (value.isMissingNode()) {
            return false;
        }
        if (!value.isBoolean()) {
            throw new IllegalArgumentException("'" + name + "' must be true or false");
        }
        return value.asBoolean();
    }

    private static String session(JsonNode order) {
        return text(order, "session");
    }

    private static String optional(JsonNode order, String name) {
        return order.path(name).asText("");
    }

    static String text(JsonNode order, String name) {
        JsonNode value = order.get(name);
        if (value == null || !value.isValueNode()) {
            throw new IllegalArgumentException("'" + name + "' is missing");
        }
        return value.asText();
    }
}

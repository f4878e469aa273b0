package org.datman.simulator.rest;

import static org.datman.simulator.http.Table.row;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.datman.simulator.archive.SimulatedArchive;
import org.datman.simulator.auth.Caller;
import org.datman.simulator.auth.SimulatedAccounts;
import org.datman.simulator.auth.User;
import org.datman.simulator.http.Refusal;
import org.datman.simulator.http.Request;
import org.datman.simulator.http.Response;
import org.datman.simulator.http.Table;

/** XNAT's information about itself: build, settings, schemas, searchable elements, users. */
final class SiteInfo {
    private static final List<String> ELEMENTS = List.of(
            "xnat:projectData",
            "xnat:subjectData",
            "xnat:mrSessionData",
            "xnat:petSessionData",
            "xnat:ctSessionData",
            "xnat:otherDicomSessionData",
            "xnat:mrScanData",
            "xnat:petScanData",
            "xnat:ctScanData",
            "xnat:otherDicomScanData");

    private final SimulatedArchive archive;
    private final SimulatedAccounts accounts;
    private final Clock clock;
    private final String siteId;
    private final Instant started;

    SiteInfo(SimulatedArchive archive, SimulatedAccounts accounts, Clock clock, String siteId) {
        this.archive = archive;
        this.accounts = accounts;
        this.clock = clock;
        this.siteId = siteId;
        this.started = clock.instant();
    }

    /** The site and its users under {@code /xapi}. */
    Response xapi(Request request, List<String> path, Caller caller) throws IOException {
        request.withMethod("GET").knowing().givenAs("json", "xml");
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        String route = String.join("/", path);
        switch (route) {
            case "siteConfig/buildInfo" -> {
                ObjectNode info = nodes.objectNode();
                info.put("version", "1.8.10").put("buildNumber", "1").put("buildDate", "Mon Jan 01 00:00:00 UTC 2024");
                info.put("sha", "0000000").put("shaFull", "0".repeat(40)).put("commit", "v1.8.10-0-simulator");
                info.put("branch", "simulator").put("dirty", "false").put("timestamp", "1704067200000");
                info.put("hostName", "simulator")
                        .put("displayHostName", "never")
                        .put("nodeId", "");
                return Response.json(200, info);
            }
            case "siteConfig/buildInfo/version" -> {
                return Response.text(200, "1.8.10");
            }
            case "siteConfig/siteId" -> {
                return Response.text(200, siteId);
            }
            case "siteConfig/uptime" -> {
                Duration up = Duration.between(started, clock.instant());
                return Response.json(
                        200,
                        nodes.objectNode()
                                .put("days", Long.toString(up.toDays()))
                                .put("hours", Integer.toString(up.toHoursPart()))
                                .put("minutes", Integer.toString(up.toMinutesPart()))
                                .put("seconds", Integer.toString(up.toSecondsPart())));
            }
            case "schemas" -> {
                return Response.json(200, nodes.arrayNode().add("xnat"));
            }
            case "schemas/xnat" -> {
                try (InputStream in = SiteInfo.class.getResourceAsStream("xnat-subset.xsd")) {
                    return Response.of(200, "application/xml", in.readAllBytes());
                }
            }
            case "users/username" -> {
                return Response.text(200, caller.user().name());
            }
            case "users" -> {
                if (!caller.user().admin()) {
                    return Response.error(403, "Not authorized.");
                }
                ArrayNode names = nodes.arrayNode();
                accounts.users().forEach(u -> names.add(u.name()));
                return Response.json(200, names);
            }
            case "users/profile" -> {
                return Response.json(200, profile(caller.user()));
            }
            case "plugins" -> {
                return caller.user().admin()
                        ? Response.json(200, nodes.objectNode())
                        : Response.error(403, "Not authorized.");
            }
            case "users/profiles" -> {
                if (!caller.user().admin()) {
                    return Response.error(403, "Not authorized.");
                }
                ArrayNode profiles = nodes.arrayNode();
                accounts.users().forEach(u -> profiles.add(profile(u)));
                return Response.json(200, profiles);
            }
            case "siteConfig" -> {
                if (!caller.user().admin()) {
                    return Response.error(403, "Not authorized.");
                }
                ObjectNode settings = nodes.objectNode();
                settings().forEach(settings::put);
                return Response.json(200, settings);
            }
            default -> {
                if (path.size() == 2 && path.get(0).equals("siteConfig")) {
                    if (!caller.user().admin()) {
                        return Response.error(403, "Not authorized.");
                    }
                    if (settings().containsKey(path.get(1))) {
                        return Response.text(200, settings().get(path.get(1)));
                    }
                }
                if (path.size() == 2 && path.get(0).equals("users")) {
                    return user(path.get(1), caller);
                }
                throw Refusal.notDone("GET /xapi/" + route);
            }
        }
    }

    /** The site settings that the simulator supports; all others are rejected. */
    private Map<String, String> settings() {
        return Map.of(
                "siteId",
                siteId,
                "sessionTimeout",
                accounts.timeout().toSeconds() + " seconds",
                "requireLogin",
                "true",
                "internalScriptingEnabled",
                "false");
    }

    private Response user(String name, Caller caller) {
        if (!caller.user().admin() && !caller.user().name().equals(name)) {
            return Response.error(403, "Not authorized.");
        }
        return accounts.users().stream()
                .filter(u -> u.name().equals(name))
                .findFirst()
                .map(u -> Response.json(200, profile(u)))
                .orElseGet(() -> Response.error(404, "There is no user " + name));
    }

    private static ObjectNode profile(User user) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("username", user.name())
                .put("enabled", user.condition() != User.Condition.DISABLED);
    }

    /** {@code /data/search/elements[/type]}. */
    Response search(Request request, List<String> path) {
        request.withMethod("GET").knowing().givenAs("json", "csv", "xml", "html");
        if (path.isEmpty() || !path.get(0).equals("elements") || path.size() > 2) {
            throw Refusal.notDone("GET " + request.rawPath());
        }
        if (path.size() == 1) {
            List<Map<String, String>> rows =
                    ELEMENTS.stream().map(this::elementRow).toList();
            return Response.rows(
                    new Table(
                            "Searchable elements",
                            List.of("ELEMENT_NAME", "SINGULAR", "PLURAL", "SECURED", "COUNT"),
                            rows,
                            true,
                            false),
                    request.format());
        }
        String type = path.get(1);
        if (!ELEMENTS.contains(type)) {
            return Response.error(404, "Unknown element " + type);
        }
        List<Map<String, String>> rows = List.of("ID", "LABEL", "PROJECT", "INSERT_DATE", "INSERT_USER").stream()
                .map(field -> row(
                        "FIELD_ID",
                        field,
                        "HEADER",
                        field,
                        "SUMMARY",
                        type + "." + field,
                        "TYPE",
                        "string",
                        "REQUIRES_VALUE",
                        "false",
                        "DESC",
                        "",
                        "ELEMENT_NAME",
                        type,
                        "SRC",
                        "0"))
                .toList();
        return Response.rows(
                new Table(
                        null,
                        List.of(
                                "FIELD_ID",
                                "HEADER",
                                "SUMMARY",
                                "TYPE",
                                "REQUIRES_VALUE",
                                "DESC",
                                "ELEMENT_NAME",
                                "SRC"),
                        rows,
                        true,
                        false),
                request.format());
    }

    private Map<String, String> elementRow(String type) {
        long count =
                switch (type) {
                    case "xnat:projectData" -> archive.projects().size();
                    case "xnat:subjectData" -> archive.subjects().size();
                    case "xnat:mrScanData", "xnat:petScanData", "xnat:ctScanData", "xnat:otherDicomScanData" ->
                        archive.sessions().stream()
                                .flatMap(s -> s.scans().stream())
                                .filter(s -> s.xsiType().equals(type))
                                .count();
                    default ->
                        archive.sessions().stream()
                                .filter(s -> s.xsiType().equals(type))
                                .count();
                };
        String singular = type.replace("xnat:", "").replace("Data", "");
        return row(
                "ELEMENT_NAME",
                type,
                "SINGULAR",
                singular,
                "PLURAL",
                singular + "s",
                "SECURED",
                "true",
                "COUNT",
                Long.toString(count));
    }

    Table users() {
        List<Map<String, String>> rows = accounts.users().stream()
                .map(u -> row(
                        "xdat_user_id",
                        Integer.toString(u.name().hashCode() & 0xffff),
                        "login",
                        u.name(),
                        "firstname",
                        u.name()))
                .toList();
        return new Table(
                "Users", List.of("xdat_user_id", "login", "firstname", "lastname", "email"), rows, true, false);
    }

    Table projectUsers(String project) {
        List<Map<String, String>> rows = accounts.users().stream()
                .filter(u -> u.canRead(project))
                .map(u -> row(
                        "GROUP_ID",
                        project + (u.editor() ? "_owner" : "_collaborator"),
                        "displayname",
                        u.editor() ? "Owners" : "Collaborators",
                        "login",
                        u.name(),
                        "firstname",
                        u.name()))
                .toList();
        return new Table(
                "Users",
                List.of("GROUP_ID", "displayname", "login", "firstname", "lastname", "email"),
                rows,
                true,
                false);
    }

    /** Distinct values of an attribute of scans of readable sessions, as {@code /data/scan_types} and {@code /data/scanners} list them. */
    Table distinct(String column, List<String> values) {
        List<Map<String, String>> rows =
                values.stream().distinct().sorted().map(v -> row(column, v)).toList();
        return new Table(null, List.of(column), rows, true, false);
    }
}

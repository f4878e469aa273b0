package org.datman.simulator.prearchive;

import static org.datman.simulator.http.Table.row;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.datman.simulator.archive.ArchivedFile;
import org.datman.simulator.archive.Incoming;
import org.datman.simulator.archive.Session;
import org.datman.simulator.archive.SimulatedArchive;
import org.datman.simulator.auth.User;
import org.datman.simulator.http.ArchiveDownload;
import org.datman.simulator.http.Refusal;
import org.datman.simulator.http.Request;
import org.datman.simulator.http.Response;
import org.datman.simulator.http.Table;
import org.datman.simulator.http.Times;

/** {@code /data/prearchive}, {@code /data/services/prearchive} and {@code /data/services/archive}. */
public final class PrearchiveApi {
    private static final List<String> COLUMNS = List.of(
            "project",
            "timestamp",
            "lastmod",
            "uploaded",
            "scan_date",
            "scan_time",
            "subject",
            "folderName",
            "name",
            "tag",
            "status",
            "url",
            "autoarchive",
            "prevent_anon",
            "prevent_auto_commit",
            "SOURCE",
            "visit",
            "protocol",
            "TIMEZONE");

    private final Prearchive prearchive;

    public PrearchiveApi(Prearchive prearchive) {
        this.prearchive = prearchive;
    }

    // ---- /data/prearchive ------------------------------------------------------------------------------------------

    /** @param path what follows {@code /data/prearchive} */
    public Response answer(Request request, User user, List<String> path) throws IOException {
        if (!path.isEmpty() && !path.get(0).equals("projects")) {
            return Response.error(404, "Not found: " + request.rawPath());
        }
        if (path.size() < 4) {
            return list(request, user, path);
        }
        String url = "/prearchive/" + String.join("/", path.subList(0, 4));
        Waiting one = prearchive.require(url);
        if (!mayRead(user, one)) {
            return Response.error(403, "Invalid permissions for " + url);
        }
        List<String> below = path.subList(4, path.size());
        if (!below.isEmpty()) {
            return inside(request.withMethod("GET").knowing(), one, below);
        }
        return switch (request.method()) {
            case "POST" -> act(request.withoutBody(), user, one);
            case "DELETE" -> {
                requireEdit(user, one.project());
                request.withoutBody().knowing();
                prearchive.delete(url);
                yield Response.text(200, "");
            }
            default -> {
                request.withMethod("GET").knowing().givenAs("json", "csv", "zip");
                yield request.format().equals("zip") ? zip(one) : rows(List.of(one), request);
            }
        };
    }

    private Response list(Request request, User user, List<String> path) {
        request.withMethod("GET").knowing().givenAs("json", "csv", "xml", "html");
        String start = "/prearchive/" + String.join("/", path) + (path.isEmpty() ? "" : "/");
        return rows(
                prearchive.all().stream()
                        .filter(w -> mayRead(user, w) && w.url().startsWith(start))
                        .toList(),
                request);
    }

    private static boolean mayRead(User user, Waiting one) {
        return user.admin() || user.canRead(one.project());
    }

    private static void requireEdit(User user, String project) {
        if (!user.canEdit(project)) {
            throw new Refusal(403, "Unable to modify session data for destination project.");
        }
    }

    private Response act(Request request, User user, Waiting one) throws IOException {
        requireEdit(user, one.project());
        String action = request.parameter("action");
        switch (action) {
            case "build" -> {
                request.knowingAlsoInForm("action");
                return uri(prearchive.build(one.url()).url());
            }
            case "reset" -> {
                request.knowingAlsoInForm("action", "tag");
                String tag = request.parameter("tag");
                if (!tag.isEmpty() && !tag.equals(one.study().uid())) {
                    return Response.error(404, "The session at " + one.url() + " is not that of tag " + tag);
                }
                return uri(prearchive.reset(one.url()).url());
            }
            case "move" -> {
                request.knowingAlsoInForm("action", "newProject");
                return uri(
                        move(user, one.url(), request.parameter("newProject")).url());
            }
            case "commit" -> {
                request.knowingAlsoInForm("action", "overwrite");
                return uri(path(prearchive.archive(
                        one.url(),
                        one.project(),
                        one.study().subject(),
                        one.study().label(),
                        overwrite(request))));
            }
            case "" -> {
                return Response.error(400, "No action parameter was specified for the request by user " + user.name());
            }
            case "set" -> throw Refusal.notDone("setting values of a prearchive session");
            default -> {
                return Response.error(
                        400,
                        "User " + user.name() + " requested an unsupported action on prearchive session: " + action);
            }
        }
    }

    /** Scans, their resources and files; nothing can be seen before the session is built. */
    private static Response inside(Request request, Waiting one, List<String> path) {
        if (one.status() == Waiting.Status.RECEIVING) {
            return Response.error(
                    404,
                    "The named session exists, but its XNAT session document is not available. The session is likely"
                            + " invalid or incomplete.");
        }
        String route = path.get(0) + "/" + path.size();
        if (route.equals("resources/1")) {
            List<Map<String, String>> rows = one.study().series().stream()
                    .map(s -> row(
                            "category",
                            "scans",
                            "cat_id",
                            s.id(),
                            "label",
                            s.resource(),
                            "file_count",
                            count(s),
                            "file_size",
                            size(s)))
                    .toList();
            return table(request, List.of("category", "cat_id", "label", "file_count", "file_size"), rows);
        }
        if (route.equals("scans/1")) {
            List<Map<String, String>> rows = one.study().series().stream()
                    .map(s -> row("ID", s.id(), "xsiType", s.xsiType(), "series_description", s.description()))
                    .toList();
            return table(request, List.of("ID", "xsiType", "series_description"), rows);
        }
        if (!path.get(0).equals("scans") || path.size() == 2) {
            throw Refusal.notDone("GET " + request.rawPath());
        }
        Incoming.Series series = one.study().series().stream()
                .filter(s -> s.id().equals(path.get(1)))
                .findFirst()
                .orElseThrow(() -> new Refusal(404, "Unable to find scan " + path.get(1)));
        if (!path.get(2).equals("resources")) {
            throw Refusal.notDone("GET " + request.rawPath());
        }
        if (path.size() == 3) {
            return table(
                    request,
                    List.of("label", "file_count", "file_size"),
                    List.of(row("label", series.resource(), "file_count", count(series), "file_size", size(series))));
        }
        if (!series.resource().equals(path.get(3))) {
            return Response.error(404, "Unable to find resource " + path.get(3));
        }
        if (path.size() == 4 || !path.get(4).equals("files")) {
            throw Refusal.notDone("GET " + request.rawPath());
        }
        if (path.size() == 5) {
            String base = request.rawPath().replaceFirst("/$", "");
            List<Map<String, String>> rows = series.files().stream()
                    .map(f -> row("Name", f.name(), "Size", Long.toString(f.size()), "URI", base + "/" + f.path()))
                    .toList();
            return table(request, List.of("Name", "Size", "URI"), rows);
        }
        request.givenAs();
        String wanted = String.join("/", path.subList(5, path.size()));
        Optional<ArchivedFile> file =
                series.files().stream().filter(f -> f.path().equals(wanted)).findFirst();
        if (file.isEmpty() || !Files.isReadable(file.get().source())) {
            return Response.error(400, "Unable to access the file at: " + wanted);
        }
        return new Response(
                200,
                List.of(),
                new Response.FileBody("application/dicom", file.get().source(), -1));
    }

    private static String count(Incoming.Series series) {
        return Integer.toString(series.files().size());
    }

    private static String size(Incoming.Series series) {
        return Long.toString(
                series.files().stream().mapToLong(ArchivedFile::size).sum());
    }

    private static Response table(Request request, List<String> columns, List<Map<String, String>> rows) {
        request.givenAs("json", "csv", "xml", "html");
        return Response.rows(new Table(null, columns, rows, true, false), request.format());
    }

    private static Response zip(Waiting one) {
        List<ArchiveDownload.Entry> entries = new ArrayList<>();
        for (Incoming.Series series : one.study().series()) {
            for (ArchivedFile file : series.files()) {
                entries.add(new ArchiveDownload.Entry(
                        one.folder() + "/SCANS/" + series.id() + "/" + series.resource() + "/" + file.path(),
                        file.source(),
                        file.modified(),
                        -1));
            }
        }
        return new Response(
                        200,
                        List.of(),
                        new Response.Archive(new ArchiveDownload(one.folder() + ".zip", "zip", false, entries)))
                .with("Content-Disposition", "attachment; filename=\"" + one.folder() + ".zip\"");
    }

    private static Response rows(List<Waiting> waiting, Request request) {
        List<Map<String, String>> rows =
                waiting.stream().map(PrearchiveApi::waitingRow).toList();
        return Response.rows(new Table(null, COLUMNS, rows, false, false), request.format());
    }

    private static Map<String, String> waitingRow(Waiting w) {
        return row(
                "project", w.project(),
                "timestamp", w.timestamp(),
                "lastmod", Times.prearchiveCell(w.changed()),
                "uploaded", Times.prearchiveCell(w.uploaded()),
                "scan_date", w.study().date(),
                "scan_time", w.study().time(),
                "subject", w.study().subject(),
                "folderName", w.folder(),
                "name", w.folder(),
                "tag", w.study().uid(),
                "status", w.status().name(),
                "url", w.url(),
                "autoarchive", "Manual",
                "prevent_anon", "false",
                "prevent_auto_commit", "false");
    }

    // ---- /data/services --------------------------------------------------------------------------------------------

    /** {@code move}, {@code rebuild} and {@code delete} of {@code /data/services/prearchive}, for every {@code src} of query or form. */
    public Response service(Request request, User user, String operation) throws IOException {
        request.withMethod("POST").withoutBody();
        if (!List.of("move", "rebuild", "delete").contains(operation)) {
            throw Refusal.notDone("the service prearchive/" + operation);
        }
        // The simulator runs at once what XNAT may run later.
        if (operation.equals("move")) {
            request.knowingAlsoInForm("src", "newProject", "async");
        } else {
            request.knowingAlsoInForm("src", "async");
        }
        request.flag("async");
        request.givenAs("json", "csv", "xml", "html");
        List<Waiting> done = new ArrayList<>();
        for (String source : sources(request)) {
            Waiting one = prearchive.require(source);
            requireEdit(user, one.project());
            done.add(
                    switch (operation) {
                        case "move" -> move(user, source, request.parameter("newProject"));
                        case "rebuild" -> prearchive.build(source);
                        default -> prearchive.delete(source);
                    });
        }
        return rows(operation.equals("delete") ? List.of() : done, request);
    }

    private Waiting move(User user, String url, String project) {
        if (project.isEmpty()) {
            throw new Refusal(400, "No project specified to move session " + url);
        }
        requireEdit(user, project);
        return prearchive.move(url, project);
    }

    /** The sessions meant, all of them there. */
    private List<String> sources(Request request) {
        List<String> sources = request.values("src").stream()
                .map(src -> src.replaceFirst("^/(data|REST)", "").replaceFirst("/$", ""))
                .toList();
        if (sources.isEmpty()) {
            throw new Refusal(404, "Unknown prearchive session.");
        }
        sources.forEach(prearchive::require);
        return sources;
    }

    /** {@code /data/services/archive}: by {@code src}, or by project, timestamp and session, of query or form. */
    public Response archive(Request request, User user) {
        request.withMethod("POST")
                .withoutBody()
                .knowingAlsoInForm(
                        "src",
                        "dest",
                        "project",
                        "subject",
                        "session",
                        "overwrite",
                        "quarantine",
                        "triggerPipelines",
                        "auto-archive");
        for (String unheeded : List.of("quarantine", "auto-archive")) {
            if (request.flag(unheeded)) {
                throw Refusal.notDone(unheeded);
            }
        }
        request.flag("triggerPipelines"); // there are none
        if (!request.parameter("dest")
                .matches("|/archive(/projects/[^/]+(/subjects/[^/]+(/experiments/[^/]+)?)?)?/?")) {
            throw Refusal.notDone("archiving with dest=" + request.parameter("dest"));
        }
        boolean byName = request.values("src").isEmpty();
        List<String> sources = byName
                ? List.of("/prearchive/projects/" + request.parameter("project") + "/" + request.parameter("timestamp")
                        + "/" + request.parameter("session"))
                : sources(request);
        StringBuilder answer = new StringBuilder();
        for (String source : sources) {
            Incoming study = prearchive.require(source).study();
            // Without src, project and session identify the study.
            String project = wanted(request, "projects", byName ? "" : "project", study.project());
            if (!user.canEdit(project)) {
                throw new Refusal(403, "User cannot archive into project " + project);
            }
            Session session = prearchive.archive(
                    source,
                    project,
                    wanted(request, "subjects", "subject", study.subject()),
                    wanted(request, "experiments", byName ? "" : "session", study.label()),
                    overwrite(request));
            answer.append("/data").append(path(session)).append("\r\n");
        }
        return Response.of(200, "text/uri-list", answer.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** A part of {@code dest}, else the parameter, else the study's own value. */
    private static String wanted(Request request, String part, String parameter, String otherwise) {
        List<String> dest = List.of(request.parameter("dest").split("/"));
        int at = dest.indexOf(part);
        if (at >= 0 && at + 1 < dest.size()) {
            return dest.get(at + 1);
        }
        return request.parameter(parameter).isEmpty() ? otherwise : request.parameter(parameter);
    }

    /** The meaning of {@code overwrite}. */
    public static SimulatedArchive.Overwrite overwrite(Request request) {
        return switch (request.parameter("overwrite").toLowerCase(Locale.ROOT)) {
            case "", "none", "false" -> SimulatedArchive.Overwrite.NONE;
            case "append" -> SimulatedArchive.Overwrite.APPEND;
            case "delete", "override", "true" -> SimulatedArchive.Overwrite.DELETE;
            default -> throw Refusal.notDone("overwrite=" + request.parameter("overwrite"));
        };
    }

    /** Where a session is, below {@code /data}. */
    public static String path(Session session) {
        return "/archive/projects/" + session.project() + "/subjects/" + session.subjectId() + "/experiments/"
                + session.id();
    }

    /** XNAT's answer to an upload or an action: one address. */
    public static Response uri(String path) {
        return Response.of(200, "text/uri-list", ("/data" + path + "\r\n").getBytes(StandardCharsets.UTF_8));
    }
}

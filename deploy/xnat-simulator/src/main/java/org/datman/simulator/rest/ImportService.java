package org.datman.simulator.rest;

import static org.datman.simulator.rest.ListQuery.row;

import java.io.IOException;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.datman.simulator.archive.Archive;
import org.datman.simulator.archive.ArchiveException;
import org.datman.simulator.archive.Incoming;
import org.datman.simulator.auth.Visitor;
import org.datman.simulator.http.Call;
import org.datman.simulator.http.Reply;
import org.datman.simulator.http.Table;
import org.datman.simulator.importer.LoadOptions;
import org.datman.simulator.importer.StudyReader;

/** `/data/services`: import of zips, archiving from the prearchive, refresh of catalogues; and the prearchive's lists. */
public final class ImportService {
    private record Waiting(
            Incoming study, String project, String timestamp, String folder, String status, String uploaded) {
        String url() {
            return "/prearchive/projects/" + project + "/" + timestamp + "/" + folder;
        }
    }

    private final Archive archive;
    private final StudyReader reader;
    private final Uploads uploads;
    private final Clock clock;
    private final Map<String, Waiting> prearchive = new LinkedHashMap<>();

    /** @param uploads keeps the files of forms */
    public ImportService(Archive archive, StudyReader reader, Uploads uploads, Clock clock) {
        this.uploads = uploads;
        this.archive = archive;
        this.reader = reader;
        this.clock = clock;
    }

    /** Everything under `/data/services` but the tokens. */
    Reply services(Call call, Visitor visitor, List<String> path) throws IOException {
        var route = String.join("/", path);
        boolean post = call.method().equals("POST");
        switch (route) {
            case "import" -> {
                return post ? upload(call, visitor) : methodNotAllowed();
            }
            case "archive" -> {
                return post ? commit(call, visitor) : methodNotAllowed();
            }
            case "refresh/catalog" -> {
                return post ? refresh(call, visitor) : methodNotAllowed();
            }
            case "dicomdump" -> {
                return DicomDump.answer(archive, visitor, call);
            }
            default -> {
                return Reply.error(501, "The simulator has no service " + route);
            }
        }
    }

    private static Reply methodNotAllowed() {
        return Reply.error(405, "The method specified in the request is not allowed for this resource.");
    }

    // ---- import ----------------------------------------------------------------------------------------------------

    private record Destination(boolean toPrearchive, String project, String subject, String session) {}

    private static Destination destination(Call call) {
        var query = call.query();
        var project = first(query, "project", "PROJECT_ID");
        var subject = first(query, "subject", "SUBJECT_ID");
        var session = first(query, "session", "EXPT_LABEL", "experiment");
        var dest = call.query("dest");
        var parts = List.of(dest.split("/"));
        project = after(parts, "projects", project);
        subject = after(parts, "subjects", subject);
        session = after(parts, "experiments", session);
        // An upload waits in the prearchive unless it is told to go on.
        boolean onwards = dest.startsWith("/archive")
                || call.query("prearchive").equals("false")
                || call.query("Direct-Archive").equals("true")
                || call.query("commit").equals("true");
        return new Destination(!onwards || project.isEmpty(), project, subject, session);
    }

    private static String first(Map<String, String> query, String... names) {
        for (var name : names) if (!query.getOrDefault(name, "").isEmpty()) return query.get(name);
        return "";
    }

    private static String after(List<String> parts, String name, String otherwise) {
        int at = parts.indexOf(name);
        return at < 0 || at + 1 >= parts.size() ? otherwise : parts.get(at + 1);
    }

    private Reply upload(Call call, Visitor visitor) throws IOException {
        var to = destination(call);
        if (!to.project().isEmpty() && !visitor.user().canEdit(to.project())) {
            return Reply.error(403, "User cannot archive into project " + to.project());
        }
        if (call.body() == null) return Reply.error(400, "No content was uploaded.");
        StudyReader.Found found;
        try {
            var content = call.body();
            if (Multipart.is(call)) {
                var part = Multipart.file(call, uploads);
                if (part.isEmpty()) return Reply.error(400, "No file was uploaded.");
                content = part.get().file();
            }
            found = reader.read(List.of(content), to.project(), to.subject(), to.session());
        } catch (IOException damaged) {
            return Reply.error(400, "The upload cannot be unpacked: " + damaged.getMessage());
        }
        if (found.studies() > 1) return Reply.error(400, "Upload included files for multiple imaging sessions.");
        boolean tolerant = call.query("Ignore-Unparsable").equalsIgnoreCase("true");
        if (found.images() == 0 || (!tolerant && !found.study().others().isEmpty())) {
            return Reply.error(400, "Upload did not include parsable files for session generation.");
        }
        var all = found.study();
        var label = to.session().isEmpty() ? all.subject() + "_" + all.modality() + "_1" : to.session();
        var study = all.only(all.series())
                .to(to.project().isEmpty() ? "Unassigned" : to.project(), all.subject(), LoadOptions.clean(label));
        if (to.toPrearchive()) return uris(park(study, "READY").url());
        try {
            return uris(toArchive(study, overwrite(call)));
        } catch (ArchiveException conflict) {
            park(study, "CONFLICT");
            throw conflict;
        }
    }

    private static Archive.Overwrite overwrite(Call call) {
        return switch (call.query("overwrite").toLowerCase(Locale.ROOT)) {
            case "append" -> Archive.Overwrite.APPEND;
            case "delete", "override", "true" -> Archive.Overwrite.DELETE;
            default -> Archive.Overwrite.NONE;
        };
    }

    private String toArchive(Incoming study, Archive.Overwrite overwrite) {
        var session = archive.add(study, overwrite).session();
        return "/archive/projects/" + session.project() + "/subjects/" + session.subjectId() + "/experiments/"
                + session.id();
    }

    private static Reply uris(String path) {
        return Reply.of(
                200, "text/uri-list", ("/data" + path + "\r\n").getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    // ---- prearchive ------------------------------------------------------------------------------------------------

    private synchronized Waiting park(Incoming study, String status) {
        var waiting = new Waiting(
                study,
                study.project(),
                Times.prearchive(clock.instant()),
                study.label(),
                status,
                Times.cell(clock.instant()));
        prearchive.put(waiting.url(), waiting);
        return waiting;
    }

    private synchronized List<Waiting> waiting() {
        return List.copyOf(prearchive.values());
    }

    private synchronized Waiting take(String url) {
        return prearchive.remove(url);
    }

    /** `/data/services/archive?src=/prearchive/projects/P/timestamp/folder`. */
    private Reply commit(Call call, Visitor visitor) {
        var src = call.query("src").replaceFirst("^/data", "");
        var entry = waiting().stream().filter(w -> w.url().equals(src)).findFirst();
        if (entry.isEmpty()) return Reply.error(404, "No such prearchive session: " + src);
        var dest = List.of(call.query("dest").split("/"));
        var study = entry.get().study();
        var target = study.to(
                after(dest, "projects", study.project()),
                after(dest, "subjects", study.subject()),
                after(dest, "experiments", study.label()));
        if (!visitor.user().canEdit(target.project())) {
            return Reply.error(403, "User cannot archive into project " + target.project());
        }
        var uri = toArchive(target, overwrite(call));
        take(src);
        return uris(uri);
    }

    /** Everything under `/data/prearchive`: the list, of all or of one project or entry, and removal of an entry. */
    Reply prearchive(Call call, Visitor visitor, List<String> path) {
        var url = "/prearchive/" + String.join("/", path);
        if (call.method().equals("DELETE")) {
            return take(url) == null ? Reply.error(404, "No such prearchive session: " + url) : Reply.text(200, "");
        }
        if (path.size() > 4) {
            return Reply.error(501, "The simulator shows no scans or files of the prearchive.");
        }
        if (!call.method().equals("GET") && !call.method().equals("HEAD")) {
            return Reply.error(501, "The simulator only lists, archives and deletes what is in the prearchive.");
        }
        var rows = waiting().stream()
                .filter(w ->
                        visitor.user().canRead(w.project()) || visitor.user().admin())
                .filter(w -> path.isEmpty() || w.url().equals(url) || w.url().startsWith(url + "/"))
                .map(ImportService::waitingRow)
                .toList();
        return Reply.rows(
                new Table(
                        null,
                        List.of(
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
                                "TIMEZONE"),
                        rows,
                        false,
                        false),
                call.format());
    }

    private static Map<String, String> waitingRow(Waiting w) {
        return row(
                "project",
                w.project(),
                "timestamp",
                w.timestamp(),
                "lastmod",
                w.uploaded(),
                "uploaded",
                w.uploaded(),
                "scan_date",
                w.study().date(),
                "scan_time",
                w.study().time(),
                "subject",
                w.study().subject(),
                "folderName",
                w.folder(),
                "name",
                w.folder(),
                "tag",
                w.study().uid(),
                "status",
                w.status(),
                "url",
                w.url(),
                "autoarchive",
                "Manual",
                "prevent_anon",
                "false",
                "prevent_auto_commit",
                "false");
    }

    // ---- catalogues ------------------------------------------------------------------------------------------------

    private Reply refresh(Call call, Visitor visitor) {
        var parts = List.of(call.query("resource").split("/"));
        var key = after(parts, "experiments", "");
        var project = after(parts, "projects", "");
        var session = archive.session(key) != null ? archive.session(key) : archive.find(project, key);
        if (session == null) return Reply.error(404, "Unable to find the specified experiment.");
        if (!visitor.user().canEdit(session.project())) return Reply.error(403, "Insufficient rights.");
        archive.refreshCatalogs(session.id());
        return Reply.text(200, "");
    }
}

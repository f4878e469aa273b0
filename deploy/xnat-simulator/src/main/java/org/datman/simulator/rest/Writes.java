package org.datman.simulator.rest;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.datman.simulator.archive.Archive;
import org.datman.simulator.archive.ArchivedFile;
import org.datman.simulator.archive.Resource;
import org.datman.simulator.archive.Scan;
import org.datman.simulator.archive.Session;
import org.datman.simulator.archive.Subject;
import org.datman.simulator.auth.Visitor;
import org.datman.simulator.http.Call;
import org.datman.simulator.http.Reply;
import org.datman.simulator.importer.Unpacker;

/** PUT, POST and DELETE on objects, resources and files. */
final class Writes {
    private static final Reply FORBIDDEN =
            Reply.error(403, "Specified user account has insufficient privileges for this action.");
    private final Archive archive;
    private final Uploads uploads;

    Writes(Archive archive, Uploads uploads) {
        this.archive = archive;
        this.uploads = uploads;
    }

    private static Reply methodNotAllowed() {
        return Reply.error(405, "The method specified in the request is not allowed for this resource.");
    }

    Reply putProject(Visitor visitor, String id) {
        if (!visitor.user().admin()) return FORBIDDEN;
        boolean there = archive.project(id) != null;
        archive.createProject(id);
        return there ? Reply.text(200, "") : Reply.text(201, id);
    }

    Reply putSubject(Visitor visitor, String project, String key, Subject known, Call call) {
        if (!visitor.user().canEdit(project)) return FORBIDDEN;
        var label = call.query("label");
        if (known == null)
            return Reply.text(201, archive.createSubject(project, key).id());
        if (!label.isEmpty()) {
            if (archive.findSubject(project, label) != null && !label.equals(known.label())) {
                return Reply.error(409, "Label already in use: " + label);
            }
            archive.renameSubject(known.id(), label);
        }
        return Reply.text(200, known.id());
    }

    Reply createSession(Visitor visitor, String project, Subject subject, String label, Call call) {
        if (!visitor.user().canEdit(project)) return FORBIDDEN;
        var type = call.query("xsiType");
        var modality =
                switch (type) {
                    case "xnat:petSessionData" -> "PT";
                    case "xnat:ctSessionData" -> "CT";
                    case "", "xnat:mrSessionData" -> "MR";
                    default -> "OT";
                };
        var session = archive.createSession(project, subject.label(), label, modality);
        return setFields(session, call).orElseGet(() -> Reply.text(201, session.id()));
    }

    Reply session(Visitor visitor, Session session, Call call) {
        if (!visitor.user().canEdit(session.project())) return FORBIDDEN;
        switch (call.method()) {
            case "PUT" -> {
                var label = call.query("label");
                if (!label.isEmpty() && !label.equals(session.label())) archive.rename(session.id(), label);
                return setFields(session, call).orElseGet(() -> Reply.text(200, session.id()));
            }
            case "DELETE" -> {
                archive.delete(session.id());
                return Reply.text(200, "");
            }
            default -> {
                return methodNotAllowed();
            }
        }
    }

    /** What a PUT on a session may carry without being one of its values. */
    private static final Set<String> NO_VALUE = Set.of(
            "label",
            "xsiType",
            "format",
            "XNAT_CSRF",
            "event_reason",
            "event_type",
            "event_action",
            "event_id",
            "activate",
            "allowDataDeletion",
            "req_format",
            "triggerPipelines");

    /**
     * Sets date, note and custom variables (`xnat:mrSessionData/fields/field[name=x]/field=v`) of a session. A value that the
     * simulator does not keep is refused: a 200 without effect would be a lie to every test that builds on it.
     *
     * @return the refusal
     */
    private Optional<Reply> setFields(Session session, Call call) {
        for (var parameter : call.query().entrySet()) {
            var name = parameter.getKey();
            var value = parameter.getValue();
            int at = name.indexOf("fields/field[name=");
            if (at >= 0) {
                int from = at + "fields/field[name=".length();
                var variable = name.substring(from, name.indexOf(']', from)).toLowerCase(Locale.ROOT);
                archive.edit(session.id(), s -> s.withVariable(variable, value));
                continue;
            }
            switch (name.substring(name.lastIndexOf('/') + 1)) {
                case "date" -> {
                    var day = day(value);
                    if (day.isEmpty()) return Optional.of(Reply.error(400, "Not a date: " + value));
                    archive.edit(session.id(), s -> s.withDate(day.get()));
                }
                case "note" -> {
                    var fields = new TreeMap<String, Object>(session.fields());
                    fields.put("note", value);
                    archive.edit(session.id(), s -> s.withFields(fields));
                }
                default -> {
                    if (!NO_VALUE.contains(name)) {
                        return Optional.of(Reply.error(501, "The simulator does not set " + name + " of a session."));
                    }
                }
            }
        }
        return Optional.empty();
    }

    /** XNAT takes 01/31/2026 as well as 2026-01-31. */
    private static Optional<String> day(String text) {
        for (var format : List.of(DateTimeFormatter.ISO_LOCAL_DATE, DateTimeFormatter.ofPattern("MM/dd/yyyy"))) {
            try {
                return Optional.of(LocalDate.parse(text, format).toString());
            } catch (DateTimeParseException other) {
                // the next format may fit
            }
        }
        return Optional.empty();
    }

    Reply deleteSubject(Visitor visitor, Subject subject) {
        if (!visitor.user().canEdit(subject.project())) return FORBIDDEN;
        archive.deleteSubject(subject.id());
        return Reply.text(200, "");
    }

    Reply share(Visitor visitor, Session session, String project, Call call) {
        if (archive.project(project) == null) return Reply.error(404, "Unable to identify project " + project);
        if (!visitor.user().canEdit(session.project()) || !visitor.user().canEdit(project)) return FORBIDDEN;
        if (call.method().equals("DELETE")) {
            if (session.shares().stream().noneMatch(share -> share.project().equals(project))) {
                return Reply.error(404, "The session is not shared into " + project);
            }
            archive.unshare(session.id(), project);
            return Reply.text(200, "");
        }
        if (!call.method().equals("PUT")) return methodNotAllowed();
        if (call.query("primary").equals("true")) {
            archive.move(session.id(), project);
            return Reply.text(200, "");
        }
        var label = call.query("label").isEmpty() ? session.label() : call.query("label");
        archive.share(session.id(), project, label);
        return Reply.text(200, "");
    }

    Reply scan(Visitor visitor, Session session, String id, Call call) {
        if (!visitor.user().canEdit(session.project())) return FORBIDDEN;
        switch (call.method()) {
            case "PUT" -> {
                boolean known = session.scans().stream().anyMatch(s -> s.id().equals(id));
                var unknown = call.query().keySet().stream()
                        .filter(name -> !NO_VALUE.contains(name)
                                && !SCAN_VALUES.contains(name.substring(name.lastIndexOf('/') + 1)))
                        .findFirst();
                if (unknown.isPresent()) {
                    return Reply.error(501, "The simulator does not set " + unknown.get() + " of a scan.");
                }
                if (!known) archive.addScan(session.id(), id, scanType(call));
                archive.editScan(session.id(), id, s -> edited(s, call.query()));
                return Reply.text(200, "");
            }
            case "DELETE" -> {
                archive.removeScan(session.id(), id);
                return Reply.text(200, "");
            }
            default -> {
                return methodNotAllowed();
            }
        }
    }

    private static final Set<String> SCAN_VALUES = Set.of("type", "quality", "note", "series_description");

    /** The type in the query, or the one that the name of a value begins with (`xnat:mrScanData/type`). */
    private static String scanType(Call call) {
        if (!call.query("xsiType").isEmpty()) return call.query("xsiType");
        return call.query().keySet().stream()
                .filter(name -> name.matches("xnat:\\w+ScanData/.*"))
                .map(name -> name.substring(0, name.indexOf('/')))
                .findFirst()
                .orElse("xnat:mrScanData");
    }

    private static Scan edited(Scan scan, Map<String, String> values) {
        var result = scan;
        for (var value : values.entrySet()) {
            var name = value.getKey().substring(value.getKey().lastIndexOf('/') + 1);
            if (name.equals("type")) result = result.withType(value.getValue());
            if (name.equals("quality")) result = result.withQuality(value.getValue());
            if (name.equals("note")) result = result.withNote(value.getValue());
            if (name.equals("series_description")) result = result.withDescription(value.getValue());
        }
        return result;
    }

    // ---- resources and files ---------------------------------------------------------------------------------------

    /**
     * A resource made or deleted, or a file of it written or deleted.
     *
     * @param known the resource, null when there is none yet
     * @param below `files` when a file is meant
     */
    Reply resource(
            Visitor visitor,
            XnatRouter.Owner owner,
            String selector,
            Resource known,
            String below,
            String file,
            Call call)
            throws IOException {
        var session = owner.session();
        if (session == null) return Reply.error(501, "The simulator writes resources of sessions and scans only.");
        if (!visitor.user().canEdit(session.project())) return FORBIDDEN;
        var scanId = owner.scan() == null ? "" : owner.scan().id();
        if (!below.equals("files")) return wholeResource(session, scanId, selector, known, call);
        switch (call.method()) {
            case "PUT", "POST" -> {
                return upload(session, scanId, known == null ? selector : Long.toString(known.id()), known, file, call);
            }
            case "DELETE" -> {
                boolean there = known != null
                        && known.files().stream().anyMatch(f -> f.path().equals(file));
                if (!there) return Reply.error(404, "Unable to find file.");
                archive.removeFiles(session.id(), scanId, Long.toString(known.id()), List.of(file));
                return Reply.text(200, "");
            }
            default -> {
                return methodNotAllowed();
            }
        }
    }

    private Reply wholeResource(Session session, String scanId, String selector, Resource known, Call call) {
        switch (call.method()) {
            case "PUT" -> {
                if (known != null) return Reply.error(409, "Specified resource already exists.");
                var format = call.query("format");
                var content = call.query("content");
                if (scanId.isEmpty()) archive.addResource(session.id(), selector, format, content);
                else archive.addScanResource(session.id(), scanId, selector, format, content);
                return Reply.text(200, "");
            }
            case "DELETE" -> {
                if (known == null) return Reply.error(404, "Unable to find the specified resource.");
                archive.removeResource(session.id(), scanId, Long.toString(known.id()));
                return Reply.text(200, "");
            }
            default -> {
                return methodNotAllowed();
            }
        }
    }

    private Reply upload(Session session, String scanId, String resource, Resource known, String path, Call call)
            throws IOException {
        if (call.body() == null || Files.size(call.body()) == 0) return Reply.error(400, "No content was uploaded.");
        var content = call.body();
        if (Multipart.is(call)) {
            var part = Multipart.file(call, uploads);
            if (part.isEmpty()) return Reply.error(400, "No file was uploaded.");
            content = part.get().file();
            if (path.isEmpty()) path = part.get().name();
        }
        var added = new ArrayList<ArchivedFile>();
        if (call.query("extract").equals("true")) {
            var folder = uploads.newFolder("extract-");
            Unpacker.unpack(content, folder);
            try (var files = Files.walk(folder)) {
                for (var file : files.filter(Files::isRegularFile).sorted().toList()) {
                    var relative = folder.relativize(file).toString().replace('\\', '/');
                    added.add(new ArchivedFile(
                            relative,
                            file,
                            Files.size(file),
                            Files.getLastModifiedTime(file).toInstant()));
                }
            }
        } else {
            if (path.isEmpty()) return Reply.error(400, "The name of the file is missing after /files/.");
            added.add(uploads.keep(content, path));
        }
        if (!call.query("overwrite").equals("true") && known != null) {
            var there = known.files().stream().map(ArchivedFile::path).toList();
            var duplicates = added.stream()
                    .map(ArchivedFile::path)
                    .filter(there::contains)
                    .toList();
            if (!duplicates.isEmpty()) {
                var answer = JsonNodeFactory.instance.objectNode();
                var list = answer.putArray("duplicates");
                duplicates.forEach(list::add);
                return Reply.json(200, answer);
            }
        }
        if (scanId.isEmpty()) archive.addFiles(session.id(), resource, added);
        else archive.addScanFiles(session.id(), scanId, resource, added);
        return Reply.text(200, "");
    }
}

package org.datman.simulator.rest;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
        return Reply.text(there ? 200 : 201, id);
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
        setFields(session, call);
        return Reply.text(201, session.id());
    }

    Reply session(Visitor visitor, Session session, Call call) {
        if (!visitor.user().canEdit(session.project())) return FORBIDDEN;
        switch (call.method()) {
            case "PUT" -> {
                var label = call.query("label");
                if (!label.isEmpty() && !label.equals(session.label())) archive.rename(session.id(), label);
                setFields(session, call);
                return Reply.text(200, session.id());
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

    /** Custom variables: `xnat:mrSessionData/fields/field[name=x]/field=v`. */
    private void setFields(Session session, Call call) {
        for (var parameter : call.query().entrySet()) {
            var name = parameter.getKey();
            int at = name.indexOf("fields/field[name=");
            if (at < 0) continue;
            var variable = name.substring(at + "fields/field[name=".length(), name.indexOf(']', at));
            archive.edit(
                    session.id(),
                    s -> s.withVariable(variable.toLowerCase(java.util.Locale.ROOT), parameter.getValue()));
        }
    }

    Reply share(Visitor visitor, Session session, String project, Call call) {
        if (!visitor.user().canEdit(session.project()) || !visitor.user().canEdit(project)) return FORBIDDEN;
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
                if (!known) return Reply.error(404, "Scans come with their images: import them.");
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
        if (session == null) return Reply.error(405, "The simulator keeps resources of sessions and scans only.");
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
        if (call.header("content-type").startsWith("multipart/")) {
            return Reply.error(415, "The simulator takes the file as the request body: add inbody=true.");
        }
        var added = new ArrayList<ArchivedFile>();
        if (call.query("extract").equals("true")) {
            var folder = uploads.newFolder("extract-");
            Unpacker.unpack(call.body(), folder);
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
            added.add(uploads.keep(call.body(), path));
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

package org.datman.simulator.rest;

import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.datman.simulator.archive.Scan;
import org.datman.simulator.archive.Session;
import org.datman.simulator.archive.SimulatedArchive;
import org.datman.simulator.archive.Subject;
import org.datman.simulator.archive.XsiType;
import org.datman.simulator.auth.Caller;
import org.datman.simulator.http.Refusal;
import org.datman.simulator.http.Request;
import org.datman.simulator.http.Response;
import org.datman.simulator.rest.RequestValues.Kind;
import org.jspecify.annotations.Nullable;

/**
 * PUT and DELETE on projects, subjects, sessions and scans. A value that the simulator does not keep is rejected before anything
 * is changed: a 200 without effect would mislead every test that relies on it.
 */
final class Writes {
    private final SimulatedArchive archive;

    Writes(SimulatedArchive archive) {
        this.archive = archive;
    }

    static Refusal forbidden() {
        return new Refusal(403, "Specified user account has insufficient privileges for this action.");
    }

    // ---- projects and subjects -------------------------------------------------------------------------------------

    /** Made or changed; XNAT answers 200 without a body either way. */
    Response putProject(Caller caller, String id, Request request) {
        boolean there = archive.project(id) != null;
        if (there ? !caller.user().canEdit(id) : !caller.user().admin()) {
            throw forbidden();
        }
        RequestValues values =
                RequestValues.of(request, Kind.PROJECT).requireId(id).requireType("xnat:projectData");
        archive.createProject(id);
        values.get("name").ifPresent(name -> archive.editProject(id, p -> p.withName(name)));
        values.get("description").ifPresent(text -> archive.editProject(id, p -> p.withDescription(text)));
        values.get("secondary_ID").ifPresent(other -> archive.editProject(id, p -> p.withSecondaryId(other)));
        return Response.text(200, "");
    }

    /** XNAT ignores xsiType here, and clients send that of a session. */
    Response putSubject(Caller caller, String project, String key, @Nullable Subject known, Request request) {
        if (!caller.user().canEdit(project)) {
            throw forbidden();
        }
        RequestValues values =
                RequestValues.of(request, Kind.SUBJECT).requireId(known == null ? "a new subject" : known.id());
        String label = values.get("label").orElse("");
        if (known != null && !label.isEmpty() && !label.equals(known.label())) {
            if (archive.findSubject(project, label) != null) {
                return Response.error(409, "Label already in use: " + label);
            }
            archive.renameSubject(known.id(), label);
        }
        String id = known != null
                ? known.id()
                : archive.createSubject(project, label.isEmpty() ? key : label).id();
        values.forEach((name, value) -> {
            if (!name.equals("ID") && !name.equals("label")) {
                archive.editSubject(id, s -> s.withField(name, value));
            }
        });
        return Response.text(known == null ? 201 : 200, id);
    }

    /** @param project in the path of the subject: where the subject is only shared, the share ends */
    Response deleteSubject(Caller caller, Subject subject, @Nullable String project, Request request) {
        if (!caller.user().canEdit(subject.project())) {
            throw forbidden();
        }
        request.withoutBody().knowing("removeFiles").flag("removeFiles");
        if (project != null && !project.equals(subject.project())) {
            archive.unshareSubject(subject.id(), project);
        } else {
            archive.deleteSubject(subject.id());
        }
        return Response.text(200, "");
    }

    Response shareSubject(Caller caller, Subject subject, String project, Request request) {
        requireProject(caller, subject.project(), project);
        if (request.method().equals("DELETE")) {
            request.withoutBody().knowing();
            archive.unshareSubject(subject.id(), project);
            return Response.text(200, "");
        }
        request.withMethod("PUT").withoutBody().knowing("label");
        archive.shareSubject(
                subject.id(), project, request.query("label").isEmpty() ? subject.label() : request.query("label"));
        return Response.text(200, "");
    }

    private void requireProject(Caller caller, String from, String to) {
        if (archive.project(to) == null) {
            throw new Refusal(404, "Unable to identify project " + to);
        }
        if (!caller.user().canEdit(from) || !caller.user().canEdit(to)) {
            throw forbidden();
        }
    }

    // ---- sessions --------------------------------------------------------------------------------------------------

    /** @param key of its path: its label unless the parameters name another */
    Response createSession(Caller caller, String project, String subjectLabel, String key, Request request) {
        if (!caller.user().canEdit(project)) {
            throw forbidden();
        }
        RequestValues values = RequestValues.of(request, Kind.SESSION).requireId("a new session");
        requireDate(values);
        String type = values.type("xnat:mrSessionData");
        String modality = XsiType.modality(type).orElseThrow(() -> Refusal.notDone("sessions of type " + type));
        values.requireType(type);
        String label = values.get("label").filter(given -> !given.isEmpty()).orElse(key);
        Session session = archive.createSession(project, subjectLabel, label, modality);
        setFields(session, values);
        return Response.text(201, session.id());
    }

    /** @param project in the path of the session: where the session is only shared, a DELETE ends the share */
    Response session(Caller caller, Session session, @Nullable String project, Request request) {
        if (!caller.user().canEdit(session.project())) {
            throw forbidden();
        }
        request.withMethod("PUT", "DELETE");
        if (request.method().equals("DELETE")) {
            request.withoutBody().knowing("removeFiles").flag("removeFiles");
            if (project != null && !project.equals(session.project())) {
                archive.unshare(session.id(), project);
            } else {
                archive.delete(session.id());
            }
            return Response.text(200, "");
        }
        RequestValues values =
                RequestValues.of(request, Kind.SESSION).requireId(session.id()).requireType(session.xsiType());
        requireDate(values);
        values.get("label")
                .filter(label -> !label.isEmpty() && !label.equals(session.label()))
                .ifPresent(label -> archive.rename(session.id(), label));
        setFields(session, values);
        return Response.text(200, session.id());
    }

    private static void requireDate(RequestValues values) {
        values.get("date").filter(date -> day(date).isEmpty()).ifPresent(date -> {
            throw new Refusal(400, "Not a date: " + date);
        });
    }

    private void setFields(Session session, RequestValues values) {
        values.variables().forEach((name, value) -> archive.edit(session.id(), s -> s.withVariable(name, value)));
        values.forEach((name, value) -> {
            switch (name) {
                case "ID", "label" -> {
                    // names it, and is dealt with
                }
                case "date" ->
                    archive.edit(session.id(), s -> s.withDate(day(value).orElseThrow()));
                case "time" -> archive.edit(session.id(), s -> s.withTime(value));
                default ->
                    archive.edit(session.id(), s -> {
                        Map<String, Object> fields = new TreeMap<>(s.fields());
                        fields.put(name, value);
                        return s.withFields(fields);
                    });
            }
        });
    }

    /** XNAT accepts 01/31/2026 as well as 2026-01-31. */
    private static Optional<String> day(String text) {
        for (DateTimeFormatter format :
                List.of(DateTimeFormatter.ISO_LOCAL_DATE, DateTimeFormatter.ofPattern("MM/dd/yyyy"))) {
            try {
                return Optional.of(LocalDate.parse(text, format).toString());
            } catch (DateTimeParseException other) {
                // the next format may fit
            }
        }
        return Optional.empty();
    }

    /** @param label of its path */
    Response createAssessor(Caller caller, Session session, String label, Request request) {
        if (!caller.user().canEdit(session.project())) {
            throw forbidden();
        }
        request.withMethod("PUT").withoutBody().knowing("xsiType");
        String type = request.query("xsiType");
        if (!XsiType.isAssessor(type)) {
            throw Refusal.notDone("assessors of type '" + type + "'");
        }
        return Response.text(
                201, archive.createAssessor(session.id(), label, type).id());
    }

    Response share(Caller caller, Session session, String project, Request request) {
        requireProject(caller, session.project(), project);
        if (request.method().equals("DELETE")) {
            request.withoutBody().knowing();
            if (session.shares().stream().noneMatch(share -> share.project().equals(project))) {
                return Response.error(404, "The session is not shared into " + project);
            }
            archive.unshare(session.id(), project);
            return Response.text(200, "");
        }
        request.withMethod("PUT").withoutBody().knowing("label", "primary");
        String label = request.query("label").isEmpty() ? session.label() : request.query("label");
        if (request.flag("primary")) {
            if (!label.equals(session.label())) {
                throw Refusal.notDone("moving a session under another label");
            }
            archive.move(session.id(), project);
        } else {
            archive.share(session.id(), project, label);
        }
        return Response.text(200, "");
    }

    // ---- scans -----------------------------------------------------------------------------------------------------

    Response scan(Caller caller, Session session, String id, Request request) {
        if (!caller.user().canEdit(session.project())) {
            throw forbidden();
        }
        request.withMethod("PUT", "DELETE");
        if (request.method().equals("DELETE")) {
            request.withoutBody().knowing("removeFiles").flag("removeFiles");
            archive.removeScan(session.id(), id);
            return Response.text(200, "");
        }
        RequestValues values = RequestValues.of(request, Kind.SCAN).requireId(id);
        Optional<Scan> known =
                session.scans().stream().filter(s -> s.id().equals(id)).findFirst();
        String type = known.map(Scan::xsiType).orElseGet(() -> values.type("xnat:mrScanData"));
        values.requireType(type);
        if (known.isEmpty()) {
            archive.addScan(session.id(), id, type);
        }
        archive.editScan(session.id(), id, s -> edited(s, values));
        return Response.text(200, "");
    }

    private static Scan edited(Scan scan, RequestValues values) {
        Scan result = scan;
        result = values.get("type").map(result::withType).orElse(result);
        result = values.get("quality").map(result::withQuality).orElse(result);
        result = values.get("note").map(result::withNote).orElse(result);
        return values.get("series_description").map(result::withDescription).orElse(result);
    }
}

package org.datman.simulator.rest;

import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.datman.simulator.archive.Archive;
import org.datman.simulator.archive.Scan;
import org.datman.simulator.archive.Session;
import org.datman.simulator.archive.Subject;
import org.datman.simulator.archive.XsiType;
import org.datman.simulator.auth.Visitor;
import org.datman.simulator.http.Call;
import org.datman.simulator.http.Refusal;
import org.datman.simulator.http.Reply;

/**
 * PUT and DELETE on projects, subjects, sessions and scans. A value that the simulator does not keep is refused before anything
 * is changed: a 200 without effect would be a lie to every test that builds on it.
 */
final class Writes {
    /** What a PUT may carry without being a value of the object. */
    private static final Set<String> NO_VALUE = Set.of("label", "xsiType", "activate", "allowDataDeletion");

    private static final Set<String> PROJECT_VALUES = Set.of("ID", "name", "description", "secondary_ID");
    private static final Set<String> SUBJECT_VALUES =
            Set.of("ID", "group", "src", "gender", "yob", "dob", "age", "handedness");
    private static final Set<String> SESSION_VALUES =
            Set.of("ID", "date", "time", "note", "visit_id", "session_type", "scanner", "operator", "acquisition_site");
    private static final Set<String> SCAN_VALUES = Set.of("ID", "type", "quality", "note", "series_description");

    private final Archive archive;

    Writes(Archive archive) {
        this.archive = archive;
    }

    static Refusal forbidden() {
        return new Refusal(403, "Specified user account has insufficient privileges for this action.");
    }

    private static String shortName(String parameter) {
        return parameter.substring(parameter.lastIndexOf('/') + 1);
    }

    /** Name of the custom variable that a parameter sets (`xnat:mrSessionData/fields/field[name=x]/field`). */
    private static Optional<String> variable(String parameter) {
        int at = parameter.indexOf("fields/field[name=");
        if (at < 0) return Optional.empty();
        int from = at + "fields/field[name=".length();
        return Optional.of(
                parameter.substring(from, parameter.indexOf(']', from)).toLowerCase(Locale.ROOT));
    }

    /** Refuses what an object does not keep, and documents. */
    private static void onlyValues(Call call, Set<String> values) {
        call.withoutBody()
                .knowing(call.query().keySet().stream()
                        .filter(name -> NO_VALUE.contains(name)
                                || values.contains(shortName(name))
                                || (values == SESSION_VALUES && variable(name).isPresent()))
                        .toList());
    }

    // ---- projects and subjects -------------------------------------------------------------------------------------

    /** Made or changed; XNAT answers 200 without a body either way. */
    Reply putProject(Visitor visitor, String id, Call call) {
        boolean there = archive.project(id) != null;
        if (there ? !visitor.user().canEdit(id) : !visitor.user().admin()) throw forbidden();
        onlyValues(call, PROJECT_VALUES);
        archive.createProject(id);
        call.query().forEach((parameter, value) -> {
            switch (shortName(parameter)) {
                case "name" -> archive.editProject(id, p -> p.withName(value));
                case "description" -> archive.editProject(id, p -> p.withDescription(value));
                case "secondary_ID" -> archive.editProject(id, p -> p.withSecondaryId(value));
                default -> {
                    // says nothing about the project itself
                }
            }
        });
        return Reply.text(200, "");
    }

    Reply putSubject(Visitor visitor, String project, String key, Subject known, Call call) {
        if (!visitor.user().canEdit(project)) throw forbidden();
        onlyValues(call, SUBJECT_VALUES);
        var label = call.query("label");
        if (known != null && !label.isEmpty() && !label.equals(known.label())) {
            if (archive.findSubject(project, label) != null) {
                return Reply.error(409, "Label already in use: " + label);
            }
            archive.renameSubject(known.id(), label);
        }
        var id = known != null
                ? known.id()
                : archive.createSubject(project, label.isEmpty() ? key : label).id();
        call.query().forEach((parameter, value) -> {
            var name = shortName(parameter);
            if (SUBJECT_VALUES.contains(name) && !name.equals("ID")) {
                archive.editSubject(id, s -> s.withField(name, value));
            }
        });
        return Reply.text(known == null ? 201 : 200, id);
    }

    /** @param project by which the subject was named: where it is only lent to, the loan ends */
    Reply deleteSubject(Visitor visitor, Subject subject, String project, Call call) {
        if (!visitor.user().canEdit(subject.project())) throw forbidden();
        call.knowing("removeFiles");
        if (project != null && !project.equals(subject.project())) archive.unshareSubject(subject.id(), project);
        else archive.deleteSubject(subject.id());
        return Reply.text(200, "");
    }

    Reply shareSubject(Visitor visitor, Subject subject, String project, Call call) {
        requireProject(visitor, subject.project(), project);
        if (call.method().equals("DELETE")) {
            call.knowing();
            archive.unshareSubject(subject.id(), project);
            return Reply.text(200, "");
        }
        call.withMethod("PUT").withoutBody().knowing("label");
        archive.shareSubject(
                subject.id(), project, call.query("label").isEmpty() ? subject.label() : call.query("label"));
        return Reply.text(200, "");
    }

    private void requireProject(Visitor visitor, String from, String to) {
        if (archive.project(to) == null) throw new Refusal(404, "Unable to identify project " + to);
        if (!visitor.user().canEdit(from) || !visitor.user().canEdit(to)) throw forbidden();
    }

    // ---- sessions --------------------------------------------------------------------------------------------------

    Reply createSession(Visitor visitor, String project, String subjectLabel, String label, Call call) {
        if (!visitor.user().canEdit(project)) throw forbidden();
        onlyValues(call, SESSION_VALUES);
        requireDate(call);
        var type = call.query("xsiType").isEmpty() ? typeInNames(call, "SessionData") : call.query("xsiType");
        var modality = XsiType.modality(type.isEmpty() ? "xnat:mrSessionData" : type)
                .orElseThrow(() -> Refusal.notDone("sessions of type " + type));
        var session = archive.createSession(project, subjectLabel, label, modality);
        setFields(session, call);
        return Reply.text(201, session.id());
    }

    /** @param project by which the session was named: where it is only lent to, a DELETE ends the loan */
    Reply session(Visitor visitor, Session session, String project, Call call) {
        if (!visitor.user().canEdit(session.project())) throw forbidden();
        call.withMethod("PUT", "DELETE");
        if (call.method().equals("DELETE")) {
            call.knowing("removeFiles");
            if (project != null && !project.equals(session.project())) archive.unshare(session.id(), project);
            else archive.delete(session.id());
            return Reply.text(200, "");
        }
        onlyValues(call, SESSION_VALUES);
        requireDate(call);
        var type = call.query("xsiType");
        if (!type.isEmpty() && !type.equalsIgnoreCase(session.xsiType())) {
            throw Refusal.notDone("changing the type of a session");
        }
        var label = call.query("label");
        if (!label.isEmpty() && !label.equals(session.label())) archive.rename(session.id(), label);
        setFields(session, call);
        return Reply.text(200, session.id());
    }

    private static void requireDate(Call call) {
        call.query().forEach((name, value) -> {
            if (shortName(name).equals("date") && day(value).isEmpty()) {
                throw new Refusal(400, "Not a date: " + value);
            }
        });
    }

    private void setFields(Session session, Call call) {
        for (var parameter : call.query().entrySet()) {
            var value = parameter.getValue();
            var variable = variable(parameter.getKey());
            if (variable.isPresent()) {
                archive.edit(session.id(), s -> s.withVariable(variable.get(), value));
                continue;
            }
            var name = shortName(parameter.getKey());
            if (!SESSION_VALUES.contains(name) || name.equals("ID")) continue;
            switch (name) {
                case "date" ->
                    archive.edit(session.id(), s -> s.withDate(day(value).orElseThrow()));
                case "time" -> archive.edit(session.id(), s -> s.withTime(value));
                default ->
                    archive.edit(session.id(), s -> {
                        var fields = new TreeMap<String, Object>(s.fields());
                        fields.put(name, value);
                        return s.withFields(fields);
                    });
            }
        }
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

    Reply share(Visitor visitor, Session session, String project, Call call) {
        requireProject(visitor, session.project(), project);
        if (call.method().equals("DELETE")) {
            call.knowing();
            if (session.shares().stream().noneMatch(share -> share.project().equals(project))) {
                return Reply.error(404, "The session is not shared into " + project);
            }
            archive.unshare(session.id(), project);
            return Reply.text(200, "");
        }
        call.withMethod("PUT").withoutBody().knowing("label", "primary");
        var label = call.query("label").isEmpty() ? session.label() : call.query("label");
        if (call.query("primary").equals("true")) {
            if (!label.equals(session.label())) throw Refusal.notDone("moving a session under another label");
            archive.move(session.id(), project);
        } else {
            archive.share(session.id(), project, label);
        }
        return Reply.text(200, "");
    }

    // ---- scans -----------------------------------------------------------------------------------------------------

    Reply scan(Visitor visitor, Session session, String id, Call call) {
        if (!visitor.user().canEdit(session.project())) throw forbidden();
        call.withMethod("PUT", "DELETE");
        if (call.method().equals("DELETE")) {
            call.knowing("removeFiles");
            archive.removeScan(session.id(), id);
            return Reply.text(200, "");
        }
        onlyValues(call, SCAN_VALUES);
        var known = session.scans().stream().filter(s -> s.id().equals(id)).findFirst();
        var type = call.query("xsiType");
        if (known.isPresent() && !type.isEmpty() && !XsiType.isA(known.get().xsiType(), type)) {
            throw Refusal.notDone("changing the type of a scan");
        }
        if (known.isEmpty()) {
            if (type.isEmpty()) type = typeInNames(call, "ScanData");
            archive.addScan(session.id(), id, type.isEmpty() ? "xnat:mrScanData" : type);
        }
        archive.editScan(session.id(), id, s -> edited(s, call.query()));
        return Reply.text(200, "");
    }

    /** The type that the name of a value begins with (`xnat:mrScanData/type`), empty for none. */
    private static String typeInNames(Call call, String kind) {
        return call.query().keySet().stream()
                .filter(name -> name.matches("xnat:\\w+" + kind + "/.*"))
                .map(name -> name.substring(0, name.indexOf('/')))
                .findFirst()
                .orElse("");
    }

    private static Scan edited(Scan scan, Map<String, String> values) {
        var result = scan;
        for (var value : values.entrySet()) {
            switch (shortName(value.getKey())) {
                case "type" -> result = result.withType(value.getValue());
                case "quality" -> result = result.withQuality(value.getValue());
                case "note" -> result = result.withNote(value.getValue());
                case "series_description" -> result = result.withDescription(value.getValue());
                default -> {
                    // says nothing about the scan itself
                }
            }
        }
        return result;
    }
}

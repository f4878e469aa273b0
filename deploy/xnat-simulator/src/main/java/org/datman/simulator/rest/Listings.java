package org.datman.simulator.rest;

import static org.datman.simulator.http.Table.row;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.datman.simulator.archive.Project;
import org.datman.simulator.archive.Resource;
import org.datman.simulator.archive.Scan;
import org.datman.simulator.archive.Session;
import org.datman.simulator.archive.SimulatedArchive;
import org.datman.simulator.archive.Subject;
import org.datman.simulator.archive.XsiType;
import org.datman.simulator.auth.User;
import org.datman.simulator.http.Refusal;
import org.datman.simulator.http.Request;
import org.datman.simulator.http.Table;
import org.datman.simulator.http.Times;
import org.jspecify.annotations.Nullable;

/** Lists of projects, subjects, sessions and scans with XNAT's default columns. */
final class Listings {
    private static final List<String> EXPERIMENT =
            List.of("ID", "project", "date", "xsiType", "label", "insert_date", "xnat:subjectassessordata/id", "URI");
    /** How columns name a value of the scans of a session: by type or by path. */
    private static final Pattern SCAN_COLUMN = Pattern.compile(
            "(?:^|,)\\s*(xnat:\\w*ScanData/|(?:xnat:\\w*SessionData/)?scans/scan/)", Pattern.CASE_INSENSITIVE);
    /** A filter for sessions that are shared with a project. */
    private static final Pattern SHARED_INTO =
            Pattern.compile("(?:xnat:\\w+/)?sharing/share/project", Pattern.CASE_INSENSITIVE);
    /** Parameters that select projects; there are no plain members here. */
    private static final List<String> ROLES = List.of("accessible", "data", "owner", "member", "collaborator");

    private static final ListQuery.Shape PROJECTS = new ListQuery.Shape(
            "Projects",
            List.of("ID", "secondary_ID", "name", "description", "pi_firstname", "pi_lastname", "URI"),
            List.of("ID", "URI"),
            true,
            List.of());
    private static final ListQuery.Shape PROJECT_SEARCH = new ListQuery.Shape(
            "Projects",
            List.of(
                    "id",
                    "name",
                    "description",
                    "secondary_id",
                    "pi",
                    "project_invs",
                    "project_access",
                    "project_access_img",
                    "insert_date",
                    "insert_user",
                    "last_accessed",
                    "user_role",
                    "quarantine_status",
                    "URI",
                    "proj_mr_count"),
            List.of("id", "URI"),
            true,
            ROLES);
    private static final ListQuery.Shape SUBJECTS = new ListQuery.Shape(
            "Subjects",
            List.of("ID", "project", "label", "insert_date", "insert_user", "URI"),
            List.of("ID", "URI"),
            true,
            List.of("xsiType"));
    private static final ListQuery.Shape SCANS = new ListQuery.Shape(
            "Scans",
            List.of("xnat_imagescandata_id", "ID", "type", "quality", "xsiType", "note", "series_description", "URI"),
            List.of("ID", "URI"),
            false,
            List.of("xsiType"));
    private static final ListQuery.Shape ASSESSORS = new ListQuery.Shape(
            "Assessors",
            List.of("ID", "project", "date", "xsiType", "label", "insert_date", "session_ID", "session_label", "URI"),
            List.of("ID", "URI"),
            false,
            List.of("xsiType"));

    private final SimulatedArchive archive;

    Listings(SimulatedArchive archive) {
        this.archive = archive;
    }

    Table projects(Request request, User user) {
        List<Map<String, String>> rows = archive.projects().stream()
                .filter(p -> user.canRead(p.id()) && hasRole(request, user, p.id()))
                .map(this::projectRow)
                .toList();
        request.flag("accessible"); // all that is listed is accessible
        boolean displaySearch = ROLES.stream().anyMatch(k -> request.query().containsKey(k));
        return ListQuery.apply(request, displaySearch ? PROJECT_SEARCH : PROJECTS, rows);
    }

    /** Whether the account has the role in the project that {@code data}, {@code owner} and so on require. */
    private static boolean hasRole(Request request, User user, String project) {
        String data = request.query("data");
        if (!Set.of("", "accessible", "readable", "writable").contains(data)) {
            throw Refusal.notDone("data=" + data);
        }
        boolean owns = user.canEdit(project);
        return !(data.equals("writable") && !owns)
                && !(request.flag("owner") && !owns)
                && !(request.flag("collaborator") && owns)
                && !request.flag("member");
    }

    /** All readable projects with every field. */
    List<Map<String, String>> projectRows(User user) {
        return archive.projects().stream()
                .filter(p -> user.canRead(p.id()))
                .map(this::projectRow)
                .toList();
    }

    /** All readable subjects with every field. */
    List<Map<String, String>> subjectRows(User user) {
        return archive.subjects().stream()
                .filter(s -> user.canRead(s.project()))
                .map(s -> subjectRow(s, s.project()))
                .toList();
    }

    /** All readable sessions of a type with every field. */
    List<Map<String, String>> sessionRows(Request request, User user, String xsiType) {
        return archive.sessions().stream()
                .filter(s -> user.canRead(s.project()) && XsiType.isA(s.xsiType(), xsiType))
                .flatMap(s -> experimentRows(s, s.project(), request).stream())
                .toList();
    }

    private Map<String, String> projectRow(Project p) {
        long mr = archive.sessions().stream()
                .filter(s -> s.project().equals(p.id()) && s.modality().equals("MR"))
                .count();
        Map<String, String> row = row(
                "ID",
                p.id(),
                "id",
                p.id(),
                "secondary_ID",
                p.secondaryId(),
                "secondary_id",
                p.secondaryId(),
                "name",
                p.name(),
                "description",
                p.description(),
                "keywords",
                "",
                "alias",
                "",
                "pi_firstname",
                "",
                "pi_lastname",
                "",
                "pi",
                "",
                "project_invs",
                "",
                "project_access",
                "private",
                "project_access_img",
                "",
                "insert_date",
                Times.cell(p.inserted()),
                "insert_user",
                "admin",
                "last_modified",
                Times.cell(p.inserted()),
                "last_accessed",
                "",
                "user_role",
                "Owners",
                "quarantine_status",
                "active");
        row.put("xsiType", "xnat:projectData");
        row.put("proj_mr_count", Long.toString(mr));
        row.put("URI", "/data/projects/" + p.id());
        return row;
    }

    /** Subjects of a project, or of all readable ones when {@code project} is null. */
    Table subjects(Request request, User user, @Nullable String project) {
        List<Map<String, String>> rows = new ArrayList<>();
        for (Subject subject : archive.subjects()) {
            if (project == null ? user.canRead(subject.project()) : subject.labelIn(project) != null) {
                rows.add(subjectRow(subject, project == null ? subject.project() : project));
            }
        }
        String type = request.query("xsiType");
        if (!type.isEmpty() && !type.equalsIgnoreCase("xnat:subjectData")) {
            throw Refusal.notDone("subjects of type " + type);
        }
        return ListQuery.apply(request, SUBJECTS, rows);
    }

    private static Map<String, String> subjectRow(Subject s, String project) {
        Map<String, String> row = row(
                "ID",
                s.id(),
                "project",
                project,
                "label",
                s.labelIn(project),
                "insert_date",
                Times.cell(s.inserted()),
                "insert_user",
                "admin",
                "last_modified",
                Times.cell(s.inserted()),
                "group",
                "",
                "src",
                "",
                "gender",
                "",
                "handedness",
                "",
                "age",
                "",
                "dob",
                "",
                "yob",
                "");
        row.putAll(s.fields());
        row.put("xsiType", "xnat:subjectData");
        row.put("URI", "/data/subjects/" + s.id());
        return row;
    }

    /**
     * Sessions.
     *
     * @param project of this project (own and shared), null for all readable ones
     * @param subjectId of this subject, null for any
     */
    Table experiments(Request request, User user, @Nullable String project, @Nullable String subjectId) {
        if (XsiType.isAssessor(request.query("xsiType"))) {
            throw Refusal.notDone("assessors in a list of experiments; they are listed below their session");
        }
        List<Map<String, String>> rows = new ArrayList<>();
        Duration recent = request.query("recent").isEmpty() ? null : Duration.ofDays(days(request.query("recent")));
        Instant newest = archive.sessions().stream()
                .map(Session::modified)
                .max(Comparator.naturalOrder())
                .orElse(Instant.EPOCH);
        List<String> lentTo = request.query().keySet().stream()
                .filter(name -> SHARED_INTO.matcher(name).matches())
                .toList();
        for (Session session : archive.sessions()) {
            boolean visible = project == null ? user.canRead(session.project()) : session.labelIn(project) != null;
            if (!visible || !XsiType.isA(session.xsiType(), request.query("xsiType"))) {
                continue;
            }
            if (subjectId != null && !session.subjectId().equals(subjectId)) {
                continue;
            }
            if (recent != null && session.modified().isBefore(newest.minus(recent))) {
                continue;
            }
            if (!lentTo.stream().allMatch(name -> session.shares().stream()
                    .anyMatch(s -> s.project().equals(request.query(name))))) {
                continue;
            }
            rows.addAll(experimentRows(session, project == null ? session.project() : project, request));
        }
        List<String> defaults = EXPERIMENT;
        if (project == null) {
            defaults = new ArrayList<>(EXPERIMENT);
            defaults.add("subject_ID");
            defaults.add("subject_label");
        }
        List<String> always = request.query("columns").contains(":")
                ? List.of("ID", "URI", "xsiType", "project")
                : List.of("ID", "URI");
        List<String> heeded = new ArrayList<>(lentTo);
        heeded.addAll(List.of("xsiType", "recent", "handler"));
        return ListQuery.apply(
                request, new ListQuery.Shape("Matching experiments", defaults, always, true, heeded), rows);
    }

    private static int days(String text) {
        if (!text.matches("\\d{1,5}")) {
            throw new Refusal(400, "Not a number of days: " + text);
        }
        return Integer.parseInt(text);
    }

    private List<Map<String, String>> experimentRows(Session session, String project, Request request) {
        Map<String, String> row = experimentRow(session, project);
        String asked = request.query("columns");
        for (Map.Entry<String, String> variable : session.variables().entrySet()) {
            row.put("fields/field[name=" + variable.getKey() + "]/field", variable.getValue());
        }
        List<String> prefixes = SCAN_COLUMN
                .matcher(asked)
                .results()
                .map(match -> match.group(1))
                .distinct()
                .toList();
        if (prefixes.isEmpty()) {
            return List.of(row);
        }
        List<Map<String, String>> rows = new ArrayList<>();
        for (Scan scan : session.scans()) {
            // A column of the files gives a row per resource of the scan.
            List<String> labels = asked.toLowerCase(Locale.ROOT).contains("file/label")
                    ? scan.resources().stream().map(Resource::label).toList()
                    : List.of("");
            for (String label : labels.isEmpty() ? List.of("") : labels) {
                LinkedHashMap<String, String> joined = new LinkedHashMap<>(row);
                for (String prefix : prefixes) {
                    scanRow(session, scan).forEach((key, value) -> joined.put(prefix + key, value));
                    joined.put(prefix + "file/label", label);
                }
                rows.add(joined);
            }
        }
        return rows.isEmpty() ? List.of(row) : rows;
    }

    private Map<String, String> experimentRow(Session s, String project) {
        Subject subject = archive.subjectOf(s);
        Map<String, String> row = row(
                "ID",
                s.id(),
                "id",
                s.id(),
                "project",
                project,
                "date",
                s.date(),
                "time",
                s.time().isEmpty() ? "" : s.time() + ".000",
                "xsiType",
                s.xsiType(),
                "label",
                s.labelIn(project),
                "insert_date",
                Times.cell(s.inserted()),
                "insert_user",
                "admin",
                "last_modified",
                Times.cell(s.modified()),
                "xnat:subjectassessordata/id",
                s.id(),
                "subject_ID",
                s.subjectId(),
                "subject_label",
                subject.label(),
                "subject_project",
                subject.project(),
                "UID",
                s.uid(),
                "studyInstanceUID",
                s.uid(),
                "modality",
                s.modality(),
                "session_type",
                "",
                "visit_id",
                "",
                "note",
                "",
                "pi_firstname",
                "",
                "pi_lastname",
                "",
                "dcmAccessionNumber",
                "",
                "coil",
                "",
                "marker",
                "",
                "stabilization",
                "",
                "acquisition_site",
                "",
                "age",
                "",
                "original",
                "",
                "session_label",
                s.labelIn(project),
                "meta/last_modified",
                Times.cell(s.modified()));
        s.fields().forEach((key, value) -> row.put(key, value.toString()));
        row.putIfAbsent("scanner", "");
        row.putIfAbsent("operator", "");
        row.putIfAbsent("dcmPatientId", "");
        row.putIfAbsent("dcmPatientName", "");
        row.putIfAbsent("fieldStrength", "");
        row.put("URI", "/data/experiments/" + s.id());
        return row;
    }

    Table scans(Request request, Session session) {
        List<Map<String, String>> rows = session.scans().stream()
                .filter(s -> XsiType.isA(s.xsiType(), request.query("xsiType")))
                .map(s -> scanRow(session, s))
                .toList();
        return ListQuery.apply(request, SCANS, rows);
    }

    private static Map<String, String> scanRow(Session session, Scan s) {
        Map<String, String> row = row(
                "xnat_imagescandata_id",
                Long.toString(s.rowId()),
                "ID",
                s.id(),
                "type",
                s.type(),
                "quality",
                s.quality(),
                "xsiType",
                s.xsiType(),
                "note",
                s.note(),
                "series_description",
                s.description(),
                "UID",
                s.uid(),
                "modality",
                s.modality(),
                "frames",
                Integer.toString(s.frames()),
                "condition",
                "",
                "documentation",
                "",
                "validation_method",
                "",
                "validation_status",
                "",
                "insert_date",
                Times.cell(s.inserted()),
                "insert_user",
                "admin",
                "last_modified",
                Times.cell(s.inserted()));
        s.fields().forEach((key, value) -> row.put(key, value.toString()));
        row.put("scanTime", String.valueOf(s.fields().getOrDefault("startTime", "")));
        row.putIfAbsent("scanner", "");
        row.putIfAbsent("coil", "");
        row.putIfAbsent("fieldStrength", "");
        row.put("URI", "/data/experiments/" + session.id() + "/scans/" + s.id());
        return row;
    }

    /** The assessors of a session. */
    Table assessors(Request request, Session session) {
        List<Map<String, String>> rows = archive.assessorsOf(session.id()).stream()
                .filter(assessor -> XsiType.isA(assessor.xsiType(), request.query("xsiType")))
                .map(assessor -> Table.row(
                        "ID",
                        assessor.id(),
                        "project",
                        session.project(),
                        "xsiType",
                        assessor.xsiType(),
                        "label",
                        assessor.label(),
                        "insert_date",
                        Times.cell(assessor.inserted()),
                        "session_ID",
                        session.id(),
                        "session_label",
                        session.label(),
                        "URI",
                        "/data/experiments/" + assessor.id()))
                .toList();
        return ListQuery.apply(request, ASSESSORS, rows);
    }
}

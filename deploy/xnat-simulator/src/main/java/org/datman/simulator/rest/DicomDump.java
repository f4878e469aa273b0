package org.datman.simulator.rest;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.datman.imaging.dicom.DicomElement;
import org.datman.imaging.dicom.DicomReader;
import org.datman.imaging.dicom.Dictionary;
import org.datman.imaging.dicom.Tag;
import org.datman.simulator.archive.ArchivedFile;
import org.datman.simulator.archive.Session;
import org.datman.simulator.archive.SimulatedArchive;
import org.datman.simulator.auth.Caller;
import org.datman.simulator.http.Markup;
import org.datman.simulator.http.Refusal;
import org.datman.simulator.http.Request;
import org.datman.simulator.http.Response;
import org.datman.simulator.http.Table;
import org.datman.simulator.prearchive.Prearchive;
import org.datman.simulator.prearchive.Waiting;

/**
 * {@code /data/services/dicomdump}: the header of a scan's first DICOM, of its n-th ({@code index}), of one file, or of all ({@code summary}), as a
 * list; of an archived session or one in the prearchive.
 */
final class DicomDump {
    private static final int LONGEST = 64;
    private static final List<String> COLUMNS = List.of("tag1", "tag2", "vr", "value", "desc");

    private final SimulatedArchive archive;
    private final Prearchive prearchive;

    DicomDump(SimulatedArchive archive, Prearchive prearchive) {
        this.archive = archive;
        this.prearchive = prearchive;
    }

    Response answer(Caller caller, Request request) throws IOException {
        request.withMethod("GET").knowing("src", "field", "index", "summary").givenAs("json", "csv", "xml", "html");
        List<String> parts =
                List.of(request.query("src").replaceFirst("^/data", "").split("/"));
        List<ArchivedFile> found = parts.contains("prearchive") ? waiting(caller, parts) : archived(caller, parts);
        int at = parts.indexOf("files");
        String wanted = at < 0 ? "" : String.join("/", parts.subList(at + 1, parts.size()));
        List<ArchivedFile> files = found.stream()
                .filter(f -> wanted.isEmpty() || f.path().equals(wanted))
                .filter(f -> Files.isReadable(f.source()))
                .toList();
        int index = index(request.query("index"));
        if (index >= files.size()) {
            return Response.error(404, "No DICOM found for " + request.query("src"));
        }
        Set<Integer> fields =
                request.values("field").stream().map(DicomDump::tag).collect(Collectors.toSet());
        boolean summary = request.flag("summary");
        List<Map<String, String>> rows = summary ? merged(files, fields) : rows(files.get(index), fields);
        return Response.rows(new Table(null, COLUMNS, rows, true, false), request.format());
    }

    private static int index(String text) {
        if (text.isEmpty()) {
            return 0;
        }
        if (!text.matches("\\d{1,6}")) {
            throw new Refusal(400, "Not a number: index=" + text);
        }
        return Integer.parseInt(text);
    }

    private List<ArchivedFile> archived(Caller caller, List<String> parts) {
        String project = ImportService.after(parts, "projects", "");
        String experiment = ImportService.after(parts, "experiments", "");
        String scan = ImportService.after(parts, "scans", "");
        if (project.isEmpty() || experiment.isEmpty() || scan.isEmpty()) {
            throw new Refusal(
                    400,
                    "src must be /archive/projects/P/experiments/E/scans/N or /prearchive/projects/P/timestamp/session/scans/N");
        }
        if (!caller.user().canRead(project)) {
            throw new Refusal(404, "Not found");
        }
        Session session = archive.find(project, experiment);
        if (session == null) {
            throw new Refusal(404, "Unable to find the specified experiment.");
        }
        return session.scans().stream()
                .filter(s -> s.id().equals(scan))
                .flatMap(s -> s.resources().stream())
                .filter(r -> r.format().equals("DICOM"))
                .flatMap(r -> r.files().stream())
                .toList();
    }

    private List<ArchivedFile> waiting(Caller caller, List<String> parts) {
        int at = parts.indexOf("prearchive");
        String scan = ImportService.after(parts, "scans", "");
        if (at + 5 > parts.size() || scan.isEmpty()) {
            throw new Refusal(400, "src must be /prearchive/projects/P/timestamp/session/scans/N");
        }
        Waiting one = prearchive.require("/" + String.join("/", parts.subList(at, at + 5)));
        if (!caller.user().admin() && !caller.user().canRead(one.project())) {
            throw new Refusal(404, "Not found");
        }
        return one.study().series().stream()
                .filter(s -> s.id().equals(scan))
                .flatMap(s -> s.files().stream())
                .toList();
    }

    /** A keyword, or eight hex digits with or without brackets. */
    private static int tag(String field) {
        String hex = field.replaceAll("[(),\\s]", "");
        if (hex.matches("[0-9A-Fa-f]{8}")) {
            return Integer.parseUnsignedInt(hex, 16);
        }
        return Dictionary.tag(field).orElseThrow(() -> new Refusal(400, "Unknown DICOM field " + field));
    }

    private static List<Map<String, String>> rows(ArchivedFile file, Set<Integer> fields) throws IOException {
        List<Map<String, String>> rows = new ArrayList<>();
        for (DicomElement element : DicomReader.read(file.source()).dataset()) {
            if (element.isSequence() || (!fields.isEmpty() && !fields.contains(element.tag()))) {
                continue;
            }
            String value = String.join("\\", element.strings());
            String shown = value.length() > LONGEST ? value.substring(0, LONGEST) + "..." : value;
            rows.add(Table.row(
                    "tag1",
                    Tag.format(element.tag()),
                    "tag2",
                    "",
                    "vr",
                    element.vr().name(),
                    "value",
                    Markup.escape(shown),
                    "desc",
                    Dictionary.keyword(element.tag()).orElse("")));
        }
        return rows;
    }

    /** One row for each element and value in any of the files. */
    private static List<Map<String, String>> merged(List<ArchivedFile> files, Set<Integer> fields) throws IOException {
        Map<String, Map<String, String>> rows = new LinkedHashMap<>();
        for (ArchivedFile file : files) {
            for (Map<String, String> row : rows(file, fields)) {
                rows.putIfAbsent(row.get("tag1") + row.get("value"), row);
            }
        }
        return List.copyOf(rows.values());
    }
}

package org.datman.simulator.rest;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.datman.imaging.dicom.DicomReader;
import org.datman.imaging.dicom.Dictionary;
import org.datman.imaging.dicom.Tag;
import org.datman.simulator.archive.Archive;
import org.datman.simulator.archive.ArchivedFile;
import org.datman.simulator.auth.Visitor;
import org.datman.simulator.http.Call;
import org.datman.simulator.http.Markup;
import org.datman.simulator.http.Reply;
import org.datman.simulator.http.Table;

/** `/data/services/dicomdump`: the header of a scan's first DICOM, or of one file, as a list. */
final class DicomDump {
    private static final int LONGEST = 64;

    private DicomDump() {}

    static Reply answer(Archive archive, Visitor visitor, Call call) throws IOException {
        var parts = List.of(call.query("src").split("/"));
        int project = parts.indexOf("projects");
        int experiment = parts.indexOf("experiments");
        int scan = parts.indexOf("scans");
        if (project < 0 || experiment < 0 || scan < 0 || scan + 1 >= parts.size()) {
            return Reply.error(400, "src must be /archive/projects/P/experiments/E/scans/N");
        }
        if (!visitor.user().canRead(parts.get(project + 1))) return Reply.error(404, "Not found");
        var session = archive.find(parts.get(project + 1), parts.get(experiment + 1));
        if (session == null) return Reply.error(404, "Unable to find the specified experiment.");
        int files = parts.indexOf("files");
        var wanted = files < 0 ? "" : String.join("/", parts.subList(files + 1, parts.size()));
        var file = session.scans().stream()
                .filter(s -> s.id().equals(parts.get(scan + 1)))
                .flatMap(s -> s.resources().stream())
                .filter(r -> r.format().equals("DICOM"))
                .flatMap(r -> r.files().stream())
                .filter(f -> wanted.isEmpty() || f.path().equals(wanted))
                .findFirst();
        if (file.isEmpty()) return Reply.error(404, "No DICOM found for " + call.query("src"));
        return Reply.rows(
                new Table(null, List.of("tag1", "tag2", "vr", "value", "desc"), rows(file.get()), true, false),
                call.format());
    }

    private static List<Map<String, String>> rows(ArchivedFile file) throws IOException {
        var rows = new ArrayList<Map<String, String>>();
        for (var element : DicomReader.read(file.source()).dataset()) {
            if (element.isSequence()) continue;
            var value = String.join("\\", element.strings());
            var shown = value.length() > LONGEST ? value.substring(0, LONGEST) + "..." : value;
            rows.add(ListQuery.row(
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
}

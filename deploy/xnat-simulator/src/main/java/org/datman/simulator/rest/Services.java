package org.datman.simulator.rest;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.datman.simulator.archive.Archive;
import org.datman.simulator.archive.ArchiveException;
import org.datman.simulator.archive.Session;
import org.datman.simulator.auth.Visitor;
import org.datman.simulator.http.Call;
import org.datman.simulator.http.Refusal;
import org.datman.simulator.http.Reply;
import org.datman.simulator.prearchive.Prearchive;
import org.datman.simulator.prearchive.PrearchiveApi;

/** Everything under `/data/services` but the tokens. */
final class Services {
    private final Archive archive;
    private final ImportService imports;
    private final PrearchiveApi prearchive;
    private final DicomDump dump;

    Services(Archive archive, ImportService imports, Prearchive waiting, PrearchiveApi prearchive) {
        this.archive = archive;
        this.imports = imports;
        this.prearchive = prearchive;
        this.dump = new DicomDump(archive, waiting);
    }

    Reply answer(Call call, Visitor visitor, List<String> path) throws IOException {
        return switch (String.join("/", path)) {
            case "import" -> imports.upload(call, visitor);
            case "archive" -> prearchive.archive(call, visitor.user());
            case "refresh/catalog" -> refresh(call, visitor);
            case "dicomdump" -> dump.answer(visitor, call);
            default -> {
                if (path.size() == 2 && path.get(0).equals("prearchive")) {
                    yield prearchive.service(call, visitor.user(), path.get(1));
                }
                throw Refusal.notDone("the service " + String.join("/", path));
            }
        };
    }

    /** Catalogues of whole sessions tell the truth again; with `delete` they forget files that are gone. */
    private Reply refresh(Call call, Visitor visitor) {
        call.withMethod("POST").withoutBody().knowingAlsoInForm("resource", "options");
        var options = Arrays.stream(call.parameter("options").split(","))
                .filter(option -> !option.isBlank())
                .collect(Collectors.toSet());
        // Nothing lies on the simulator's disk that is not listed, and digests are those of the files at any time.
        if (!Set.of("append", "delete", "checksum", "populateStats").containsAll(options)) {
            throw Refusal.notDone("refresh of catalogues with options " + call.parameter("options"));
        }
        var resources = call.values("resource");
        if (resources.isEmpty()) return Reply.error(400, "No resource was given.");
        var sessions = resources.stream().map(this::session).toList();
        for (var session : sessions) {
            if (!visitor.user().canEdit(session.project())) return Reply.error(403, "Insufficient rights.");
        }
        sessions.forEach(session -> archive.refreshCatalogs(session.id(), options.contains("delete")));
        return Reply.text(200, "");
    }

    private Session session(String resource) {
        var parts = List.of(resource.split("/"));
        var key = ImportService.after(parts, "experiments", "");
        var session = archive.session(key);
        if (session == null) session = archive.find(ImportService.after(parts, "projects", ""), key);
        if (session == null) throw new ArchiveException(404, "Unable to find the specified experiment: " + resource);
        return session;
    }
}

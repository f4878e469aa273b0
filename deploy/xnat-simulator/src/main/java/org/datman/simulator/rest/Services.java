package org.datman.simulator.rest;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.datman.simulator.archive.ArchiveException;
import org.datman.simulator.archive.Session;
import org.datman.simulator.archive.SimulatedArchive;
import org.datman.simulator.auth.Caller;
import org.datman.simulator.http.Refusal;
import org.datman.simulator.http.Request;
import org.datman.simulator.http.Response;
import org.datman.simulator.prearchive.Prearchive;
import org.datman.simulator.prearchive.PrearchiveApi;

/** Everything under {@code /data/services} but the tokens. */
final class Services {
    private final SimulatedArchive archive;
    private final ImportService imports;
    private final PrearchiveApi prearchive;
    private final DicomDump dump;

    Services(SimulatedArchive archive, ImportService imports, Prearchive waiting, PrearchiveApi prearchive) {
        this.archive = archive;
        this.imports = imports;
        this.prearchive = prearchive;
        this.dump = new DicomDump(archive, waiting);
    }

    Response answer(Request request, Caller caller, List<String> path) throws IOException {
        return switch (String.join("/", path)) {
            case "import" -> imports.upload(request, caller);
            case "archive" -> prearchive.archive(request, caller.user());
            case "refresh/catalog" -> refresh(request, caller);
            case "dicomdump" -> dump.answer(caller, request);
            default -> {
                if (path.size() == 2 && path.get(0).equals("prearchive")) {
                    yield prearchive.service(request, caller.user(), path.get(1));
                }
                throw Refusal.notDone("the service " + String.join("/", path));
            }
        };
    }

    /** Refreshes the catalogues of whole sessions; with {@code delete} missing files are removed from them. */
    private Response refresh(Request request, Caller caller) {
        request.withMethod("POST").withoutBody().knowingAlsoInForm("resource", "options");
        Set<String> options = Arrays.stream(request.parameter("options").split(","))
                .filter(option -> !option.isBlank())
                .collect(Collectors.toSet());
        // The simulator's disk has no unlisted files, and digests are always those of the files.
        if (!Set.of("append", "delete", "checksum", "populateStats").containsAll(options)) {
            throw Refusal.notDone("refresh of catalogues with options " + request.parameter("options"));
        }
        List<String> resources = request.values("resource");
        if (resources.isEmpty()) {
            return Response.error(400, "No resource was given.");
        }
        List<Session> sessions = resources.stream().map(this::session).toList();
        for (Session session : sessions) {
            if (!caller.user().canEdit(session.project())) {
                return Response.error(403, "Insufficient rights.");
            }
        }
        sessions.forEach(session -> archive.refreshCatalogs(session.id(), options.contains("delete")));
        return Response.text(200, "");
    }

    private Session session(String resource) {
        List<String> parts = List.of(resource.split("/"));
        String key = ImportService.after(parts, "experiments", "");
        Session session = archive.session(key);
        if (session == null) {
            session = archive.find(ImportService.after(parts, "projects", ""), key);
        }
        if (session == null) {
            throw new ArchiveException(404, "Unable to find the specified experiment: " + resource);
        }
        return session;
    }
}

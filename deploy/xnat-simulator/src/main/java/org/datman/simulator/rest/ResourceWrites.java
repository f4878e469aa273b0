package org.datman.simulator.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.datman.simulator.archive.ArchivedFile;
import org.datman.simulator.archive.Holder;
import org.datman.simulator.archive.Resource;
import org.datman.simulator.archive.SimulatedArchive;
import org.datman.simulator.http.Refusal;
import org.datman.simulator.http.Request;
import org.datman.simulator.http.Response;
import org.jspecify.annotations.Nullable;

/** PUT, POST and DELETE on resources and their files, at every level. */
final class ResourceWrites {
    private final SimulatedArchive archive;
    private final Uploads uploads;

    ResourceWrites(SimulatedArchive archive, Uploads uploads) {
        this.archive = archive;
        this.uploads = uploads;
    }

    /**
     * A resource created or deleted.
     *
     * @param selector its label or number as given
     * @param known null when there is none yet
     */
    Response resource(Holder holder, String selector, @Nullable Resource known, Request request) {
        request.withMethod("PUT", "DELETE");
        if (request.method().equals("DELETE")) {
            request.withoutBody().knowing("removeFiles").flag("removeFiles");
            if (known == null) {
                return Response.error(404, "Unable to find the specified resource.");
            }
            archive.removeResource(holder, Long.toString(known.id()));
            return Response.text(200, "");
        }
        RequestValues values = RequestValues.of(request, RequestValues.Kind.RESOURCE);
        String type = values.type("xnat:resourceCatalog");
        if (!type.equals("xnat:resourceCatalog")) {
            throw Refusal.notDone("resources of type " + type);
        }
        if (!values.get("label").orElse(selector).equals(selector)) {
            throw Refusal.notDone("a resource with another label than in its path");
        }
        if (known != null) {
            return Response.error(409, "Specified resource already exists.");
        }
        archive.addResource(
                holder,
                selector,
                request.query("format").isEmpty() ? values.get("format").orElse("") : request.query("format"),
                values.get("content").orElse(""));
        return Response.text(200, "");
    }

    /**
     * Files written or deleted.
     *
     * @param path what follows {@code /files/}, empty for nothing
     */
    Response files(Holder holder, String selector, @Nullable Resource known, String path, Request request)
            throws IOException {
        request.withMethod("PUT", "POST", "DELETE");
        if (request.method().equals("DELETE")) {
            request.withoutBody().knowing("removeFiles").flag("removeFiles");
            if (known == null || known.files().stream().noneMatch(f -> f.path().equals(path))) {
                return Response.error(404, "Unable to find file.");
            }
            archive.removeFiles(holder, Long.toString(known.id()), List.of(path));
            return Response.text(200, "");
        }
        request.knowing("inbody", "overwrite", "extract", "content", "tags").flag("inbody");
        Path body = request.body();
        if (body == null || Files.size(body) == 0) {
            return Response.error(400, "No content was uploaded.");
        }
        List<ArchivedFile> added = new ArrayList<>();
        for (ArchivedFile file : uploaded(request, body, path)) {
            added.add(file.withCatalogue(request.query("format"), request.query("content"), request.query("tags")));
        }
        if (!request.flag("overwrite") && known != null) {
            List<String> there = known.files().stream().map(ArchivedFile::path).toList();
            List<String> duplicates = added.stream()
                    .map(ArchivedFile::path)
                    .filter(there::contains)
                    .toList();
            if (!duplicates.isEmpty()) {
                ObjectNode answer = JsonNodeFactory.instance.objectNode();
                ArrayNode list = answer.putArray("duplicates");
                duplicates.forEach(list::add);
                return Response.json(200, answer);
            }
        }
        archive.addFiles(holder, known == null ? selector : Long.toString(known.id()), added);
        return Response.text(200, "");
    }

    private List<ArchivedFile> uploaded(Request request, Path body, String path) throws IOException {
        if (List.of(path.split("/")).contains("..")) {
            throw new Refusal(400, "Not a path of a file: " + path);
        }
        List<Multipart.Part> parts = Multipart.is(request)
                ? Multipart.files(request, uploads)
                : List.of(new Multipart.Part(path.substring(path.lastIndexOf('/') + 1), body));
        if (parts.isEmpty()) {
            throw new Refusal(400, "No file was uploaded.");
        }
        List<ArchivedFile> result = new ArrayList<>();
        for (Multipart.Part part : parts) {
            if (request.flag("extract")) {
                result.addAll(extracted(part.file()));
            } else if (path.isEmpty() || path.endsWith("/") || parts.size() > 1) {
                if (part.name().isEmpty()) {
                    throw new Refusal(400, "The name of the file is missing after /files/.");
                }
                if (!path.isEmpty() && !path.endsWith("/")) {
                    throw new Refusal(400, "Several files cannot have the one name " + path);
                }
                result.add(uploads.store(part.file(), path + part.name()));
            } else {
                result.add(uploads.store(part.file(), path));
            }
        }
        return result;
    }

    private List<ArchivedFile> extracted(Path content) throws IOException {
        Path folder = uploads.unpacked(content);
        List<ArchivedFile> result = new ArrayList<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                result.add(new ArchivedFile(
                        folder.relativize(file).toString().replace('\\', '/'),
                        file,
                        Files.size(file),
                        Files.getLastModifiedTime(file).toInstant()));
            }
        }
        return result;
    }
}

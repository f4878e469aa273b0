package org.datman.simulator.rest;

import static org.datman.simulator.http.Table.row;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import org.datman.contracts.naming.PercentEncoding;
import org.datman.simulator.archive.ArchivedFile;
import org.datman.simulator.archive.Resource;
import org.datman.simulator.http.ArchiveDownload;
import org.datman.simulator.http.Refusal;
import org.datman.simulator.http.Request;
import org.datman.simulator.http.Response;
import org.datman.simulator.http.Table;
import org.datman.simulator.http.Times;
import org.jspecify.annotations.Nullable;

/** Files of selected resources: the list, one file, or all as a zip or tar in one of XNAT's structures. */
final class FileService {
    private static final List<String> COLUMNS = List.of(
            "Name", "Size", "URI", "collection", "file_tags", "file_format", "file_content", "cat_ID", "digest");
    private final Catalogs catalogs;

    FileService(Catalogs catalogs) {
        this.catalogs = catalogs;
    }

    private record Chosen(Located at, ArchivedFile file) {}

    /**
     * Answers a path that ends in {@code /files} or {@code /files/…}.
     *
     * @param path what follows {@code /files}, empty for the list
     */
    Response answer(Request request, List<Located> resources, String path) throws IOException {
        boolean folder = path.endsWith("/");
        if (!path.isEmpty() && !folder) {
            return single(request, resources, path);
        }
        boolean flat = !request.query("recursive").isEmpty() && !request.flag("recursive");
        List<Chosen> chosen = choose(
                request,
                resources,
                f -> f.path().startsWith(path) && !(flat && f.path().indexOf('/', path.length()) >= 0));
        String format = request.format();
        return switch (format) {
            case "zip" -> archive(request.knowing(with("structure", "compression")), format, chosen);
            case "tar", "tar.gz", "tgz" -> archive(request.knowing(with("structure")), format, chosen);
            default -> {
                // XNAT ignores columns here: the list has its own.
                request.knowing(with("columns", "locator")).givenAs("json", "csv", "xml", "html");
                yield Response.rows(table(request, chosen), format);
            }
        };
    }

    private static List<String> with(String... more) {
        List<String> names = new ArrayList<>(
                List.of("file_content", "file_format", "index", "recursive", "accept-not-found", "all"));
        names.addAll(List.of(more));
        return names;
    }

    private static List<Chosen> choose(Request request, List<Located> resources, Predicate<ArchivedFile> which) {
        String wantedFormat = request.query("file_format");
        String wantedContent = request.query("file_content");
        List<Chosen> result = new ArrayList<>();
        for (Located located : resources) {
            for (ArchivedFile file : located.resource().files()) {
                // the filters test the catalogue entry's own attributes: DICOM entries have a format and never a
                // content
                if (!wantedContent.isEmpty()
                        && !wantedContent.equals(file.content().isEmpty() ? "NULL" : file.content())) {
                    continue;
                }
                if (!wantedFormat.isEmpty() && !wantedFormat.equals(format(located, file))) {
                    continue;
                }
                if (which.test(file)) {
                    result.add(new Chosen(located, file));
                }
            }
        }
        if (request.query("index").isEmpty()) {
            return result;
        }
        if (!request.query("index").matches("\\d{1,9}")) {
            throw new Refusal(400, "Not a number: index=" + request.query("index"));
        }
        int index = Integer.parseInt(request.query("index"));
        return index < result.size() ? List.of(result.get(index)) : List.of();
    }

    /** The catalogue entry of a file. */
    private static String format(Located located, ArchivedFile file) {
        if (!file.format().isEmpty()) {
            return file.format();
        }
        return located.resource().format().equals("DICOM") ? "DICOM" : "";
    }

    private Table table(Request request, List<Chosen> chosen) {
        String locator = request.query("locator");
        if (!locator.isEmpty() && !locator.equals("absolutePath")) {
            throw Refusal.notDone("locator=" + locator);
        }
        String place = locator.isEmpty() ? "URI" : locator;
        List<Map<String, String>> rows =
                chosen.stream().map(c -> fileRow(place, c)).toList();
        List<String> columns =
                COLUMNS.stream().map(c -> c.equals("URI") ? place : c).toList();
        return new Table("Files", columns, rows, false, true);
    }

    private Map<String, String> fileRow(String place, Chosen c) {
        Resource resource = c.at().resource();
        ArchivedFile file = c.file();
        String uri = place.equals("URI")
                ? c.at().uri() + "/files/" + file.path()
                : file.source().toString();
        return row(
                "Name",
                c.file().name(),
                "Size",
                Long.toString(c.file().size()),
                place,
                uri,
                "collection",
                resource.label(),
                "file_tags",
                file.tags(),
                "file_format",
                file.format().isEmpty() ? resource.format() : file.format(),
                "file_content",
                file.content(),
                "cat_ID",
                Long.toString(resource.id()),
                "digest",
                catalogs.digest(c.file()));
    }

    // ---- one file --------------------------------------------------------------------------------------------------

    private static Response single(Request request, List<Located> resources, String path) throws IOException {
        Chosen found = find(resources, path);
        if (found == null) {
            return request.flag("accept-not-found")
                    ? Response.text(204, "")
                    : Response.error(404, "Unable to find catalog entry for given uri.");
        }
        ArchivedFile file = found.file();
        if (!Files.isReadable(file.source())) {
            return Response.error(404, "Unable to find file.");
        }
        request.knowing("accept-not-found", "structure", "compression").givenAs("zip");
        if (request.format().equals("zip")) {
            return archive(request, "zip", List.of(found));
        }
        Instant since = Times.parseHttp(request.header("if-modified-since"));
        if (since != null && !file.modified().truncatedTo(ChronoUnit.SECONDS).isAfter(since)) {
            return Response.text(304, "");
        }
        String kind = contentType(found);
        String disposition = kind.startsWith("text/") ? "inline" : "attachment";
        return new Response(200, List.of(), new Response.FileBody(kind, file.source(), -1))
                .with("Last-Modified", Times.http(file.modified()))
                .with("Cache-Control", "must-revalidate")
                .with("Content-Disposition", disposition + "; filename=\"" + quoted(file.name()) + "\"");
    }

    /** XNAT compares the path raw, then once more form-decoded. */
    private static @Nullable Chosen find(List<Located> resources, String path) {
        for (Located located : resources) {
            for (ArchivedFile file : located.resource().files()) {
                if (file.path().equals(path)) {
                    return new Chosen(located, file);
                }
            }
        }
        String decoded;
        try {
            decoded = PercentEncoding.decodeForm(path);
        } catch (IllegalArgumentException malformed) {
            return null;
        }
        if (decoded.equals(path)) {
            return null;
        }
        return find(resources, decoded);
    }

    private static String contentType(Chosen chosen) {
        if (chosen.at().resource().format().equals("DICOM")) {
            return "application/dicom";
        }
        String name = chosen.file().name().toLowerCase(Locale.ROOT);
        if (name.endsWith(".txt") || name.endsWith(".log") || name.endsWith(".tsv")) {
            return "text/plain";
        }
        if (name.endsWith(".csv")) {
            return "text/csv";
        }
        if (name.endsWith(".json")) {
            return "application/json";
        }
        if (name.endsWith(".xml")) {
            return "text/xml";
        }
        if (name.endsWith(".gif")) {
            return "image/gif";
        }
        if (name.endsWith(".png")) {
            return "image/png";
        }
        if (name.endsWith(".dcm")) {
            return "application/dicom";
        }
        return "application/octet-stream";
    }

    private static String quoted(String name) {
        return name.replaceAll("[\\p{Cntrl}\"\\\\]", "_");
    }

    // ---- zip and tar -----------------------------------------------------------------------------------------------

    private static Response archive(Request request, String format, List<Chosen> chosen) {
        if (chosen.isEmpty()) {
            return request.flag("accept-not-found")
                    ? Response.text(204, "")
                    : Response.error(404, "Unable to find any files.");
        }
        String structure = request.query("structure");
        List<ArchiveDownload.Entry> entries = chosen.stream()
                .map(c -> new ArchiveDownload.Entry(
                        entryName(structure, !format.equals("zip"), c),
                        c.file().source(),
                        c.file().modified(),
                        -1))
                .toList();
        List<String> roots = chosen.stream().map(c -> c.at().root()).distinct().toList();
        String kind = format.equals("tgz") ? "tar.gz" : format;
        String name = (roots.size() == 1 ? roots.get(0) : "various") + "." + kind;
        String compression = request.query("compression");
        if (!compression.matches("\\d?")) {
            throw Refusal.notDone("compression=" + compression);
        }
        boolean deflate = !compression.isEmpty() && !compression.equals("0");
        return new Response(200, List.of(), new Response.Archive(new ArchiveDownload(name, kind, deflate, entries)))
                .with("Content-Disposition", "attachment; filename=\"" + quoted(name) + "\"");
    }

    private static String entryName(String structure, boolean tar, Chosen c) {
        Located at = c.at();
        String label = at.resource().folder();
        String path = c.file().path();
        return switch (structure) {
            case "simplified" -> simplified(at, label, path);
            case "improved" -> {
                if (at.scan() == null) {
                    yield "resources/" + label + "/" + path;
                }
                String type = at.scan().type().replaceAll("[/\\\\:*?\"<>|]", "_");
                yield "scans/" + at.scan().id() + (tar || type.isEmpty() ? "" : "_" + type) + "/" + label + "/" + path;
            }
            case "legacy" ->
                at.root() + "/"
                        + (at.scan() == null
                                ? "RESOURCES/"
                                : "SCANS/" + at.scan().id() + "/") + label + "/" + path;
            case "" -> byDefault(at, label, path);
            default -> throw Refusal.notDone("structure=" + structure);
        };
    }

    /** XNAT's default replaces every {@code /<scan id>/} in the whole path, so a sub-folder of that name changes as well. */
    private static String byDefault(Located at, String label, String path) {
        if (at.scan() == null) {
            return at.root() + "/resources/" + label + "/files/" + path;
        }
        String id = at.scan().id();
        String type = at.scan().type().replaceAll("\\W", "_");
        String plain = "/scans/" + id + "/resources/" + label + "/files/" + path;
        return at.root() + (type.isEmpty() ? plain : plain.replace("/" + id + "/", "/" + id + "-" + type + "/"));
    }

    /** Every literal {@code /resources} and {@code /files} is removed, at any position. */
    private static String simplified(Located at, String label, String path) {
        String full = (at.scan() == null ? "" : "/scans/" + at.scan().id()) + "/resources/" + label + "/files/" + path;
        return at.root() + full.replace("/resources", "").replace("/files", "");
    }
}

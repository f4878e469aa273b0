package org.datman.simulator.rest;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.datman.simulator.archive.ArchiveException;
import org.datman.simulator.archive.Incoming;
import org.datman.simulator.archive.SimulatedArchive;
import org.datman.simulator.auth.Caller;
import org.datman.simulator.http.Refusal;
import org.datman.simulator.http.Request;
import org.datman.simulator.http.Response;
import org.datman.simulator.importer.DicomHeaders;
import org.datman.simulator.importer.LoadOptions;
import org.datman.simulator.importer.StudyFolderReader;
import org.datman.simulator.prearchive.Prearchive;
import org.datman.simulator.prearchive.PrearchiveApi;
import org.datman.simulator.prearchive.Waiting;

/** {@code /data/services/import}: whole studies in archives, or DICOM objects one by one. */
public final class ImportService {
    private static final List<String> PARAMETERS = List.of(
            "import-handler",
            "dest",
            "project",
            "PROJECT_ID",
            "subject",
            "SUBJECT_ID",
            "session",
            "EXPT_LABEL",
            "experiment",
            "prearchive",
            "prearchive_code",
            "overwrite",
            "overwrite_files",
            "Ignore-Unparsable",
            "inbody",
            "Direct-Archive",
            "commit",
            "action",
            "quarantine",
            "triggerPipelines",
            "rename");

    private final SimulatedArchive archive;
    private final StudyFolderReader reader;
    private final Uploads uploads;
    private final Prearchive prearchive;

    /** @param uploads keeps the files of forms */
    public ImportService(SimulatedArchive archive, StudyFolderReader reader, Uploads uploads, Prearchive prearchive) {
        this.archive = archive;
        this.reader = reader;
        this.uploads = uploads;
        this.prearchive = prearchive;
    }

    private record Destination(boolean toPrearchive, String project, String subject, String session) {}

    private static Destination destination(Request request) {
        Map<String, String> query = request.query();
        String project = first(query, "project", "PROJECT_ID");
        String subject = first(query, "subject", "SUBJECT_ID");
        String session = first(query, "session", "EXPT_LABEL", "experiment");
        String dest = request.query("dest");
        if (!dest.isEmpty() && !dest.matches("/archive(/.*)?|/prearchive(/projects/[^/]+)?/?")) {
            throw Refusal.notDone("import with dest=" + dest);
        }
        List<String> parts = List.of(dest.split("/"));
        project = after(parts, "projects", project);
        subject = after(parts, "subjects", subject);
        session = after(parts, "experiments", session);
        // An upload stays in the prearchive unless it is to be archived at once.
        boolean onwards = dest.startsWith("/archive")
                || (!request.query("prearchive").isEmpty() && !request.flag("prearchive"))
                || request.flag("Direct-Archive")
                || request.flag("commit")
                || request.query("action").equals("commit")
                || Set.of("4", "5").contains(request.query("prearchive_code"));
        boolean stays = dest.startsWith("/prearchive") || request.flag("prearchive");
        return new Destination(stays || !onwards || project.isEmpty(), project, subject, session);
    }

    private static String first(Map<String, String> query, String... names) {
        for (String name : names) {
            String value = query.getOrDefault(name, "");
            if (!value.isEmpty()) {
                return value;
            }
        }
        return "";
    }

    static String after(List<String> parts, String name, String otherwise) {
        int at = parts.indexOf(name);
        return at < 0 || at + 1 >= parts.size() ? otherwise : parts.get(at + 1);
    }

    Response upload(Request request, Caller caller) throws IOException {
        request.withMethod("POST").knowing(PARAMETERS);
        if (request.flag("quarantine")) {
            throw Refusal.notDone("quarantine");
        }
        request.flag("triggerPipelines"); // there are none
        if (!Set.of("", "0", "4", "5").contains(request.query("prearchive_code"))) {
            throw Refusal.notDone("prearchive_code=" + request.query("prearchive_code"));
        }
        if (!Set.of("", "commit").contains(request.query("action"))) {
            throw Refusal.notDone("import with action=" + request.query("action"));
        }
        Destination to = destination(request);
        if (!to.project().isEmpty() && !caller.user().canEdit(to.project())) {
            return Response.error(403, "User cannot archive into project " + to.project());
        }
        if (request.body() == null) {
            return Response.error(400, "No content was uploaded.");
        }
        Path content = request.body();
        if (Multipart.is(request)) {
            List<Multipart.Part> parts = Multipart.files(request, uploads);
            if (parts.isEmpty()) {
                return Response.error(400, "No file was uploaded.");
            }
            if (parts.size() > 1) {
                throw Refusal.notDone("import of several files of one form");
            }
            content = parts.get(0).file();
        }
        String handler = request.query("import-handler");
        if (handler.isEmpty() && request.header("content-type").startsWith("application/dicom")) {
            handler = "gradual-DICOM";
        }
        return switch (handler) {
            case "", "SI" -> whole(request, content, to);
            case "gradual-DICOM" -> gradually(request, List.of(content), to);
            case "DICOM-zip" -> gradually(request, unpacked(content), to);
            default -> throw Refusal.notDone("import-handler " + handler);
        };
    }

    // ---- a whole study ---------------------------------------------------------------------------------------------

    private Response whole(Request request, Path content, Destination to) throws IOException {
        if (!rename(request).isEmpty()) {
            throw Refusal.notDone("rename of an import by session");
        }
        StudyFolderReader.Found found;
        try {
            found = reader.read(List.of(content), to.project(), to.subject(), to.session());
        } catch (IOException damaged) {
            return Response.error(400, "The upload cannot be unpacked: " + damaged.getMessage());
        }
        if (found.studies() > 1) {
            return Response.error(400, "Upload included files for multiple imaging sessions.");
        }
        boolean tolerant = request.flag("Ignore-Unparsable");
        if (found.images() == 0 || (!tolerant && !found.study().others().isEmpty())) {
            return Response.error(400, "Upload did not include parsable files for session generation.");
        }
        Incoming study = placed(found.study(), to);
        SimulatedArchive.Overwrite overwrite = overwrite(request);
        if (to.toPrearchive()) {
            // Each waiting upload is a separate study.
            if (overwrite != SimulatedArchive.Overwrite.NONE || request.flag("overwrite_files")) {
                throw Refusal.notDone("overwriting what waits in the prearchive");
            }
            return PrearchiveApi.uri(
                    prearchive.park(study, Waiting.Status.READY).url());
        }
        try {
            return PrearchiveApi.uri(
                    PrearchiveApi.path(archive.add(study, overwrite).session()));
        } catch (ArchiveException conflict) {
            prearchive.park(study, Waiting.Status.CONFLICT);
            throw conflict;
        }
    }

    /** How existing sessions and files are handled. */
    private static SimulatedArchive.Overwrite overwrite(Request request) {
        boolean auto = request.query("prearchive_code").equals("5");
        SimulatedArchive.Overwrite asked = auto ? SimulatedArchive.Overwrite.DELETE : PrearchiveApi.overwrite(request);
        if (request.flag("overwrite_files")) {
            return asked == SimulatedArchive.Overwrite.NONE ? asked : SimulatedArchive.Overwrite.DELETE;
        }
        if (asked == SimulatedArchive.Overwrite.DELETE
                && !request.query("overwrite_files").isEmpty()) {
            throw Refusal.notDone("overwriting a session with overwrite_files=false");
        }
        return asked;
    }

    /** Clients write {@code rename=false} for none. */
    private static String rename(Request request) {
        return request.query("rename").equals("false") ? "" : request.query("rename");
    }

    private static Incoming placed(Incoming all, Destination to) {
        String label = to.session().isEmpty() ? all.subject() + "_" + all.modality() + "_1" : to.session();
        return all.only(all.series())
                .to(
                        to.project().isEmpty() ? Waiting.UNASSIGNED : to.project(),
                        all.subject(),
                        LoadOptions.clean(label));
    }

    // ---- object by object ------------------------------------------------------------------------------------------

    /**
     * Each object joins the session of its study that is received; that is ready when it is built. Direct archiving puts it into
     * the archive at once, where XNAT waits for a while for more.
     */
    private Response gradually(Request request, List<Path> objects, Destination to) throws IOException {
        boolean direct = request.flag("Direct-Archive") && !to.project().isEmpty();
        if (!direct && !to.toPrearchive()) {
            throw Refusal.notDone("archiving single objects without Direct-Archive");
        }
        if (!direct && !request.query("overwrite_files").isEmpty() && !request.flag("overwrite_files")) {
            throw Refusal.notDone("overwrite_files=false in the prearchive");
        }
        Set<String> urls = new LinkedHashSet<>();
        for (Path object : objects) {
            Optional<DicomHeaders.Instance> instance = DicomHeaders.instance(object);
            if (instance.isEmpty()) {
                if (request.flag("Ignore-Unparsable")) {
                    continue;
                }
                return Response.error(400, "Unable to read DICOM object " + object.getFileName());
            }
            String rename = rename(request);
            String name = rename.isEmpty() ? instance.get().sopUid() + ".dcm" : LoadOptions.fileName(rename);
            urls.add(direct ? archived(request, object, name, to) : received(object, name, to));
        }
        if (urls.isEmpty()) {
            return Response.error(400, "Upload did not include parsable files for session generation.");
        }
        StringBuilder lines = new StringBuilder();
        urls.forEach(url -> lines.append("/data").append(url).append("\r\n"));
        return Response.of(200, "text/uri-list", lines.toString().getBytes(StandardCharsets.UTF_8));
    }

    private Incoming study(Path object, Destination to) throws IOException {
        return placed(
                reader.object(object, to.project(), to.subject(), to.session()).study(), to);
    }

    private String received(Path object, String name, Destination to) throws IOException {
        return prearchive.receive(object, study(object, to), name).url();
    }

    private String archived(Request request, Path object, String name, Destination to) throws IOException {
        Path kept = Files.copy(object, uploads.newFolder("direct-").resolve(name));
        boolean replace = request.flag("overwrite_files") || overwrite(request) == SimulatedArchive.Overwrite.DELETE;
        SimulatedArchive.Added added = archive.add(
                study(kept, to), replace ? SimulatedArchive.Overwrite.DELETE : SimulatedArchive.Overwrite.APPEND);
        return PrearchiveApi.path(added.session());
    }

    private List<Path> unpacked(Path content) throws IOException {
        Path folder = uploads.unpacked(content);
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }
}

package org.datman.xnat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads an XNAT by its REST API. */
public final class XnatClient implements ImageSource {

    private final XnatConfig config;
    private final XnatHttp http;
    private final @Nullable DicomWeb dicomWeb;

    public XnatClient(XnatConfig config) {
        this(config, CallObserver.NONE);
    }

    public XnatClient(XnatConfig config, CallObserver observer) {
        this.config = config;
        this.http = new XnatHttp(config, observer);
        this.dicomWeb = config.dicomWeb() ? new DicomWeb(new XnatDicomWeb(http), System::nanoTime) : null;
    }

    @Override
    public XnatConfig config() {
        return config;
    }

    @Override
    public SourceKind kind() {
        return SourceKind.XNAT;
    }

    @Override
    public String server() {
        return config.server();
    }

    @Override
    public XnatSession session(String accession) {
        JsonNode item =
                http.get("session", Paths.session(accession) + "?format=json", XnatHttp.Expected.JSON, XnatJson::item);
        String subject = XnatJson.text(item.path("data_fields"), "subject_ID");
        String subjectLabel = subject.isEmpty() ? "" : subjectLabel(subject);
        return read(() -> XnatJson.session(item, accession, subjectLabel));
    }

    /** Empty when the subject is not visible: a session may be shared into a project without its subject. */
    private String subjectLabel(String subject) {
        try {
            JsonNode item = http.get(
                    "subject", Paths.subject(subject) + "?format=json", XnatHttp.Expected.JSON, XnatJson::item);
            return XnatJson.text(item.path("data_fields"), "label");
        } catch (XnatGone notShared) {
            return "";
        } catch (XnatDenied e) {
            if (e.isAccount()) {
                throw e;
            }
            return "";
        }
    }

    @Override
    public List<XnatResource> resourcesOfSubject(String subject) {
        return resourcesOf("subject-resources", Paths.subject(subject), id -> ResourceRef.ofSubject(subject, id));
    }

    @Override
    public List<XnatResource> resourcesOfProject(String project) {
        return resourcesOf("project-resources", Paths.project(project), id -> ResourceRef.ofProject(project, id));
    }

    private List<XnatResource> resourcesOf(String endpoint, String path, Function<String, ResourceRef> owner) {
        try {
            return http.get(endpoint, path + "/resources?format=json", XnatHttp.Expected.JSON, body -> {
                List<XnatResource> resources = new ArrayList<>();
                for (JsonNode row : XnatJson.rows(body)) {
                    resources.add(XnatJson.resource(row, owner));
                }
                return resources;
            });
        } catch (XnatGone notShared) {
            return List.of();
        } catch (XnatDenied e) {
            if (e.isAccount()) {
                throw e;
            }
            return List.of();
        }
    }

    /** The scans of a session. */
    public List<XnatScan> scans(String accession) {
        return session(accession).scans();
    }

    @Override
    public List<XnatResource> resources(String accession) {
        return http.get(
                "resources",
                Paths.session(accession) + "/resources?all=true&format=json",
                XnatHttp.Expected.JSON,
                body -> {
                    List<XnatResource> resources = new ArrayList<>();
                    for (JsonNode row : XnatJson.rows(body)) {
                        String category = XnatJson.text(row, "category");
                        if (category.isEmpty() || category.equals("scans") || category.equals("resources")) {
                            resources.add(XnatJson.resource(row, accession));
                        }
                    }
                    return resources;
                });
    }

    @Override
    public List<XnatFile> files(ResourceRef resource) {
        return http.get("files", Paths.files(resource) + "?format=json", XnatHttp.Expected.JSON, body -> {
            List<XnatFile> files = new ArrayList<>();
            for (JsonNode row : XnatJson.rows(body)) {
                files.add(XnatJson.file(row));
            }
            return files;
        });
    }

    @Override
    public InputStream openFile(ResourceRef resource, String path) {
        return http.open("file", Paths.file(resource, path));
    }

    @Override
    public Downloaded downloadFile(ResourceRef resource, String path, Path target) {
        return http.get(
                "file", Paths.file(resource, path), XnatHttp.Expected.ANY_FILE, body -> Downloaded.write(body, target));
    }

    @Override
    public boolean hasZips() {
        return true;
    }

    @Override
    public <T> T readZip(ResourceRef resource, ZipReader<T> reader) {
        return http.get("zip", Paths.files(resource) + "?format=zip", XnatHttp.Expected.ZIP, reader::read);
    }

    @Override
    public Optional<DicomWeb> dicomWeb() {
        return Optional.ofNullable(dicomWeb);
    }

    @Override
    public List<XnatListed> experimentsOf(String project) {
        String columns = "ID,label,project,subject_label,xsiType,date,last_modified";
        return http.get(
                "experiments",
                "/data/projects/" + Paths.segment(project) + "/experiments?xsiType=xnat:imageSessionData&columns="
                        + columns + "&format=json",
                XnatHttp.Expected.JSON,
                body -> {
                    List<XnatListed> listed = new ArrayList<>();
                    for (JsonNode row : XnatJson.rows(body)) {
                        listed.add(XnatJson.listed(row, config.zone()));
                    }
                    return listed;
                });
    }

    @Override
    public String whoAmI() {
        String name = http.whoAmI();
        if (name.isEmpty()) {
            throw XnatDenied.account("XNAT " + config.server() + " rejects the session that it issued", null);
        }
        return name;
    }

    /** The version. Needs no login: this proves only that the server can be reached. */
    public XnatBuild buildInfo() {
        return http.getOpenly(
                "build",
                "/xapi/siteConfig/buildInfo",
                body -> new XnatBuild(XnatJson.text(XnatJson.document(body), "version")));
    }

    private interface Reading<T> {
        T read() throws IOException;
    }

    private static <T> T read(Reading<T> reading) {
        try {
            return reading.read();
        } catch (IOException e) {
            throw new XnatProtocol("XNAT's answer cannot be read: " + e.getMessage(), e);
        }
    }

    /** Ends the session on XNAT. */
    @Override
    public void close() {
        http.close();
    }
}

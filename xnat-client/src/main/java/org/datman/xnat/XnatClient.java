package org.datman.xnat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Function;
import org.apache.commons.codec.digest.DigestUtils;

/**
 * Reads an XNAT. Safe for many threads; one per server and account is enough, closed at shutdown.
 *
 * <p>Every method may throw {@link XnatOutage}, {@link XnatDenied}, {@link XnatGone} or {@link XnatProtocol}, and blocks while it
 * retries during an outage.
 */
public final class XnatClient implements AutoCloseable {

    private final XnatConfig config;
    private final XnatHttp http;

    public XnatClient(XnatConfig config) {
        this(config, CallObserver.NONE);
    }

    public XnatClient(XnatConfig config, CallObserver observer) {
        this.config = config;
        this.http = new XnatHttp(config, observer);
    }

    /** How it reaches XNAT. */
    public XnatConfig config() {
        return config;
    }

    /** The short name under which DATMAN knows this server. */
    public String server() {
        return config.server();
    }

    /** A session with its scans, by its accession id. {@link XnatGone} when it does not exist for this account. */
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

    /** The resources of a subject itself; none when this account may not read the subject. */
    public List<XnatResource> resourcesOfSubject(String subject) {
        return resourcesOf("subject-resources", Paths.subject(subject), id -> ResourceRef.ofSubject(subject, id));
    }

    /** The resources of a project itself; none when this account may not read the project. */
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

    /** All resources of a session and of its scans, not those of assessors. */
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

    /** The file listing of a resource: what a download must match. */
    public List<XnatFile> files(ResourceRef resource) {
        return http.get("files", Paths.files(resource) + "?format=json", XnatHttp.Expected.JSON, body -> {
            List<XnatFile> files = new ArrayList<>();
            for (JsonNode row : XnatJson.rows(body)) {
                files.add(XnatJson.file(row));
            }
            return files;
        });
    }

    /**
     * A file's bytes as a stream. A pause longer than the idle timeout or a broken connection is an {@link IOException}
     * of the stream; closing it early ends the transfer.
     *
     * @param path as in the listing
     */
    public InputStream openFile(ResourceRef resource, String path) {
        return http.open("file", Paths.file(resource, path));
    }

    /** Downloads one file, again from the start when the transfer breaks. */
    public Downloaded downloadFile(ResourceRef resource, String path, Path target) {
        return http.get("file", Paths.file(resource, path), XnatHttp.Expected.ANY_FILE, body -> write(body, target));
    }

    /**
     * Reads a resource as a zip while it arrives, again from the start when the transfer breaks. A complete zip may still lack
     * files: compare it with {@link #files}.
     *
     * @param reader an {@link IOException} of it repeats the request, so it handles by itself what is wrong with the zip
     */
    public <T> T readZip(ResourceRef resource, ZipReader<T> reader) {
        return http.get("zip", Paths.files(resource) + "?format=zip", XnatHttp.Expected.ZIP, reader::read);
    }

    /** Reads a zip from the beginning; may be called again. */
    @FunctionalInterface
    public interface ZipReader<T> {
        T read(InputStream zip) throws IOException;
    }

    /** All imaging sessions that a project lists, its own and those shared into it. */
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

    /** The account's name on XNAT; {@link XnatDenied} when the login is refused. */
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

    private static Downloaded write(InputStream body, Path target) throws IOException {
        MessageDigest sha256 = DigestUtils.getSha256Digest();
        MessageDigest md5 = DigestUtils.getMd5Digest();
        long size = 0;
        byte[] buffer = new byte[1 << 16];
        try (OutputStream out = Files.newOutputStream(target)) {
            for (int n = body.read(buffer); n >= 0; n = body.read(buffer)) {
                sha256.update(buffer, 0, n);
                md5.update(buffer, 0, n);
                out.write(buffer, 0, n);
                size += n;
            }
        }
        HexFormat hex = HexFormat.of();
        return new Downloaded(target, size, hex.formatHex(sha256.digest()), hex.formatHex(md5.digest()));
    }

    /** Ends the session on XNAT. */
    @Override
    public void close() {
        http.close();
    }
}

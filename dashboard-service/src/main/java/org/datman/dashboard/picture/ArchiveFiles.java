package org.datman.dashboard.picture;

import io.vertx.core.http.HttpServerResponse;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.ClientErrorException;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.ServiceUnavailableException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.EntityTag;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.datman.dashboard.access.Role;
import org.datman.dashboard.audit.AuditLog;
import org.datman.dashboard.picture.PublishedFiles.Published;
import org.datman.platform.archive.Archive;
import org.datman.platform.event.Texts;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.logging.Logger;

/**
 * Serves the files of the archive. No file is trusted: only raster images and files written by QC are shown, all others are a
 * download, and any content that a browser still renders is in a sandbox without our origin, scripts or network.
 */
@Path("/files")
@RolesAllowed(Role.VIEWER)
public class ArchiveFiles {

    private static final Logger LOG = Logger.getLogger(ArchiveFiles.class);

    private static final Map<String, String> SHOWN = Map.of(
            "png", "image/png", "jpg", "image/jpeg", "jpeg", "image/jpeg", "webp", "image/webp", "gif", "image/gif");

    /** Files of QC that are no raster images: plots and the report page. In folders of other writers they are downloads. */
    private static final Pattern DRAWN_BY_QC =
            Pattern.compile("[^/]+/qc/[^/]+/[^/]+/([a-z0-9_-]+\\.svg|report\\.html)");

    private static final String POLICY = "Content-Security-Policy";
    private static final String SANDBOX =
            "default-src 'none'; img-src data:; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'";

    /** For this long after a file was written or removed, an event about it may still be in transit. */
    private static final Duration TRANSIT = Duration.ofMinutes(2);

    private final Archive archive;
    private final PublishedFiles published;
    private final FileDigests digests;
    private final ChangedFiles changed;
    private final GrantedFiles granted;
    private final AuditLog audit;
    private final Clock clock;

    ArchiveFiles(
            Archive archive,
            PublishedFiles published,
            FileDigests digests,
            ChangedFiles changed,
            GrantedFiles granted,
            AuditLog audit,
            Clock clock) {
        this.audit = audit;
        this.granted = granted;
        this.archive = archive;
        this.published = published;
        this.digests = digests;
        this.changed = changed;
        this.clock = clock;
    }

    /**
     * One file, when its bytes are those that were published: the digest that events name for its path or, without one, the digest
     * in the address. Other bytes are never sent, and are reported as a failure.
     *
     * @param relative, as in events
     * @param sha256 the digest of the file as an event had it: such an address always means the same bytes, so browsers may
     *     keep it
     */
    @GET
    @Path("{path: .+}")
    @Operation(
            summary = "A file of the archive",
            description = "409 when it is not as it was published, or does not match the digest in the address.")
    public Response file(
            @PathParam("path") String relative,
            @QueryParam("sha256") @DefaultValue("") String sha256,
            @Context Request request,
            @Context HttpServerResponse raw)
            throws IOException {
        // The pages' policy would apply in addition to this one and block the pictures of the report.
        raw.headers().remove(POLICY);
        java.nio.file.Path file = find(relative);
        String path = archive.relative(file);
        granted.require(path);
        FileDigests.Digest digest = digest(path, file, sha256);
        if (!sha256.isEmpty() && !sha256.equalsIgnoreCase(digest.sha256())) {
            throw conflict(path + " was replaced since the page was loaded. Load the page again");
        }
        EntityTag tag = new EntityTag(digest.sha256());
        Response.ResponseBuilder unchanged = request.evaluatePreconditions(tag);
        if (unchanged != null) {
            return unchanged.build();
        }
        String name = file.getFileName().toString();
        String extension = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        String shown = SHOWN.get(extension);
        if (shown == null && DRAWN_BY_QC.matcher(path).matches()) {
            shown = extension.equals("svg") ? "image/svg+xml" : "text/html;charset=UTF-8";
        }
        if (GrantedFiles.isDicom(path)) {
            // Before the first byte: what was not logged is not sent.
            audit.record(new AuditLog.Entry(
                    "dicom-downloaded", path.substring(0, path.indexOf('/')), path, digest.sha256()));
        }
        return Response.ok(open(path, file, digest), shown == null ? "application/octet-stream" : shown)
                .tag(tag)
                .header("Content-Length", digest.size())
                .header(
                        "Content-Disposition",
                        shown == null ? "attachment; filename=\"" + plain(name) + "\"" : "inline")
                .header(POLICY, SANDBOX)
                .header(
                        "Cache-Control",
                        sha256.isEmpty() ? "private, no-cache" : "private, max-age=31536000, immutable")
                .build();
    }

    /** The digest of a file that may be sent: its bytes match the digest in the address, or the one that events name. */
    private FileDigests.Digest digest(String path, java.nio.file.Path file, String asked) {
        try {
            if (!Archive.isFile(file)) {
                throw missing(path, file);
            }
            FileDigests.Digest digest = digests.of(file);
            // A page with many pictures queries the events once for each, and then only when the address has no
            // digest.
            if (!digest.confirmed() || !asked.equalsIgnoreCase(digest.sha256())) {
                List<Published> known = published.of(path);
                boolean asPublished =
                        known.stream().anyMatch(one -> one.sha256().equals(digest.sha256()));
                if (!known.isEmpty() && !asPublished) {
                    throw wrong(
                            path,
                            known.get(0),
                            "its content is not what was published",
                            Files.getLastModifiedTime(file).toInstant());
                }
                if (!digest.confirmed() && asPublished) {
                    changed.close(path);
                    digests.confirm(file, digest);
                }
            }
            return digest;
        } catch (IOException e) {
            throw unreadable(path, e);
        }
    }

    /** The file that was compared, kept open: even when another file replaces it, these bytes are sent. */
    private InputStream open(String path, java.nio.file.Path file, FileDigests.Digest digest) {
        try {
            InputStream opened = Files.newInputStream(file);
            if (digest.isOf(file)) {
                return opened;
            }
            opened.close();
        } catch (NoSuchFileException justGone) {
            LOG.debugf("A file was removed while it was requested file=%s", path);
        } catch (IOException e) {
            throw unreadable(path, e);
        }
        throw conflict(path + " is being replaced just now. Load the page again in a minute");
    }

    private static WebApplicationException unreadable(String path, IOException e) {
        LOG.warnf("A file cannot be read file=%s error=%s", path, e.toString());
        return new ServiceUnavailableException(
                "The file cannot be read from the storage now. Try again; if it stays, ask your DATMAN admin");
    }

    private WebApplicationException missing(String path, java.nio.file.Path file) throws IOException {
        List<Published> known = published.of(path);
        if (known.isEmpty()) {
            return new NotFoundException("The archive has no such file");
        }
        return archive.isThere()
                ? wrong(
                        path,
                        known.get(0),
                        "it is missing",
                        lastChange(Objects.requireNonNull(file.getParent(), "a file lies in a folder")))
                : new ServiceUnavailableException(
                        "The archive is not available now: is it mounted? Try again, or ask your DATMAN admin");
    }

    /** Reports that a file is not as published, unless it was changed so recently that the event may still be in transit. */
    private WebApplicationException wrong(String path, Published one, String problem, Instant since) {
        if (since.plus(TRANSIT).isAfter(clock.instant())) {
            return conflict(path + " is being replaced just now. Load the page again in a minute");
        }
        LOG.warnf("A file is not as it was published and was not sent file=%s problem=%s", path, problem);
        changed.report(path, one, problem);
        return conflict(path + " is not served: " + problem + ". It is reported as a failure of its session,"
                + " where a manager can reprocess it");
    }

    private static WebApplicationException conflict(String message) {
        return new ClientErrorException(message, Response.Status.CONFLICT);
    }

    /** When an entry of the folder, or of its nearest existing parent, was last added or removed. */
    private static Instant lastChange(java.nio.file.Path folder) throws IOException {
        java.nio.file.Path parent = folder.getParent();
        return parent == null || Files.exists(folder)
                ? Files.getLastModifiedTime(folder).toInstant()
                : lastChange(parent);
    }

    /** The path of a file that may be requested, whether or not it exists. */
    private java.nio.file.Path find(String relative) throws IOException {
        try {
            java.nio.file.Path file = archive.resolve(relative);
            boolean hidden = archive.relative(file).startsWith(".")
                    || archive.relative(file).contains("/.");
            // A symbolic link in the archive must not lead out of it either.
            boolean outside = Files.exists(file)
                    && !file.toRealPath().startsWith(archive.root().toRealPath());
            if (hidden || outside || Files.isDirectory(file)) {
                throw new NotFoundException("The archive has no such file");
            }
            return file;
        } catch (IllegalArgumentException e) {
            LOG.warnf("Refused to serve a file error=%s", Texts.of(e).replaceAll("[^\\x20-\\x7e]", "?"));
            throw new NotFoundException("The archive has no such file");
        }
    }

    private static String plain(String name) {
        return name.replaceAll("[^A-Za-z0-9._-]", "_");
    }
}

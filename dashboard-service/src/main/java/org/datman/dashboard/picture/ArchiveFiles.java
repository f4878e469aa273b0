package org.datman.dashboard.picture;

import io.vertx.core.http.HttpServerResponse;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.EntityTag;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.datman.dashboard.login.Role;
import org.datman.platform.archive.Archive;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.logging.Logger;

/**
 * Serves the files of the archive. Nothing in it is trusted: only pictures of pixels and what QC drew are shown, all else is a
 * download, and whatever a browser may still make of it lies in a sandbox without our origin, scripts or network.
 */
@Path("/files")
@RolesAllowed(Role.VIEWER)
public class ArchiveFiles {

    private static final Logger LOG = Logger.getLogger(ArchiveFiles.class);

    private static final Map<String, String> SHOWN = Map.of(
            "png", "image/png", "jpg", "image/jpeg", "jpeg", "image/jpeg", "webp", "image/webp", "gif", "image/gif");

    /** What QC writes beside its pixels: plots and the report page. Where others may write, such files are downloads. */
    private static final Pattern DRAWN_BY_QC =
            Pattern.compile("[^/]+/qc/[^/]+/[^/]+/([a-z0-9_-]+\\.svg|report\\.html)");

    private static final String POLICY = "Content-Security-Policy";
    private static final String SANDBOX =
            "default-src 'none'; img-src data:; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'";

    private final Archive archive;

    ArchiveFiles(Archive archive) {
        this.archive = archive;
    }

    /**
     * One file.
     *
     * @param relative as it stands in events
     * @param sha256 the digest of the file as an event had it: such an address always means the same bytes, so browsers may
     *     keep it
     */
    @GET
    @Path("{path: .+}")
    @Operation(summary = "A file of the archive")
    public Response file(
            @PathParam("path") String relative,
            @QueryParam("sha256") @DefaultValue("") String sha256,
            @Context Request request,
            @Context HttpServerResponse raw)
            throws IOException {
        // The pages' policy would hold beside this one and take the report its pictures.
        raw.headers().remove(POLICY);
        java.nio.file.Path file = find(relative);
        BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
        EntityTag tag = new EntityTag(Long.toHexString(attributes.size()) + "-"
                + Long.toHexString(attributes.lastModifiedTime().toMillis()));
        Response.ResponseBuilder unchanged = request.evaluatePreconditions(tag);
        if (unchanged != null) {
            return unchanged.build();
        }
        String name = file.getFileName().toString();
        String extension = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        String shown = SHOWN.get(extension);
        if (shown == null && DRAWN_BY_QC.matcher(archive.relative(file)).matches()) {
            shown = extension.equals("svg") ? "image/svg+xml" : "text/html;charset=UTF-8";
        }
        return Response.ok(file.toFile(), shown == null ? "application/octet-stream" : shown)
                .tag(tag)
                .header(
                        "Content-Disposition",
                        shown == null ? "attachment; filename=\"" + plain(name) + "\"" : "inline")
                .header(POLICY, SANDBOX)
                .header(
                        "Cache-Control",
                        sha256.isEmpty() ? "private, no-cache" : "private, max-age=31536000, immutable")
                .build();
    }

    private java.nio.file.Path find(String relative) throws IOException {
        try {
            java.nio.file.Path file = archive.resolve(relative);
            boolean hidden = archive.relative(file).startsWith(".")
                    || archive.relative(file).contains("/.");
            // A link in the archive must not lead out of it either.
            if (hidden
                    || !Files.isRegularFile(file)
                    || !file.toRealPath().startsWith(archive.root().toRealPath())) {
                throw new NotFoundException("The archive has no such file");
            }
            return file;
        } catch (IllegalArgumentException e) {
            LOG.warnf("Refused to serve a file: %s", e.getMessage().replaceAll("[^\\x20-\\x7e]", "?"));
            throw new NotFoundException("The archive has no such file");
        }
    }

    private static String plain(String name) {
        return name.replaceAll("[^A-Za-z0-9._-]", "_");
    }
}

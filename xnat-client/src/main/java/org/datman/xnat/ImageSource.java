package org.datman.xnat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A server from which sessions are read: what ingest and export ask it, whatever it is. The records have XNAT's terms. Safe for many
 * threads; one per server and account is enough, closed at shutdown.
 *
 * <p>Every method may throw {@link XnatOutage}, {@link XnatDenied}, {@link XnatGone} or {@link XnatProtocol}, and blocks while it
 * retries during an outage.
 */
public interface ImageSource extends AutoCloseable {

    /** What the server is. */
    SourceKind kind();

    /** How it reaches the server. */
    XnatConfig config();

    /** The short name under which DATMAN knows this server. */
    String server();

    /** All imaging sessions that a project lists, its own and those shared into it. */
    List<XnatListed> experimentsOf(String project);

    /** A session with its scans, by its accession id. {@link XnatGone} when it does not exist for this account. */
    XnatSession session(String accession);

    /** All resources of a session and of its scans, not those of assessors. */
    List<XnatResource> resources(String accession);

    /** The resources of a subject itself; none when this account may not read the subject. */
    List<XnatResource> resourcesOfSubject(String subject);

    /** The resources of a project itself; none when this account may not read the project. */
    List<XnatResource> resourcesOfProject(String project);

    /** The file listing of a resource: what a download must match. */
    List<XnatFile> files(ResourceRef resource);

    /**
     * A file's bytes as a stream. A pause longer than the idle timeout or a broken connection is an {@link IOException}
     * of the stream; closing it early ends the transfer.
     *
     * @param path as in the listing
     */
    InputStream openFile(ResourceRef resource, String path);

    /** Downloads one file, again from the start when the transfer breaks. */
    Downloaded downloadFile(ResourceRef resource, String path, Path target);

    /** Whether a zip of a resource names its files as the listing does; else each is downloaded by itself. */
    boolean hasZips();

    /**
     * Reads a resource as a zip while it arrives, again from the start when the transfer breaks. A complete zip may still lack
     * files: compare it with {@link #files}.
     *
     * @param reader an {@link IOException} of it repeats the request, so it handles by itself what is wrong with the zip
     */
    <T> T readZip(ResourceRef resource, ZipReader<T> reader);

    /** The headers of whole series by one request; empty where the server has no such thing, or the settings do not want it. */
    default Optional<DicomWeb> dicomWeb() {
        return Optional.empty();
    }

    /** The account's name on the server; {@link XnatDenied} when the login is refused. */
    String whoAmI();

    @Override
    void close();

    /** Reads a zip from the beginning; may be called again. */
    @FunctionalInterface
    interface ZipReader<T> {
        T read(InputStream zip) throws IOException;
    }
}

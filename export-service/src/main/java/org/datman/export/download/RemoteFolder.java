package org.datman.export.download;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.datman.xnat.Downloaded;
import org.datman.xnat.ImageSource;
import org.datman.xnat.ImageSource.ZipReader;
import org.datman.xnat.ResourceRef;
import org.datman.xnat.SourceKind;
import org.datman.xnat.XnatFile;

/** A folder of files on XNAT. All methods throw the exceptions of {@link ImageSource}. */
public interface RemoteFolder {

    /** What the server is. */
    SourceKind kind();

    /** The listing of its files: the reference that a download is verified against. */
    List<XnatFile> list();

    /** Whether {@link #zip} is worth a try. */
    default boolean hasZips() {
        return true;
    }

    /** Reads all files as one zip while it arrives. A complete transfer does not prove complete content. */
    <T> T zip(ZipReader<T> reader);

    /** One file, by its path in the listing. */
    Downloaded file(String path, Path target);

    /**
     * Files of the folder that need no download: copied to their targets, and verified against the listing.
     *
     * @param targets of all listed files
     * @param remarks receives where they were taken from, and what could not be read
     * @return by path; none unless an earlier archive was adopted
     * @throws IOException when they cannot be written
     */
    default Map<String, VerifiedFile> atHand(Map<XnatFile, Path> targets, List<String> remarks) throws IOException {
        return Map.of();
    }

    /** The same folder, of which files may be at hand in an earlier archive that was adopted (see {@code datman adopt}). */
    default RemoteFolder orAdopted(Path archive, String uid) {
        return new AdoptedFolder(this, archive, uid);
    }

    /** A resource of an XNAT. */
    static RemoteFolder of(ImageSource xnat, ResourceRef resource) {
        return new RemoteFolder() {
            @Override
            public SourceKind kind() {
                return xnat.kind();
            }

            @Override
            public List<XnatFile> list() {
                return xnat.files(resource);
            }

            @Override
            public boolean hasZips() {
                return xnat.hasZips();
            }

            @Override
            public <T> T zip(ZipReader<T> reader) {
                return xnat.readZip(resource, reader);
            }

            @Override
            public Downloaded file(String path, Path target) {
                return xnat.downloadFile(resource, path, target);
            }
        };
    }
}

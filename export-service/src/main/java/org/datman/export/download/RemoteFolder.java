package org.datman.export.download;

import java.nio.file.Path;
import java.util.List;
import org.datman.xnat.Downloaded;
import org.datman.xnat.ResourceRef;
import org.datman.xnat.XnatClient;
import org.datman.xnat.XnatClient.ZipReader;
import org.datman.xnat.XnatFile;

/** A folder of files on XNAT. All methods throw the exceptions of {@link XnatClient}. */
public interface RemoteFolder {

    /** The listing of its files: the reference that a download is verified against. */
    List<XnatFile> list();

    /** Reads all files as one zip while it arrives. A complete transfer does not prove complete content. */
    <T> T zip(ZipReader<T> reader);

    /** One file, by its path in the listing. */
    Downloaded file(String path, Path target);

    /** A resource of an XNAT. */
    static RemoteFolder of(XnatClient xnat, ResourceRef resource) {
        return new RemoteFolder() {
            @Override
            public List<XnatFile> list() {
                return xnat.files(resource);
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

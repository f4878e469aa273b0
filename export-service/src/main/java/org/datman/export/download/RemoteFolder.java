package org.datman.export.download;

import java.nio.file.Path;
import java.util.List;
import org.datman.xnat.Downloaded;
import org.datman.xnat.ResourceRef;
import org.datman.xnat.XnatClient;
import org.datman.xnat.XnatFile;

/** A folder of files on XNAT. All methods throw the exceptions of {@link XnatClient}. */
public interface RemoteFolder {

    /** The listing of its files: the reference that a download is verified against. */
    List<XnatFile> list();

    /** All files as one zip. A complete transfer does not prove complete content. */
    Downloaded zip(Path target);

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
            public Downloaded zip(Path target) {
                return xnat.downloadZip(resource, target);
            }

            @Override
            public Downloaded file(String path, Path target) {
                return xnat.downloadFile(resource, path, target);
            }
        };
    }
}

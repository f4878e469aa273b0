package org.datman.export.download;

import java.nio.file.Path;
import java.util.List;
import org.datman.xnat.Downloaded;
import org.datman.xnat.ResourceRef;
import org.datman.xnat.XnatClient;
import org.datman.xnat.XnatFile;

/** A folder of files on XNAT, as far as a download needs it. All methods throw what {@link XnatClient} throws. */
public interface RemoteFolder {

    /** What is there: the truth that a download is held against. */
    List<XnatFile> list();

    /** All files as one zip. That it came to its end proves nothing. */
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

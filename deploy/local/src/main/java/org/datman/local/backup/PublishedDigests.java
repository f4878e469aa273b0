package org.datman.local.backup;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.datman.contracts.archive.ExportIndex;
import org.datman.contracts.event.FileRef;
import org.jspecify.annotations.Nullable;

/** Digests of the files of an archive as they were published; its index is read when the first of them is asked for. */
final class PublishedDigests implements TreeCopy.Digests {

    private final Path archive;
    private @Nullable Map<String, FileRef> byPath;

    PublishedDigests(Path archive) {
        this.archive = archive;
    }

    @Override
    public @Nullable String find(String path, long size) throws IOException {
        Map<String, FileRef> all = byPath;
        if (all == null) {
            all = read();
            byPath = all;
        }
        FileRef file = all.get(path);
        return file != null && file.size() == size ? file.sha256() : null;
    }

    private Map<String, FileRef> read() throws IOException {
        Map<String, FileRef> all = new HashMap<>();
        for (String index : ExportIndex.files(archive)) {
            try {
                ExportIndex.read(archive, index)
                        .ifPresent(entry -> entry.files().forEach(file -> all.put(file.path(), file)));
            } catch (IOException damaged) {
                // Its files are read; that it is damaged is in the inbox.
                continue;
            }
        }
        return all;
    }
}

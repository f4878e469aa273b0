package org.datman.pipeline.bids;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.commons.codec.digest.DigestUtils;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.FileRole;
import org.jspecify.annotations.Nullable;

/**
 * A file of a session folder.
 *
 * @param path in the session folder, with forward slashes
 * @param source the file of the archive that it is; null when it is written
 * @param text what is written; empty for a file of the archive
 */
record PlannedFile(String path, @Nullable FileRef source, String text) {

    static PlannedFile written(String path, String text) {
        return new PlannedFile(path, null, text);
    }

    static PlannedFile of(String path, FileRef source) {
        return new PlannedFile(path, source, "");
    }

    Optional<FileRef> findSource() {
        return Optional.ofNullable(source);
    }

    String sha256() {
        return source == null ? DigestUtils.sha256Hex(text) : source.sha256();
    }

    /** As a file of the archive, in that session folder. */
    FileRef in(String folder) {
        return new FileRef(
                FileRole.OTHER,
                folder + "/" + path,
                source == null ? text.getBytes(StandardCharsets.UTF_8).length : source.size(),
                sha256());
    }
}

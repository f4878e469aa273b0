package org.datman.xnat;

import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A file as in the listing of its resource. The path is hostile until proven otherwise.
 *
 * @param path relative to the resource, forward slashes, not percent-encoded
 * @param size in bytes; empty when XNAT does not state it
 * @param md5 lower-case hex; null when XNAT has not computed it
 */
public record XnatFile(
        String path, OptionalLong size, @Nullable String md5) {

    public Optional<String> findMd5() {
        return Optional.ofNullable(md5);
    }
}

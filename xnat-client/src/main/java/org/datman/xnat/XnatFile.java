package org.datman.xnat;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * A file as in the listing of its resource. The path is hostile until proven otherwise.
 *
 * @param path relative to the resource, forward slashes, not percent-encoded
 * @param size in bytes; empty when XNAT does not state it
 * @param md5 lower-case hex; empty when XNAT has not computed it
 */
public record XnatFile(String path, OptionalLong size, Optional<String> md5) {}

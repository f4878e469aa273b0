package org.datman.xnat;

import java.nio.file.Path;

/** What was written, with the digests of all bytes as they came: lower-case hex. */
public record Downloaded(Path file, long size, String sha256, String md5) {}

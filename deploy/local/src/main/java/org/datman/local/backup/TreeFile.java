package org.datman.local.backup;

/**
 * A file of a folder that is backed up.
 *
 * @param path in the folder
 * @param size in bytes
 * @param facts by which a later backup sees without reading it that the file is the same: size, times of change of content and of the file
 *     in ns, number on its disk
 * @param modified when it was changed, in ms since 1970
 * @param mode its permissions, as {@code rw-r--r--}; empty where the system has none
 * @param sha256 of its bytes; empty for a link
 * @param link where it leads, for a symbolic link; else empty
 */
record TreeFile(String path, long size, String facts, long modified, String mode, String sha256, String link) {}

package org.datman.export.download;

import java.nio.file.Path;

/**
 * A downloaded file that matches XNAT's listing.
 *
 * @param path in the XNAT resource; untrusted, for display only
 * @param local location in the work directory, under a name chosen by DATMAN
 * @param size in bytes
 * @param sha256 lower-case hex
 * @param md5 lower-case hex
 * @param verified whether XNAT's MD5 matched; false when XNAT had none, and then at most the size was compared
 */
public record VerifiedFile(String path, Path local, long size, String sha256, String md5, boolean verified) {}

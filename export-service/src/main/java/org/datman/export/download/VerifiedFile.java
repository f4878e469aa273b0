package org.datman.export.download;

import java.nio.file.Path;

/**
 * A file that arrived as XNAT lists it.
 *
 * @param path in the XNAT resource; hostile, only ever shown
 * @param local where it lies in the scratch folder, under a name that DATMAN made
 * @param size in bytes
 * @param sha256 lower-case hex
 * @param md5 lower-case hex
 * @param verified whether XNAT's MD5 agreed; false when XNAT had none, and then at most the size was compared
 */
public record VerifiedFile(String path, Path local, long size, String sha256, String md5, boolean verified) {}

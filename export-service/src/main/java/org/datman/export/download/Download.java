package org.datman.export.download;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import org.datman.platform.archive.Archive;
import org.datman.xnat.XnatFile;

/**
 * All files of a resource, each as listed.
 *
 * @param files in the order of their paths
 * @param listing the file listing that was the same before and after
 * @param remarks what was odd but could be put right, for the provenance
 */
public record Download(List<VerifiedFile> files, List<XnatFile> listing, List<String> remarks) {

    /** SHA-256 over the sorted SHA-256 digests of the files: what was read, whatever the files are called. */
    public String sourceDigest() {
        MessageDigest digest = Archive.sha256();
        files.stream()
                .map(VerifiedFile::sha256)
                .sorted()
                .forEach(sha -> digest.update((sha + "\n").getBytes(StandardCharsets.US_ASCII)));
        return HexFormat.of().formatHex(digest.digest());
    }

    /** The same, with the paths of its files below that name: to be told from those of other resources. */
    public Download below(String name) {
        return new Download(
                files.stream()
                        .map(file -> new VerifiedFile(
                                name + "/" + file.path(),
                                file.local(),
                                file.size(),
                                file.sha256(),
                                file.md5(),
                                file.verified()))
                        .toList(),
                listing,
                remarks.stream().map(remark -> name + ": " + remark).toList());
    }

    /** Several as one. */
    public static Download together(List<Download> downloads) {
        return new Download(
                downloads.stream().flatMap(one -> one.files().stream()).toList(),
                downloads.stream().flatMap(one -> one.listing().stream()).toList(),
                downloads.stream().flatMap(one -> one.remarks().stream()).toList());
    }

    /** Bytes of all files. */
    public long byteCount() {
        return files.stream().mapToLong(VerifiedFile::size).sum();
    }
}

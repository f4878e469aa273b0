package org.datman.export.download;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import org.apache.commons.codec.digest.DigestUtils;

/**
 * All files of a resource, or of the resources of several scans, each as listed.
 *
 * @param files in the order of their paths
 * @param fingerprint of the file listing, equal before and after the download; see {@link #fingerprint(List)}
 * @param remarks problems that were corrected, for the provenance
 */
public record VerifiedDownload(List<VerifiedFile> files, String fingerprint, List<String> remarks) {

    /** SHA-256 over the sorted SHA-256 digests of the files: the content that was read, independent of file names. */
    public String sourceDigest() {
        MessageDigest digest = DigestUtils.getSha256Digest();
        files.stream()
                .map(VerifiedFile::sha256)
                .sorted()
                .forEach(sha -> digest.update((sha + "\n").getBytes(StandardCharsets.US_ASCII)));
        return HexFormat.of().formatHex(digest.digest());
    }

    /** A copy with the paths of its files below that name: to distinguish them from those of other resources. */
    VerifiedDownload below(String name) {
        return new VerifiedDownload(
                files.stream()
                        .map(file -> new VerifiedFile(
                                name + "/" + file.path(),
                                file.local(),
                                file.size(),
                                file.sha256(),
                                file.md5(),
                                file.verified()))
                        .toList(),
                fingerprint,
                remarks.stream().map(remark -> name + ": " + remark).toList());
    }

    /** Merges several downloads. */
    static VerifiedDownload together(List<VerifiedDownload> downloads) {
        return new VerifiedDownload(
                downloads.stream().flatMap(one -> one.files().stream()).toList(),
                fingerprint(
                        downloads.stream().map(VerifiedDownload::fingerprint).toList()),
                downloads.stream().flatMap(one -> one.remarks().stream()).toList());
    }

    /** Combined fingerprint of file listings; a single one is unchanged. */
    public static String fingerprint(List<String> listings) {
        return listings.size() == 1 ? listings.get(0) : DigestUtils.sha256Hex(String.join("\n", listings));
    }
}

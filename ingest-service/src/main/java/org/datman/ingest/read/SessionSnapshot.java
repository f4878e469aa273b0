package org.datman.ingest.read;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.ResourceDiscovered.Level;
import org.datman.contracts.event.SeriesDiscovered;
import org.datman.xnat.XnatScan;
import org.datman.xnat.XnatSession;
import org.jspecify.annotations.Nullable;

/**
 * The state of a session on its server at one point in time.
 *
 * @param outline digest of all but the file listings; when the server did not list all files what it did not list, which no digest is like
 * @param unlistedFolders what the server did not list the files of, by name: what is known of them stands in {@code series} and {@code resources}
 */
public record SessionSnapshot(
        XnatSession session,
        List<Series> series,
        List<ResourceFile> resources,
        String outline,
        List<String> unlistedFolders) {

    /** Code of the failure of a session whose files the server does not list. */
    public static final String NOT_LISTED = "files-not-listed";

    private static final String UNLISTED = "not listed: ";

    public SessionSnapshot {
        unlistedFolders = List.copyOf(unlistedFolders);
    }

    /** Whether all files were listed; else it is to be read again. */
    public boolean isListed() {
        return unlistedFolders.isEmpty();
    }

    /** In place of the digest, when these were not listed. */
    static String unlistedOutline(List<String> folders) {
        return UNLISTED + String.join(", ", folders);
    }

    /** Whether an outline is of a session of which not all files were listed. */
    public static boolean isUnlisted(String outline) {
        return outline.startsWith(UNLISTED);
    }

    /** Why it may have more files than are known; empty when all were listed. */
    public Optional<Reason> unlisted() {
        return isListed()
                ? Optional.empty()
                : Optional.of(new Reason(
                        NOT_LISTED,
                        "The server answers, but does not list the files of " + String.join(", ", unlistedFolders)
                                + ": what was known of them before stays",
                        "Look at them on the server; the session is read again by itself"));
    }

    /** SeriesInstanceUIDs of its scans, as the server and as the headers have them. */
    public Set<String> uids() {
        return series.stream()
                .flatMap(one -> Stream.concat(one.scan().findUid().stream(), one.header().findUid().stream()))
                .collect(Collectors.toSet());
    }

    /** A scan with its DICOM resource, if it has one. */
    public record Series(
            XnatScan scan,
            SeriesDiscovered.Status status,
            @Nullable Reason problem,
            @Nullable String resource,
            long fileCount,
            long byteCount,
            String fingerprint,
            HeaderFacts header) {

        public Optional<Reason> findProblem() {
            return Optional.ofNullable(problem);
        }

        public Optional<String> findResource() {
            return Optional.ofNullable(resource);
        }
    }

    /**
     * A file of paired data.
     *
     * @param level the level that its folder belongs to
     * @param owner scan, subject or project; null for the session
     */
    public record ResourceFile(
            Level level,
            @Nullable String owner,
            String resource,
            String label,
            String path,
            long size,
            @Nullable String md5) {

        public Optional<String> findOwner() {
            return Optional.ofNullable(owner);
        }

        public Optional<String> findMd5() {
            return Optional.ofNullable(md5);
        }
    }
}

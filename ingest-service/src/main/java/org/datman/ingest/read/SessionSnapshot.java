package org.datman.ingest.read;

import java.util.List;
import java.util.Optional;
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.ResourceDiscovered.Level;
import org.datman.contracts.event.SeriesDiscovered;
import org.datman.xnat.XnatScan;
import org.datman.xnat.XnatSession;
import org.jspecify.annotations.Nullable;

/**
 * The state of a session on XNAT at one point in time.
 *
 * @param outline digest of all but the file listings; empty when XNAT did not list the files of every scan
 */
public record SessionSnapshot(XnatSession session, List<Series> series, List<ResourceFile> resources, String outline) {

    /** Whether the files of all scans were listed; else it is to be read again. */
    public boolean isListed() {
        return !outline.isEmpty();
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

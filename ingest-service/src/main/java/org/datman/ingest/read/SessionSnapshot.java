package org.datman.ingest.read;

import java.util.List;
import java.util.Optional;
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.ResourceDiscovered.Level;
import org.datman.contracts.event.SeriesDiscovered;
import org.datman.xnat.XnatScan;
import org.datman.xnat.XnatSession;

/**
 * The state of a session on XNAT at one point in time.
 *
 * @param outline digest of all but the file listings
 */
public record SessionSnapshot(XnatSession session, List<Series> series, List<ResourceFile> resources, String outline) {

    /** A scan with its DICOM resource, if it has one. */
    public record Series(
            XnatScan scan,
            SeriesDiscovered.Status status,
            Optional<Reason> problem,
            Optional<String> resource,
            long fileCount,
            long byteCount,
            String fingerprint,
            HeaderFacts header) {}

    /**
     * A file of paired data.
     *
     * @param level the level that its folder belongs to
     * @param owner scan, subject or project; empty for the session
     */
    public record ResourceFile(
            Level level,
            Optional<String> owner,
            String resource,
            String label,
            String path,
            long size,
            Optional<String> md5) {}
}

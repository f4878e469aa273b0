package org.datman.pipeline.bids;

import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.datman.bids.dataset.BidsFileName;

/**
 * What the tables of a dataset need of one of its sessions; stored as JSON with the session.
 *
 * @param subject {@code sub-CMH0001}
 * @param session {@code ses-01}
 * @param participant {@code STUDY_SITE_SUBJECT}: one subject label is one participant
 * @param acquired time of its first image, as BIDS writes it
 */
record BidsSummary(
        String subject,
        String session,
        String site,
        String participant,
        Optional<String> acquired,
        boolean signedOff,
        List<Scan> scans) {

    /**
     * An image of the session.
     *
     * @param entities by short name
     * @param passed whether QC or a person passed it
     */
    record Scan(String datatype, String suffix, Map<String, String> entities, boolean passed) {}

    /** The same of a session whose files could not be made to match what a person signed off. */
    BidsSummary notSignedOff() {
        return new BidsSummary(subject, session, site, participant, acquired, false, scans);
    }

    static BidsSummary of(SessionPlan plan) {
        BidsSession session = plan.session();
        return new BidsSummary(
                session.subject(),
                session.session(),
                session.site(),
                session.id().fullSubject(),
                plan.images().stream()
                        .flatMap(image -> image.image().time().stream())
                        .min(LocalDateTime::compareTo)
                        .map(ScansTable::time),
                session.signedOff(),
                Stream.concat(
                                plan.images().stream()
                                        .map(image -> new Scan(
                                                image.path().datatype(),
                                                image.path().suffix(),
                                                image.path().entities(),
                                                image.image().isPassed())),
                                plan.supplied().stream().flatMap(file -> scan(file.path()).stream()))
                        .toList());
    }

    /** An image that came as BIDS, which nobody passed; empty for another file. */
    private static Optional<Scan> scan(String path) {
        if (!path.endsWith(".nii.gz") && !path.endsWith(".nii")) {
            return Optional.empty();
        }
        BidsFileName name = BidsFileName.parse(path.substring(path.lastIndexOf('/') + 1));
        Map<String, String> entities = new TreeMap<>(name.entities());
        entities.keySet().removeAll(Set.of("sub", "ses"));
        return Optional.of(new Scan(path.substring(0, Math.max(0, path.indexOf('/'))), name.suffix(), entities, false));
    }
}

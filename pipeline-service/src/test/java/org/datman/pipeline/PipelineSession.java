package org.datman.pipeline;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.FileRole;
import org.datman.contracts.event.QcComplete;
import org.datman.contracts.event.QcReviewed;
import org.datman.contracts.event.ReprocessRequested;
import org.datman.contracts.event.ReprocessRequestedBuilder;
import org.datman.contracts.event.ResourceExported;
import org.datman.contracts.event.SeriesExported;
import org.datman.contracts.event.SessionChecked;
import org.datman.contracts.event.SessionDiscovered;
import org.datman.contracts.event.SessionRef;
import org.datman.contracts.testkit.EventFixtures;
import org.datman.platform.archive.Archive;

/** A session of a study as the other services publish it, with images in the archive of the service under test. */
record PipelineSession(EventFixtures events, boolean phantom) {

    static final Path ARCHIVE = Path.of("target/archive");

    static PipelineSession of(String study, String number) {
        return new PipelineSession(EventFixtures.of(study + "_" + number, study + "_CMH_" + number + "_01_01"), false);
    }

    SessionRef ref() {
        return events.session();
    }

    String name() {
        return events.name();
    }

    String stem(String tag, String scan) {
        return events.stem(scan, tag);
    }

    SessionDiscovered discovered() {
        return events.discovered(1, name()).withPhantom(phantom);
    }

    /** Stores an image in the archive. */
    FileRef stored(String tag, String scan, byte[] nifti) throws IOException {
        String path = events.study() + "/nii/" + name() + "/" + stem(tag, scan) + ".nii";
        return new Archive(ARCHIVE).write(FileRole.NIFTI, path, nifti);
    }

    /** Stores a file beside an image in the archive. */
    FileRef stored(String tag, String scan, FileRole role, String text) throws IOException {
        String path = events.study() + "/nii/" + name() + "/" + stem(tag, scan) + "." + role.key();
        return new Archive(ARCHIVE).write(role, path, text.getBytes(StandardCharsets.UTF_8));
    }

    SeriesExported exported(String tag, String scan, FileRef... files) {
        return events.exported(scan, 1, tag, List.of(files)).withPhantom(phantom);
    }

    /** A file of the session's folder BIDS, in the archive. */
    ResourceExported cameAsBids(String path, long revision, byte[] content) throws IOException {
        String place = events.study() + "/resources/" + name() + "/BIDS/" + path;
        FileRef file = new Archive(ARCHIVE).write(FileRole.RESOURCE, place, content);
        return events.exportedResource(path)
                .withLabel("BIDS")
                .withResourceRevision(revision)
                .withFile(Optional.of(file));
    }

    QcComplete measured(String tag, String scan, String sha256, QcComplete.Level level, String... reasons) {
        return events.measured(scan, 1, tag, level, reasons)
                .withInputSha256(sha256)
                .withRunKey("run-" + sha256);
    }

    QcReviewed reviewed(String tag, String scan, QcReviewed.Decision decision, String... seen) {
        return events.reviewed(scan, tag, "rater", decision, time(decision), "review-" + decision + scan)
                .withSeen(List.of(seen));
    }

    SessionChecked checked(boolean complete, String... reasons) {
        return events.checked(1, complete).withReasons(List.of(reasons));
    }

    /** A sign-off of the whole session. */
    QcReviewed signedOff(QcReviewed.Decision decision, String... seen) {
        return reviewed("", "", decision, seen)
                .withReviewId("sign-off-" + decision)
                .withScan(Optional.empty())
                .withStem(Optional.empty());
    }

    ReprocessRequested askedAgain(String requestId) {
        return askedAgain(requestId, Optional.empty());
    }

    ReprocessRequested askedAgain(String requestId, Optional<String> pipeline) {
        return ReprocessRequestedBuilder.builder()
                .session(ref())
                .stage(ReprocessRequested.Stage.PIPELINE)
                .requestId(requestId)
                .requestedBy("analyst")
                .time(EventFixtures.START)
                .pipeline(pipeline)
                .build();
    }

    private static Instant time(QcReviewed.Decision decision) {
        return EventFixtures.START.plusSeconds(decision.ordinal());
    }
}

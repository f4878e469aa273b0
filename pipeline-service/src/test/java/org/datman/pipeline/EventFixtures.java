package org.datman.pipeline;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.QcComplete;
import org.datman.contracts.event.QcCompleteBuilder;
import org.datman.contracts.event.QcReviewed;
import org.datman.contracts.event.QcReviewedBuilder;
import org.datman.contracts.event.ReprocessRequested;
import org.datman.contracts.event.ReprocessRequestedBuilder;
import org.datman.contracts.event.SeriesExported;
import org.datman.contracts.event.SeriesExportedBuilder;
import org.datman.contracts.event.SessionChecked;
import org.datman.contracts.event.SessionCheckedBuilder;
import org.datman.contracts.event.SessionDiscovered;
import org.datman.contracts.event.SessionDiscoveredBuilder;
import org.datman.contracts.event.SessionRef;
import org.datman.platform.archive.Archive;

/** A session of a study as published by the other services. */
record EventFixtures(String study, String number, boolean phantom) {

    static final Path ARCHIVE = Path.of("target/archive");
    private static final Instant TIME = Instant.parse("2026-03-01T10:00:00Z");

    static EventFixtures of(String study, String number) {
        return new EventFixtures(study, number, false);
    }

    SessionRef ref() {
        return new SessionRef("test", study + "_" + number);
    }

    String name() {
        return study + "_CMH_" + number + "_01_01";
    }

    String stem(String tag, String scan) {
        return name() + "_" + tag + "_" + scan + "_image";
    }

    SessionDiscovered discovered() {
        return SessionDiscoveredBuilder.builder()
                .session(ref())
                .sessionRevision(1)
                .status(SessionDiscovered.Status.PRESENT)
                .project(study)
                .subjectLabel(name())
                .label(name())
                .phantom(phantom)
                .configRevision("config")
                .study(Optional.of(study))
                .site(Optional.of("CMH"))
                .name(Optional.of(name()))
                .date(Optional.of(LocalDate.of(2026, 3, 1)))
                .build();
    }

    /** Stores an image in the archive. */
    FileRef stored(String tag, String scan, byte[] nifti) throws IOException {
        return new Archive(ARCHIVE).write("nifti", study + "/nii/" + name() + "/" + stem(tag, scan) + ".nii", nifti);
    }

    SeriesExported exported(String tag, String scan, FileRef... files) {
        return exported(tag, scan, 1, SeriesExported.Outcome.EXPORTED, files);
    }

    SeriesExported exported(String tag, String scan, long revision, SeriesExported.Outcome outcome, FileRef... files) {
        return SeriesExportedBuilder.builder()
                .session(ref())
                .seriesRevision(revision)
                .exportRevision(1)
                .outcome(outcome)
                .study(study)
                .site("CMH")
                .sessionName(name())
                .phantom(phantom)
                .scan(scan)
                .products(List.of(
                        new SeriesExported.Product(stem(tag, scan), tag, "anat", List.of(2, 2, 2, 1), List.of(files))))
                .runKey("run")
                .configRevision("config")
                .started(TIME)
                .finished(TIME)
                .seriesNumber(Optional.of(1L))
                .date(Optional.of(LocalDate.parse("2026-03-01")))
                .build();
    }

    QcComplete measured(String tag, String scan, String sha256, QcComplete.Level level, String... reasons) {
        return QcCompleteBuilder.builder()
                .session(ref())
                .seriesRevision(1)
                .study(study)
                .site("CMH")
                .sessionName(name())
                .scan(scan)
                .stem(stem(tag, scan))
                .tag(tag)
                .kind("anat")
                .metrics(List.of())
                .flags(List.of())
                .headerDifferences(List.of())
                .pictures(List.of())
                .files(List.of())
                .verdict(new QcComplete.Verdict(level, List.of(reasons)))
                .inputSha256(sha256)
                .tool("qc 1")
                .runKey("run-" + sha256)
                .configRevision("config")
                .started(TIME)
                .finished(TIME)
                .build();
    }

    QcReviewed reviewed(String tag, String scan, QcReviewed.Decision decision, String... seen) {
        return QcReviewedBuilder.builder()
                .session(ref())
                .reviewId("review-" + decision + scan)
                .study(study)
                .sessionName(name())
                .decision(decision)
                .seen(List.of(seen))
                .reviewer("rater")
                .time(TIME.plusSeconds(decision.ordinal()))
                .scan(Optional.of(scan))
                .stem(Optional.of(stem(tag, scan)))
                .build();
    }

    SessionChecked checked(boolean complete, String... reasons) {
        return SessionCheckedBuilder.builder()
                .session(ref())
                .settleRevision(1)
                .checkRevision(1)
                .study(study)
                .site("CMH")
                .sessionName(name())
                .phantom(phantom)
                .rows(List.of())
                .complete(complete)
                .reasons(List.of(reasons))
                .pending(List.of())
                .configRevision("config")
                .build();
    }

    /** A sign-off of the whole session. */
    QcReviewed signedOff(QcReviewed.Decision decision, String... seen) {
        return QcReviewedBuilder.builder()
                .session(ref())
                .reviewId("sign-off-" + decision)
                .study(study)
                .sessionName(name())
                .decision(decision)
                .seen(List.of(seen))
                .reviewer("rater")
                .time(TIME.plusSeconds(decision.ordinal()))
                .build();
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
                .time(TIME)
                .pipeline(pipeline)
                .build();
    }
}

package org.datman.pipeline;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.QcComplete;
import org.datman.contracts.event.QcReviewed;
import org.datman.contracts.event.ReprocessRequested;
import org.datman.contracts.event.SeriesExported;
import org.datman.contracts.event.SessionChecked;
import org.datman.contracts.event.SessionDiscovered;
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
        return new SessionDiscovered(
                ref(),
                1,
                SessionDiscovered.Status.PRESENT,
                study,
                name(),
                name(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(study),
                Optional.of("CMH"),
                Optional.of(name()),
                Optional.empty(),
                phantom,
                Optional.of(LocalDate.of(2026, 3, 1)),
                Optional.empty(),
                "config");
    }

    /** Stores an image in the archive. */
    FileRef stored(String tag, String scan, byte[] nifti) throws IOException {
        return new Archive(ARCHIVE).write("nifti", study + "/nii/" + name() + "/" + stem(tag, scan) + ".nii", nifti);
    }

    SeriesExported exported(String tag, String scan, FileRef... files) {
        return exported(tag, scan, 1, SeriesExported.Outcome.EXPORTED, files);
    }

    SeriesExported exported(String tag, String scan, long revision, SeriesExported.Outcome outcome, FileRef... files) {
        return new SeriesExported(
                ref(),
                revision,
                1,
                outcome,
                study,
                "CMH",
                name(),
                phantom,
                scan,
                Optional.of(1L),
                Optional.of("2026-03-01"),
                List.of(new SeriesExported.Product(stem(tag, scan), tag, "anat", List.of(2, 2, 2, 1), List.of(files))),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                "run",
                "config",
                TIME,
                TIME,
                Optional.empty(),
                Optional.empty());
    }

    QcComplete measured(String tag, String scan, String sha256, QcComplete.Level level, String... reasons) {
        return new QcComplete(
                ref(),
                1,
                study,
                "CMH",
                name(),
                scan,
                stem(tag, scan),
                tag,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                "anat",
                List.of(),
                List.of(),
                List.of(),
                Optional.empty(),
                List.of(),
                List.of(),
                new QcComplete.Verdict(level, List.of(reasons)),
                sha256,
                "qc 1",
                "run-" + sha256,
                "config",
                TIME,
                TIME);
    }

    QcReviewed reviewed(String tag, String scan, QcReviewed.Decision decision, String... seen) {
        return new QcReviewed(
                ref(),
                "review-" + decision + scan,
                study,
                name(),
                Optional.of(scan),
                Optional.of(stem(tag, scan)),
                decision,
                List.of(seen),
                "rater",
                TIME.plusSeconds(decision.ordinal()));
    }

    SessionChecked checked(boolean complete, String... reasons) {
        return new SessionChecked(
                ref(),
                1,
                1,
                study,
                "CMH",
                name(),
                phantom,
                Optional.empty(),
                List.of(),
                complete,
                List.of(reasons),
                List.of(),
                "config",
                Optional.empty());
    }

    /** A sign-off of the whole session. */
    QcReviewed signedOff(QcReviewed.Decision decision, String... seen) {
        return new QcReviewed(
                ref(),
                "sign-off-" + decision,
                study,
                name(),
                Optional.empty(),
                Optional.empty(),
                decision,
                List.of(seen),
                "rater",
                TIME.plusSeconds(decision.ordinal()));
    }

    ReprocessRequested askedAgain(String requestId) {
        return askedAgain(requestId, Optional.empty());
    }

    ReprocessRequested askedAgain(String requestId, Optional<String> pipeline) {
        return new ReprocessRequested(
                ref(),
                ReprocessRequested.Stage.PIPELINE,
                Optional.empty(),
                Optional.empty(),
                pipeline,
                requestId,
                "analyst",
                Optional.empty(),
                TIME);
    }
}

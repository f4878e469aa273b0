package org.datman.dashboard.projection;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.datman.contracts.event.QcComplete;
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.SeriesDiscovered;
import org.datman.contracts.event.SeriesExported;
import org.datman.contracts.event.SeriesTagged;
import org.datman.dashboard.projection.SeriesDetails.Image;
import org.datman.dashboard.projection.SeriesDetails.Review;
import org.jspecify.annotations.Nullable;

/**
 * The stage of a series, since when, and why it is not further. Derived from its latest events alone.
 *
 * @param stage the last completed stage
 * @param state whether it is in progress, at rest, or needs a person
 * @param reason why it is in this state; empty code and message when there is nothing to report
 * @param since when it reached this state
 * @param verdict the worst of its images; null while not all are measured
 * @param review the combined review of its images
 * @param measuredAt when the last image got its verdict; null while not all are measured
 */
public record SeriesStatus(
        Stage stage,
        State state,
        Reason reason,
        Instant since,
        QcComplete.@Nullable Level verdict,
        Review review,
        @Nullable Instant measuredAt) {

    /** The stages of a series in order. */
    public enum Stage {
        DISCOVERED,
        TAGGED,
        EXPORTED,
        MEASURED,
        REVIEWED
    }

    /**
     * {@code WORKING}: the next stage follows automatically; {@code DONE}: no automatic work is left;
     * {@code IGNORED}: excluded by a rule; {@code ATTENTION}: a person must decide something; {@code FAILED}: the work failed;
     * {@code REMOVED}: no longer on XNAT.
     */
    public enum State {
        WORKING,
        DONE,
        IGNORED,
        ATTENTION,
        FAILED,
        REMOVED
    }

    private static final Reason NONE = Reason.of("", "");
    private static final Set<SeriesTagged.Decision> NEED_A_RULE =
            Set.of(SeriesTagged.Decision.UNMATCHED, SeriesTagged.Decision.AMBIGUOUS, SeriesTagged.Decision.UNNAMED);

    public Optional<QcComplete.Level> findVerdict() {
        return Optional.ofNullable(verdict);
    }

    public Optional<Instant> findMeasuredAt() {
        return Optional.ofNullable(measuredAt);
    }

    /** The state of a series. */
    public static SeriesStatus of(SeriesDetails series) {
        SeriesStatus state = withoutFailures(series);
        Optional<OpenFailure> failure = series.failures().stream()
                .filter(f -> f.scan().equals(series.scan()))
                .max(Comparator.comparing(OpenFailure::time));
        if (failure.isEmpty() || state.state() == State.REMOVED) {
            return state;
        }
        OpenFailure f = failure.get();
        Reason reason = new Reason(f.code(), f.service() + ": " + f.message(), f.action());
        if (!f.kind().equals("TRANSIENT")) {
            boolean oldResultIsValid = f.service().equals("qc") && f.stage().equals("remeasure");
            return state.withReason(oldResultIsValid ? State.ATTENTION : State.FAILED, reason, f.time());
        }
        return state.state() == State.WORKING ? state.withReason(State.WORKING, reason, state.since()) : state;
    }

    private SeriesStatus withReason(State newState, Reason newReason, Instant newSince) {
        return new SeriesStatus(stage, newState, newReason, newSince, verdict, review, measuredAt);
    }

    private static SeriesStatus withoutFailures(SeriesDetails series) {
        long revision =
                series.findDiscovered().map(d -> d.event().seriesRevision()).orElse(0L);
        Optional<Recorded<SeriesTagged>> tagged =
                series.findTagged().filter(t -> t.event().seriesRevision() >= revision);
        boolean removed = series.findDiscovered()
                        .filter(d -> d.event().status() == SeriesDiscovered.Status.REMOVED)
                        .isPresent()
                || tagged.filter(t -> t.event().decision() == SeriesTagged.Decision.REMOVED)
                        .isPresent();
        if (removed) {
            Instant since = series.findDiscovered()
                    .map(Recorded::at)
                    .or(() -> tagged.map(Recorded::at))
                    .orElse(Instant.EPOCH);
            return at(Stage.DISCOVERED, State.REMOVED, Reason.of("removed", "It was removed from the server"), since);
        }
        if (tagged.isEmpty()) {
            Instant since = series.findDiscovered()
                    .map(Recorded::at)
                    .or(() -> series.findExported().map(Recorded::at))
                    .or(() -> series.measured().stream().map(Recorded::at).findFirst())
                    .or(() -> series.failures().stream().map(OpenFailure::time).findFirst())
                    .orElse(Instant.EPOCH);
            return at(Stage.DISCOVERED, State.WORKING, Reason.of("waits-for-tag", "Waits to be tagged"), since);
        }
        Recorded<SeriesTagged> tag = tagged.get();
        SeriesTagged.Decision decision = tag.event().decision();
        if (decision != SeriesTagged.Decision.TAGGED) {
            boolean needsSomebody = NEED_A_RULE.contains(decision)
                    || (decision == SeriesTagged.Decision.NOT_CONVERTIBLE
                            && !tag.event().reason().action().isEmpty());
            Optional<Reason> failedRenewal = series.findExported()
                    .filter(e -> e.event().seriesRevision() >= tag.event().seriesRevision())
                    .flatMap(e -> e.event().renewal());
            return at(
                    Stage.TAGGED,
                    needsSomebody || failedRenewal.isPresent() ? State.ATTENTION : State.IGNORED,
                    failedRenewal.orElse(tag.event().reason()),
                    tag.at());
        }
        return afterTag(series, tag);
    }

    private static SeriesStatus afterTag(SeriesDetails series, Recorded<SeriesTagged> tag) {
        boolean combined = tag.event().assignments().stream()
                .anyMatch(assignment -> assignment.combine().isPresent());
        Reason waits = combined
                ? Reason.of(
                        "waits-for-parts",
                        "Waits until the session has settled: then it becomes one image with other scans")
                : Reason.of("waits-for-export", "Waits to be downloaded and converted");
        Optional<Recorded<SeriesExported>> current = series.findExported()
                .filter(e -> e.event().seriesRevision() >= tag.event().seriesRevision());
        if (current.isEmpty() || current.get().event().outcome() == SeriesExported.Outcome.WITHDRAWN) {
            return at(Stage.TAGGED, State.WORKING, waits, tag.at());
        }
        Recorded<SeriesExported> exported = current.get();
        Reason reason = exported.event()
                .reason()
                .orElse(Reason.of("export-" + exported.event().outcome(), "The export gave no reason"));
        if (exported.event().outcome() == SeriesExported.Outcome.FAILED) {
            return at(Stage.TAGGED, State.FAILED, reason, exported.at());
        }
        if (exported.event().outcome() == SeriesExported.Outcome.COMBINED) {
            return at(Stage.EXPORTED, State.DONE, reason, exported.at());
        }
        List<Image> images = series.images();
        Set<String> tags = tag.event().assignments().stream()
                .map(SeriesTagged.Assignment::tag)
                .collect(java.util.stream.Collectors.toSet());
        if (!images.isEmpty()
                && images.stream()
                        .noneMatch(image -> tags.contains(image.product().tag()))) {
            return at(Stage.TAGGED, State.WORKING, waits, tag.at());
        }
        SeriesStatus state = afterExport(images, exported, reason);
        return exported.event().renewal().map(state::withFailedRenewal).orElse(state);
    }

    /** The earlier files are still valid, and an attempt to create them again failed. */
    private SeriesStatus withFailedRenewal(Reason renewal) {
        return new SeriesStatus(stage, State.ATTENTION, renewal, since, verdict, review, measuredAt);
    }

    private static SeriesStatus afterExport(
            List<Image> images, Recorded<SeriesExported> exported, Reason partialReason) {
        boolean partial = exported.event().outcome() == SeriesExported.Outcome.PARTIAL;
        List<Image> toMeasure = images.stream().filter(Image::toMeasure).toList();
        List<Image> waiting =
                toMeasure.stream().filter(image -> image.qc() == null).toList();
        Review review = combinedReview(images);
        if (!waiting.isEmpty()) {
            String count = waiting.size() == 1 ? "" : " (" + waiting.size() + " of " + toMeasure.size() + " images)";
            Reason waits = Reason.of("waits-for-qc", "Waits to be measured" + count);
            return new SeriesStatus(
                    Stage.EXPORTED,
                    partial ? State.ATTENTION : State.WORKING,
                    partial ? partialReason : waits,
                    exported.at(),
                    null,
                    review,
                    null);
        }
        Optional<QcComplete.Level> verdict = toMeasure.stream()
                .map(image -> image.findQc().orElseThrow().event().verdict().level())
                .max(Comparator.naturalOrder());
        Optional<Instant> measuredAt = toMeasure.stream()
                .map(image -> image.findQc().orElseThrow().at())
                .max(Comparator.naturalOrder());
        boolean judged = !images.isEmpty() && review != Review.NEW && review != Review.STALE;
        Stage stage = judged ? Stage.REVIEWED : toMeasure.isEmpty() ? Stage.EXPORTED : Stage.MEASURED;
        Instant since = judged
                ? images.stream()
                        .flatMap(image -> image.findDecision().stream())
                        .map(decision -> decision.time())
                        .max(Comparator.naturalOrder())
                        .orElse(exported.at())
                : measuredAt.orElse(exported.at());
        Reason reason = NONE;
        State state = State.DONE;
        List<String> differ = images.stream()
                .flatMap(image -> image.conflict().stream())
                .map(own -> own.reviewer() + ": " + own.decision().name().toLowerCase(java.util.Locale.ROOT))
                .distinct()
                .toList();
        if (judged && !differ.isEmpty()) {
            reason = new Reason(
                    "reviews-differ",
                    "Reviewers disagree: " + String.join(", ", differ),
                    "Agree with each other; who changes their mind decides again, or the session is signed off");
            state = State.ATTENTION;
        } else if (!judged && partial) {
            reason = partialReason;
            state = State.ATTENTION;
        } else if (!judged && verdict.filter(QcComplete.Level.ERROR::equals).isPresent()) {
            reason = new Reason("not-measurable", reasons(toMeasure), "Look at the image and review it");
            state = State.ATTENTION;
        } else if (!judged && verdict.filter(QcComplete.Level.FLAG::equals).isPresent()) {
            reason = new Reason("flagged", reasons(toMeasure), "Look at the image and review it");
            state = State.ATTENTION;
        } else if (review == Review.STALE) {
            reason = new Reason("review-stale", "The image changed after it was reviewed", "Review it again");
            state = State.ATTENTION;
        } else if (toMeasure.isEmpty()) {
            reason = Reason.of("not-measured", "Not measured: its tag has no QC");
        }
        return new SeriesStatus(stage, state, reason, since, verdict.orElse(null), review, measuredAt.orElse(null));
    }

    private static String reasons(List<Image> images) {
        return images.stream()
                .map(image -> image.findQc().orElseThrow().event().verdict())
                .filter(verdict -> verdict.level().compareTo(QcComplete.Level.FLAG) >= 0)
                .flatMap(verdict -> verdict.reasons().stream())
                .distinct()
                .limit(3)
                .collect(java.util.stream.Collectors.joining("; "));
    }

    /** The review of a series: that of its images where they agree, else the one that requires most from a person. */
    private static Review combinedReview(List<Image> images) {
        List<Review> order =
                List.of(Review.STALE, Review.NEW, Review.BLACKLISTED, Review.FLAGGED, Review.PASS, Review.SIGNED_OFF);
        return images.stream()
                .map(Image::review)
                .min(Comparator.comparingInt(order::indexOf))
                .orElse(Review.NEW);
    }

    private static SeriesStatus at(Stage stage, State state, Reason reason, Instant since) {
        return new SeriesStatus(stage, state, reason, since, null, Review.NEW, null);
    }
}

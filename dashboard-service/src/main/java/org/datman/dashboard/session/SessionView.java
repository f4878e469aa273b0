package org.datman.dashboard.session;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.FileRole;
import org.datman.contracts.event.FormChecked;
import org.datman.contracts.event.PipelineAnswered;
import org.datman.contracts.event.PipelineCancelled;
import org.datman.contracts.event.PipelineUpdated;
import org.datman.contracts.event.QcComplete;
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.ResourceDiscovered;
import org.datman.contracts.event.ResourceExported;
import org.datman.contracts.event.SeriesAssigned;
import org.datman.contracts.event.SeriesExported;
import org.datman.contracts.event.SeriesTagged;
import org.datman.contracts.event.SessionChecked;
import org.datman.contracts.event.SessionSettled;
import org.datman.dashboard.listing.SessionListing;
import org.datman.dashboard.pipeline.ManualSteps;
import org.datman.dashboard.projection.OpenFailure;
import org.datman.dashboard.projection.Recorded;
import org.datman.dashboard.projection.ReportedAlarms;
import org.datman.dashboard.projection.SeriesDetails;
import org.datman.dashboard.projection.SeriesStatus;
import org.datman.dashboard.web.Links;
import org.jspecify.annotations.Nullable;

/**
 * The content of the session page.
 *
 * @param settled that the upload is complete; null until then
 * @param check the result of the completeness check; null until it was made
 * @param open the open points that a sign-off must confirm
 */
public record SessionView(
        SessionListing.Listed row,
        String previousLabel,
        String project,
        String subjectLabel,
        @Nullable Recorded<SessionSettled> settled,
        @Nullable Recorded<SessionChecked> check,
        List<Series> series,
        List<Resource> resources,
        List<Run> runs,
        List<OpenFailure> failures,
        List<ReportedAlarms.AlarmRow> alarms,
        List<Decided> decisions,
        List<TimelineEvent> timeline,
        List<String> open,
        List<FormChecked> forms,
        List<String> tags) {

    public Optional<Recorded<SessionChecked>> findCheck() {
        return Optional.ofNullable(check);
    }

    /** Paired data that the study promises, expected against found. */
    public List<SessionChecked.Paired> pairedRows() {
        return findCheck().flatMap(checked -> checked.event().paired()).orElse(List.of());
    }

    /** Why no tag can be assigned to its series; empty when one can. */
    public String noTags() {
        if (!tags.isEmpty()) {
            return "";
        }
        return row.study().isEmpty() || row.site().isEmpty()
                ? "No tag can be assigned: the session has no study and site. Correct its label first"
                : "No tag can be assigned: study " + row.study() + " has no tags for site " + row.site()
                        + ". Add them to its study file";
    }

    /** Whether it was deleted on XNAT: then nothing is to be done or decided. */
    public boolean deleted() {
        return row.status().equals("DELETED");
    }

    /** The question before a sign-off while something is open. */
    public String signOffQuestion() {
        return "Sign off although this is open?\n"
                + String.join("\n", open.stream().map(point -> "• " + point).toList());
    }

    /** SHA-256 of every current image, to which a sign-off is bound. */
    public List<String> digests() {
        return series.stream()
                .flatMap(s -> s.images().stream())
                .map(image -> image.image().digest())
                .distinct()
                .toList();
    }

    /**
     * What a pipeline said.
     *
     * @param latest whether it is the last that the pipeline said of the session
     * @param why why it is in this state; of a queued one also what holds it now; null when nothing is to say
     * @param image container image in which its tool runs, as {@code name@sha256:digest}; empty where it runs in none
     * @param cancelled that a person cancelled it, while it has not ended yet
     * @param answered what a person answered, when it is a manual step that is not open
     */
    public record Run(
            Recorded<PipelineUpdated> recorded,
            boolean latest,
            @Nullable Reason why,
            String image,
            @Nullable PipelineCancelled cancelled,
            @Nullable PipelineAnswered answered) {

        public PipelineUpdated event() {
            return recorded.event();
        }

        public Instant at() {
            return recorded.at();
        }

        /** Whether it is a manual step that waits for a person. */
        public boolean manualStep() {
            return latest && ManualSteps.isOpen(event());
        }

        /** Whether a file of a manual step may be corrected. */
        public boolean correctable() {
            return event().places().filter(places -> !places.isEmpty()).isPresent();
        }

        /** Whether it can be cancelled. */
        public boolean cancellable() {
            return latest
                    && cancelled == null
                    && (event().state() == PipelineUpdated.State.QUEUED
                            || event().state() == PipelineUpdated.State.RUNNING);
        }
    }

    /** A series with its state. */
    public record Series(SeriesDetails details, SeriesStatus state, List<Image> images) {

        public String description() {
            return details.description();
        }

        public String scan() {
            return details.scan();
        }

        /** The anchor of the series on the page. */
        public String anchor() {
            return Links.seriesAnchor(details.scan());
        }

        public boolean removed() {
            return state.state() == SeriesStatus.State.REMOVED;
        }

        public long fileCount() {
            return details.findDiscovered().map(d -> d.event().fileCount()).orElse(0L);
        }

        public long byteCount() {
            return details.findDiscovered().map(d -> d.event().byteCount()).orElse(0L);
        }

        /**
         * What the headers state and what arrived, in one line: {@code 5 of 6 volumes complete, by NumberOfTemporalPositions
         * (0020,0105)}; empty before the export and where no header states it.
         */
        public String completeness() {
            return details.findExported()
                    .flatMap(exported -> exported.event().completeness())
                    .flatMap(Series::text)
                    .orElse("");
        }

        static Optional<String> text(SeriesExported.Completeness counted) {
            String slices = counted.imagesArrived()
                    + counted.promisedImages().map(images -> " of " + images).orElse("");
            return counted.promisedVolumes()
                    .map(volumes -> counted.volumesComplete() + " of " + volumes + " volumes complete, " + slices
                            + " slices, by " + String.join(", ", counted.basis()));
        }

        /** What a person assigned to it, as it is with the series now. */
        public Optional<SeriesAssigned.Assigned> assigned() {
            return details.findDiscovered().flatMap(d -> d.event().assigned());
        }

        /** The checks of its tags that it does not meet. */
        public List<SeriesTagged.FailedCheck> failedChecks() {
            return details.findTagged().map(t -> t.event().failedChecks()).orElse(List.of());
        }

        public List<SeriesTagged.Assignment> assignments() {
            return details.findTagged().map(t -> t.event().assignments()).orElse(List.of());
        }

        /** One CSS class per stage: behind, here or ahead. */
        public List<String> stages() {
            return Arrays.stream(SeriesStatus.Stage.values())
                    .map(stage ->
                            stage.compareTo(state.stage()) < 0 ? "behind" : stage == state.stage() ? "here" : "ahead")
                    .toList();
        }
    }

    /**
     * An image of a series.
     *
     * @param keyMetrics the most informative metrics
     * @param pictures its pictures with their digests
     * @param earlier its values by older definitions
     */
    public record Image(
            SeriesDetails.Image image,
            String anchor,
            List<QcComplete.Metric> keyMetrics,
            List<Picture> pictures,
            List<FileRef> files,
            List<Earlier> earlier) {

        /** A metric's values by older definitions, the newest first. */
        public List<Earlier> earlierOf(String key) {
            return earlier.stream().filter(number -> number.key().equals(key)).toList();
        }

        public Optional<QcComplete> qc() {
            return image.findQc().map(Recorded::event);
        }

        /** The page with everything about it, when QC wrote one. */
        public Optional<FileRef> report() {
            return files.stream().filter(file -> file.role() == FileRole.REPORT).findFirst();
        }
    }

    /** A value of an image by an older definition. */
    public record Earlier(String stem, String key, String version, double value) {}

    /** A picture and the digest by which the browser may keep it. */
    public record Picture(String path, String title, String lookFor, String sha256) {}

    /** A file of paired data: as XNAT has it, and its file in the archive when there is one. */
    public record Resource(
            Recorded<ResourceDiscovered> found, @Nullable Recorded<ResourceExported> exported) {

        private Optional<ResourceExported> current() {
            return Optional.ofNullable(exported)
                    .map(Recorded::event)
                    .filter(e -> e.resourceRevision() >= found.event().resourceRevision());
        }

        /** Its path in the archive, when it was exported. */
        public Optional<FileRef> file() {
            return current().flatMap(ResourceExported::file);
        }

        /** {@code REMOVED, WORKING} or how the export ended. */
        public String state() {
            return found.event().removed()
                    ? "REMOVED"
                    : current()
                            .map(e -> e.outcome() == SeriesExported.Outcome.WITHDRAWN
                                    ? "REMOVED"
                                    : e.outcome().name())
                            .orElse("WORKING");
        }

        public String why() {
            return current()
                    .flatMap(e -> e.renewal().or(e::reason))
                    .map(Reason::message)
                    .orElse("");
        }
    }

    /** A decision of a person with the comment, which is stored only in the dashboard. */
    public record Decided(
            String id, String scan, String stem, String decision, String comment, String reviewer, Instant time) {}

    /** An event in the timeline. */
    public record TimelineEvent(String topic, String scan, Instant published, String source, String description) {}
}

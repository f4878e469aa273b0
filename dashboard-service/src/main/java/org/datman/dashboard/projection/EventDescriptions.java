package org.datman.dashboard.projection;

import java.util.Locale;
import java.util.stream.Collectors;
import org.datman.contracts.event.ConfigurationConfirmed;
import org.datman.contracts.event.ConfigurationRead;
import org.datman.contracts.event.Event;
import org.datman.contracts.event.GoldStandardSet;
import org.datman.contracts.event.PipelineRequested;
import org.datman.contracts.event.PipelineUpdated;
import org.datman.contracts.event.ProcessingFailed;
import org.datman.contracts.event.QcAlarm;
import org.datman.contracts.event.QcComplete;
import org.datman.contracts.event.QcReviewed;
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.ReprocessRequested;
import org.datman.contracts.event.ResourceDiscovered;
import org.datman.contracts.event.ResourceExported;
import org.datman.contracts.event.SeriesDiscovered;
import org.datman.contracts.event.SeriesExported;
import org.datman.contracts.event.SeriesTagged;
import org.datman.contracts.event.SessionChecked;
import org.datman.contracts.event.SessionDiscovered;
import org.datman.contracts.event.SessionSettled;

/** One-sentence descriptions of events, for the timeline. */
final class EventDescriptions {

    private EventDescriptions() {}

    static String of(Event event) {
        if (event instanceof SessionDiscovered e) {
            return session(e);
        } else if (event instanceof SeriesDiscovered e) {
            return "Series " + e.scan() + " '" + e.description() + "' is " + text(e.status()) + ", " + e.fileCount()
                    + " files, revision " + e.seriesRevision();
        } else if (event instanceof ResourceDiscovered e) {
            return "Associated file " + e.label() + "/" + e.path() + (e.removed() ? " was removed" : " found");
        } else if (event instanceof SessionSettled e) {
            return "Upload complete with " + e.series().size() + " series and " + e.resources() + " associated files"
                    + (e.cause() == SessionSettled.Cause.QUIET ? "" : " (" + text(e.cause()) + ")");
        } else if (event instanceof SeriesTagged e) {
            String tags = e.assignments().stream()
                    .map(SeriesTagged.Assignment::tag)
                    .distinct()
                    .collect(Collectors.joining(", "));
            return "Series " + e.scan() + " is " + text(e.decision()) + (tags.isEmpty() ? "" : ": " + tags);
        } else if (event instanceof SeriesExported e) {
            return "Series " + e.scan() + " export: " + text(e.outcome()) + ", "
                    + e.products().size() + " images" + because(e.renewal().or(e::reason));
        } else if (event instanceof ResourceExported e) {
            return "Associated file " + e.label() + "/" + e.path() + ": " + text(e.outcome())
                    + because(e.renewal().or(e::reason));
        } else if (event instanceof QcComplete e) {
            return "Series " + e.scan() + " " + e.tag() + " measured: "
                    + e.verdict().level() + ", " + e.metrics().size() + " metrics";
        } else if (event instanceof QcAlarm e) {
            return "Alarm " + text(e.state()) + " with series " + e.scan() + ": "
                    + e.reason().message();
        } else if (event instanceof SessionChecked e) {
            return e.complete()
                    ? "Checked: complete"
                    : "Checked: not complete" + (e.reasons().isEmpty() ? "" : " — " + String.join("; ", e.reasons()));
        } else if (event instanceof QcReviewed e) {
            return e.reviewer() + " decided "
                    + (e.decision() == QcReviewed.Decision.WITHDRAWN ? "undone" : text(e.decision())) + " on "
                    + e.scan().map(scan -> "series " + scan).orElse("the session");
        } else if (event instanceof GoldStandardSet e) {
            return e.setBy() + " made " + e.stem() + " the gold standard of " + e.key() + " from " + e.validFrom();
        } else if (event instanceof PipelineRequested e) {
            return "Pipeline " + e.pipeline() + " asked for by " + e.requestedBy();
        } else if (event instanceof PipelineUpdated e) {
            return "Pipeline " + e.pipeline() + " is " + text(e.state()) + because(e.reason());
        } else if (event instanceof ReprocessRequested e) {
            return e.requestedBy() + " asked to reprocess " + text(e.stage())
                    + e.scan().map(scan -> " for series " + scan).orElse("")
                    + e.pipeline().map(pipeline -> " of " + pipeline).orElse("");
        } else if (event instanceof ConfigurationRead e) {
            return "Study configuration read: " + e.studies().size() + " studies hold, "
                    + e.faults().size() + " faults";
        } else if (event instanceof ConfigurationConfirmed e) {
            return e.confirmedBy() + " confirmed the change " + e.change() + " of study " + e.study();
        } else if (event instanceof ProcessingFailed e) {
            return e.service() + " could not " + e.stage() + " ("
                    + (e.kind() == ProcessingFailed.Kind.POISON ? "unreadable message" : text(e.kind())) + "): "
                    + e.reason().message();
        }
        throw new IllegalArgumentException("No description for " + event.getClass());
    }

    private static String session(SessionDiscovered e) {
        String was = e.previousLabel().map(label -> ", was '" + label + "'").orElse("")
                + e.previousProject().map(project -> ", was in " + project).orElse("");
        return "Session '" + e.label() + "' is " + text(e.status()) + was
                + e.name().map(name -> ", named " + name).orElse(", has no name");
    }

    private static String because(java.util.Optional<Reason> reason) {
        return reason.map(r -> " — " + r.message()).orElse("");
    }

    private static String text(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}

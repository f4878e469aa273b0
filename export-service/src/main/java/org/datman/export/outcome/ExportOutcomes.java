package org.datman.export.outcome;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.ReprocessRequested;
import org.datman.contracts.event.SeriesExported;
import org.datman.contracts.event.SeriesExported.Outcome;
import org.datman.contracts.event.SeriesExportedBuilder;
import org.datman.contracts.event.SeriesTagged;
import org.datman.contracts.event.SeriesTagged.Decision;
import org.datman.export.index.SeriesState;
import org.datman.export.request.ExportKey;
import org.datman.export.request.ExportRequest;

/** The state of a scan after each outcome that writes no image. Pure. */
public final class ExportOutcomes {

    private ExportOutcomes() {}

    /**
     * The current export is identical to a new one, so an earlier failed attempt is resolved.
     *
     * @param current the state with that export
     */
    public static SeriesState unchanged(ExportRequest request, SeriesState current) {
        SeriesTagged tagged = request.tagged();
        SeriesExported exported = current.exported().orElseThrow();
        return request.after(
                exported.with(same -> same.seriesRevision(tagged.seriesRevision())
                        .exportRevision(
                                exported.renewal().isPresent() ? request.nextRevision() : exported.exportRevision())
                        .phantom(tagged.phantom())
                        .seriesNumber(tagged.seriesNumber())
                        .date(tagged.date())
                        .configRevision(tagged.configRevision())
                        .renewal(Optional.empty())),
                current);
    }

    /**
     * The current export is kept as it is.
     *
     * @param current the state with that export
     * @param reason why it is not replaced
     */
    public static SeriesState kept(ExportRequest request, SeriesState current, Reason reason) {
        SeriesTagged tagged = request.tagged();
        SeriesExported exported = current.exported().orElseThrow();
        boolean sameNames = tagged.decision() != Decision.TAGGED || request.isSame(exported, current.conversionKey());
        Reason published = sameNames
                ? reason
                : new Reason(
                        reason.code(), reason.message() + ". Its files still have their former names", reason.action());
        return request.after(
                exported.with(again -> again.seriesRevision(tagged.seriesRevision())
                        .exportRevision(request.nextRevision())
                        .configRevision(tagged.configRevision())
                        .renewal(Optional.of(published))),
                current);
    }

    /** The series could not be exported, and nothing of it is published. */
    public static SeriesState failed(ExportRequest request, Reason reason, Instant now) {
        String inputs = request.parts().fingerprint() + " " + reason.code();
        return request.afterNothing(withoutFiles(request, Outcome.FAILED, reason, inputs, now));
    }

    /** Why a series has no files of its own: it is a part of an image. */
    public static Reason partOf(ExportRequest request) {
        return Reason.of(
                "part-of-scan",
                "Part of scan " + request.parts().leading().scan() + ": scans "
                        + request.parts().scans() + " are one image");
    }

    /** Whether exactly this is published about a part already. */
    public static boolean isPartPublished(ExportRequest request) {
        SeriesTagged tagged = request.tagged();
        return request.last()
                .filter(last -> last.outcome() == Outcome.COMBINED
                        && last.reason().equals(Optional.of(partOf(request)))
                        && last.seriesRevision() == tagged.seriesRevision()
                        && last.sessionName().equals(tagged.sessionName().orElse(""))
                        && last.configRevision().equals(tagged.configRevision()))
                .isPresent();
    }

    /** The series is a part of an image, which has the name of the leading one. */
    public static SeriesState part(ExportRequest request, Instant now) {
        return request.afterNothing(
                isPartPublished(request)
                        ? request.last().orElseThrow()
                        : withoutFiles(
                                request,
                                Outcome.COMBINED,
                                partOf(request),
                                request.parts().scans(),
                                now));
    }

    /** The files of an exported scan are withdrawn. */
    public static SeriesState withdrawn(ExportRequest request, Instant now) {
        SeriesTagged tagged = request.tagged();
        SeriesExported last = request.last().orElseThrow();
        boolean alreadyGone = last.outcome() == Outcome.WITHDRAWN
                && last.seriesRevision() == tagged.seriesRevision()
                && last.configRevision().equals(tagged.configRevision());
        return request.afterNothing(
                alreadyGone
                        ? last
                        : last.with(gone -> gone.seriesRevision(tagged.seriesRevision())
                                .exportRevision(request.nextRevision())
                                .outcome(Outcome.WITHDRAWN)
                                .products(List.of())
                                .reason(Optional.of(tagged.reason()))
                                .configRevision(tagged.configRevision())
                                .started(request.started())
                                .finished(now)
                                .completeness(Optional.empty())
                                .renewal(Optional.empty())));
    }

    /**
     * Whether a person requests exactly this scan again after the report that its new export would contain less than the
     * current one: then the smaller export is accepted.
     */
    static boolean acceptsLess(ExportRequest request) {
        return request.cause().event() instanceof ReprocessRequested again
                && again.scan().isPresent()
                && !again.requestedBy().equals("export")
                && request.last()
                        .flatMap(SeriesExported::renewal)
                        .filter(renewal -> renewal.code().equals(Renewal.WORSE))
                        .isPresent();
    }

    private static SeriesExported withoutFiles(
            ExportRequest request, Outcome outcome, Reason reason, String inputs, Instant now) {
        SeriesTagged tagged = request.tagged();
        return SeriesExportedBuilder.builder()
                .session(tagged.session())
                .seriesRevision(tagged.seriesRevision())
                .exportRevision(request.nextRevision())
                .outcome(outcome)
                .study(tagged.study().orElseThrow())
                .site(tagged.site().orElse(""))
                .sessionName(tagged.sessionName().orElseThrow())
                .phantom(tagged.phantom())
                .scan(tagged.scan())
                .products(List.of())
                .runKey(ExportKey.of(inputs, tagged))
                .configRevision(tagged.configRevision())
                .started(request.started())
                .finished(now)
                .seriesNumber(tagged.seriesNumber())
                .date(tagged.date())
                .reason(Optional.of(reason))
                .build();
    }
}

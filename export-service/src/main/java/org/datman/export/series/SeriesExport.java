package org.datman.export.series;

import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.SeriesExported;
import org.datman.contracts.event.SeriesTagged;
import org.datman.contracts.event.SeriesTagged.Decision;
import org.datman.export.claim.NameClaim;
import org.datman.export.claim.NameClaims;
import org.datman.export.download.SourceOutage;
import org.datman.export.index.SeriesState;
import org.datman.export.layout.ExportInputs;
import org.datman.export.layout.FileLayout;
import org.datman.export.outcome.ExportOutcomes;
import org.datman.export.outcome.ExportPlan;
import org.datman.export.outcome.Renewal;
import org.datman.export.privacy.KeptDicoms;
import org.datman.export.publish.Publication;
import org.datman.export.request.ExportRequest;
import org.datman.export.request.SeriesFailure;
import org.datman.export.reuse.CurrentExport;
import org.datman.export.reuse.Reuse;
import org.datman.export.work.EventSender;
import org.datman.export.work.WorkDirectory;
import org.datman.export.xnat.Denials;
import org.datman.platform.event.PermanentException;
import org.datman.xnat.XnatDenied;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The straight way of one request: see the description of this package. The caller holds the lock of the session. */
@ApplicationScoped
class SeriesExport {

    private static final Logger LOG = Logger.getLogger(SeriesExport.class);

    private final WorkDirectory workDirectory;
    private final CurrentExport current;
    private final SeriesSource source;
    private final NameClaims claims;
    private final Publication publication;
    private final EventSender sender;
    private final Denials denials;
    private final Clock clock;
    private final StepTimes times;

    SeriesExport(
            WorkDirectory workDirectory,
            CurrentExport current,
            SeriesSource source,
            NameClaims claims,
            Publication publication,
            EventSender sender,
            Denials denials,
            Clock clock,
            StepTimes times) {
        this.workDirectory = workDirectory;
        this.current = current;
        this.source = source;
        this.claims = claims;
        this.publication = publication;
        this.sender = sender;
        this.denials = denials;
        this.clock = clock;
        this.times = times;
    }

    /** Exports a tagged series; returns the published outcome. */
    SeriesExported export(ExportRequest request) throws IOException {
        SeriesTagged tagged = request.tagged();
        if (tagged.study().isEmpty()
                || tagged.sessionName().isEmpty()
                || tagged.assignments().isEmpty()) {
            throw new PermanentException(new Reason(
                    "tagging-incomplete",
                    "The tagging of " + tagged.identity() + " is TAGGED but has no study, session name or tag",
                    "Check the tagging service"));
        }
        SeriesExported exported = outcome(request).exported().orElseThrow();
        sender.send(request.cause(), exported);
        return exported;
    }

    private SeriesState outcome(ExportRequest request) throws IOException {
        Optional<SeriesTagged> bare = request.parts().series().stream()
                .filter(part -> part.resource().isEmpty())
                .findFirst();
        if (bare.isPresent()) {
            return failed(
                    request,
                    new Reason(
                            "no-dicom-resource",
                            "The server has no DICOM files of scan "
                                    + bare.get().scan(),
                            "Check the scan on the server; archive its DICOM files again if they are missing"));
        }
        try (WorkDirectory.Folder folder = workDirectory.open()) {
            return create(request, folder.path());
        } catch (SeriesFailure failure) {
            return failed(request, failure.reason());
        } catch (SourceOutage outage) {
            SeriesTagged tagged = request.tagged();
            return failed(request, denials.undelivered(tagged.session(), tagged.identity(), outage));
        } catch (XnatDenied denied) {
            return failed(request, denials.refused(request.tagged().session(), denied));
        }
    }

    private SeriesState create(ExportRequest request, Path workDir) throws IOException, SeriesFailure {
        Reuse reuse = current.reuse(request, workDir);
        if (reuse.unchanged() != null) {
            return unchanged(request, reuse.unchanged());
        }
        ExportInputs inputs = reuse.inputs() == null ? source.fetch(request, workDir) : reuse.inputs();
        denials.delivered(request.tagged().session(), request.tagged().identity());
        return publish(request, inputs, null, workDir);
    }

    private SeriesState unchanged(ExportRequest request, SeriesState same) throws IOException {
        return publication.settle(ExportOutcomes.unchanged(request, same), request.cause());
    }

    private SeriesState publish(ExportRequest request, ExportInputs inputs, @Nullable Reason renewal, Path workDir)
            throws IOException, SeriesFailure {
        StepTimes.Watch watch = times.start();
        NameClaim claim = claims.claim(request);
        FileLayout named = FileLayout.of(inputs, claim.assignments());
        FileLayout layout = KeptDicoms.of(named, inputs, request.keptDicom(), workDir);
        ExportPlan plan = ExportPlan.of(request, inputs, claim, layout, renewal);
        SeriesState published = publication.publish(plan);
        watch.done("publication");
        return published;
    }

    /** Stores the failure; an earlier export is never removed by it. */
    private SeriesState failed(ExportRequest request, Reason reason) throws IOException {
        if (request.isPublished()) {
            return keepCurrent(request, reason);
        }
        LOG.warnf("Export failed subject=%s reason=%s", request.tagged().identity(), reason.code());
        return publication.settle(ExportOutcomes.failed(request, reason, clock.instant()), request.cause(), reason);
    }

    /** Keeps the current export of a scan; publishes why it was not replaced. */
    void keep(ExportRequest request, Reason why) throws IOException {
        sender.send(request.cause(), keepCurrent(request, why).exported().orElseThrow());
    }

    /**
     * The current export is kept, under the new names if its files can be renamed, with the reason why it was not replaced and
     * which of its files are missing.
     */
    private SeriesState keepCurrent(ExportRequest request, Reason why) throws IOException {
        SeriesState before = request.before().orElseThrow();
        List<FileRef> lost = current.lost(before);
        LOG.warnf(
                "Export was not replaced subject=%s reason=%s lost=%d",
                request.tagged().identity(), why.code(), lost.size());
        Reason reason = Renewal.failed(before.exported().orElseThrow(), why, lost);
        SeriesState renamed = lost.isEmpty() ? renamed(request, before, reason) : null;
        return renamed != null
                ? renamed
                : publication.settle(ExportOutcomes.kept(request, before, reason), request.cause());
    }

    /** Renames the current export although it could not be created again: an outdated name is not kept. */
    private @Nullable SeriesState renamed(ExportRequest request, SeriesState before, Reason reason) throws IOException {
        if (request.tagged().decision() != Decision.TAGGED) {
            return null;
        }
        try (WorkDirectory.Folder folder = workDirectory.open()) {
            Optional<ExportInputs> inputs = current.forNewNames(request, before, folder.path());
            return inputs.isEmpty() ? null : publish(request, inputs.get(), reason, folder.path());
        } catch (SeriesFailure nameTaken) {
            return null;
        }
    }

    /**
     * Publishes a series as a part of an image. Published before it is stored: a crash between the two publishes it again, under
     * the same id.
     *
     * @param force whether it is published although nothing about it changed
     */
    void publishPart(ExportRequest request, boolean force) throws IOException {
        if (ExportOutcomes.isPartPublished(request) && !force) {
            return;
        }
        SeriesState part = ExportOutcomes.part(request, clock.instant());
        sender.send(request.cause(), part.exported().orElseThrow());
        publication.settle(part, request.cause(), ExportOutcomes.partOf(request));
    }

    /**
     * Withdraws the files of a scan. For a scan that was never exported no event is needed: the tagging itself
     * already states why there is nothing.
     */
    void withdraw(ExportRequest request) throws IOException {
        SeriesTagged tagged = request.tagged();
        if (tagged.decision() == Decision.NOT_CONVERTIBLE && request.isPublished()) {
            // The scan exists and there is no negative decision; XNAT only has no files of it at this time.
            keep(request, tagged.reason());
        } else if (request.last().isEmpty()) {
            // Never exported, or started, aborted and never published: its possible files are withdrawn without an
            // event too.
            publication.settle(request.received(), request.cause(), tagged.reason());
        } else {
            SeriesState gone = publication.settle(
                    ExportOutcomes.withdrawn(request, clock.instant()), request.cause(), tagged.reason());
            sender.send(request.cause(), gone.exported().orElseThrow());
        }
    }
}

package org.datman.export.outcome;

import java.util.Optional;
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.SeriesExported;
import org.datman.contracts.event.SeriesTagged;
import org.datman.contracts.provenance.Provenance;
import org.datman.contracts.study.Format;
import org.datman.export.claim.NameClaim;
import org.datman.export.index.SeriesState;
import org.datman.export.layout.ExportInputs;
import org.datman.export.layout.FileLayout;
import org.datman.export.layout.ImageNaming;
import org.datman.export.request.ExportRequest;
import org.datman.export.request.Parts;
import org.datman.export.request.SeriesFailure;
import org.jspecify.annotations.Nullable;

/**
 * All that is published of a series, decided before anything is written.
 *
 * @param renewal when the inputs are the current export: why it could not be created again
 */
public record ExportPlan(
        ExportRequest request,
        ExportInputs inputs,
        NameClaim claim,
        FileLayout layout,
        ExportIssues issues,
        @Nullable Reason renewal) {

    /**
     * Collects the issues, and decides whether the export may replace the current one. Pure.
     *
     * @throws SeriesFailure when there is nothing to publish, or less than in the current export
     */
    public static ExportPlan of(
            ExportRequest request, ExportInputs inputs, NameClaim claim, FileLayout layout, @Nullable Reason renewal)
            throws SeriesFailure {
        ExportIssues found = ExportIssues.of(inputs, layout, request.parts(), renewal != null);
        ExportIssues issues = OtherExams.of(request.tagged().scan(), inputs.source(), claim.session())
                .map(found::with)
                .orElse(found);
        if (layout.products().isEmpty()) {
            throw new SeriesFailure(issues.reason()
                    .orElse(new Reason(
                            "no-format",
                            "The tag's formats leave nothing to keep of the series",
                            "Set Formats of the tag in the study configuration to nii, dcm or both")));
        }
        ExportPlan plan = new ExportPlan(request, inputs, claim, layout, issues, renewal);
        Optional<Reason> less = renewal == null && request.wants(Format.NII) ? plan.containsLess() : Optional.empty();
        if (less.isPresent()) {
            throw new SeriesFailure(less.get());
        }
        return plan;
    }

    /** Why the export would contain less than the current one; empty when it does not, or when a person accepts it. */
    private Optional<Reason> containsLess() {
        if (request.previous() == null || !request.isPublished() || isAccepted()) {
            return Optional.empty();
        }
        SeriesState before = request.previous();
        boolean sameParts = Parts.group(before.tagged()).equals(Parts.group(request.tagged()));
        boolean partLeft = !request.parts().series().stream()
                .map(SeriesTagged::scan)
                .toList()
                .containsAll(claim.currentScans());
        if (partLeft && !sameParts) {
            return Optional.empty();
        }
        return Renewal.worse(
                before,
                layout.named().stream().map(ImageNaming.Named::image).toList(),
                issues.losses(),
                source(),
                partLeft);
    }

    /** Published for exactly these files before: a person who requests it again has read it. */
    private boolean isAccepted() {
        return ExportOutcomes.acceptsLess(request)
                && inputs.source().fingerprint().equals(request.parts().fingerprint());
    }

    /** The source files as published. */
    public SeriesExported.Source source() {
        Provenance.Source source = inputs.source();
        return new SeriesExported.Source(
                source.files().size(),
                source.files().stream().mapToLong(Provenance.SourceFile::size).sum(),
                source.sha256(),
                source.fingerprint());
    }
}

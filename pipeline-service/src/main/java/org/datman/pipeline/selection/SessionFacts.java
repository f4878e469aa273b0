package org.datman.pipeline.selection;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.FileRole;
import org.datman.contracts.event.QcComplete;
import org.datman.contracts.event.QcReviewed;
import org.datman.contracts.event.QcReviewed.Decision;
import org.datman.contracts.event.SeriesExported;
import org.datman.contracts.event.SessionChecked;
import org.datman.contracts.event.SessionDiscovered;
import org.datman.contracts.event.SessionRef;
import org.jspecify.annotations.Nullable;

/**
 * The known state of a session.
 *
 * @param date the day of the scan as XNAT has it, or null
 * @param images all images in the archive under the session's current name
 * @param check the last check of completeness, or null before it
 * @param signedOff whether a person signed the session off as it is now
 */
public record SessionFacts(
        SessionRef session,
        String study,
        String sessionName,
        boolean phantom,
        boolean deleted,
        @Nullable LocalDate date,
        List<Image> images,
        @Nullable SessionChecked check,
        boolean signedOff) {

    /**
     * Combines the consumed events.
     *
     * @param results QC results by stem
     * @param reviews decisions of people by stem; that on the whole session under the empty stem
     * @param check the last check of completeness, or null
     * @return empty while the session has no study or no name: no tool can apply to it
     */
    public static Optional<SessionFacts> of(
            SessionDiscovered discovered,
            List<SeriesExported> exports,
            Map<String, QcComplete> results,
            Map<String, QcReviewed> reviews,
            @Nullable SessionChecked check) {
        if (discovered.study().isEmpty() || discovered.name().isEmpty()) {
            return Optional.empty();
        }
        String name = discovered.name().get();
        List<Image> images = new ArrayList<>();
        for (SeriesExported export : exports) {
            if (!export.sessionName().equals(name)) {
                // From before a rename: its export under the new name will follow.
                continue;
            }
            for (SeriesExported.Product product : export.products()) {
                images.add(new Image(
                        product.stem(),
                        product.tag(),
                        !product.qcKind().equals("ignore"),
                        export.outcome() == SeriesExported.Outcome.PARTIAL,
                        product.files(),
                        verdict(product, results.get(product.stem())),
                        decision(product, reviews.get(product.stem()))));
            }
        }
        return Optional.of(new SessionFacts(
                discovered.session(),
                discovered.study().get(),
                name,
                discovered.phantom(),
                discovered.status() == SessionDiscovered.Status.DELETED,
                discovered.date().orElse(null),
                List.copyOf(images),
                check != null && check.sessionName().equals(name) ? check : null,
                isSignedOff(reviews.get(""), images)));
    }

    /** The session as if it had this image only. */
    SessionFacts only(Image image) {
        return new SessionFacts(session, study, sessionName, phantom, deleted, date, List.of(image), check, signedOff);
    }

    /** A sign-off is valid while every image is one that was shown at sign-off, as in the dashboard. */
    private static boolean isSignedOff(@Nullable QcReviewed review, List<Image> images) {
        return review != null
                && review.decision() == Decision.SIGNED_OFF
                && images.stream()
                        .allMatch(image ->
                                image.files().stream().map(FileRef::sha256).anyMatch(review.seen()::contains));
    }

    /** A verdict is valid for the measured bytes, not for others of the same name. */
    private static QcComplete.@Nullable Verdict verdict(SeriesExported.Product product, @Nullable QcComplete result) {
        return result != null
                        && product.file(FileRole.NIFTI)
                                .filter(nifti -> nifti.sha256().equals(result.inputSha256()))
                                .isPresent()
                ? result.verdict()
                : null;
    }

    /** A pass is valid for the reviewed bytes; a blacklisted image stays so until a person changes it. */
    private static @Nullable Decision decision(SeriesExported.Product product, @Nullable QcReviewed review) {
        if (review == null || review.decision() == Decision.WITHDRAWN) {
            return null;
        }
        boolean valid = review.decision() == Decision.BLACKLISTED
                || review.seen().isEmpty()
                || product.files().stream().map(FileRef::sha256).anyMatch(review.seen()::contains);
        return valid ? review.decision() : null;
    }
}

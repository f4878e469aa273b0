package org.datman.dashboard.projection;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.FileRole;
import org.datman.contracts.event.QcComplete;
import org.datman.contracts.event.QcReviewed;
import org.datman.contracts.event.SeriesDiscovered;
import org.datman.contracts.event.SeriesExported;
import org.datman.contracts.event.SeriesTagged;
import org.jspecify.annotations.Nullable;

/**
 * The details of one series; null where no event was consumed yet.
 *
 * @param scan XNAT's scan id
 * @param measured one per image that was ever measured, also of images that no longer exist
 * @param reviews decisions on its images, oldest first
 * @param signOffs sign-offs of the whole session, oldest first
 * @param failures open failures
 */
public record SeriesDetails(
        String scan,
        @Nullable Recorded<SeriesDiscovered> discovered,
        @Nullable Recorded<SeriesTagged> tagged,
        @Nullable Recorded<SeriesExported> exported,
        List<Recorded<QcComplete>> measured,
        List<Recorded<QcReviewed>> reviews,
        List<Recorded<QcReviewed>> signOffs,
        List<OpenFailure> failures) {

    /** The state of the decisions on an image. {@code STALE}: the image changed after it was reviewed. */
    public enum Review {
        NEW,
        PASS,
        FLAGGED,
        BLACKLISTED,
        SIGNED_OFF,
        STALE
    }

    /**
     * An exported image with its measurement and its reviews.
     *
     * @param qc the measurement of exactly these bytes, once it was consumed
     * @param decision the decision that is in force, if there is one
     * @param conflict decisions of several people on these bytes that differ, one per person; empty when they agree
     */
    public record Image(
            SeriesExported.Product product,
            @Nullable Recorded<QcComplete> qc,
            Review review,
            @Nullable QcReviewed decision,
            List<QcReviewed> conflict) {

        public Optional<Recorded<QcComplete>> findQc() {
            return Optional.ofNullable(qc);
        }

        public Optional<QcReviewed> findDecision() {
            return Optional.ofNullable(decision);
        }

        /** SHA-256 that a review is bound to: of the NIfTI, or of the DICOM where no NIfTI is kept. */
        public String digest() {
            return digestOf(product);
        }

        /** Whether it is to be measured at all. */
        public boolean toMeasure() {
            return product.measurable();
        }
    }

    public Optional<Recorded<SeriesDiscovered>> findDiscovered() {
        return Optional.ofNullable(discovered);
    }

    public Optional<Recorded<SeriesTagged>> findTagged() {
        return Optional.ofNullable(tagged);
    }

    public Optional<Recorded<SeriesExported>> findExported() {
        return Optional.ofNullable(exported);
    }

    /** The number that the scanner gave it. */
    public Optional<Long> findSeriesNumber() {
        return findDiscovered().flatMap(d -> d.event().seriesNumber()).or(() -> findTagged()
                .flatMap(t -> t.event().seriesNumber()));
    }

    /** Its description on the scanner; empty when unknown. */
    public String description() {
        return findDiscovered()
                .map(d -> d.event().description())
                .or(() -> findTagged().map(t -> t.event().description()))
                .orElse("");
    }

    /** The images of the series as they are in the archive now. */
    public List<Image> images() {
        return findExported()
                .map(e -> e.event().products().stream().map(this::image).toList())
                .orElse(List.of());
    }

    private Image image(SeriesExported.Product product) {
        Optional<String> nifti = product.file(FileRole.NIFTI).map(FileRef::sha256);
        Optional<Recorded<QcComplete>> qc = measured.stream()
                .filter(m -> m.event().stem().equals(product.stem()))
                .filter(m -> nifti.isPresent() && m.event().inputSha256().equals(nifti.get()))
                .findFirst();
        Optional<QcReviewed> own = latest(reviews.stream()
                .filter(r -> r.event().stem().equals(Optional.of(product.stem())))
                .toList());
        Optional<QcReviewed> whole = latest(signOffs);
        Optional<QcReviewed> decision = own.isPresent() ? own : whole;
        Review review = decision.map(d -> reviewBy(d, digestOf(product))).orElse(Review.NEW);
        return new Image(product, qc.orElse(null), review, decision.orElse(null), conflict(product));
    }

    /** The latest decisions of each person on these bytes since the last sign-off, when they differ. */
    private List<QcReviewed> conflict(SeriesExported.Product product) {
        String digest = digestOf(product);
        Optional<QcReviewed> signOff = latest(signOffs).filter(s -> s.seen().contains(digest));
        Map<String, QcReviewed> byPerson = new TreeMap<>();
        reviews.stream()
                .map(Recorded::event)
                .filter(r -> r.stem().equals(Optional.of(product.stem())))
                .sorted(Comparator.comparing(QcReviewed::time).thenComparing(QcReviewed::reviewId))
                .forEach(r -> byPerson.put(r.reviewer(), r));
        List<QcReviewed> standing = byPerson.values().stream()
                .filter(r -> r.decision() != QcReviewed.Decision.WITHDRAWN
                        && r.seen().contains(digest)
                        && signOff.filter(s -> s.time().isAfter(r.time())).isEmpty())
                .toList();
        return standing.stream().map(QcReviewed::decision).distinct().count() > 1 ? standing : List.of();
    }

    private static Optional<QcReviewed> latest(List<Recorded<QcReviewed>> reviews) {
        return reviews.stream()
                .map(Recorded::event)
                .max(Comparator.comparing(QcReviewed::time).thenComparing(QcReviewed::reviewId))
                .filter(review -> review.decision() != QcReviewed.Decision.WITHDRAWN);
    }

    private static Review reviewBy(QcReviewed decision, String digest) {
        return decision.seen().contains(digest)
                ? Review.valueOf(decision.decision().name())
                : Review.STALE;
    }

    private static String digestOf(SeriesExported.Product product) {
        return product.file(FileRole.NIFTI)
                .or(() -> product.file(FileRole.DICOM))
                .map(FileRef::sha256)
                .orElse("");
    }
}

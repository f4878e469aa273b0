package org.datman.qc.measure;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.FileRole;
import org.datman.contracts.event.GoldStandardSet;
import org.datman.contracts.event.QcComplete;
import org.datman.contracts.event.QcComplete.Acquisition;
import org.datman.contracts.event.SeriesExported;
import org.datman.contracts.event.SeriesExported.Product;
import org.datman.contracts.study.GoldStandard;
import org.datman.metrics.input.References;
import org.datman.metrics.reference.ImageReference;
import org.datman.platform.archive.Archive;
import org.datman.plots.report.Compared;
import org.datman.qc.header.HeaderCheck;
import org.datman.qc.state.QcState;
import org.datman.qc.trend.History;
import org.jspecify.annotations.Nullable;

/** Selects what an image is compared with: the reference images of the last good sessions of its protocol, and the gold standard's. */
@ApplicationScoped
@Transactional(Transactional.TxType.MANDATORY)
class ReferenceSelector {

    /** As in the run keys of all stored results: with another text each of these images would be measured again. */
    static final String NO_REFERENCE = "it was measured before reference images were kept, or shows no object";

    /** Number of sessions that the median is taken over. */
    private static final int SESSIONS = 8;

    private final Archive archive;
    private final History history;
    private final QcState state;
    private final HeaderCheck headers;

    ReferenceSelector(Archive archive, History history, QcState state, HeaderCheck headers) {
        this.archive = archive;
        this.history = history;
        this.state = state;
        this.headers = headers;
    }

    /**
     * The current references. A session whose reference is gone, or has changed since it was written, is left out and reported with the reason.
     *
     * @param configured the standard of the study file that applies to it, or null
     * @param set the standard that a person set and that applies to it, or null
     */
    References of(
            SeriesExported exported,
            Product product,
            Acquisition acquisition,
            @Nullable GoldStandard configured,
            @Nullable GoldStandardSet set) {
        List<Path> before = new ArrayList<>();
        List<Compared> leftOut = new ArrayList<>();
        for (History.Past past : history.imagesBefore(
                Measurer.day(exported), exported.study(), exported.site(), product.tag(), acquisition, SESSIONS)) {
            Optional<FileRef> file =
                    state.result(past.session(), past.scan(), past.stem()).flatMap(ReferenceSelector::reference);
            Optional<String> problem = file.isEmpty() ? Optional.of(NO_REFERENCE) : problem(file.get());
            problem.ifPresentOrElse(
                    why -> leftOut.add(new Compared(
                            past.stem(),
                            Compared.EARLIER,
                            file.map(FileRef::sha256).orElse(null),
                            why)),
                    () -> before.add(archive.resolve(file.orElseThrow().path())));
        }
        GoldStandardSet person = set != null && HeaderCheck.holds(set, configured) ? set : null;
        // An image is not compared with itself.
        GoldStandardSet other = person != null && !person.stem().equals(product.stem()) ? person : null;
        return new References(
                table(person, other, configured, ".bval"),
                table(person, other, configured, ".bvec"),
                other == null ? null : reference(other).orElse(null),
                before,
                leftOut);
    }

    /** A file of the gradient table of the applicable standard, or null. */
    private @Nullable Path table(
            @Nullable GoldStandardSet person,
            @Nullable GoldStandardSet other,
            @Nullable GoldStandard configured,
            String ending) {
        if (person != null) {
            return other == null ? null : beside(other, ending).orElse(null);
        }
        return configured == null ? null : headers.beside(configured, ending).orElse(null);
    }

    private static Optional<FileRef> reference(QcComplete result) {
        return result.files().stream()
                .filter(file -> file.role() == FileRole.REFERENCE)
                .findFirst();
    }

    private Optional<String> problem(FileRef file) {
        try {
            return archive.verify(file)
                    .map(difference -> "its " + ImageReference.FILE_NAME
                            + (difference.missing() ? " is no longer in the archive" : " is not as it was written"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Optional<Path> beside(GoldStandardSet gold, String ending) {
        String sidecar = gold.sidecar().path();
        return sidecar.endsWith(".json")
                ? existing(sidecar.substring(0, sidecar.length() - ".json".length()) + ending)
                : Optional.empty();
    }

    /** {@code STUDY/nii/SESSION/STEM.json} was measured into {@code STUDY/qc/SESSION/STEM/}. */
    private Optional<Path> reference(GoldStandardSet gold) {
        String[] parts = gold.sidecar().path().split("/");
        return parts.length == 4 && parts[1].equals("nii")
                ? existing(Measurer.folder(parts[0], parts[2], gold.stem()) + ImageReference.FILE_NAME)
                : Optional.empty();
    }

    private Optional<Path> existing(String relative) {
        Path file = archive.resolve(relative);
        return Files.isRegularFile(file) ? Optional.of(file) : Optional.empty();
    }
}

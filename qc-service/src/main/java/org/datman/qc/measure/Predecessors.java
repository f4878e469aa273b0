package org.datman.qc.measure;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.datman.contracts.event.GoldStandardSet;
import org.datman.contracts.event.QcComplete.Acquisition;
import org.datman.metrics.input.References;
import org.datman.metrics.likeness.Likeness;
import org.datman.platform.archive.Archive;
import org.datman.qc.state.QcState;
import org.datman.qc.trend.History;

/** What an image is compared with: the likenesses of the last good sessions of its protocol, and the gold standard's. */
@ApplicationScoped
@Transactional(Transactional.TxType.MANDATORY)
class Predecessors {

    /** As many sessions as the median is taken over. */
    private static final int SESSIONS = 8;

    static final String ROLE = "likeness";

    private final Archive archive;
    private final History history;
    private final QcState state;

    Predecessors(Archive archive, History history, QcState state) {
        this.archive = archive;
        this.history = history;
        this.state = state;
    }

    /** What is there now; files that were withdrawn meanwhile are left out. */
    References of(Measurer.Plan plan, Acquisition acquisition) {
        History.Past image = new History.Past(
                plan.exported().session().accession(),
                plan.exported().scan(),
                plan.product().stem());
        List<Path> before = new ArrayList<>();
        for (History.Past past : history.imagesUntil(
                image,
                plan.exported().study(),
                plan.exported().site(),
                plan.product().tag(),
                acquisition,
                Measurer.day(plan.exported()),
                SESSIONS)) {
            state.result(past.accession(), past.scan(), past.stem())
                    .flatMap(result -> result.files().stream()
                            .filter(file -> file.role().equals(ROLE))
                            .findFirst())
                    .flatMap(file -> existing(file.path()))
                    .ifPresent(before::add);
        }
        Optional<GoldStandardSet> gold = plan.gold().filter(set -> !set.stem().equals(image.stem()));
        return new References(
                gold.flatMap(set -> beside(set, ".bval")).orElse(null),
                gold.flatMap(set -> beside(set, ".bvec")).orElse(null),
                gold.flatMap(this::likeness).orElse(null),
                before);
    }

    private Optional<Path> beside(GoldStandardSet gold, String ending) {
        String sidecar = gold.sidecar().path();
        return sidecar.endsWith(".json")
                ? existing(sidecar.substring(0, sidecar.length() - ".json".length()) + ending)
                : Optional.empty();
    }

    /** {@code STUDY/nii/SESSION/STEM.json} was measured into {@code STUDY/qc/SESSION/STEM/}. */
    private Optional<Path> likeness(GoldStandardSet gold) {
        String[] parts = gold.sidecar().path().split("/");
        return parts.length == 4 && parts[1].equals("nii")
                ? existing(Measurer.folder(parts[0], parts[2], gold.stem()) + Likeness.FILE_NAME)
                : Optional.empty();
    }

    private Optional<Path> existing(String relative) {
        Path file = archive.resolve(relative);
        return Files.isRegularFile(file) ? Optional.of(file) : Optional.empty();
    }
}

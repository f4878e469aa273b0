package org.datman.pipeline.bids;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.datman.contracts.archive.Fixity;
import org.datman.contracts.event.EventJson;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.FileRole;
import org.datman.contracts.event.QcComplete;
import org.datman.contracts.event.ResourceExported;
import org.datman.contracts.event.SeriesExported;
import org.datman.contracts.event.SeriesTagged;
import org.datman.contracts.event.SessionDiscovered;
import org.datman.contracts.event.SessionRef;
import org.datman.contracts.naming.DatmanIds;
import org.datman.contracts.study.BidsRule;
import org.datman.contracts.study.StudyConfiguration;
import org.datman.imaging.ImageFormatException;
import org.datman.imaging.dicom.DicomHeader;
import org.datman.imaging.dicom.DicomReader;
import org.datman.imaging.nifti.NiftiHeader;
import org.datman.imaging.nifti.NiftiReader;
import org.datman.pipeline.selection.Image;
import org.datman.pipeline.selection.SessionFacts;
import org.datman.pipeline.state.PipelineState;
import org.datman.platform.archive.Archive;
import org.datman.platform.latest.LatestEvents;
import org.jspecify.annotations.Nullable;

/** Reads what the BIDS dataset needs of a session: the latest events, and of the archive sidecars and headers. */
@ApplicationScoped
class BidsReader {

    private static final List<String> TIMES =
            List.of("AcquisitionDateTime", "AcquisitionDate", "AcquisitionTime", "ContentDate", "ContentTime");

    private static final DateTimeFormatter DICOM = DateTimeFormatter.ofPattern("yyyyMMddHHmmss", Locale.ROOT);
    /** Tables of a task have thousands of rows, not millions. */
    private static final long LARGEST_EVENTS_BYTES = 20_000_000;

    private static final int SECONDS = "yyyyMMddHHmmss".length();

    private final PipelineState state;
    private final LatestEvents latest;
    private final Archive archive;

    BidsReader(PipelineState state, LatestEvents latest, Archive archive) {
        this.state = state;
        this.latest = latest;
        this.archive = archive;
    }

    /**
     * What the events have about a session.
     *
     * @param acquired its images under the session's current name, with and without files
     * @param files its associated files under that name
     */
    record Known(
            SessionFacts facts,
            String site,
            List<AcquiredImage> acquired,
            Map<String, QcComplete> results,
            List<ResourceExported> files) {}

    /** The events of a session; empty while it has no study or no name, and when it was deleted on XNAT. */
    @Transactional(Transactional.TxType.MANDATORY)
    public Optional<Known> known(SessionRef session) {
        Map<String, QcComplete> results = new HashMap<>();
        latest.ofSession(QcComplete.class, session).forEach(result -> results.put(result.stem(), result));
        String site = latest.find(SessionDiscovered.class, session.identity())
                .flatMap(SessionDiscovered::site)
                .orElse("");
        return state.facts(session)
                .filter(facts -> !facts.deleted())
                .map(facts -> new Known(
                        facts,
                        site,
                        AcquiredImage.of(
                                latest.ofSession(SeriesExported.class, session).stream()
                                        .filter(export -> export.sessionName().equals(facts.sessionName()))
                                        .toList(),
                                latest.ofSession(SeriesTagged.class, session).stream()
                                        .filter(tagged -> tagged.sessionName()
                                                .filter(facts.sessionName()::equals)
                                                .isPresent())
                                        .toList()),
                        results,
                        latest.ofSession(ResourceExported.class, session).stream()
                                .filter(file -> file.sessionName().equals(facts.sessionName()))
                                .toList()));
    }

    /** The session with its images, by the rules of its study. */
    BidsSession read(Known known, StudyConfiguration study) throws IOException {
        archive.requireThere();
        Map<String, Image> images = new HashMap<>();
        known.facts().images().forEach(image -> images.put(image.stem(), image));
        List<BidsImage> wanted = new ArrayList<>();
        List<LeftOut> leftOut = new ArrayList<>();
        for (AcquiredImage acquired : known.acquired()) {
            Optional<BidsRule> rule = acquired.rule(study);
            Optional<LeftOut> nameless = rule.flatMap(acquired::nameless);
            if (rule.isEmpty()) {
                leftOut.add(LeftOut.wanted(
                        acquired.stem(),
                        "no-bids-rule",
                        "The tag " + acquired.tag() + " has no Bids in the study file"));
            } else if (nameless.isPresent()) {
                leftOut.add(nameless.get());
            } else {
                Image image = images.get(acquired.stem());
                wanted.add(image(acquired, image, rule.get(), known.results().get(acquired.stem())));
            }
        }
        TaskEvents.Assignment assignment = TaskEvents.assign(
                BidsImage.inOrder(wanted),
                known.files().stream()
                        .filter(file -> !SuppliedSession.isOf(file))
                        .toList());
        List<LeftOut> files = new ArrayList<>(assignment.refused());
        List<TaskEvents> events = new ArrayList<>();
        for (TaskEvents.Assigned each : assignment.assigned()) {
            try {
                events.add(new TaskEvents(each.scan(), each.tag(), each.file(), table(each)));
            } catch (EventsTable.NotConvertibleException e) {
                files.add(LeftOut.fault(
                        each.file().path(), "events-not-converted", "It cannot be converted, for " + e.getMessage()));
            }
        }
        BidsSession session = new BidsSession(
                study.code(),
                DatmanIds.parse(known.facts().sessionName()),
                known.site(),
                known.facts().signedOff(),
                wanted,
                leftOut,
                events,
                files,
                SuppliedSession.NONE);
        return session.with(supplied(SuppliedSession.of(known.files(), session.subject(), session.session())));
    }

    /** The same, with a problem when a file is not as it was published. */
    private SuppliedSession supplied(SuppliedSession came) throws IOException {
        SuppliedSession checked = came;
        for (PlannedFile file : came.files()) {
            Optional<Fixity.Difference> damage =
                    archive.verifySize(file.findSource().orElseThrow());
            if (damage.isPresent()) {
                checked = checked.with(file.path() + " " + damage.get().text());
            }
        }
        return checked;
    }

    private EventsTable table(TaskEvents.Assigned assigned) throws IOException, EventsTable.NotConvertibleException {
        FileRef file = assigned.file();
        if (file.size() > LARGEST_EVENTS_BYTES) {
            throw new EventsTable.NotConvertibleException("it has " + file.size() + " bytes");
        }
        Optional<Fixity.Difference> damage = archive.verifySize(file);
        if (damage.isPresent()) {
            throw new EventsTable.NotConvertibleException("it " + damage.get().text());
        }
        String name = Path.of(file.path()).getFileName().toString();
        return EventsTable.of(Files.readAllBytes(path(file)), name, assigned.rule());
    }

    private Optional<String> damage(List<FileRef> files) throws IOException {
        for (FileRef file : files) {
            if (file.role() == FileRole.NIFTI
                    || file.role() == FileRole.SIDECAR
                    || file.role() == FileRole.BVAL
                    || file.role() == FileRole.BVEC) {
                Optional<Fixity.Difference> difference = archive.verifySize(file);
                if (difference.isPresent()) {
                    return Optional.of(file.path() + " " + difference.get().text());
                }
            }
        }
        return Optional.empty();
    }

    private BidsImage image(AcquiredImage acquired, @Nullable Image image, BidsRule rule, @Nullable QcComplete result)
            throws IOException {
        SeriesExported.Product product = acquired.product();
        if (image == null || product == null || product.file(FileRole.NIFTI).isEmpty()) {
            return new BidsImage(
                    acquired.scan(),
                    acquired.stem(),
                    acquired.tag(),
                    rule,
                    false,
                    List.of(),
                    EventJson.mapper().createObjectNode(),
                    null,
                    product == null ? null : acquired(product),
                    false,
                    null,
                    image == null ? null : image.review(),
                    Map.of(),
                    LeftOut.wanted(acquired.stem(), "no-image", "It has no converted image"));
        }
        Map<String, Double> metrics = new HashMap<>();
        if (result != null && image.verdict() != null) {
            result.metrics().forEach(metric -> metric.value().ifPresent(value -> metrics.put(metric.key(), value)));
        }
        LeftOut damaged = damage(product.files())
                .map(damage -> LeftOut.fault(product.stem(), "not-as-published", damage))
                .orElse(null);
        return new BidsImage(
                acquired.scan(),
                product.stem(),
                product.tag(),
                rule,
                !image.partial(),
                product.files(),
                sidecar(product, acquired.failedChecks()),
                damaged == null ? header(product) : null,
                acquired(product),
                image.measured(),
                image.verdict(),
                image.review(),
                Map.copyOf(metrics),
                damaged);
    }

    private ObjectNode sidecar(SeriesExported.Product product, List<String> failedChecks) throws IOException {
        ObjectNode sidecar = EventJson.mapper().createObjectNode();
        Optional<FileRef> file = product.file(FileRole.SIDECAR);
        if (file.isPresent() && archive.verifySize(file.get()).isEmpty()) {
            JsonNode json = EventJson.mapper().readTree(path(file.get()).toFile());
            if (json instanceof ObjectNode object) {
                sidecar = object;
            }
        }
        if (!failedChecks.isEmpty()) {
            failedChecks.forEach(sidecar.putArray(BidsImage.FAILED_CHECKS)::add);
        }
        return sidecar;
    }

    private @Nullable NiftiHeader header(SeriesExported.Product product) throws IOException {
        Optional<FileRef> file = product.file(FileRole.NIFTI);
        if (file.isEmpty()) {
            return null;
        }
        try (NiftiReader reader = NiftiReader.open(path(file.get()))) {
            return reader.header();
        } catch (ImageFormatException unreadable) {
            return null;
        }
    }

    /** When the kept DICOM file, the first of its image, was acquired. */
    private @Nullable LocalDateTime acquired(SeriesExported.Product product) throws IOException {
        Optional<FileRef> file = product.file(FileRole.DICOM);
        if (file.isEmpty() || archive.verifySize(file.get()).isPresent()) {
            return null;
        }
        try {
            DicomHeader header = DicomReader.read(path(file.get()));
            return acquired(header.texts(TIMES)).orElse(null);
        } catch (ImageFormatException unreadable) {
            return null;
        }
    }

    /** The time in DICOM's own form, to the second: date and time of the acquisition, else of the content. */
    static Optional<LocalDateTime> acquired(Map<String, String> header) {
        for (String text : List.of(
                header.getOrDefault("AcquisitionDateTime", ""),
                header.getOrDefault("AcquisitionDate", "") + header.getOrDefault("AcquisitionTime", ""),
                header.getOrDefault("ContentDate", "") + header.getOrDefault("ContentTime", ""))) {
            if (text.length() >= SECONDS) {
                try {
                    return Optional.of(LocalDateTime.parse(text.substring(0, SECONDS), DICOM));
                } catch (DateTimeException noTime) {
                    // What was blanked in the header is no time; the next element may be one.
                }
            }
        }
        return Optional.empty();
    }

    private Path path(FileRef file) {
        return archive.resolve(file.path());
    }
}

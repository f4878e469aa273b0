package org.datman.dashboard.session;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.FileRole;
import org.datman.contracts.event.PipelineUpdated;
import org.datman.contracts.event.QcComplete;
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.ResourceExported;
import org.datman.contracts.metric.MetricCatalogue;
import org.datman.contracts.metric.MetricDefinition;
import org.datman.dashboard.access.GrantedStudies;
import org.datman.dashboard.listing.FormListing;
import org.datman.dashboard.listing.SessionListing;
import org.datman.dashboard.pipeline.ManualSteps;
import org.datman.dashboard.pipeline.RunListing;
import org.datman.dashboard.projection.DetailsReader;
import org.datman.dashboard.projection.Recorded;
import org.datman.dashboard.projection.SeriesDetails;
import org.datman.dashboard.projection.SeriesStatus;
import org.datman.dashboard.projection.SessionDetails;
import org.datman.dashboard.review.OpenPoints;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.mapper.reflect.ConstructorMapper;

/** Builds the session page. */
@ApplicationScoped
public class SessionViews {

    private static final int KEY_METRICS = 5;
    private static final int TIMELINE = 300;

    // SQL, for reading only: decisions and timeline are joined with the jsonb of events.
    private final Jdbi jdbi;
    private final SessionListing listing;
    private final DetailsReader detailsReader;
    private final FormListing forms;
    private final GrantedStudies studies;
    private final RunListing listedRuns;

    SessionViews(
            Jdbi jdbi,
            SessionListing listing,
            DetailsReader detailsReader,
            FormListing forms,
            GrantedStudies studies,
            RunListing listedRuns) {
        this.jdbi = jdbi;
        this.listing = listing;
        this.detailsReader = detailsReader;
        this.forms = forms;
        this.studies = studies;
        this.listedRuns = listedRuns;
    }

    /** The session, if any event names it. */
    public Optional<SessionView> of(String session) {
        return listing.one(session).map(row -> view(row, detailsReader.of(session)));
    }

    private SessionView view(SessionListing.Listed row, SessionDetails details) {
        return new SessionView(
                row,
                details.discovered().flatMap(d -> d.event().previousLabel()).orElse(""),
                details.discovered().map(d -> d.event().project()).orElse(""),
                details.discovered().map(d -> d.event().subjectLabel()).orElse(""),
                details.settled().orElse(null),
                details.checked().orElse(null),
                series(row.session(), details),
                resources(details),
                runs(details),
                details.failures(),
                detailsReader.alarmsOf(row.session()),
                decisions(row.session()),
                timeline(row.session()),
                OpenPoints.of(details),
                forms.ofSession(row.study(), row.name()),
                studies.shown()
                        .study(row.study())
                        .flatMap(study -> study.site(row.site()))
                        .map(site -> List.copyOf(site.tags().keySet()))
                        .orElse(List.of()));
    }

    private List<SessionView.Run> runs(SessionDetails details) {
        Map<String, String> images = images(details);
        Map<String, RunListing.Waits> waits = new HashMap<>();
        Set<String> seen = new HashSet<>();
        List<SessionView.Run> shown = new ArrayList<>();
        for (Recorded<PipelineUpdated> run : details.runs()) {
            PipelineUpdated event = run.event();
            boolean latest = seen.add(event.pipeline());
            boolean queued = event.state() == PipelineUpdated.State.QUEUED;
            boolean underWay = queued || event.state() == PipelineUpdated.State.RUNNING;
            Reason said = event.reason().orElse(null);
            shown.add(new SessionView.Run(
                    run,
                    latest,
                    queued && latest
                            ? waits.computeIfAbsent(event.study(), listedRuns::waits)
                                    .why(event.pipeline(), said)
                            : said,
                    images.getOrDefault(event.pipeline() + "@" + event.runKey(), ""),
                    underWay ? details.cancelled(event).orElse(null) : null,
                    latest && !ManualSteps.isOpen(event)
                            ? details.answered(event).orElse(null)
                            : null));
        }
        return shown;
    }

    /** The container images of runs, by pipeline and run key. */
    private static Map<String, String> images(SessionDetails details) {
        Map<String, String> images = new HashMap<>();
        details.requestedRuns().stream().map(Recorded::event).forEach(asked -> asked.image()
                .ifPresent(image -> images.put(asked.pipeline() + "@" + asked.runKey(), image)));
        return images;
    }

    private List<SessionView.Series> series(String session, SessionDetails details) {
        List<SessionView.Earlier> earlier = earlier(session);
        return details.series().stream().map(one -> series(one, earlier)).toList();
    }

    private static SessionView.Series series(SeriesDetails details, List<SessionView.Earlier> earlier) {
        List<SessionView.Image> images = new ArrayList<>();
        for (SeriesDetails.Image image : details.images()) {
            images.add(image(image, details.scan() + "-" + images.size(), earlier));
        }
        return new SessionView.Series(details, SeriesStatus.of(details), images);
    }

    private static SessionView.Image image(SeriesDetails.Image image, String place, List<SessionView.Earlier> earlier) {
        Optional<QcComplete> qc = image.findQc().map(Recorded::event);
        Map<String, String> digests = qc.map(QcComplete::files).orElse(List.of()).stream()
                .collect(Collectors.toMap(FileRef::path, FileRef::sha256, (a, b) -> a));
        List<FileRef> files = new ArrayList<>(image.product().files());
        qc.ifPresent(q -> q.files().stream()
                .filter(file -> file.role() != FileRole.PICTURE)
                .forEach(files::add));
        return new SessionView.Image(
                image,
                "image-" + place.replaceAll("[^A-Za-z0-9-]", "_"),
                qc.map(SessionViews::keyMetrics).orElse(List.of()),
                qc.map(QcComplete::pictures).orElse(List.of()).stream()
                        .map(picture -> new SessionView.Picture(
                                picture.path(),
                                picture.title(),
                                picture.lookFor(),
                                digests.getOrDefault(picture.path(), "")))
                        .toList(),
                files,
                earlier.stream()
                        .filter(number -> number.stem().equals(image.product().stem()))
                        .filter(number -> qc.stream()
                                .flatMap(q -> q.metrics().stream())
                                .noneMatch(metric -> metric.key().equals(number.key())
                                        && metric.version().equals(number.version())))
                        .toList());
    }

    private static Optional<Integer> headline(QcComplete.Metric metric) {
        return MetricCatalogue.find(metric.key()).flatMap(MetricDefinition::findHeadline);
    }

    /** The headlines of the catalogue, else the first that have a value. */
    private static List<QcComplete.Metric> keyMetrics(QcComplete qc) {
        List<QcComplete.Metric> key = qc.metrics().stream()
                .filter(metric -> headline(metric).isPresent() && metric.value().isPresent())
                .sorted(Comparator.comparingInt(metric -> headline(metric).orElseThrow()))
                .limit(KEY_METRICS)
                .toList();
        return key.isEmpty()
                ? qc.metrics().stream()
                        .filter(metric -> metric.value().isPresent())
                        .limit(KEY_METRICS)
                        .toList()
                : key;
    }

    private static List<SessionView.Resource> resources(SessionDetails details) {
        Map<String, Recorded<ResourceExported>> exported = details.exportedResources().stream()
                .collect(Collectors.toMap(e -> e.event().identity(), Function.identity(), (a, b) -> b));
        return details.resources().stream()
                .map(found -> new SessionView.Resource(
                        found, exported.get(found.event().identity())))
                .sorted(Comparator.comparing(
                                (SessionView.Resource r) -> r.found().event().label())
                        .thenComparing(r -> r.found().event().path()))
                .toList();
    }

    /** All metric values of the images, including those of older definitions. */
    private List<SessionView.Earlier> earlier(String session) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        select stem, key, version, value from metric where session = :session
                        order by stem, key, length(version) desc, version desc
                        """)
                .bind("session", session)
                .map(ConstructorMapper.of(SessionView.Earlier.class))
                .list());
    }

    private List<SessionView.Decided> decisions(String session) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        select coalesce(r.id::text, f.payload ->> 'reviewId') as id, f.scan as scan,
                            coalesce(f.payload ->> 'stem', '') as stem, f.payload ->> 'decision' as decision,
                            coalesce(r.comment, '') as comment, f.payload ->> 'reviewer' as reviewer, f.published as time
                        from latest_event f left join review r on r.id::text = f.payload ->> 'reviewId'
                        where f.session = :session and f.topic = 'qc-reviewed'
                        order by f.published desc, (f.payload ->> 'reviewId') collate "C" desc
                        """)
                .bind("session", session)
                .map(ConstructorMapper.of(SessionView.Decided.class))
                .list());
    }

    private List<SessionView.TimelineEvent> timeline(String session) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        select topic, scan, published, source, description from timeline_event where session = :session
                        order by published desc, event_id limit :limit
                        """)
                .bind("session", session)
                .bind("limit", TIMELINE)
                .map(ConstructorMapper.of(SessionView.TimelineEvent.class))
                .list());
    }
}

package org.datman.ingest.diff;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.ResourceDiscovered;
import org.datman.contracts.event.ResourceDiscoveredBuilder;
import org.datman.contracts.event.ScanId;
import org.datman.contracts.event.SeriesDiscovered;
import org.datman.contracts.event.SeriesDiscoveredBuilder;
import org.datman.contracts.event.SessionDiscovered;
import org.datman.contracts.event.SessionDiscovered.Status;
import org.datman.contracts.event.SessionDiscoveredBuilder;
import org.datman.contracts.event.SessionRef;
import org.datman.contracts.study.StudyConfigurations;
import org.datman.ingest.published.PublishedSession;
import org.datman.ingest.read.HeaderFacts;
import org.datman.ingest.read.SessionSnapshot;
import org.datman.xnat.XnatSession;
import org.jspecify.annotations.Nullable;

/**
 * The changes of a session: the state on XNAT compared with the last published state. Pure: whatever the trigger (a webhook, three
 * of them, none and a sweep), the same state of XNAT after the same history gives the same events.
 */
public final class SessionDiff {

    private final SessionRef ref;
    private final StudyConfigurations studies;

    public SessionDiff(SessionRef ref, StudyConfigurations studies) {
        this.ref = ref;
        this.studies = studies;
    }

    /** The changes when the session exists. */
    public SessionChanges present(PublishedSession published, SessionSnapshot now) {
        SessionDiscovered session = session(published.last(), now.session());
        return new SessionChanges(
                session.equals(published.last()) ? null : session, series(published, now), resources(published, now));
    }

    /** The changes when the session is deleted. */
    public SessionChanges gone(PublishedSession published) {
        SessionDiscovered last = published.last();
        if (last == null || last.status() == Status.DELETED) {
            return SessionChanges.NONE;
        }
        List<SeriesDiscovered> series = published.presentSeries().stream()
                .map(s -> removed(s, "its session was deleted on the server"))
                .toList();
        List<ResourceDiscovered> resources =
                published.presentResources().stream().map(SessionDiff::removed).toList();
        SessionDiscovered deleted = SessionDiscoveredBuilder.builder(last)
                .session(ref)
                .sessionRevision(last.sessionRevision() + 1)
                .status(Status.DELETED)
                .previousLabel(Optional.empty())
                .previousProject(Optional.empty())
                .build();
        return new SessionChanges(deleted, series, resources);
    }

    /** The session under the current study configuration, with nothing else changed. */
    public SessionDiscovered reconsidered(SessionDiscovered last) {
        ResolvedName naming = ResolvedName.of(studies, last.project(), last.subjectLabel(), last.label());
        return named(last, last, naming);
    }

    /**
     * @param facts of the session on XNAT
     * @param like the event whose revision and status it keeps
     */
    private static SessionDiscovered named(SessionDiscovered facts, SessionDiscovered like, ResolvedName naming) {
        return SessionDiscoveredBuilder.builder()
                .session(facts.session())
                .sessionRevision(like.sessionRevision())
                .status(like.status())
                .project(facts.project())
                .subjectLabel(facts.subjectLabel())
                .label(facts.label())
                .phantom(naming.phantom())
                .configRevision(naming.configRevision())
                .previousLabel(like.previousLabel())
                .previousProject(like.previousProject())
                .study(naming.findStudy())
                .site(naming.findSite())
                .name(naming.findName())
                .nameProblem(naming.findProblem())
                .date(facts.date())
                .scanner(facts.scanner())
                .build();
    }

    private SessionDiscovered session(@Nullable SessionDiscovered last, XnatSession now) {
        ResolvedName naming = ResolvedName.of(studies, now.project(), now.subjectLabel(), now.label());
        SessionDiscovered facts = SessionDiscoveredBuilder.builder()
                .session(ref)
                .sessionRevision(1)
                .status(Status.PRESENT)
                .project(now.project())
                .subjectLabel(now.subjectLabel())
                .label(now.label())
                .phantom(false)
                .configRevision("")
                .date(now.findDate())
                .scanner(now.findScanner())
                .build();
        if (last == null) {
            return named(facts, facts, naming);
        }
        boolean moved = !last.project().equals(now.project());
        boolean renamed = !last.label().equals(now.label());
        boolean other = !last.subjectLabel().equals(now.subjectLabel())
                || !last.date().equals(now.findDate())
                || !last.scanner().equals(now.findScanner())
                || last.status() == Status.DELETED;
        if (!moved && !renamed && !other) {
            return named(facts, last, naming);
        }
        Status status = moved ? Status.MOVED : renamed ? Status.RENAMED : Status.PRESENT;
        SessionDiscovered changed = facts.with(next -> next.sessionRevision(last.sessionRevision() + 1)
                .status(status)
                .previousLabel(renamed ? Optional.of(last.label()) : Optional.empty())
                .previousProject(moved ? Optional.of(last.project()) : Optional.empty()));
        return named(facts, changed, naming);
    }

    private List<SeriesDiscovered> series(PublishedSession published, SessionSnapshot now) {
        List<SeriesDiscovered> changed = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        List<SeriesDiscovered> found = now.series().stream()
                .map(series -> series(now.session(), series))
                .toList();
        Assignments assignments = new Assignments(published.assignments(), found);
        for (SeriesDiscovered one : found) {
            seen.add(one.scan());
            SeriesDiscovered candidate = one.withAssigned(assignments.of(one));
            SeriesDiscovered last = published.series().get(one.scan());
            if (last == null) {
                changed.add(candidate);
            } else if (!last.equals(candidate.with(
                    same -> same.seriesRevision(last.seriesRevision()).headerSource(last.headerSource())))) {
                changed.add(candidate.withSeriesRevision(last.seriesRevision() + 1));
            }
        }
        published.series().values().stream()
                .filter(last -> !seen.contains(last.scan()) && last.status() != SeriesDiscovered.Status.REMOVED)
                .map(last -> removed(last, "the scan is no longer in the session on the server"))
                .forEach(changed::add);
        return changed;
    }

    /** Of the first revision. */
    private SeriesDiscovered series(XnatSession session, SessionSnapshot.Series series) {
        HeaderFacts header = series.header();
        List<String> imageType = header.imageType().isEmpty() ? series.scan().imageType() : header.imageType();
        SortedSet<Integer> echoes = new TreeSet<>(series.scan().echoNumbers());
        echoes.addAll(header.echoNumbers());
        // XNAT shows the protocol's name where the header has no description: the header decides.
        String description = header.isRead()
                ? header.values().getOrDefault("SeriesDescription", "")
                : series.scan().description();
        return SeriesDiscoveredBuilder.builder()
                .session(ref)
                .seriesRevision(1)
                .status(series.status())
                .project(session.project())
                .subjectLabel(session.subjectLabel())
                .sessionLabel(session.label())
                .scan(series.scan().id())
                .description(description)
                .xnatType(series.scan().type())
                .xsiType(series.scan().xsiType())
                .quality(series.scan().quality())
                .imageType(imageType)
                .echoNumbers(echoes)
                .header(header.values())
                .fileCount(series.fileCount())
                .byteCount(series.byteCount())
                .fingerprint(series.fingerprint())
                .problem(series.findProblem().or(header::findProblem))
                .seriesNumber(
                        header.seriesNumber().or(() -> new ScanId(series.scan().id()).wholeNumber()))
                .uid(series.scan().findUid().or(header::findUid))
                .resource(series.findResource())
                .headerSource(header.findSource())
                .date(session.findDate().or(header::studyDate))
                .build();
    }

    private static SeriesDiscovered removed(SeriesDiscovered last, String why) {
        return SeriesDiscoveredBuilder.builder(last)
                .seriesRevision(last.seriesRevision() + 1)
                .status(SeriesDiscovered.Status.REMOVED)
                .problem(Optional.of(Reason.of("removed-on-xnat", "Scan " + last.scan() + ": " + why)))
                .fileCount(0)
                .byteCount(0)
                .build();
    }

    private List<ResourceDiscovered> resources(PublishedSession published, SessionSnapshot now) {
        List<ResourceDiscovered> changed = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (SessionSnapshot.ResourceFile file : now.resources()) {
            ResourceDiscovered first = resource(now.session(), file, 1);
            if (!seen.add(first.identity())) {
                continue; // XNAT lists a file twice when its catalogue does; it is the same file
            }
            ResourceDiscovered last = published.resources().get(first.identity());
            if (last == null) {
                changed.add(first);
            } else if (!last.equals(resource(now.session(), file, last.resourceRevision()))) {
                changed.add(resource(now.session(), file, last.resourceRevision() + 1));
            }
        }
        published.resources().forEach((identity, last) -> {
            if (!seen.contains(identity) && !last.removed()) {
                changed.add(removed(last));
            }
        });
        return changed;
    }

    private ResourceDiscovered resource(XnatSession session, SessionSnapshot.ResourceFile file, long revision) {
        return ResourceDiscoveredBuilder.builder()
                .session(ref)
                .resourceRevision(revision)
                .removed(false)
                .project(session.project())
                .subjectLabel(session.subjectLabel())
                .sessionLabel(session.label())
                .resource(file.resource())
                .label(file.label())
                .path(file.path())
                .size(file.size())
                .md5(file.findMd5())
                // Set only when it is not the session, so that existing resources are not published again.
                .level(Optional.of(file.level()).filter(level -> level != ResourceDiscovered.Level.SESSION))
                .owner(file.findOwner())
                .build();
    }

    private static ResourceDiscovered removed(ResourceDiscovered last) {
        return last.withResourceRevision(last.resourceRevision() + 1).withRemoved(true);
    }
}

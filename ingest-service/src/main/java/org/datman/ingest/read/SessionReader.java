package org.datman.ingest.read;

import com.fasterxml.jackson.databind.JsonNode;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.codec.digest.DigestUtils;
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.ResourceDiscovered;
import org.datman.contracts.event.SeriesDiscovered;
import org.datman.contracts.event.SeriesDiscovered.HeaderSource;
import org.datman.contracts.event.SeriesDiscovered.HeaderSource.Way;
import org.datman.contracts.event.SeriesDiscovered.Status;
import org.datman.contracts.event.SessionDiscovered;
import org.datman.contracts.study.PairedData;
import org.datman.contracts.study.StudyConfiguration;
import org.datman.contracts.study.StudyConfigurations;
import org.datman.imaging.dicom.DicomReader;
import org.datman.ingest.published.PublishedSession;
import org.datman.ingest.read.SessionRead.Kind;
import org.datman.xnat.DicomWeb;
import org.datman.xnat.FileListing;
import org.datman.xnat.ImageSource;
import org.datman.xnat.ResourceRef;
import org.datman.xnat.XnatDenied;
import org.datman.xnat.XnatException;
import org.datman.xnat.XnatFile;
import org.datman.xnat.XnatGone;
import org.datman.xnat.XnatOutage;
import org.datman.xnat.XnatProtocol;
import org.datman.xnat.XnatResource;
import org.datman.xnat.XnatScan;
import org.datman.xnat.XnatSession;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Reads a session from XNAT: its scans, file listings and, where the files changed, one DICOM header per scan. */
@ApplicationScoped
public class SessionReader {

    /** How many of the largest files are searched for an image; a series without any is not read completely. */
    private static final int HEADERS_TRIED = 4;

    /** What stands for bytes that are no text of the character set: each program has its own guess of them. */
    private static final char UNDECODED = '\uFFFD';

    private static final Logger LOG = Logger.getLogger(SessionReader.class);

    private final ImageSource xnat;

    SessionReader(ImageSource xnat) {
        this.xnat = xnat;
    }

    /**
     * What is read of a session.
     *
     * @param promised the paired data that its study expects
     * @param keywords DICOM elements that the rules of its study look at beside the usual ones
     * @param refetch fetch all headers again
     */
    record Wanted(List<PairedData> promised, Set<String> keywords, boolean refetch) {}

    /**
     * A session without its file listings.
     *
     * @param resources of the session and its scans, and those of its subject and project that are its paired data
     */
    record Outline(XnatSession session, List<XnatResource> resources) {

        /**
         * Changes when the session, a scan, or XNAT's file count of a resource changes. It changes with the components of these
         * records as well: after such an upgrade the next full sweep reads each session once more, and publishes nothing for it.
         */
        String digest() {
            MessageDigest sha256 = DigestUtils.getSha256Digest();
            sha256.update(session.sorted().toString().getBytes(StandardCharsets.UTF_8));
            resources.stream()
                    .filter(r -> !r.isSnapshots())
                    .map(XnatResource::toString)
                    .sorted()
                    .forEach(r -> sha256.update(r.getBytes(StandardCharsets.UTF_8)));
            return HexFormat.of().formatHex(sha256.digest());
        }
    }

    /**
     * Reads a session.
     *
     * @param studies decide which paired data is read; of a session without a study no scan is read until a study claims it
     * @throws XnatGone when XNAT does not have the session
     * @throws org.datman.xnat.XnatException when it cannot be read
     */
    public SessionRead read(SessionRead.Request request, StudyConfigurations studies) {
        try {
            // Two requests, whatever the size of the session.
            XnatSession found = xnat.session(request.accession());
            return found.isImaging()
                    ? existing(request, found, studies)
                    : new SessionRead(Kind.NOT_IMAGING, found.xsiType(), null);
        } catch (XnatOutage e) {
            xnat.whoAmI(); // throws when XNAT is unavailable; otherwise only this session fails
            throw new XnatProtocol(product() + " answers, but not for this session: " + e.getMessage(), e);
        }
    }

    private SessionRead existing(SessionRead.Request request, XnatSession found, StudyConfigurations studies) {
        try {
            return read(request, found, studies);
        } catch (XnatGone e) {
            // The session exists: a resource that disappears between two requests does not count towards its deletion.
            throw new XnatProtocol("The session exists, but not all of its listed resources: " + e.getMessage(), e);
        }
    }

    private SessionRead read(SessionRead.Request request, XnatSession found, StudyConfigurations studies) {
        PublishedSession published = request.published();
        String knownAs = published.session().map(SessionDiscovered::project).orElse(null);
        StudyOfSession resolved = StudyOfSession.of(found, studies, knownAs);
        List<PairedData> promised =
                resolved.study().map(StudyConfiguration::pairedData).orElse(List.of());
        Set<String> needed = resolved.study()
                .<Set<String>>map(StudyConfiguration::headerKeywords)
                .orElse(Set.of());
        Outline outline = outline(resolved.session(), promised);
        // A session that a study claims was published before, with this outline, but without its series.
        boolean neverRead = resolved.study().isPresent()
                && !resolved.session().scans().isEmpty()
                && published.series().isEmpty();
        // What XNAT did not deliver then it may deliver now, and nothing of the outline changes by that.
        boolean unread = published.series().values().stream()
                .anyMatch(one -> one.status() == Status.PRESENT && one.problem().isPresent());
        boolean lacksHeaders = published.series().values().stream().anyMatch(one -> one.lacksAnyOf(needed));
        if (!neverRead && !unread && !lacksHeaders && outline.digest().equals(request.outline())) {
            return new SessionRead(Kind.UNCHANGED, found.xsiType(), null);
        }
        SessionSnapshot snapshot =
                resolved.study().isPresent() || !published.series().isEmpty()
                        ? read(outline, new Wanted(promised, needed, request.refetch()), published)
                        : new SessionSnapshot(outline.session(), List.of(), List.of(), outline.digest(), List.of());
        return new SessionRead(Kind.PRESENT, found.xsiType(), snapshot);
    }

    /**
     * The resources of a session: three more requests.
     *
     * @param promised the paired data that its study expects. All files at the session, its scans and its subject are
     *     its paired data, but a project's files only when an expectation matches them: else each session would get a copy
     *     of all files of the project
     */
    Outline outline(XnatSession session, List<PairedData> promised) {
        List<XnatResource> resources = new ArrayList<>(xnat.resources(session.accession()));
        if (!session.subjectId().isEmpty()) {
            resources.addAll(xnat.resourcesOfSubject(session.subjectId()));
        }
        if (!promised.isEmpty()) {
            xnat.resourcesOfProject(session.project()).stream()
                    .filter(r -> promised.stream().anyMatch(p -> fits(p, r)))
                    .forEach(resources::add);
        }
        return new Outline(session, resources);
    }

    private static boolean fits(PairedData promise, XnatResource resource) {
        return promise.findFolder()
                .map(folder -> folder.matcher(label(resource)).find())
                .orElse(true);
    }

    private static String label(XnatResource resource) {
        return resource.label().isEmpty() ? "MISC" : resource.label();
    }

    /**
     * The whole session.
     *
     * @param published a header is not fetched again while the files are the same, and what cannot be listed stays as it was
     */
    SessionSnapshot read(Outline outline, Wanted wanted, PublishedSession published) {
        Map<String, SeriesDiscovered> known = published.series();
        List<SessionSnapshot.Series> series = new ArrayList<>();
        List<String> unlisted = new ArrayList<>();
        for (XnatScan scan : outline.session().scans()) {
            List<XnatResource> own = outline.resources().stream()
                    .filter(r -> r.scan().filter(scan.id()::equals).isPresent() && !r.isSnapshots())
                    .toList();
            try {
                series.add(series(outline.session(), scan, own, known.get(scan.id()), wanted));
            } catch (XnatOutage | XnatProtocol | XnatGone e) {
                throwUnlessAlone(outline.session(), e);
                unlisted.add("scan " + scan.id());
                series.add(notListed(scan, known.get(scan.id()), e));
            }
        }
        List<SessionSnapshot.ResourceFile> files = new ArrayList<>();
        for (XnatResource resource : outline.resources()) {
            if (isPairedData(resource)) {
                try {
                    xnat.files(resource.ref()).stream()
                            .filter(file -> resource.ref().level() != ResourceRef.Level.PROJECT
                                    || wanted.promised().stream().anyMatch(p -> fits(p, resource, file)))
                            .forEach(file -> files.add(paired(resource, file)));
                } catch (XnatOutage | XnatProtocol | XnatGone e) {
                    throwUnlessAlone(outline.session(), e);
                    LOG.warnf(
                            "A folder is not listed resource=%s error=%s",
                            resource.ref().id(), e.getMessage());
                    unlisted.add("folder " + resource.ref().id());
                    published.presentResources().stream()
                            .filter(file ->
                                    file.resource().equals(resource.ref().id()))
                            .forEach(file -> files.add(asPublished(file)));
                }
            }
        }
        return new SessionSnapshot(
                outline.session(),
                series,
                files,
                unlisted.isEmpty() ? outline.digest() : SessionSnapshot.unlistedOutline(unlisted),
                unlisted);
    }

    /**
     * Returns when it is a fault of one scan or folder alone.
     *
     * @throws XnatException when the server is unavailable or the session is gone
     */
    private void throwUnlessAlone(XnatSession session, XnatException fault) {
        if (fault instanceof XnatGone) {
            xnat.session(session.accession());
        } else {
            xnat.whoAmI();
        }
    }

    private static SessionSnapshot.ResourceFile asPublished(ResourceDiscovered known) {
        return new SessionSnapshot.ResourceFile(
                known.level().orElse(ResourceDiscovered.Level.SESSION),
                known.owner().orElse(null),
                known.resource(),
                known.label(),
                known.path(),
                known.size(),
                known.md5().orElse(null));
    }

    private static boolean fits(PairedData promise, XnatResource resource, XnatFile file) {
        return fits(promise, resource)
                && promise.file()
                        .matcher(file.path().substring(file.path().lastIndexOf('/') + 1))
                        .find();
    }

    /** DICOM of a scan is a series, and XNAT's snapshots are ignored; all other files are kept. */
    private static boolean isPairedData(XnatResource resource) {
        return !resource.isSnapshots() && (resource.scan().isEmpty() || !resource.isDicom());
    }

    private static SessionSnapshot.ResourceFile paired(XnatResource resource, XnatFile file) {
        ResourceRef ref = resource.ref();
        ResourceDiscovered.Level level =
                switch (ref.level()) {
                    case PROJECT -> ResourceDiscovered.Level.PROJECT;
                    case SUBJECT -> ResourceDiscovered.Level.SUBJECT;
                    case SESSION -> ResourceDiscovered.Level.SESSION;
                    case SCAN -> ResourceDiscovered.Level.SCAN;
                };
        String owner =
                switch (ref.level()) {
                    case SCAN -> ref.scan();
                    case SESSION -> null;
                    case PROJECT, SUBJECT -> ref.owner();
                };
        return new SessionSnapshot.ResourceFile(
                level,
                owner,
                ref.id(),
                label(resource),
                file.path(),
                file.size().orElse(0),
                file.md5());
    }

    private SessionSnapshot.Series series(
            XnatSession session,
            XnatScan scan,
            List<XnatResource> own,
            @Nullable SeriesDiscovered known,
            Wanted wanted) {
        Optional<XnatResource> dicom = own.stream()
                .filter(XnatResource::isDicom)
                .min(Comparator.comparing((XnatResource r) -> !r.label().equalsIgnoreCase("DICOM"))
                        .thenComparing(r -> -r.fileCount().orElse(0))
                        .thenComparing(r -> r.ref().id()));
        if (dicom.isEmpty()) {
            return own.isEmpty()
                    ? without(scan, Status.EMPTY, "empty-scan", "has no files")
                    : without(scan, Status.NO_DICOM, "no-dicom", "has files, but none of them is DICOM");
        }
        ResourceRef ref = dicom.get().ref();
        List<XnatFile> files = xnat.files(ref);
        if (files.isEmpty()) {
            return without(scan, Status.EMPTY, "empty-scan", "has a DICOM resource without files");
        }
        String fingerprint = FileListing.fingerprint(files);
        boolean same = known != null
                && !wanted.refetch()
                && !known.lacksAnyOf(wanted.keywords())
                && known.fingerprint().equals(fingerprint)
                && known.resource().filter(ref.id()::equals).isPresent()
                && known.status() == Status.PRESENT
                && known.problem().isEmpty();
        HeaderFacts header = known != null && same
                ? asPublished(known)
                : header(
                        new DicomWeb.Series(session.project(), session.uid(), scan.uid(), ref, files),
                        wanted.keywords());
        return new SessionSnapshot.Series(
                scan, Status.PRESENT, null, ref.id(), files.size(), FileListing.byteCount(files), fingerprint, header);
    }

    private static HeaderFacts asPublished(SeriesDiscovered known) {
        return new HeaderFacts(
                known.header(),
                known.uid().orElse(null),
                known.problem().orElse(null),
                known.headerSource().orElse(null));
    }

    /** The other scans of the session do not wait for one whose files the server cannot list; what was known of it stays. */
    private SessionSnapshot.Series notListed(XnatScan scan, @Nullable SeriesDiscovered known, XnatException why) {
        LOG.warnf("Files of a scan are not listed scan=%s error=%s", scan.id(), why.getMessage());
        if (known == null || known.status() != Status.PRESENT) {
            return without(
                    scan,
                    Status.EMPTY,
                    new Reason(
                            SessionSnapshot.NOT_LISTED,
                            // The same each time: another text would be another revision.
                            product() + " answers, but does not list the files of scan " + scan.id(),
                            "Look at the scan on " + product() + "; it is read again by itself"));
        }
        return new SessionSnapshot.Series(
                scan,
                Status.PRESENT,
                null,
                known.resource().orElse(null),
                known.fileCount(),
                known.byteCount(),
                known.fingerprint(),
                asPublished(known));
    }

    private SessionSnapshot.Series without(XnatScan scan, Status status, String code, String what) {
        return without(
                scan,
                status,
                new Reason(
                        code,
                        "Scan " + scan.id() + " " + what,
                        "Send the series to " + product()
                                + " again if there should be images; otherwise let a rule ignore it"));
    }

    private static SessionSnapshot.Series without(XnatScan scan, Status status, Reason reason) {
        return new SessionSnapshot.Series(
                scan, status, reason, null, 0, 0, FileListing.fingerprint(List.of()), HeaderFacts.NONE);
    }

    /** One header of the series, by DICOMweb where that is wanted and works, else from a file: the same facts. */
    private HeaderFacts header(DicomWeb.Series series, Set<String> keywords) {
        Optional<DicomWeb> dicomWeb = xnat.dicomWeb();
        if (dicomWeb.isEmpty()) {
            return fromFile(series, keywords);
        }
        String why;
        try {
            return byDicomWeb(dicomWeb.get(), series, keywords).from(new HeaderSource(Way.DICOMWEB, Optional.empty()));
        } catch (XnatDenied e) {
            if (e.isAccount()) {
                throw e;
            }
            why = e.getMessage();
        } catch (XnatOutage | XnatGone | XnatProtocol e) {
            // Reading the file tells whether it is XNAT that fails.
            why = e.getMessage();
        }
        Reason instead = new Reason(
                "header-of-one-file",
                product() + "'s DICOMweb gives no headers: " + why,
                "If many series say so, install the DICOMweb plug-in of " + product()
                        + ", or take datman.xnat.dicom-web back");
        return fromFile(series, keywords).from(new HeaderSource(Way.FILE, Optional.of(instead)));
    }

    private String product() {
        return xnat.kind().product();
    }

    private static HeaderFacts byDicomWeb(DicomWeb dicomWeb, DicomWeb.Series series, Set<String> keywords) {
        List<XnatFile> candidates = candidates(series);
        Map<String, JsonNode> headers =
                dicomWeb.headers(series, candidates.stream().map(XnatFile::path).collect(Collectors.toSet()));
        DicomJson json = new DicomJson(HeaderFacts.keywords(keywords));
        HeaderFacts facts = chosen(
                candidates,
                file -> HeaderFacts.of(json.header(Objects.requireNonNull(headers.get(file.path()))), keywords));
        if (facts.values().values().stream().anyMatch(text -> text.indexOf(UNDECODED) >= 0)) {
            throw new XnatProtocol("a text of it cannot be decoded");
        }
        return facts;
    }

    private HeaderFacts fromFile(DicomWeb.Series series, Set<String> keywords) {
        return chosen(candidates(series), file -> header(series.resource(), file, keywords));
    }

    /** The first file by path, then the largest. Scanners store raw data and reports in the series of the images that they belong to. */
    private static List<XnatFile> candidates(DicomWeb.Series series) {
        List<XnatFile> byPath = series.files().stream()
                .sorted(Comparator.comparing(XnatFile::path))
                .toList();
        return Stream.concat(
                        byPath.stream().limit(1),
                        byPath.stream()
                                .skip(1)
                                .sorted(Comparator.comparing(
                                        (XnatFile file) -> -file.size().orElse(0)))
                                .limit(HEADERS_TRIED))
                .toList();
    }

    /** The first candidate's header or, when it is not that of an image, the first that is. */
    private static HeaderFacts chosen(List<XnatFile> candidates, Function<XnatFile, HeaderFacts> header) {
        HeaderFacts first = header.apply(candidates.get(0));
        if (first.isImage() || first.findProblem().isPresent()) {
            return first;
        }
        return candidates.stream()
                .skip(1)
                .map(header)
                .filter(HeaderFacts::isImage)
                .findFirst()
                .orElse(first);
    }

    /** The header of a file. A file that is not DICOM is a property of the series; a broken transfer is an outage. */
    private HeaderFacts header(ResourceRef ref, XnatFile file, Set<String> keywords) {
        Transfer transfer = null;
        try (InputStream in = xnat.openFile(ref, file.path())) {
            transfer = new Transfer(in);
            return HeaderFacts.of(DicomReader.read(transfer), keywords);
        } catch (IOException e) {
            if (transfer == null || transfer.broken) {
                xnat.whoAmI();
                return unreadable(ref, "the transfer breaks off: " + e.getMessage());
            }
            return unreadable(ref, Objects.requireNonNullElse(e.getMessage(), e.toString()));
        } catch (XnatOutage e) {
            xnat.whoAmI(); // throws when XNAT is unavailable; otherwise only this file fails
            return unreadable(ref, product() + " does not deliver it: " + e.getMessage());
        } catch (XnatGone e) {
            return unreadable(ref, product() + " lists the file but does not have it");
        } catch (XnatProtocol e) {
            return unreadable(ref, Objects.requireNonNullElse(e.getMessage(), e.toString()));
        }
    }

    private HeaderFacts unreadable(ResourceRef ref, String why) {
        return HeaderFacts.unreadable(new Reason(
                "unreadable-header",
                "The first DICOM file of scan " + ref.findScan().orElse("") + " cannot be read: " + why,
                "Check the file on " + product() + "; send the series again if it is damaged"));
    }

    /** Records whether the transfer from the server failed, not the content. */
    private static final class Transfer extends FilterInputStream {

        private boolean broken;

        private Transfer(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            try {
                return super.read();
            } catch (IOException e) {
                broken = true;
                throw e;
            }
        }

        @Override
        public int read(byte[] bytes, int from, int length) throws IOException {
            try {
                return super.read(bytes, from, length);
            } catch (IOException e) {
                broken = true;
                throw e;
            }
        }

        @Override
        public long skip(long n) throws IOException {
            try {
                return super.skip(n);
            } catch (IOException e) {
                broken = true;
                throw e;
            }
        }
    }
}

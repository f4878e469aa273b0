package org.datman.export.series;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.datman.contracts.event.Envelope;
import org.datman.contracts.event.Event;
import org.datman.contracts.event.EventId;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.FileRole;
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.ReprocessRequested;
import org.datman.contracts.event.ReprocessRequestedBuilder;
import org.datman.contracts.event.SeriesExported;
import org.datman.contracts.event.SeriesTagged;
import org.datman.contracts.event.SeriesTagged.Assignment;
import org.datman.contracts.event.SeriesTagged.Decision;
import org.datman.contracts.event.SeriesTaggedAssignmentBuilder;
import org.datman.contracts.event.SeriesTaggedBuilder;
import org.datman.contracts.event.SessionRef;
import org.datman.contracts.event.SessionSettled;
import org.datman.contracts.event.SessionSettledBuilder;
import org.datman.export.TinySeries;
import org.datman.export.claim.NameClaims;
import org.datman.export.claim.TakenNames;
import org.datman.export.convert.Dcm2niix;
import org.datman.export.convert.Decompressor;
import org.datman.export.convert.SeriesConversion;
import org.datman.export.index.SeriesStates;
import org.datman.export.publish.Publication;
import org.datman.export.reuse.CurrentExport;
import org.datman.export.work.EventSender;
import org.datman.export.work.SessionLocks;
import org.datman.export.work.WorkDirectory;
import org.datman.export.xnat.Denials;
import org.datman.export.xnat.Xnat;
import org.datman.imaging.nifti.NiftiReader;
import org.datman.platform.archive.Archive;
import org.datman.platform.archive.Withdrawal;
import org.datman.simulator.XnatSimulator;
import org.datman.simulator.archive.Resource;
import org.datman.simulator.archive.Scan;
import org.datman.simulator.archive.Session;
import org.datman.simulator.importer.LoadOptions;
import org.datman.xnat.FileListing;
import org.datman.xnat.ImageSource;
import org.datman.xnat.ResourceRef;
import org.datman.xnat.XnatClient;
import org.datman.xnat.XnatConfig;

/** The service without Kafka: a real XNAT double, the real client, the real dcm2niix, a real archive folder. */
final class ExportFixture implements AutoCloseable {

    static final String STUDY = "SPN01";
    static final String SESSION = "SPN01_CMH_0001_01_01";
    static final Instant NOW = Instant.parse("2026-03-05T10:00:00Z");

    final XnatSimulator simulator;
    final XnatClient client;

    /** The servers that are read, by their names. */
    private final Map<String, ImageSource> sources = new HashMap<>();

    final FaultyArchive archive;
    final List<Event> published = new ArrayList<>();
    final SeriesStates states;
    final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    /** The time of the exporter. */
    volatile Instant now = NOW;

    private final Path folder;
    private Dcm2niix dcm2niix;
    SeriesExporter exporter;

    ExportFixture(Path folder) throws IOException {
        this(folder, "dcm2niix", Duration.ofMinutes(5));
    }

    ExportFixture(Path folder, String converter, Duration timeLimit) throws IOException {
        simulator = XnatSimulator.builder().users(Map.of("datman", "secret")).start();
        client = new XnatClient(
                XnatConfig.of(simulator.url(), "xnat", "datman", () -> "secret").withRetries(2, Duration.ofMillis(5)));
        sources.put(client.server(), client);
        archive = new FaultyArchive(folder.resolve("archive"));
        states = new SeriesStates(archive);
        this.folder = folder;
        this.dcm2niix = Dcm2niix.of(converter, timeLimit, 4096);
        useDecompressor(Decompressor.of("gdcmconv", "dcmdjpls", timeLimit));
    }

    /** Builds the exporter again with one more server. */
    void add(ImageSource source) {
        sources.put(source.server(), source);
        useConverter(Path.of("dcm2niix"));
    }

    /** Builds the exporter again with another converter, on the same archive. */
    void useConverter(Path program) {
        dcm2niix = Dcm2niix.of(program.toString(), Duration.ofMinutes(5), 4096);
        useDecompressor(Decompressor.of("gdcmconv", "dcmdjpls", Duration.ofMinutes(5)));
    }

    /** Builds the exporter again with other programs for compressed pixels. */
    final void useDecompressor(Decompressor decompressor) {
        Clock clock = ((InstantSource) () -> now).withZone(ZoneOffset.UTC);
        Xnat xnat = new Xnat(sources);
        EventSender sender = (cause, event) -> published.add(event);
        StepTimes times = new StepTimes(metrics);
        TakenNames names = new TakenNames(archive);
        exporter = new SeriesExporter(
                new SeriesExport(
                        new WorkDirectory(Optional.of(folder.resolve("scratch")), archive),
                        new CurrentExport(archive, dcm2niix),
                        new SeriesSource(xnat, new SeriesConversion(dcm2niix, decompressor), times, archive),
                        new NameClaims(archive, states, names),
                        new Publication(archive, states, new Withdrawal(archive, clock), clock, "test"),
                        sender,
                        new Denials(xnat, archive, published::add, published::add, clock),
                        clock,
                        times),
                states,
                names,
                new SessionLocks(archive),
                sender,
                clock);
    }

    /** Loads a folder or archive of DICOM as a session. */
    Session load(Path source) throws IOException {
        return simulator.addSession(
                source,
                LoadOptions.project("SPN01_CMH").subject("SPN01_CMH_0001").label(SESSION));
    }

    Session loadShared(String session, String archiveName) throws IOException {
        return load(SharedData.archive(session, archiveName));
    }

    /** Loads a made-up T1 of some slices as scan 5 of a session. */
    Session loadT1(int slices) throws IOException {
        return load(TinySeries.write(folder.resolve("dicom"), 5, "Sag T1", slices, 1, 1));
    }

    /** The tagging event of that scan, as XNAT has it now. */
    SeriesTagged t1(Session session) {
        return tagged(session, session.scans().get(0), tag("T1", "05", "Sag-T1"));
    }

    /** The tagging event of a scan. */
    SeriesTagged tagged(Session session, Scan scan, Assignment... assignments) {
        Resource resource = dicom(scan);
        String id = Long.toString(resource.id());
        String fingerprint = FileListing.fingerprint(client.files(ResourceRef.ofScan(session.id(), scan.id(), id)));
        return SeriesTaggedBuilder.builder()
                .session(new SessionRef("xnat", session.id()))
                .seriesRevision(1)
                .decision(Decision.TAGGED)
                .phantom(false)
                .scan(scan.id())
                .description(scan.description())
                .assignments(List.of(assignments))
                .reason(Reason.of("tagged", "for the test"))
                .explanation(List.of())
                .fileCount(resource.files().size())
                .fingerprint(fingerprint)
                .configRevision("config-1")
                .study(Optional.of(STUDY))
                .site(Optional.of("CMH"))
                .sessionName(Optional.of(SESSION))
                .seriesNumber(Optional.of(5L))
                .uid(Optional.of(scan.uid()))
                .resource(Optional.of(id))
                .date(Optional.of(LocalDate.parse("2026-03-05")))
                .build();
    }

    /** Removes a DICOM file from a scan on XNAT. */
    void remove(Session session, Scan scan, String path) throws IOException {
        String credentials = Base64.getEncoder().encodeToString("datman:secret".getBytes(StandardCharsets.UTF_8));
        try {
            HttpResponse<String> answer = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create(simulator.url() + "/data/experiments/" + session.id()
                                            + "/scans/" + scan.id() + "/resources/DICOM/files/" + path))
                                    .header("Authorization", "Basic " + credentials)
                                    .DELETE()
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new IOException(answer.statusCode() + " " + answer.body());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    static Resource dicom(Scan scan) {
        return scan.resources().stream()
                .filter(resource -> resource.label().equals("DICOM"))
                .findFirst()
                .orElseThrow();
    }

    static Assignment tag(String tag, String series, String description) {
        return SeriesTaggedAssignmentBuilder.builder()
                .tag(tag)
                .stem(SESSION + "_" + tag + "_" + series + "_" + description)
                .qcKind("anat")
                .formats(List.of("nii", "dcm"))
                .build();
    }

    static Assignment tag(String tag, String series, String description, Integer echo, String part) {
        return SeriesTaggedAssignmentBuilder.builder()
                .tag(tag)
                .stem(SESSION + "_" + tag + "_" + series + "_" + description)
                .qcKind("fmap")
                .formats(List.of("nii", "dcm"))
                .echoNumber(Optional.ofNullable(echo))
                .part(Optional.ofNullable(part))
                .build();
    }

    /** A tag whose series with the same text are parts of one image. */
    static Assignment part(String tag, String series, String description, String common) {
        return SeriesTaggedAssignmentBuilder.builder()
                .tag(tag)
                .stem(SESSION + "_" + tag + "_" + series + "_" + description)
                .qcKind("bold")
                .formats(List.of("nii", "dcm"))
                .combine(Optional.of(common))
                .build();
    }

    /** Lets the session settle with these series, and returns the events published for them. */
    List<SeriesExported> settle(long revision, SeriesTagged... series) throws IOException {
        int before = published.size();
        exporter.handleSettled(envelope(
                SessionSettledBuilder.builder()
                        .session(series[0].session())
                        .settleRevision(revision)
                        .cause(SessionSettled.Cause.QUIET)
                        .series(Stream.of(series)
                                .map(one -> new SessionSettled.SettledSeries(one.scan(), one.seriesRevision()))
                                .toList())
                        .resources(0)
                        .firstSeen(NOW)
                        .lastChange(NOW)
                        .build(),
                NOW));
        return publishedSince(before);
    }

    /** The events published after the first {@code before} ones. */
    List<SeriesExported> publishedSince(int before) {
        return published.subList(before, published.size()).stream()
                .map(SeriesExported.class::cast)
                .toList();
    }

    /** The same tagging under other names, by a later configuration. */
    static SeriesTagged renamed(SeriesTagged tagged, String sessionName, Assignment... assignments) {
        return SeriesTaggedBuilder.builder(tagged)
                .decision(Decision.TAGGED)
                .sessionName(Optional.of(sessionName))
                .phantom(false)
                .assignments(List.of(assignments))
                .explanation(List.of())
                .configRevision("config-2")
                .build();
    }

    /** The same series discovered again with other content, or with another decision. */
    static SeriesTagged later(SeriesTagged tagged, long revision, Decision decision, String fingerprint) {
        return SeriesTaggedBuilder.builder(tagged)
                .seriesRevision(revision)
                .decision(decision)
                .phantom(false)
                .assignments(decision == Decision.TAGGED ? tagged.assignments() : List.of())
                .reason(Reason.of(decision.name().toLowerCase(java.util.Locale.ROOT), "for the test"))
                .explanation(List.of())
                .fingerprint(fingerprint)
                .build();
    }

    static <E extends Event> Envelope<E> envelope(E event, Instant time) {
        return new Envelope<>(
                EventId.of(event),
                "/datman/test",
                time,
                UUID.randomUUID().toString(),
                Optional.empty(),
                Optional.empty(),
                event);
    }

    /** Handles a tagging and returns the last published event. */
    SeriesExported export(SeriesTagged tagged) throws IOException {
        exporter.handle(envelope(tagged, NOW));
        return lastPublished();
    }

    SeriesExported exportAgain(SeriesTagged tagged) throws IOException {
        again(tagged.session(), Optional.of(tagged.scan()));
        return lastPublished();
    }

    /** Requests the export of all series of a tagging's session again. */
    void exportAllAgain(SeriesTagged tagged) throws IOException {
        again(tagged.session(), Optional.empty());
    }

    private void again(SessionRef session, Optional<String> scan) throws IOException {
        exporter.again(envelope(
                ReprocessRequestedBuilder.builder()
                        .session(session)
                        .stage(ReprocessRequested.Stage.EXPORT)
                        .requestId("request-1")
                        .requestedBy("rater")
                        .time(NOW)
                        .scan(scan)
                        .build(),
                NOW));
    }

    /** Paths of all withdrawn or replaced files. */
    String withdrawn() throws IOException {
        Path root = archive.resolve(".datman/withdrawn");
        if (!Files.exists(root)) {
            return "";
        }
        try (Stream<Path> paths = Files.walk(root)) {
            return paths.map(Path::toString).collect(java.util.stream.Collectors.joining("\n"));
        }
    }

    SeriesExported lastPublished() {
        return published.isEmpty() ? null : (SeriesExported) published.get(published.size() - 1);
    }

    /** Digests of all voxels of an export, by stem. */
    Map<String, String> voxels(SeriesExported exported) throws IOException {
        Map<String, String> digests = new TreeMap<>();
        for (SeriesExported.Product product : exported.products()) {
            Optional<FileRef> nifti = product.file(FileRole.NIFTI);
            if (nifti.isPresent()) {
                digests.put(
                        product.stem(),
                        NiftiReader.voxelDigest(archive.resolve(nifti.get().path())));
            }
        }
        return digests;
    }

    /** SHA-256 of all public files except those that contain times, by path. */
    Map<String, String> publicFiles() throws IOException {
        Map<String, String> digests = new TreeMap<>();
        Path root = archive.root();
        if (!Files.exists(root)) {
            return digests;
        }
        try (Stream<Path> paths = Files.walk(root)) {
            paths.filter(Files::isRegularFile)
                    .filter(path -> !root.relativize(path).startsWith(".datman"))
                    .forEach(path -> {
                        try {
                            String relative = root.relativize(path).toString();
                            digests.put(relative, relative.contains("/provenance/") ? "" : Archive.sha256(path));
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    });
        }
        return digests;
    }

    @Override
    public void close() {
        client.close();
        simulator.close();
    }
}

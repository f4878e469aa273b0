package org.datman.export.resource;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.datman.contracts.event.Envelope;
import org.datman.contracts.event.ProcessingFailed;
import org.datman.contracts.event.ReprocessRequested;
import org.datman.contracts.event.ReprocessRequestedBuilder;
import org.datman.contracts.event.ResourceDiscovered;
import org.datman.contracts.event.ResourceDiscoveredBuilder;
import org.datman.contracts.event.ResourceExported;
import org.datman.contracts.event.SeriesExported.Outcome;
import org.datman.contracts.event.SessionRef;
import org.datman.contracts.study.StudyConfigurations;
import org.datman.export.TinySeries;
import org.datman.export.claim.TakenName;
import org.datman.export.claim.TakenNames;
import org.datman.export.work.SessionLocks;
import org.datman.export.work.WorkDirectory;
import org.datman.export.xnat.Denials;
import org.datman.export.xnat.Xnat;
import org.datman.platform.archive.Archive;
import org.datman.platform.archive.Withdrawal;
import org.datman.platform.event.OutageException;
import org.datman.platform.event.PermanentException;
import org.datman.simulator.XnatSimulator;
import org.datman.simulator.archive.Resource;
import org.datman.simulator.archive.Session;
import org.datman.simulator.fault.FaultRule;
import org.datman.simulator.importer.LoadOptions;
import org.datman.xnat.ResourceRef;
import org.datman.xnat.XnatClient;
import org.datman.xnat.XnatConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResourceExporterTest {

    private static final String FIRST = "SPN01_CMH_0001_01_01";
    private static final String SECOND = "SPN01_CMH_0001_01_02";
    private static final Instant NOW = Instant.parse("2026-03-05T10:00:00Z");

    @TempDir
    Path folder;

    private final List<ResourceExported> published = new ArrayList<>();
    private final List<ReprocessRequested> asked = new ArrayList<>();
    private final List<ProcessingFailed> failures = new ArrayList<>();
    private final AtomicReference<Instant> now = new AtomicReference<>(NOW);
    private Denials denials;
    private XnatSimulator simulator;
    private XnatClient client;
    private Archive archive;
    private ResourceExporter exporter;
    private StudyConfigurations studies;
    private Session session;

    @BeforeEach
    void build() throws IOException {
        simulator = XnatSimulator.builder().users(Map.of("datman", "secret")).start();
        client = new XnatClient(
                XnatConfig.of(simulator.url(), "xnat", "datman", () -> "secret").withRetries(2, Duration.ofMillis(5)));
        archive = new Archive(folder.resolve("archive"));
        Clock clock = ((InstantSource) now::get).withZone(ZoneOffset.UTC);
        denials = new Denials(new Xnat(Map.of("xnat", client)), archive, asked::add, failures::add, clock);
        exporter = exporter(new Xnat(Map.of("xnat", client)));
        Path configuration = Files.createDirectories(folder.resolve("studies"));
        Files.writeString(
                configuration.resolve("SPN01.yml"),
                "StudyTag: SPN01\nXnatProjects: [SPN01]\nTags:\n  T1: { Pattern: { SeriesDescription: 'T1' }, QcType: anat }\nSites:\n  CMH: {}\n");
        studies = StudyConfigurations.load(configuration);
        TinySeries.write(folder.resolve("dicom"), 5, "Sag T1", 2, 1, 1);
        session = simulator.addSession(
                folder.resolve("dicom"),
                LoadOptions.project("SPN01").subject("SPN01_CMH_0001").label(FIRST));
    }

    private ResourceExporter exporter(Xnat xnat) {
        Clock clock = ((InstantSource) now::get).withZone(ZoneOffset.UTC);
        return new ResourceExporter(
                xnat,
                archive,
                new ResourceStates(archive),
                new Withdrawal(archive, clock),
                new SessionLocks(archive),
                new WorkDirectory(Optional.empty(), archive),
                (cause, event) -> published.add((ResourceExported) event),
                clock,
                denials,
                new TakenNames(archive));
    }

    @AfterEach
    void close() {
        client.close();
        simulator.close();
    }

    @Test
    void aRenamedSessionMovesItsFilesWithoutReadingThemAgain() throws IOException {
        // Given
        ResourceDiscovered first = file("log.tsv", "content");
        handle(first);
        simulator.faults().add(FaultRule.status(500));

        // When
        ResourceExported moved = handle(change(first, 2, false, SECOND, first.md5()));

        // Then
        assertThat(moved.file().orElseThrow().path()).isEqualTo("SPN01/resources/" + SECOND + "/behav/log.tsv");
        assertThat(archive.resolve("SPN01/resources/" + SECOND + "/behav/log.tsv"))
                .hasContent("content");
        assertThat(archive.resolve("SPN01/resources/" + FIRST)).doesNotExist();
    }

    @Test
    void aRemovedFileIsWithdrawnAndPublished() throws IOException {
        // Given
        ResourceDiscovered first = file("log.tsv", "content");
        handle(first);

        // When
        ResourceExported gone = handle(change(first, 2, true, FIRST, first.md5()));

        // Then
        assertThat(gone.outcome()).isEqualTo(Outcome.WITHDRAWN);
        assertThat(archive.resolve("SPN01/resources/" + FIRST)).doesNotExist();
        assertThat(archive.resolve(".datman/withdrawn")).isDirectoryRecursivelyContaining("glob:**/log.tsv");
    }

    @Test
    void aSessionOfAnotherServerWithTheSameNameDoesNotReplaceTheFilesOfTheFirst() throws IOException {
        // Given two sessions of one name and one accession id
        ResourceDiscovered first = file("log.tsv", "content");
        handle(first);
        exporter = exporter(new Xnat(Map.of("xnat", client, "second", client)));
        ResourceDiscovered namesake = of(new SessionRef("second", session.id()), first);

        // When
        ResourceExported refused = handle(namesake);

        // Then
        assertThat(refused.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(refused.reason().orElseThrow().code()).isEqualTo("name-taken");
        assertThat(refused.reason().orElseThrow().message()).contains("xnat/" + session.id());
        assertThat(archive.resolve("SPN01/resources/" + FIRST + "/behav/log.tsv"))
                .hasContent("content");
        assertThat(handle(change(first, 2, false, FIRST, first.md5())).outcome())
                .isEqualTo(Outcome.EXPORTED);
    }

    @Test
    void aRefusedNameIsTriedAgainByARestartedServiceOnceItIsFree() throws IOException {
        // Given a refused file, whose name is free after the service was restarted
        ResourceDiscovered first = file("log.tsv", "content");
        handle(first);
        exporter = exporter(new Xnat(Map.of("xnat", client, "second", client)));
        handle(of(new SessionRef("second", session.id()), first));
        TakenNames names = new TakenNames(archive);
        TakenName taken = names.read(names.stored().get(0)).orElseThrow();
        boolean freeBefore = names.isFree(taken, exporter.claimant(taken));
        handle(change(first, 2, true, FIRST, first.md5()));
        exporter = exporter(new Xnat(Map.of("xnat", client, "second", client)));

        // When
        exporter.retry(taken, studies);

        // Then
        assertThat(freeBefore).isFalse();
        assertThat(exporter.claimant(taken).served()).isTrue();
        ResourceExported exported = published.get(published.size() - 1);
        assertThat(exported.session().server()).isEqualTo("second");
        assertThat(exported.outcome()).isEqualTo(Outcome.EXPORTED);
        assertThat(archive.resolve(exported.file().orElseThrow().path())).hasContent("content");
    }

    @Test
    void aFileThatIsNotAsListedFailsWithWords() throws IOException {
        // Given
        ResourceDiscovered first = file("log.tsv", "content");

        // When
        ResourceExported failed = handle(change(first, 1, false, FIRST, Optional.of("0".repeat(32))));

        // Then
        assertThat(failed.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(failed.reason().orElseThrow().message()).contains("MD5");
        assertThat(archive.resolve("SPN01/resources")).doesNotExist();
    }

    @Test
    void aSessionThatLostItsPlaceKeepsNothingUnderTheOldName() throws IOException {
        // Given
        ResourceDiscovered first = file("log.tsv", "content");
        handle(first);
        ResourceDiscovered nowhere = change(first, 2, false, "nonsense", first.md5());

        // When
        // Then
        assertThatThrownBy(() -> handle(nowhere)).isInstanceOf(PermanentException.class);
        assertThat(published.get(published.size() - 1).outcome()).isEqualTo(Outcome.WITHDRAWN);
        assertThat(archive.resolve("SPN01/resources/" + FIRST)).doesNotExist();
    }

    @Test
    void askedForAllFilesOfASessionThatLostItsPlaceNoneIsLeftUnderTheOldName() throws IOException {
        // Given
        handle(file("log.tsv", "content"));
        handle(file("other.tsv", "more"));
        ReprocessRequested request = ReprocessRequestedBuilder.builder()
                .session(new SessionRef("xnat", session.id()))
                .stage(ReprocessRequested.Stage.EXPORT)
                .requestId("request-1")
                .requestedBy("manager")
                .time(NOW)
                .build();
        StudyConfigurations none = StudyConfigurations.load(Files.createDirectories(folder.resolve("no-studies")));

        // When
        // Then
        assertThatThrownBy(() -> exporter.again(Envelope.first(request, "/datman/test", NOW), none))
                .isInstanceOf(PermanentException.class);
        assertThat(published.subList(2, 4))
                .extracting(ResourceExported::path, ResourceExported::outcome)
                .containsExactlyInAnyOrder(tuple("log.tsv", Outcome.WITHDRAWN), tuple("other.tsv", Outcome.WITHDRAWN));
        assertThat(archive.resolve("SPN01/resources/" + FIRST)).doesNotExist();
    }

    @Test
    void aLostRightIsOneFilesFailureAndIsTriedAgainWhenItIsBack() throws IOException {
        // Given
        ResourceDiscovered first = file("log.tsv", "content");
        simulator.faults().add(FaultRule.status(403).on("/data/experiments/" + session.id()));
        ResourceExported refused = handle(first);
        denials.retry();
        boolean askedTooSoon = !asked.isEmpty();
        simulator.faults().clear();

        // When
        denials.retry();

        // Then
        assertThat(refused.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(refused.reason().orElseThrow().code()).isEqualTo("no-right");
        assertThat(askedTooSoon).isFalse();
        assertThat(asked).singleElement().satisfies(request -> {
            assertThat(request.session()).isEqualTo(first.session());
            assertThat(request.stage()).isEqualTo(ReprocessRequested.Stage.EXPORT);
        });
        assertThat(archive.resolve(".datman/denied")).isEmptyDirectory();
    }

    @Test
    void aFileThatTheServerNeverSendsIsOneFilesFailureAndIsTriedAgain() throws IOException {
        // Given
        ResourceDiscovered first = file("log.tsv", "content");
        simulator.faults().add(FaultRule.status(500).on("log.tsv"));
        for (int round = 1; round <= 2; round++) {
            assertThatThrownBy(() -> handle(first)).isInstanceOf(OutageException.class);
        }
        now.set(NOW.plus(Duration.ofMinutes(5)));
        ResourceExported failed = handle(first);

        // When
        denials.retry();

        // Then
        assertThat(failed.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(failed.reason().orElseThrow().code()).isEqualTo("not-delivered");
        assertThat(asked)
                .extracting(ReprocessRequested::session, ReprocessRequested::stage)
                .containsExactly(tuple(first.session(), ReprocessRequested.Stage.EXPORT));
    }

    @Test
    void aStoredDenialThatCannotBeReadIsAFailureAndHoldsUpNoOther() throws IOException {
        // Given a denied session, and beside it a file that is no session
        ResourceDiscovered first = file("log.tsv", "content");
        simulator.faults().add(FaultRule.status(403).on("/data/experiments/" + session.id()));
        handle(first);
        simulator.faults().clear();
        Files.writeString(archive.resolve(".datman/denied/0.json"), "{ \"server\"");

        // When it is looked at twice
        denials.retry();
        denials.retry();

        // Then
        assertThat(failures).singleElement().satisfies(failed -> {
            assertThat(failed.reason().code()).isEqualTo("unreadable-state");
            assertThat(failed.reason().message()).contains(".datman/denied/0.json", "end-of-input");
            assertThat(failed.stage()).isEqualTo("denied");
        });
        assertThat(asked).extracting(ReprocessRequested::session).containsExactly(first.session());
    }

    @Test
    void aFileThatIsRefusedAgainIsAskedForEachTimeLaterAndFourTimesADayForEver() throws IOException {
        // Given a session that XNAT permits, and a file in it that XNAT denies
        ResourceDiscovered first = file("log.tsv", "content");
        simulator.faults().add(FaultRule.status(403).on("/files/"));
        List<Integer> minutes = new ArrayList<>();

        // When it is looked at every ten minutes for a day
        for (int minute = 0; minute < 24 * 60; minute += 10) {
            now.set(NOW.plus(Duration.ofMinutes(minute)));
            handle(first);
            int before = asked.size();
            denials.retry();
            if (asked.size() > before) {
                minutes.add(minute);
            }
        }

        // Then
        assertThat(minutes).containsExactly(0, 10, 30, 70, 150, 310, 630, 990, 1350);
    }

    @Test
    void whatIsRefusedAgainMuchLaterIsAskedForSoonAgain() throws IOException {
        // Given a session that was asked for twice, and was readable for seven hours since
        ResourceDiscovered first = file("log.tsv", "content");
        simulator.faults().add(FaultRule.status(403).on("/files/"));
        List<Integer> minutes = new ArrayList<>();

        // When
        for (int minute : List.of(0, 10, 450, 460)) {
            now.set(NOW.plus(Duration.ofMinutes(minute)));
            handle(first);
            int before = asked.size();
            denials.retry();
            if (asked.size() > before) {
                minutes.add(minute);
            }
        }

        // Then: ten minutes after, not forty
        assertThat(minutes).containsExactly(0, 10, 450, 460);
    }

    @Test
    void whileNothingIsDeliveredAtAllNoFileWaitsForItselfAgain() throws IOException {
        // Given a file store that is broken for good, and a file that was waited for
        ResourceDiscovered first = file("log.tsv", "content");
        ResourceDiscovered second = file("other.tsv", "content");
        simulator.faults().add(FaultRule.status(500).on("/files/"));
        for (int round = 1; round <= 2; round++) {
            assertThatThrownBy(() -> handle(first)).isInstanceOf(OutageException.class);
        }
        now.set(NOW.plus(Duration.ofMinutes(5)));
        handle(first);

        // When
        ResourceExported failed = handle(second);

        // Then
        assertThat(failed.reason().orElseThrow().code()).isEqualTo("not-delivered");
        simulator.faults().clear();
        assertThat(handle(second).outcome()).isEqualTo(Outcome.EXPORTED);
        simulator.faults().add(FaultRule.status(500).on("/files/"));
        ResourceDiscovered third = file("third.tsv", "content");
        assertThatThrownBy(() -> handle(third)).as("a new fault").isInstanceOf(OutageException.class);
    }

    @Test
    void aFileThatCannotBeTakenAgainIsKeptAndFollowsItsSession() throws IOException {
        // Given a file that changed on XNAT, whose session was renamed, and that XNAT denies
        ResourceDiscovered first = file("log.tsv", "content");
        handle(first);
        simulator.faults().add(FaultRule.status(403).on("/data/experiments/" + session.id()));

        // When
        ResourceExported stands = handle(change(first, 2, false, SECOND, Optional.of("0".repeat(32))));

        // Then
        assertThat(stands.outcome()).isEqualTo(Outcome.EXPORTED);
        assertThat(stands.renewal().orElseThrow().code()).isEqualTo("renewal-failed");
        assertThat(stands.renewal().orElseThrow().message()).contains("is kept", "403");
        assertThat(archive.resolve("SPN01/resources/" + SECOND + "/behav/log.tsv"))
                .hasContent("content");
        assertThat(archive.resolve("SPN01/resources/" + FIRST)).doesNotExist();
    }

    @Test
    void aFileThatIsMissingIsNotCalledKeptAndKeepsItsFormerName() throws IOException {
        // Given
        ResourceDiscovered first = file("log.tsv", "content");
        Files.delete(archive.resolve(handle(first).file().orElseThrow().path()));
        simulator.faults().add(FaultRule.status(403).on("/data/experiments/" + session.id()));

        // When
        ResourceExported failed = handle(change(first, 2, false, SECOND, first.md5()));

        // Then
        assertThat(failed.sessionName()).isEqualTo(FIRST);
        assertThat(failed.renewal().orElseThrow().message())
                .contains("is missing or not as it was published", "403", "It still has its former name")
                .doesNotContain("is kept");
    }

    @Test
    void aFileThatIsOnlyKeptIsNotTakenForTheNewOne() throws IOException {
        // Given
        ResourceDiscovered first = file("log.tsv", "content");
        handle(first);
        ResourceDiscovered second = file("log.tsv", "newer content");
        ResourceDiscovered newer = change(second, 2, false, FIRST, second.md5());
        simulator.faults().add(FaultRule.status(403).on("/data/experiments/" + session.id()));
        handle(newer);
        simulator.faults().clear();

        // When
        ResourceExported taken = handle(newer);

        // Then
        assertThat(taken.renewal()).isEmpty();
        assertThat(archive.resolve(taken.file().orElseThrow().path())).hasContent("newer content");
        assertThat(archive.resolve(".datman/withdrawn")).isDirectoryRecursivelyContaining("glob:**/log.tsv");
    }

    @Test
    void aFileOfAScanIsInAFolderOfItsOwn() throws IOException {
        // Given
        Session with = simulator.addScanFile(session.id(), "5", "PHYSIO", "resp.log", "breath".getBytes(UTF_8));
        Resource physio = with.scans().get(0).resources().stream()
                .filter(r -> r.label().equals("PHYSIO"))
                .findFirst()
                .orElseThrow();
        ResourceDiscovered discovered = ResourceDiscoveredBuilder.builder()
                .session(new SessionRef("xnat", with.id()))
                .resourceRevision(1)
                .removed(false)
                .project("SPN01")
                .subjectLabel("SPN01_CMH_0001")
                .sessionLabel(FIRST)
                .resource(Long.toString(physio.id()))
                .label("PHYSIO")
                .path("resp.log")
                .size(6)
                .level(Optional.of(ResourceDiscovered.Level.SCAN))
                .owner(Optional.of("5"))
                .build();

        // When
        ResourceExported exported = handle(discovered);

        // Then
        assertThat(exported.file().orElseThrow().path())
                .isEqualTo("SPN01/resources/" + FIRST + "/scan-5/PHYSIO/resp.log");
        assertThat(archive.resolve(exported.file().orElseThrow().path())).hasContent("breath");
        assertThat(exported.level()).contains(ResourceDiscovered.Level.SCAN);
        assertThat(exported.owner()).contains("5");
    }

    private ResourceDiscovered file(String path, String content) throws IOException {
        Session with = simulator.addResourceFile(session.id(), "behav", path, content.getBytes(UTF_8));
        Resource resource = with.resources().get(0);
        ResourceRef ref = org.datman.xnat.ResourceRef.ofSession(with.id(), Long.toString(resource.id()));
        return ResourceDiscoveredBuilder.builder()
                .session(new SessionRef("xnat", with.id()))
                .resourceRevision(1)
                .removed(false)
                .project("SPN01")
                .subjectLabel("SPN01_CMH_0001")
                .sessionLabel(FIRST)
                .resource(Long.toString(resource.id()))
                .label(resource.label())
                .path(path)
                .size(content.length())
                .md5(client.files(ref).get(0).findMd5())
                .build();
    }

    private static ResourceDiscovered of(SessionRef session, ResourceDiscovered r) {
        return r.withSession(session);
    }

    private static ResourceDiscovered change(
            ResourceDiscovered r, long revision, boolean removed, String sessionLabel, Optional<String> md5) {
        return ResourceDiscoveredBuilder.builder(r)
                .resourceRevision(revision)
                .removed(removed)
                .sessionLabel(sessionLabel)
                .md5(md5)
                .build();
    }

    private ResourceExported handle(ResourceDiscovered discovered) throws IOException {
        exporter.handle(Envelope.first(discovered, "/datman/test", NOW), studies);
        return published.get(published.size() - 1);
    }
}

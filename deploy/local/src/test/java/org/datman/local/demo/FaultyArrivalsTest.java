package org.datman.local.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.commons.codec.digest.DigestUtils;
import org.awaitility.Awaitility;
import org.datman.contracts.event.EventJson;
import org.datman.simulator.archive.ArchiveEvent;
import org.datman.simulator.archive.ArchivedFile;
import org.datman.simulator.archive.Resource;
import org.datman.simulator.archive.Scan;
import org.datman.simulator.archive.Session;
import org.datman.simulator.fault.Fault;
import org.datman.simulator.fault.FaultRule;
import org.datman.simulator.importer.LoadOptions;
import org.datman.simulator.scanner.ScannedSession;
import org.datman.simulator.scanner.SyntheticScanner;
import org.datman.simulator.webhook.Emission;
import org.datman.simulator.webhook.Shape;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Ten sessions arrive at the whole system while XNAT does everything that it is known to do wrong, and leave the archive that they leave
 * when it does nothing wrong: at once where the fault passes, when it is mended where it lasts. Minutes, so only on demand: {@code -Ddatman.test.xnat-faults=true}.
 */
@EnabledIfSystemProperty(named = "datman.test.xnat-faults", matches = "true")
class FaultyArrivalsTest {

    private static final int SESSIONS = 10;
    private static final String CALM = "CALM";

    /** What is added to the name of a scan whose id is not its series number. */
    private static final String SCAN_ID = "-scan-(3-MR1|1-PT1|201)";

    private static final String HOSTILE = "Notes/über #1 (100% + more).txt";

    /** The study of the sessions whose faults last. */
    private static final String LASTING = "LASTING";

    /** The tag of the scan that a lasting fault strikes: the first of each session. */
    private static final String STRUCK = "FMAP-AP";

    /** A slow machine is waited for. */
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    /** Faults that act together on one group of sessions; each group has a study of its own. */
    enum Group {
        NETWORK,
        DOWNLOADS,
        ACCOUNT,
        LISTS,
        WEBHOOKS,
        ODDITIES
    }

    @TempDir
    static Path folder;

    private static RunningSystem system;
    private static List<ScannedSession> scanned;
    private static Map<String, String> calm;

    @BeforeAll
    static void start() throws Exception {
        Path root = Path.of(System.getProperty("datman.root"));
        Assumptions.assumeTrue(
                Files.exists(root.resolve("dashboard-service/target/quarkus-app/quarkus-run.jar")),
                "The services are not built; run this test with: mvn verify");
        Path scenario = Files.writeString(folder.resolve("two.yaml"), """
                seed: 7
                date: 2026-11-02
                scanners:
                  CMH: {vendor: siemens, model: Prisma_fit, station: MRC67001, serial: "67001", software: syngo MR E11, institution: Demo Hospital, coil: HEA;HEP}
                sessions:
                  - {label: DEMO_CMH_0001_01_01, project: DEMO, scanner: CMH, series: [FMAP-AP, FMAP-PA, MAG]}
                  - {label: DEMO_CMH_0002_01_01, project: DEMO, scanner: CMH, series: [FMAP-AP, FMAP-PA, MAG]}
                """);
        scanned = SyntheticScanner.generate(scenario, folder.resolve("scans")).sessions();
        Map<String, String> studies = new HashMap<>();
        Stream.concat(Stream.of(CALM, LASTING), Stream.of(Group.values()).map(Group::name))
                .forEach(study -> studies.put(study + ".yml", study(study)));
        system = new RunningSystem(
                folder.resolve("home"),
                studies,
                Map.of(
                        "DATMAN_XNAT_ANSWER_TIMEOUT", "PT4S",
                        "DATMAN_XNAT_IDLE_TIMEOUT", "PT4S",
                        "DATMAN_XNAT_LOCK_OUT_PAUSE", "PT5S",
                        "DATMAN_INGEST_RECONCILE_EVERY", "PT10S",
                        "DATMAN_INGEST_RETRY_CAP", "PT10S",
                        "DATMAN_INGEST_CONFIRM_EVERY", "PT5S"));
        arrive(CALM, (number, session) -> {});
        awaitEnds(CALM);
        calm = steady(CALM);
    }

    @AfterAll
    static void stop() throws Exception {
        if (system != null) {
            system.close();
        }
    }

    @AfterEach
    void endFaults() {
        system.xnat.faults().clear();
    }

    private static String study(String code) {
        return """
                StudyTag: %s
                XnatProjects: [%s]
                QuietPeriod: 4s
                SettleCap: 2m
                Sites: {CMH: {}}
                Tags:
                  FMAP-AP: {Pattern: {SeriesDescription: 'SE EPI AP'}, QcType: ignore, Bids: {Datatype: fmap, Suffix: epi, Dir: AP}}
                  FMAP-PA: {Pattern: {SeriesDescription: 'SE EPI PA'}, QcType: ignore, Bids: {Datatype: fmap, Suffix: epi, Dir: PA}}
                  MAG1: {Pattern: {SeriesDescription: 'gre_field_mapping', EchoNumber: 1}, QcType: ignore, Bids: {Datatype: fmap, Suffix: magnitude1}}
                  MAG2: {Pattern: {SeriesDescription: 'gre_field_mapping', EchoNumber: 2}, QcType: ignore, Bids: {Datatype: fmap, Suffix: magnitude2}}
                """.formatted(code, code);
    }

    @Test
    void withoutFaultsEverySessionHasAllItsFiles() {
        // Given the calm run of the beginning

        // When
        List<String> images =
                calm.keySet().stream().filter(path -> path.endsWith(".nii.gz")).toList();

        // Then four images of each session, under its name and in BIDS
        assertThat(images.stream().filter(path -> path.startsWith("STUDY/nii/")))
                .hasSize(4 * SESSIONS);
    }

    @ParameterizedTest
    @EnumSource
    void theArchiveIsThatOfTheCalmRun(Group group) throws Exception {
        // Given
        Map<String, String> ids = new LinkedHashMap<>();
        for (FaultRule rule : rules(group)) {
            ids.put(system.xnat.faults().add(rule), rule.fault() + " on " + rule.path());
        }
        long begun = System.nanoTime();

        // When
        arrive(group.name(), changes(group));
        system.xnat.webhooks().release();
        awaitEnds(group.name());

        // Then
        Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofSeconds(1)).untilAsserted(() -> assertThat(
                        tree(group.name()))
                .containsExactlyInAnyOrderEntriesOf(calm));
        if (group == Group.ODDITIES) {
            assertThat(Stream.of("3-MR1", "1-PT1", "201").map(FaultyArrivalsTest::imageOfScan))
                    .allMatch(Files::exists);
        }
        Map<String, Integer> struck = new LinkedHashMap<>();
        ids.forEach((id, what) -> struck.merge(what, system.xnat.faults().struck(id), Integer::sum));
        System.out.printf(Locale.ROOT, "%s: %.0f s, struck %s%n", group, (System.nanoTime() - begun) / 1e9, struck);
        assertThat(struck.values()).as("%s", struck).allMatch(times -> times > 0);
    }

    /**
     * A fault that stays until somebody mends it, of one scan or of its session.
     *
     * @param code by which the dashboard states it; empty where DATMAN does without what fails
     * @param wholeSession whether nothing of the session can arrive
     * @param strike begins it, and returns what ends it
     */
    record LastingFault(String code, boolean wholeSession, BiFunction<Session, Scan, Runnable> strike) {

        private static LastingFault of(String code, BiFunction<Session, Scan, Runnable> strike) {
            return new LastingFault(code, false, strike);
        }
    }

    /** By the number of the session; those of the other numbers are well. */
    private static final Map<Integer, LastingFault> LASTING_FAULTS = Map.of(
            1,
                    LastingFault.of(
                            "incomplete-download",
                            (session, scan) -> rules(
                                    session,
                                    FaultRule.wrong("digest", "0".repeat(32)).on(below(session, scan) + "files"))),
            2, LastingFault.of("empty-scan", (session, scan) -> files(session, scan, files -> List.of())),
            3,
                    LastingFault.of("incomplete-download", (session, scan) -> {
                        Runnable back = files(session, scan, files -> files);
                        Resource dicom = scan.resources().get(0);
                        system.xnat.loseScanFile(
                                session.id(),
                                scan.id(),
                                dicom.label(),
                                dicom.files().get(1).path());
                        return back;
                    }),
            4,
                    new LastingFault(
                            "no-right",
                            true,
                            (session, scan) ->
                                    rules(session, FaultRule.status(403).on(all(session)))),
            5,
                    LastingFault.of(
                            "files-not-listed",
                            (session, scan) ->
                                    rules(session, FaultRule.status(500).on(below(session, scan) + "files"))),
            6,
                    new LastingFault(
                            "unreadable-answer",
                            true,
                            (session, scan) ->
                                    rules(session, FaultRule.status(500).on(all(session) + "/resources[?]"))),
            7,
                    LastingFault.of(
                            "",
                            (session, scan) -> rules(
                                    session,
                                    FaultRule.truncate(5_000).on(below(session, scan) + "files[?]format=zip"))),
            8,
                    LastingFault.of(
                            "empty-scan",
                            (session, scan) -> resource(
                                    session,
                                    scan,
                                    dicom -> Resource.of(dicom.id(), "SNAPSHOTS", "GIF", "SNAPSHOTS", dicom.files()))));

    private static String all(Session session) {
        return "/experiments/" + session.id();
    }

    private static String below(Session session, Scan scan) {
        return all(session) + "/scans/" + scan.id() + "/resources/[^/]+/";
    }

    /** Responses fail until the rule is taken away; then a webhook comes, as after a refresh of the catalogue. */
    private static Runnable rules(Session session, FaultRule rule) {
        String id = system.xnat.faults().add(rule);
        return () -> {
            system.xnat.faults().remove(id);
            system.xnat.archive().announce(ArchiveEvent.Kind.MODIFIED, session.id(), "");
        };
    }

    private static Runnable files(Session session, Scan scan, UnaryOperator<List<ArchivedFile>> change) {
        return resource(session, scan, dicom -> dicom.withFiles(change.apply(dicom.files())));
    }

    /** Changes the first resource of a scan until it is put back. */
    private static Runnable resource(Session session, Scan scan, UnaryOperator<Resource> change) {
        edit(session, scan.withResources(scan.resources().stream().map(change).toList()));
        return () -> edit(session, scan);
    }

    @Test
    void aFaultThatLastsHoldsBackNothingElseIsSaidAndWhatItHeldBackFollowsWhenItEnds() throws Exception {
        // Given ten sessions, one scan of most of them struck
        Map<Integer, Session> struck = new TreeMap<>();
        Map<Integer, Runnable> ends = new TreeMap<>();
        arrive(LASTING, (number, session) -> {
            struck.put(number, session);
            LastingFault fault = LASTING_FAULTS.get(number);
            if (fault != null) {
                ends.put(number, fault.strike().apply(session, session.scans().get(0)));
            }
        });
        Map<String, String> others = withoutStruck(calm);
        long begun = System.nanoTime();

        // Then everything else is there, and each fault is stated with what to do
        Awaitility.await()
                .atMost(PATIENCE)
                .pollInterval(Duration.ofSeconds(1))
                .ignoreExceptions()
                .untilAsserted(() -> {
                    assertThat(withoutStruck(tree(LASTING))).containsExactlyInAnyOrderEntriesOf(others);
                    assertThat(unsaid(struck)).isEmpty();
                });
        System.out.printf(Locale.ROOT, "LASTING: said in %.0f s%n", (System.nanoTime() - begun) / 1e9);

        // When
        ends.values().forEach(Runnable::run);

        // Then
        Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofSeconds(1)).untilAsserted(() -> assertThat(
                        tree(LASTING))
                .containsExactlyInAnyOrderEntriesOf(calm));
    }

    /** What does not depend on the struck scans; the dataset of the study is written from all. */
    private static Map<String, String> withoutStruck(Map<String, String> tree) {
        Map<String, String> others = new TreeMap<>(tree);
        others.keySet()
                .removeIf(path -> path.contains("/bids/")
                        || LASTING_FAULTS.entrySet().stream()
                                .anyMatch(each -> path.contains(label("STUDY", each.getKey()))
                                        && (each.getValue().wholeSession() || path.contains(STRUCK))));
        return others;
    }

    /** The codes that neither the pages of the sessions nor the inbox have with an action. */
    private static List<String> unsaid(Map<Integer, Session> sessions) throws Exception {
        List<String> unsaid = new ArrayList<>();
        JsonNode inbox = EventJson.mapper()
                .readTree(system.dashboard("/api/inbox", Optional.empty()).body());
        for (Map.Entry<Integer, LastingFault> each : LASTING_FAULTS.entrySet()) {
            String code = each.getValue().code();
            String accession = sessions.get(each.getKey()).id();
            HttpResponse<String> answer = system.dashboard("/api/sessions/xnat/" + accession, Optional.empty());
            JsonNode session = EventJson.mapper().readTree(answer.statusCode() == 200 ? answer.body() : "{}");
            boolean isSaid = code.isEmpty()
                    || Stream.concat(
                                    session.findParents("code").stream(),
                                    inbox.findParents("code").stream()
                                            .filter(node -> inbox.toString().contains(accession)))
                            .anyMatch(reason -> reason.path("code").asText().equals(code)
                                    && !reason.path("action").asText().isEmpty());
            if (!isSaid) {
                unsaid.add(each.getKey() + " " + code);
            }
        }
        return unsaid;
    }

    /** The faults of responses. Only so often that a person would not give up on the server either. */
    private static List<FaultRule> rules(Group group) {
        String zip = "format=zip";
        String data = "^/data/(?!JSESSION)";
        return switch (group) {
            case NETWORK ->
                List.of(
                        FaultRule.latency(Duration.ofMillis(300)).on(data).probability(0.3),
                        FaultRule.of(Fault.HANG)
                                .on(data)
                                .after(5)
                                .probability(0.1)
                                .times(6),
                        FaultRule.status(500).on(data).probability(0.1).times(10),
                        FaultRule.status(502).on(data).probability(0.1).times(10),
                        FaultRule.status(503).on(data).probability(0.1).times(10),
                        FaultRule.status(504).on(zip).probability(0.3).times(6),
                        FaultRule.status(429).on(data).probability(0.05).times(5),
                        FaultRule.of(Fault.RESET).on(data).probability(0.1).times(10),
                        FaultRule.of(Fault.RESET_AFTER_HEADERS)
                                .on(data)
                                .probability(0.1)
                                .times(10),
                        FaultRule.of(Fault.RESET_AFTER_HEADERS)
                                .withBytes(20_000)
                                .on(zip)
                                .probability(0.3)
                                .times(6));
            case DOWNLOADS ->
                List.of(
                        FaultRule.truncate(5_000).on(zip).times(4),
                        FaultRule.of(Fault.TRUNCATE_CLEANLY)
                                .withBytes(9_000)
                                .on(zip)
                                .after(4)
                                .times(4),
                        FaultRule.missingEntries(2).on(zip).after(8).times(4),
                        FaultRule.wrongByte(700).on(zip).after(12).times(4),
                        FaultRule.of(Fault.EMPTY_ZIP).on(zip).after(16).times(4),
                        FaultRule.of(Fault.EMPTY_BODY).on(zip).after(20).times(4),
                        FaultRule.truncate(100).on("/files/.*[.]dcm").times(3),
                        FaultRule.wrongByte(900).on("/files/.*[.]dcm").after(3).times(3),
                        FaultRule.of(Fault.EMPTY_BODY).on("/resources/[^?]*$").times(2),
                        FaultRule.of(Fault.EMPTY_BODY)
                                .on("format=json")
                                .after(3)
                                .times(6));
            case ACCOUNT ->
                List.of(
                        FaultRule.of(Fault.SESSION_EXPIRED).on(data).after(3).times(1),
                        FaultRule.of(Fault.LOGIN_PAGE).on(data).after(10).times(1),
                        FaultRule.of(Fault.LOGIN_PAGE).on(zip).after(2).times(2),
                        FaultRule.of(Fault.SESSION_EXPIRED).on(zip).after(6).times(2),
                        FaultRule.of(Fault.PASSWORD_EXPIRED).on(data).after(40).times(3),
                        FaultRule.of(Fault.LOCKED_OUT).on("^/data/").after(70).times(4));
            case LISTS ->
                List.of(
                        FaultRule.of(Fault.NO_TOTAL).on("^/data/"),
                        FaultRule.blank("label").on("/scans/[^/]*/resources"),
                        FaultRule.blank("digest").on("/scans/.*/files"),
                        FaultRule.blank("file_count").on("/resources").probability(0.5),
                        FaultRule.wrong("file_count", "3").on("/resources").probability(0.5),
                        FaultRule.blank("file_size").on("/resources").probability(0.5));
            case WEBHOOKS, ODDITIES -> List.of();
        };
    }

    /** What else happens to each of the ten sessions right after it arrived. */
    private static BiConsumer<Integer, Session> changes(Group group) {
        return group == Group.ODDITIES ? FaultyArrivalsTest::odd : (number, session) -> {};
    }

    /** How the webhooks of a session are sent, all but the first where {@code arrive} sends that otherwise. */
    private static Emission emission(int number) {
        Emission usual = Emission.canonical();
        return switch (number) {
            case 1, 6 -> usual.lost();
            case 2 -> Emission.of(Shape.SCRIPT).copies(3);
            case 3, 4 -> usual.held();
            case 5 -> usual.delayed(Duration.ofSeconds(8));
            case 7 -> usual.forProject("FOREIGN");
            case 8 -> usual.asMalformed();
            case 9 -> Emission.of(Shape.EVENT_SERVICE).storm(80);
            default -> usual.asForged();
        };
    }

    private static void odd(int number, Session session) {
        Scan scan = session.scans().get(0);
        switch (number) {
            case 1 -> id(session, scan, "3-MR1");
            case 2 -> id(session, scan, "1-PT1");
            case 3 -> id(session, scan, "201");
            case 4 -> edit(session, scan.withType("SE EPI/AP"));
            case 5 -> edit(session, scan.withType(""));
            case 6 -> edit(session, scan.withType(session.scans().get(1).id()));
            case 7 -> renameFiles(session, scan, "a b#+%(ü)");
            case 8 -> renameFiles(session, scan, "sub folder/%41/x");
            case 9 -> {
                Resource dicom = scan.resources().get(0);
                String first = dicom.files().get(0).path();
                String second = dicom.files().get(1).path();
                system.xnat.archive().renameFile(session.id(), scan.id(), dicom.label(), first, "a/same.dcm");
                system.xnat.archive().renameFile(session.id(), scan.id(), dicom.label(), second, "b/same.dcm");
            }
            default ->
                system.xnat
                        .archive()
                        .makeStale(
                                session.id(), scan.id(), scan.resources().get(0).label(), "", "");
        }
    }

    private static Path imageOfScan(String id) {
        String session = label(
                Group.ODDITIES.name(), List.of("", "3-MR1", "1-PT1", "201").indexOf(id));
        return system.home()
                .archive()
                .resolve("ODDITIES/nii/" + session + "/" + session + "_FMAP-AP_01_SE-EPI-AP-scan-" + id + ".nii.gz");
    }

    private static void id(Session session, Scan scan, String id) {
        edit(session, scan.id(), scan.withId(id));
    }

    private static void edit(Session session, Scan changed) {
        edit(session, changed.id(), changed);
    }

    private static void edit(Session session, String id, Scan changed) {
        system.xnat.archive().editScan(session.id(), id, scan -> changed);
    }

    private static void renameFiles(Session session, Scan scan, String prefix) {
        Resource dicom = scan.resources().get(0);
        dicom.files().forEach(file -> system.xnat
                .archive()
                .renameFile(session.id(), scan.id(), dicom.label(), file.path(), prefix + file.path()));
    }

    private static void arrive(String study, BiConsumer<Integer, Session> then) throws IOException {
        boolean webhooks = study.equals(Group.WEBHOOKS.name());
        for (int number = 1; number <= SESSIONS; number++) {
            String label = label(study, number);
            ScannedSession one = scanned.get(number % scanned.size());
            LoadOptions options = LoadOptions.project(study)
                    .subject(label.substring(0, label.length() - 6))
                    .label(label);
            if (webhooks) {
                system.xnat.webhooks().usually(emission(number));
            }
            if (webhooks && number == 6) {
                // Of a session that is announced before its images nothing else arrives.
                options = options.announcedFirst();
                system.xnat.webhooks().next(Emission.canonical());
            }
            Session session = system.xnat.addSession(one.folder(), options);
            system.xnat.addResourceFile(
                    session.id(), "MISC", HOSTILE, ("notes of session " + number).getBytes(StandardCharsets.UTF_8));
            then.accept(number, session);
        }
        system.xnat.webhooks().usually(Emission.canonical());
    }

    private static String label(String study, int number) {
        return "%s_CMH_%04d_01_01".formatted(study, number);
    }

    private static void awaitEnds(String study) {
        for (int number = 1; number <= SESSIONS; number++) {
            system.awaitEnd(label(study, number));
        }
    }

    /** The files of a study when nothing is added any more. */
    private static Map<String, String> steady(String study) {
        List<Map<String, String>> seen = new ArrayList<>(List.of(Map.of()));
        Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofSeconds(6)).until(() -> {
            Map<String, String> now = tree(study);
            boolean same = now.equals(seen.get(0)) && !now.isEmpty();
            seen.set(0, now);
            return same;
        });
        return seen.get(0);
    }

    /**
     * Every public file of a study, its code left out of names and texts: the digest, of a provenance file that of its sources. Files that
     * contain times only have to be there.
     */
    private static Map<String, String> tree(String study) throws IOException {
        Path archive = system.home().archive();
        Map<String, String> digests = new TreeMap<>();
        try (Stream<Path> paths = Files.walk(archive.resolve(study))) {
            paths.filter(Files::isRegularFile).forEach(path -> {
                String name = archive.relativize(path).toString();
                digests.put(name.replace(study, "STUDY").replaceAll(SCAN_ID, ""), digest(path, study));
            });
        } catch (UncheckedIOException e) {
            // A file was renamed while the folder was read: it is read again.
            return Map.of("the folder", "changes");
        }
        return digests;
    }

    private static String digest(Path path, String study) {
        try {
            byte[] bytes = Files.readAllBytes(path);
            String name = path.toString();
            if (name.endsWith(".prov.json")) {
                return EventJson.mapper().readTree(bytes).at("/source/sha256").asText();
            }
            // Times, accession ids, the revision of the study file.
            if (name.endsWith(".log")
                    || name.endsWith("/.datman.json")
                    || name.contains("/bids/logs/")
                    || name.contains("/bids/rawbids/prov/")) {
                return "";
            }
            boolean text = Stream.of(".json", ".tsv", ".txt", ".md").anyMatch(name::endsWith);
            return DigestUtils.sha256Hex(
                    text
                            ? new String(bytes, StandardCharsets.UTF_8)
                                    .replace(study, "STUDY")
                                    .replaceAll(SCAN_ID, "")
                                    .getBytes(StandardCharsets.UTF_8)
                            : bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

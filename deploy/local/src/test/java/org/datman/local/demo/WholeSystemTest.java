package org.datman.local.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.apache.commons.codec.digest.DigestUtils;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.awaitility.Awaitility;
import org.datman.contracts.event.Event;
import org.datman.contracts.event.EventJson;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.FileRole;
import org.datman.contracts.event.PipelineUpdated;
import org.datman.contracts.event.PipelineUpdated.State;
import org.datman.contracts.event.QcComplete;
import org.datman.contracts.event.SeriesExported;
import org.datman.contracts.event.SessionRef;
import org.datman.contracts.event.ToolMeasure;
import org.datman.embedded.LocalPostgres;
import org.datman.local.InstallationFolder;
import org.datman.simulator.archive.Session;
import org.datman.simulator.importer.LoadOptions;
import org.datman.simulator.redcap.RedcapStandIn;
import org.datman.simulator.scanner.ScanPlan;
import org.datman.simulator.scanner.SyntheticScanner;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Webhook to verdict without mocks; and the same with a process killed in between. */
class WholeSystemTest {

    private static final List<String> REAL_SCANS = List.of(
            "siemens-prisma-vd13-multiecho",
            "siemens-skyra-ve11-epi-phantom",
            "siemens-trio-vb17-transfer-syntaxes",
            "ge-architect-b0map",
            "ge-premier-localizer-bold-phantom",
            "uih-umr770-dwi",
            "acr-phantom",
            "philips-elition-enhanced",
            "siemens-prisma-xa30-classic-vs-enhanced-phantom");

    /** A slow machine is waited for. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    static Path folder;

    /** A study that plans its sessions in REDCap. */
    private static final String PLANNED_STUDY = """
            StudyTag: PLN
            XnatProjects: [PLN]
            Sites: {CMH: {}}
            Redcap:
              Url: '%s'
              Project: 42
              SubjectField: par_id
              Visits: {'02': {DateField: planned}}
            """;

    /** What DICOM files say about people, by element: the participant, and who sent, ordered, operated and read. */
    private static final Map<String, String> PEOPLE = Map.ofEntries(
            Map.entry("(0010,0010)", "PLANTEDPATIENT^ANNA"),
            Map.entry("(0010,0020)", "PLANTEDID-4711"),
            Map.entry("(0010,0030)", "19330517"),
            Map.entry("(0010,1001)", "PLANTEDOTHER^ANNA"),
            Map.entry("(0010,1040)", "PLANTEDSTREET 7"),
            Map.entry("(0010,1060)", "PLANTEDMOTHER^MARY"),
            Map.entry("(0010,2154)", "PLANTEDTELEPHONE"),
            Map.entry("(0010,21B0)", "PLANTEDHISTORY"),
            Map.entry("(0010,4000)", "PLANTEDCOMMENT"),
            Map.entry("(0008,0050)", "PLANTEDACCNR"),
            Map.entry("(0008,0090)", "PLANTEDREFERRER^BOB"),
            Map.entry("(0008,1048)", "PLANTEDRECORDER^CY"),
            Map.entry("(0008,1050)", "PLANTEDPHYSICIAN^DORA"),
            Map.entry("(0008,1060)", "PLANTEDREADER^EVE"),
            Map.entry("(0008,1070)", "PLANTEDOPERATOR^FAY"),
            Map.entry("(0020,4000)", "PLANTEDIMAGECOMMENT"),
            Map.entry("(0032,1032)", "PLANTEDREQUESTER^GUY"));

    private static RedcapStandIn redcap;
    private static RunningSystem system;
    private static Path scans;
    private static Map<String, String> calm;

    @BeforeAll
    static void start() throws Exception {
        Path root = Path.of(System.getProperty("datman.root"));
        Assumptions.assumeTrue(
                Files.exists(root.resolve("dashboard-service/target/quarkus-app/quarkus-run.jar")),
                "The services are not built; run this test with: mvn verify");
        Path scenario = folder.resolve("tiny.yaml");
        try (InputStream in = SyntheticScanner.class.getResourceAsStream("/scenarios/tiny.yaml")) {
            Files.copy(in, scenario);
        }
        ScanPlan plan = SyntheticScanner.generate(scenario, folder.resolve("scans"));
        scans = plan.sessions().get(0).folder();
        redcap = new RedcapStandIn();
        system = new RunningSystem(
                folder.resolve("home"),
                Map.of("PLN.yml", PLANNED_STUDY.formatted(redcap.url())),
                Map.of(
                        "DATMAN_REDCAP_TOKEN_PLN", RedcapStandIn.TOKEN,
                        "DATMAN_REDCAP_READ_EVERY", "PT5S",
                        "DATMAN_QC_VISITS_EVERY", "5s"));
        system.xnat.archive().createProject("PLN");
        calm = digests(arrive("DEMO_CMH_0100_01_01"));
    }

    @AfterAll
    static void stop() throws Exception {
        if (system != null) {
            system.close();
            redcap.close();
        }
    }

    @Test
    void aSessionGoesFromWebhookToVerdict() {
        // Given the calm run of the beginning

        // When
        SessionHistory history = system.awaitEnd("DEMO_CMH_0100_01_01");

        // Then
        assertThat(calm.keySet()).filteredOn(name -> name.startsWith("nifti")).hasSize(3);
        assertThat(history.series.values()).allSatisfy(series -> assertThat(series.measured.values())
                .isNotEmpty()
                .allSatisfy(qc -> assertThat(qc.verdict().level()).isNotEqualTo(QcComplete.Level.ERROR)));
        assertThat(history.failures).isEmpty();
        // Then it is in the dataset of its study, which is valid; another session may be on its way into it
        Path raw = system.home().archive().resolve("DEMO/bids/rawbids");
        Awaitility.await().atMost(PATIENCE).ignoreExceptions().untilAsserted(() -> {
            assertThat(raw.resolve("sub-CMH0100/ses-01/sub-CMH0100_ses-01_scans.tsv"))
                    .exists();
            assertThat(BidsDatasets.errors(raw)).isEmpty();
        });
    }

    @Test
    void everyMeterOfTheAlertsIsMeasuredByAServiceThatPrometheusFinds() throws Exception {
        // Given a session at its end, and the file of targets
        system.awaitEnd("DEMO_CMH_0100_01_01");
        Set<String> wanted = Pattern.compile("\\b(?:datman|kafka)_[a-z_]+")
                .matcher(Files.readString(
                        Path.of(System.getProperty("datman.root"), "deploy/observability/datman-rules.yml")))
                .results()
                .map(MatchResult::group)
                .collect(Collectors.toSet());
        JsonNode targets =
                EventJson.mapper().readTree(system.home().prometheusTargets().toFile());

        // When
        StringBuilder metrics = new StringBuilder();
        for (JsonNode target : targets) {
            metrics.append(HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create("http://"
                                            + target.path("targets").get(0).asText() + "/q/metrics"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body());
        }

        // Then
        assertThat(wanted).contains("datman_verdict_seconds_bucket", "datman_dead_letters_total");
        Set<String> measured = metrics.toString()
                .lines()
                .filter(line -> !line.startsWith("#"))
                .map(line -> line.split("[{ ]", 2)[0])
                .collect(Collectors.toSet());
        assertThat(measured).containsAll(wanted);
        assertThat(metrics.toString())
                .contains("datman_verdict_seconds_bucket{le=\"120.0\"}")
                .containsPattern("datman_verdict_seconds_count [1-9]");
    }

    @Test
    void aSessionThatRedcapPlansAndThatNeverComesIsOnTheDashboardUntilRedcapPlansItNoMore() {
        // Given: one that is overdue, and one that stays planned, so that REDCap is never empty
        LocalDateTime saved = LocalDateTime.of(2026, 1, 1, 12, 0);
        redcap.plan("12", "", "PLN_CMH_0001", "2026-01-31", saved);
        redcap.plan("13", "", "PLN_CMH_0002", "2999-12-31", saved);
        Awaitility.await().atMost(PATIENCE).ignoreExceptions().untilAsserted(() -> assertThat(visitsOf("PLN"))
                .contains(
                        "Session PLN_CMH_0001_02 was due by 2026-01-31, as planned in REDCap, field planned, and has not"
                                + " arrived"));

        // When
        redcap.delete("12");

        // Then
        Awaitility.await().atMost(PATIENCE).ignoreExceptions().untilAsserted(() -> assertThat(visitsOf("PLN"))
                .contains("PLN_CMH_0002_02")
                .doesNotContain("PLN_CMH_0001_02"));
    }

    private static String visitsOf(String study) throws Exception {
        return system.dashboard("/api/studies/" + study + "/visits", Optional.empty())
                .body();
    }

    @Test
    void sessionsOfTwoServersWithOneAccessionIdAreTwoThroughTheWholeSystem() throws Exception {
        // Given a session on another XNAT, with the accession id of the calm one, its scan numbers, and a study of its
        // own
        SessionHistory first = system.awaitEnd("DEMO_CMH_0100_01_01");
        String label = RunningSystem.SECOND_STUDY + "_CMH_0100_01_01";
        Session other = system.secondXnat.addSession(
                scans,
                LoadOptions.project(RunningSystem.SECOND_STUDY).subject(label).label(label));
        assertThat(other.id()).isEqualTo(first.accession);
        long requests = system.xnat.requestLog().entries().size();

        // When what reads that XNAT publishes it, the scans being the same
        publishAsOfTheSecondServer(first.discovered.orElseThrow());
        for (SeriesHistory series : first.series.values()) {
            publishAsOfTheSecondServer(series.discovered.orElseThrow());
        }
        publishAsOfTheSecondServer(first.settled.orElseThrow());
        SessionHistory second = system.awaitEnd(label);

        // Then both reached their verdict, each with its own files, read from its own server
        assertThat(second.session).isEqualTo(new SessionRef(RunningSystem.SECOND_SERVER, first.accession));
        assertThat(digests(second)).isEqualTo(calm);
        assertThat(digests(system.awaitEnd("DEMO_CMH_0100_01_01"))).isEqualTo(calm);
        assertThat(second.failures).isEmpty();
        assertThat(first.failures).isEmpty();
        assertThat(second.checked.orElseThrow().sessionName()).isEqualTo(label);
        assertThat(first.checked.orElseThrow().sessionName()).isEqualTo("DEMO_CMH_0100_01_01");
        Map<String, String> filesOfFirst = files(first);
        Map<String, String> filesOfSecond = files(second);
        assertThat(filesOfFirst.keySet()).isNotEmpty().doesNotContainAnyElementsOf(filesOfSecond.keySet());
        for (Map<String, String> files : List.of(filesOfFirst, filesOfSecond)) {
            for (Map.Entry<String, String> file : files.entrySet()) {
                assertThat(sha256(system.home().archive().resolve(file.getKey())))
                        .as(file.getKey())
                        .isEqualTo(file.getValue());
            }
        }
        String path = "/data/experiments/" + first.accession + "/scans";
        assertThat(system.secondXnat.requestLog().entries())
                .anyMatch(request -> request.uri().contains(path));
        assertThat(system.xnat.requestLog().entries().stream().skip(requests))
                .noneMatch(request -> request.uri().contains(path));
        // Then both are shown, and a decision on one is no decision on the other
        // (where another test has killed the dashboard, it may still be starting)
        Awaitility.await().atMost(PATIENCE).ignoreExceptions().untilAsserted(() -> {
            assertThat(shownName(first)).isEqualTo("DEMO_CMH_0100_01_01");
            assertThat(shownName(second)).isEqualTo(label);
        });
        Queue<String> acknowledged = new ConcurrentLinkedQueue<>();
        List<String> seen = seen(second);
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> signedOff(api(second), seen, "of the second server", acknowledged));
        assertThat(dashboard(api(second)).get("decisions").findValuesAsText("comment"))
                .contains("of the second server");
        assertThat(dashboard(api(first)).get("decisions").findValuesAsText("comment"))
                .doesNotContain("of the second server");
    }

    private static void publishAsOfTheSecondServer(Event event) throws Exception {
        String json = new String(EventJson.write(event), StandardCharsets.UTF_8)
                .replace("\"server\":\"xnat\"", "\"server\":\"" + RunningSystem.SECOND_SERVER + "\"")
                .replace("DEMO", RunningSystem.SECOND_STUDY);
        system.publish(EventJson.read(json.getBytes(StandardCharsets.UTF_8), event.getClass()));
    }

    private static String api(SessionHistory history) {
        return "/api/sessions/" + history.session.identity();
    }

    private static JsonNode dashboard(String path) throws IOException, InterruptedException {
        return EventJson.mapper()
                .readTree(system.dashboard(path, Optional.empty()).body());
    }

    private static String shownName(SessionHistory history) throws IOException, InterruptedException {
        return dashboard(api(history)).findValue("name").asText();
    }

    /** Every file that the session's events name, with its digest. */
    private static Map<String, String> files(SessionHistory history) {
        Map<String, String> files = new TreeMap<>();
        for (SeriesHistory series : history.series.values()) {
            series.exported.orElseThrow().products().stream()
                    .flatMap(product -> product.files().stream())
                    .forEach(file -> files.put(file.path(), file.sha256()));
            series.measured.values().stream()
                    .flatMap(measured -> measured.files().stream())
                    .forEach(file -> files.put(file.path(), file.sha256()));
        }
        return files;
    }

    private static String sha256(Path file) throws Exception {
        return DigestUtils.sha256Hex(Files.readAllBytes(file));
    }

    private static List<String> seen(SessionHistory history) {
        return history.series.values().stream()
                .flatMap(series -> series.exported.orElseThrow().products().stream())
                .flatMap(product -> product.file(FileRole.NIFTI).stream())
                .map(FileRef::sha256)
                .toList();
    }

    @Test
    void whatDicomFilesSayAboutPeopleIsNowhereInTheSystem() throws Exception {
        // Given a session whose files name its participant and others
        Path planted = folder.resolve("planted");
        List<String> command = new ArrayList<>(List.of("dcmodify", "-nb"));
        PEOPLE.forEach((element, value) -> command.addAll(List.of("-i", element + "=" + value)));
        try (Stream<Path> files = Files.walk(scans)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path copy = planted.resolve(scans.relativize(file).toString());
                Files.createDirectories(copy.getParent());
                command.add(Files.copy(file, copy).toString());
            }
        }
        Process dcmodify = new ProcessBuilder(command).redirectErrorStream(true).start();
        assertThat(new String(dcmodify.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEmpty();
        String label = "DEMO_CMH_0310_01_01";
        system.xnat.addSession(
                planted, LoadOptions.project("DEMO").subject(label).label(label));

        // When
        SessionHistory history = system.awaitEnd(label);

        // Then
        assertThat(history.series).hasSize(3);
        assertThat(history.failures).isEmpty();
        Map<String, String> texts = new TreeMap<>();
        collectFiles(texts, system.home().logs());
        collectFiles(texts, system.home().archive());
        collectTopics(texts);
        collectTables(texts);
        collectMetrics(texts);
        assertThat(texts.keySet())
                .anyMatch(name -> name.endsWith("dashboard.log"))
                .anyMatch(name -> name.contains("/dcm/" + label + "/"))
                .contains("topic series-exported", "table dashboard.latest_event", "table ingest.outbox_event");
        assertThat(texts.get("topic series-exported")).contains(label);
        assertThat(texts.get("table dashboard.latest_event")).contains(label);
        List<String> tells = new ArrayList<>();
        texts.forEach((name, text) ->
                PEOPLE.values().stream().filter(text::contains).forEach(person -> tells.add(name + " has " + person)));
        assertThat(tells).isEmpty();
    }

    private static void collectFiles(Map<String, String> texts, Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                byte[] bytes = Files.readAllBytes(file);
                if (file.toString().endsWith(".gz")) {
                    try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
                        bytes = in.readAllBytes();
                    }
                }
                texts.put(file.toString(), new String(bytes, StandardCharsets.ISO_8859_1));
            }
        }
    }

    /** Keys, headers and values of all records of all topics, those of Kafka itself left out. */
    private static void collectTopics(Map<String, String> texts) throws IOException {
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", system.state().bootstrapServers()),
                new StringDeserializer(),
                new StringDeserializer())) {
            List<TopicPartition> partitions = consumer.listTopics().values().stream()
                    .flatMap(List::stream)
                    .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                    .filter(partition -> !partition.topic().startsWith("_"))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(one -> consumer.position(one) < ends.get(one))) {
                consumer.poll(Duration.ofSeconds(1)).forEach(record -> {
                    StringBuilder text = new StringBuilder(record.key() + " " + record.value());
                    record.headers().forEach(header -> text.append(' ')
                            .append(new String(header.value(), StandardCharsets.UTF_8)));
                    texts.merge("topic " + record.topic(), text.toString(), String::concat);
                });
            }
        }
    }

    private static void collectTables(Map<String, String> texts) throws Exception {
        String password = Files.readString(system.home().secret(InstallationFolder.POSTGRES_PASSWORD))
                .strip();
        try (Connection connection =
                        DriverManager.getConnection(system.state().jdbcUrl(), LocalPostgres.USER, password);
                Statement statement = connection.createStatement()) {
            List<String> tables = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery("select schemaname || '.' || tablename from pg_tables"
                    + " where schemaname not in ('pg_catalog', 'information_schema')")) {
                while (rows.next()) {
                    tables.add(rows.getString(1));
                }
            }
            for (String table : tables) {
                StringBuilder text = new StringBuilder();
                try (ResultSet rows = statement.executeQuery("select t::text from " + table + " t")) {
                    while (rows.next()) {
                        text.append(rows.getString(1)).append('\n');
                    }
                }
                texts.put("table " + table, text.toString());
            }
        }
    }

    private static void collectMetrics(Map<String, String> texts) throws Exception {
        for (JsonNode target :
                EventJson.mapper().readTree(system.home().prometheusTargets().toFile())) {
            URI address = URI.create("http://" + target.path("targets").get(0).asText() + "/q/metrics");
            texts.put(
                    "metrics " + address,
                    HttpClient.newHttpClient()
                            .send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString())
                            .body());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ingest", "tagging", "export", "qc", "dashboard"})
    void aKilledServiceTakesUpItsWorkAndTheFilesAreTheSame(String service) throws Exception {
        // Given
        String label = "DEMO_CMH_02"
                + "%02d"
                        .formatted(List.of("ingest", "tagging", "export", "qc", "dashboard")
                                .indexOf(service))
                + "_01_01";
        system.xnat.addSession(scans, LoadOptions.project("DEMO").subject(label).label(label));

        // When
        system.await(label, atWork(service), "the work of " + service);
        system.kill(service);
        SessionHistory history = system.awaitEnd(label);

        // Then
        assertThat(digests(history)).isEqualTo(calm);
        assertThat(history.failures).isEmpty();
    }

    @Test
    void aToolThatRunsWhenItsServiceIsKilledEndsExactlyOnceWithItsOutputs() throws Exception {
        // Given
        String label = "DEMO_CMH_0210_01_01";
        system.xnat.addSession(scans, LoadOptions.project("DEMO").subject(label).label(label));
        system.await(label, history -> !runs(history, State.RUNNING).isEmpty(), "a tool that runs");

        // When
        system.kill("pipeline");

        // Then
        system.await(label, history -> !runs(history, State.SUCCEEDED).isEmpty(), "the end of the tool");
        SessionHistory history = system.awaitEnd(label);
        PipelineUpdated done = runs(history, State.SUCCEEDED).get(0);
        FileRef image = history.series.values().stream()
                .flatMap(series -> series.exported.stream())
                .flatMap(exported -> exported.products().stream())
                .filter(product -> product.tag().equals(RunningSystem.SLOW_TAG))
                .findFirst()
                .flatMap(product -> product.file(FileRole.NIFTI))
                .orElseThrow();
        assertThat(runs(history, State.SUCCEEDED))
                .extracting(PipelineUpdated::revision)
                .containsOnly(done.revision());
        assertThat(runs(history, State.FAILED)).isEmpty();
        assertThat(runs(history, State.RUNNING))
                .extracting(PipelineUpdated::attempt)
                .contains(1, done.attempt());
        assertThat(done.attempt()).isGreaterThan(1);
        FileRef copy = done.outputs().stream()
                .filter(file -> file.path().endsWith("/out/copy.bin"))
                .findFirst()
                .orElseThrow();
        assertThat(copy.sha256()).isEqualTo(image.sha256());
        assertThat(system.home().archive().resolve(copy.path())).hasSize(image.size());
        assertThat(history.failures).isEmpty();
        // Other sessions of the system may have runs under way, which end.
        Awaitility.await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> {
            try (Stream<Path> left = Files.list(system.home().scratch().resolve("pipeline"))) {
                assertThat(left).as("what the killed worker left").isEmpty();
            }
        });
    }

    private static List<PipelineUpdated> runs(SessionHistory history, State state) {
        return history.runHistory.stream()
                .filter(run -> run.pipeline().equals(RunningSystem.SLOW_PIPELINE) && run.state() == state)
                .toList();
    }

    @Test
    void goldStandardAndPipelineOfThePersonsFolderAreUsed() {
        // Given the calm run of the beginning

        // When
        SessionHistory history = system.await(
                "DEMO_CMH_0100_01_01", one -> dti(one).isPresent(), "what its pipeline says of the session");

        // Then
        assertThat(dti(history).orElseThrow().toolVersion()).isEqualTo("3.0.3");
        QcComplete rest = history.series.values().stream()
                .flatMap(series -> series.current().stream())
                .filter(qc -> qc.tag().equals("RST"))
                .findFirst()
                .orElseThrow();
        assertThat(rest.headerComparison().orElseThrow()).contains(RunningSystem.GOLD_STANDARD);
        assertThat(rest.headerDifferences())
                .filteredOn(difference -> difference.field().equals("FlipAngle"))
                .singleElement()
                .satisfies(difference -> assertThat(difference.expected()).contains("90"));
    }

    @Test
    void theToolOfTheDemoMeasuresADiffusionSeries() {
        // Given the calm run of the beginning
        assumeMrtrix();

        // When
        PipelineUpdated ended = endOfDti("DEMO_CMH_0100_01_01");

        // Then
        assertThatATensorWasMeasured(ended);
    }

    private static void assumeMrtrix() {
        assumeThat(Path.of("/usr/bin/dwi2tensor"))
                .as("MRtrix3 (Debian: mrtrix3) is not installed")
                .isExecutable();
    }

    private static Optional<PipelineUpdated> dti(SessionHistory history) {
        return history.runs.values().stream()
                .filter(run -> run.pipeline().equals("dti"))
                .findFirst();
    }

    private static PipelineUpdated endOfDti(String label) {
        SessionHistory history = system.await(
                label,
                one -> dti(one).filter(run -> run.state() == State.SUCCEEDED || run.state() == State.FAILED)
                        .isPresent(),
                "the end of its pipeline");
        return dti(history).orElseThrow();
    }

    /** Means over what MRtrix takes for the brain: between noise and one fibre, between dense tissue and water at 37 °C. */
    private static void assertThatATensorWasMeasured(PipelineUpdated run) {
        assertThat(run.state()).as(run.toString()).isEqualTo(State.SUCCEEDED);
        Map<String, Double> measured = run.measures().orElseThrow().stream()
                .collect(Collectors.toMap(ToolMeasure::measure, ToolMeasure::value));
        assertThat(measured.get("fractional_anisotropy_mean")).isBetween(0.05, 0.6);
        assertThat(measured.get("mean_diffusivity_mean")).isBetween(0.0004, 0.003);
    }

    @Test
    void whatTheDashboardAcknowledgedIsThereAfterEverythingWasKilledInTheMiddle() throws Exception {
        // Given a reviewer who signs off repeatedly, each time with another comment
        SessionHistory history = arrive("DEMO_CMH_0300_01_01");
        String session = api(history);
        List<String> digests = seen(history);
        Queue<String> acknowledged = new ConcurrentLinkedQueue<>();
        Awaitility.await().atMost(PATIENCE).until(() -> signedOff(session, digests, "first", acknowledged));
        Thread rater = new Thread(() -> {
            try {
                for (int n = 0; n < 10_000; n++) {
                    signedOff(session, digests, "word " + n, acknowledged);
                }
            } catch (IOException | InterruptedException killed) {
                // Everything acknowledged until now must be stored.
            }
        });
        rater.start();
        Awaitility.await().atMost(PATIENCE).until(() -> acknowledged.size() > 5);

        // When
        system.killEverything();
        rater.join();
        system.up();

        // Then
        JsonNode decisions = EventJson.mapper()
                .readTree(system.dashboard(session, Optional.empty()).body())
                .get("decisions");
        assertThat(decisions.findValuesAsText("comment")).containsAll(acknowledged);
        Set<String> stored = Set.copyOf(decisions.findValuesAsText("id"));
        try (EventLog afterwards = new EventLog(system.state().bootstrapServers())) {
            Awaitility.await().atMost(PATIENCE).until(() -> {
                afterwards.listen(Duration.ofMillis(200));
                return afterwards
                        .histories()
                        .called("DEMO_CMH_0300_01_01")
                        .filter(one -> one.reviews.containsAll(stored))
                        .isPresent();
            });
        }
        assertThat(digests(arrive("DEMO_CMH_0301_01_01"))).isEqualTo(calm);
    }

    private static boolean signedOff(String session, List<String> digests, String comment, Queue<String> acknowledged)
            throws IOException, InterruptedException {
        String decision = EventJson.mapper()
                .createObjectNode()
                .put("decision", "SIGNED_OFF")
                .put("comment", comment)
                .put("confirmed", true)
                .set("seen", EventJson.mapper().valueToTree(digests))
                .toString();
        boolean taken =
                system.dashboard(session + "/reviews", Optional.of(decision)).statusCode() == 200;
        if (taken) {
            acknowledged.add(comment);
        }
        return taken;
    }

    /**
     * Five vendors, classic, mosaic, enhanced, several images per series, several series of one image, raw data among the
     * images; the smaller ones of the real scans.
     */
    @Test
    void realScansAreTaggedAndConvertedAsTheirReferenceStates() throws Exception {
        // Given
        Map<String, RealScans> scansByLabel = new TreeMap<>();
        for (String name : REAL_SCANS) {
            // A subject's code has at most 32 characters.
            String subject = name.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "");
            scansByLabel.put(
                    "REAL_LAB_" + subject.substring(0, Math.min(24, subject.length())) + "_01_01",
                    RealScans.unpack(name, folder.resolve("real").resolve(name)));
        }

        // When
        for (Map.Entry<String, RealScans> real : scansByLabel.entrySet()) {
            system.xnat.addSession(
                    real.getValue().folder(),
                    LoadOptions.project("REAL").subject(real.getKey()).label(real.getKey()));
        }

        // Then
        for (Map.Entry<String, RealScans> real : scansByLabel.entrySet()) {
            SessionHistory history = system.awaitEnd(real.getKey());
            assertThat(real.getValue()
                            .reference()
                            .compare(history, system.home().archive()))
                    .allSatisfy(image -> assertThat(image.outcome())
                            .as(image.image() + ": " + image.remark())
                            .isEqualTo(ReferenceImages.Outcome.EQUAL));
        }
    }

    /** One of sixteen directions; of the sessions above it is the one with a diffusion series. */
    @Test
    void theToolOfTheRealScansMeasuresADiffusionSeries() throws Exception {
        // Given
        assumeMrtrix();
        RealScans real = RealScans.unpack("uih-umr770-dwi", folder.resolve("real/dti"));
        String label = "REAL_LAB_DTI_01_01";

        // When
        system.xnat.addSession(
                real.folder(), LoadOptions.project("REAL").subject(label).label(label));

        // Then
        assertThatATensorWasMeasured(endOfDti(label));
    }

    /** The moment at which a service has work in progress: its input event was published. */
    private static Predicate<SessionHistory> atWork(String service) {
        return switch (service) {
            case "ingest" -> history -> history.discovered.isPresent();
            case "tagging", "dashboard" ->
                history -> history.series.values().stream().anyMatch(series -> series.discovered.isPresent());
            case "export" -> history -> history.series.values().stream().anyMatch(series -> series.tagged.isPresent());
            case "qc" -> history -> history.series.values().stream().anyMatch(series -> series.exported.isPresent());
            default -> throw new IllegalArgumentException(service);
        };
    }

    private static SessionHistory arrive(String label) throws IOException {
        system.xnat.addSession(scans, LoadOptions.project("DEMO").subject(label).label(label));
        return system.awaitEnd(label);
    }

    /** Digest of every image, sidecar, gradient table and DICOM, by role and scan: what must not depend on the run. */
    private static Map<String, String> digests(SessionHistory history) {
        Map<String, String> digests = new TreeMap<>();
        for (SeriesHistory series : history.series.values()) {
            for (SeriesExported.Product product : series.exported.orElseThrow().products()) {
                for (FileRef file : product.files()) {
                    if (List.of("nifti", "sidecar", "bval", "bvec", "dicom")
                            .contains(file.role().key())) {
                        digests.put(file.role() + " of " + series.scan + " " + product.tag(), file.sha256());
                    }
                }
            }
        }
        return digests;
    }
}

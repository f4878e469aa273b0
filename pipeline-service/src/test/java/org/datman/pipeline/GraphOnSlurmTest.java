package org.datman.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.apache.commons.codec.digest.DigestUtils;
import org.datman.contracts.event.Envelope;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.PipelineUpdated;
import org.datman.contracts.event.PipelineUpdated.State;
import org.datman.contracts.event.Reason;
import org.datman.pipeline.runner.SlurmCluster;
import org.datman.platform.testkit.KafkaAndPostgres;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Eight tools of each session on a real Slurm whose node is lost twice, and whose controller is restarted, while a twentieth of the runs is planted to
 * fail: what can succeed does so with nobody's help. {@code ./datman bench cluster} runs it with 200 participants and prints what the cluster
 * did meanwhile.
 */
@QuarkusTest
@QuarkusTestResource(KafkaAndPostgres.class)
@QuarkusTestResource(ToolsFolder.class)
class GraphOnSlurmTest extends PipelineTest {

    private static final int PARTICIPANTS = Integer.getInteger("datman.bench.participants", 4);
    private static final int CORES = 6;
    private static final String STUDY = "GSL";

    /** Why a run may be started again. */
    private static final Set<String> AGAIN = Set.of("job-lost", "transient-exit-code");

    /** Each tool with the images and tools of which it gets something, in this order. */
    private static final Map<String, List<String>> TOOLS = new LinkedHashMap<>();

    static {
        TOOLS.put("recon", List.of("T1"));
        TOOLS.put("tensor", List.of("DWI"));
        TOOLS.put("connectivity", List.of("RST", "recon"));
        TOOLS.put("register", List.of("T1", "recon"));
        TOOLS.put("tracts", List.of("tensor", "register"));
        TOOLS.put("parcels", List.of("recon", "register"));
        TOOLS.put("network", List.of("parcels", "tracts"));
        TOOLS.put("report", List.of("network", "connectivity"));
    }

    /** Its scans, by their tags. */
    private static final Map<String, String> SCANS = Map.of("T1", "3", "DWI", "4", "RST", "5");

    /** How a run is planted to end. */
    private enum Planted {
        FAILS("exit-code"),
        NOTHING("missing-output"),
        ONCE("");

        private final String code;

        Planted(String code) {
            this.code = code;
        }
    }

    @Inject
    DataSource database;

    private SlurmCluster slurm;
    private Path ledger;

    @BeforeEach
    void aCluster() throws IOException {
        assumeThat(SlurmCluster.isInstalled())
                .as("Slurm (Debian: slurmctld slurmd slurm-client munge) is not installed, or this is not root")
                .isTrue();
        slurm = new SlurmCluster(CORES);
        Files.copy(slurm.configuration(), Path.of("target/slurm.conf"), StandardCopyOption.REPLACE_EXISTING);
        ledger = Files.createTempDirectory("ledger").toAbsolutePath();
        Files.writeString(Path.of("target/ledger"), ledger.toString());
    }

    @AfterEach
    void stop() throws IOException {
        if (slurm != null) {
            slurm.close();
            try (Stream<Path> all = Files.walk(ledger)) {
                for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }

    @Test
    void whatCanSucceedDoesSoWithNobodysHelp() throws Exception {
        // Given
        List<PipelineSession> sessions = new ArrayList<>();
        Map<String, Map<String, byte[]>> images = new HashMap<>();
        for (int i = 1; i <= PARTICIPANTS; i++) {
            sessions.add(PipelineSession.of(STUDY, String.format(Locale.ROOT, "%04d", i)));
        }
        Map<String, Planted> planted = plant(sessions);
        Map<String, String> expected = new TreeMap<>();

        // When
        for (PipelineSession session : sessions) {
            Map<String, byte[]> contents = new HashMap<>();
            events.publish(session.discovered());
            for (Map.Entry<String, String> scan : SCANS.entrySet()) {
                byte[] image = (session.name() + scan.getKey()).getBytes(StandardCharsets.UTF_8);
                FileRef file = session.stored(scan.getKey(), scan.getValue(), image);
                contents.put(scan.getKey(), image);
                events.publish(session.exported(scan.getKey(), scan.getValue(), file));
            }
            images.put(session.name(), contents);
            expected.putAll(expected(session, contents, planted));
        }
        int runs = (int) expected.values().stream()
                .filter(end -> !end.equals(State.WAITING.name()))
                .count();
        awaitEnded(runs / 4);
        slurm.loseNode();
        awaitEnded(runs / 2);
        slurm.restartController();
        awaitEnded(runs * 3 / 4);
        slurm.loseNode();
        awaitEnded(runs);

        // Then
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(ends(sessions)).isEqualTo(expected));
        assertThat(doubled(sessions)).isEmpty();
        assertThat(interruptions()).containsOnlyKeys(AGAIN);
        print(sessions, planted, runs);
    }

    /** A twentieth of all runs, of each kind one at least, always the same. */
    private Map<String, Planted> plant(List<PipelineSession> sessions) throws IOException {
        List<String> all = new ArrayList<>();
        sessions.forEach(session -> TOOLS.keySet().forEach(tool -> all.add(session.name() + " " + tool)));
        Random random = new Random(20);
        Map<String, Planted> planted = new TreeMap<>();
        StringBuilder table = new StringBuilder();
        for (int i = 0; i < Math.max(Planted.values().length, all.size() / 20); i++) {
            Planted kind = Planted.values()[i % Planted.values().length];
            String run = all.remove(random.nextInt(all.size()));
            planted.put(run, kind);
            table.append(run)
                    .append(' ')
                    .append(kind.name().toLowerCase(Locale.ROOT))
                    .append('\n');
        }
        Files.writeString(ledger.resolve("planted"), table);
        return planted;
    }

    /** Of each run its result, or the reason of its failure, or that it waits. */
    private static Map<String, String> expected(
            PipelineSession session, Map<String, byte[]> images, Map<String, Planted> planted) {
        Map<String, byte[]> contents = new HashMap<>(images);
        Map<String, String> ends = new HashMap<>();
        TOOLS.forEach((tool, inputs) -> {
            String run = session.name() + " " + tool;
            Planted kind = planted.get(run);
            if (!contents.keySet().containsAll(inputs)) {
                ends.put(run, State.WAITING.name());
            } else if (kind != null && !kind.code.isEmpty()) {
                ends.put(run, kind.code);
            } else {
                MessageDigest digest = DigestUtils.getSha256Digest();
                digest.update((tool + " " + session.name() + "\n").getBytes(StandardCharsets.UTF_8));
                inputs.forEach(input -> digest.update(contents.get(input)));
                String text = HexFormat.of().formatHex(digest.digest());
                contents.put(tool, (text + "\n").getBytes(StandardCharsets.UTF_8));
                ends.put(run, text);
            }
        });
        return ends;
    }

    /** The same as the service published it last, and as it is in the archive. */
    private Map<String, String> ends(List<PipelineSession> sessions) throws IOException {
        Map<String, PipelineUpdated> last = new HashMap<>();
        for (Envelope<PipelineUpdated> each : events.all(PipelineUpdated.class)) {
            last.put(each.event().sessionName() + " " + each.event().pipeline(), each.event());
        }
        Map<String, String> ends = new TreeMap<>();
        for (PipelineSession session : sessions) {
            for (String tool : TOOLS.keySet()) {
                PipelineUpdated update = last.get(session.name() + " " + tool);
                ends.put(session.name() + " " + tool, update == null ? "nothing" : end(update));
            }
        }
        return ends;
    }

    private static String end(PipelineUpdated update) throws IOException {
        return switch (update.state()) {
            case SUCCEEDED ->
                Files.readString(PipelineSession.ARCHIVE.resolve(update.outputs().stream()
                                .map(FileRef::path)
                                .filter(path -> path.endsWith("/result.txt"))
                                .findFirst()
                                .orElseThrow()))
                        .strip();
            case FAILED -> update.reason().map(Reason::code).orElse("no reason");
            default -> update.state().name();
        };
    }

    /** Runs whose tool ended well more often than a lost node explains. */
    private List<String> doubled(List<PipelineSession> sessions) throws IOException {
        Map<String, Integer> interrupted = new HashMap<>();
        for (Envelope<PipelineUpdated> each : events.all(PipelineUpdated.class)) {
            PipelineUpdated update = each.event();
            if (update.reason()
                    .filter(why -> update.state() == State.QUEUED && AGAIN.contains(why.code()))
                    .isPresent()) {
                interrupted.merge(update.sessionName() + " " + update.pipeline(), 1, Integer::sum);
            }
        }
        List<String> doubled = new ArrayList<>();
        for (PipelineSession session : sessions) {
            for (String tool : TOOLS.keySet()) {
                String run = session.name() + " " + tool;
                long begins = notes(session, tool).stream()
                        .filter(line -> line.startsWith("begin"))
                        .count();
                if (begins > 1 + interrupted.getOrDefault(run, 0)) {
                    doubled.add(run + " began " + begins + " times");
                }
            }
        }
        return doubled;
    }

    /** Why runs were started again, and how often. */
    private Map<String, Long> interruptions() {
        return events.all(PipelineUpdated.class).stream()
                .map(Envelope::event)
                .filter(update -> update.state() == State.QUEUED && update.attempt() > 1)
                .collect(Collectors.groupingBy(
                        update -> update.reason().map(Reason::code).orElse(""), TreeMap::new, Collectors.counting()));
    }

    private List<String> notes(PipelineSession session, String tool) throws IOException {
        Path note = ledger.resolve(session.name() + "." + tool);
        return Files.exists(note) ? Files.readAllLines(note) : List.of();
    }

    private void awaitEnded(int count) {
        await().atMost(Duration.ofSeconds(60 + 10L * PARTICIPANTS))
                .pollInterval(Duration.ofMillis(500))
                .until(() -> ended() >= count);
    }

    /** Runs that ended for good; each once, however often it was tried. */
    private int ended() throws SQLException {
        try (Connection connection = database.getConnection();
                Statement query = connection.createStatement();
                ResultSet rows =
                        query.executeQuery("select count(distinct (session, pipeline)) from job where study = '" + STUDY
                                + "' and state in ('SUCCEEDED', 'FAILED')")) {
            rows.next();
            return rows.getInt(1);
        }
    }

    private void print(List<PipelineSession> sessions, Map<String, Planted> planted, int runs) throws IOException {
        List<double[]> steps = new ArrayList<>();
        int starts = 0;
        for (PipelineSession session : sessions) {
            for (String tool : TOOLS.keySet()) {
                double begin = Double.NaN;
                for (String line : notes(session, tool)) {
                    double time = Double.parseDouble(line.substring(line.indexOf(' ') + 1));
                    if (line.startsWith("begin")) {
                        starts++;
                        begin = time;
                    } else {
                        steps.add(new double[] {begin, 1});
                        steps.add(new double[] {time, -1});
                    }
                }
            }
        }
        steps.sort(Comparator.comparingDouble(step -> step[0]));
        double idle = 0;
        double longest = 0;
        double busy = 0;
        int running = 0;
        for (int i = 0; i + 1 < steps.size(); i++) {
            running += (int) steps.get(i)[1];
            double gap = steps.get(i + 1)[0] - steps.get(i)[0];
            busy += running * gap;
            if (running == 0) {
                idle += gap;
                longest = Math.max(longest, gap);
            }
        }
        double all = steps.get(steps.size() - 1)[0] - steps.get(0)[0];
        System.out.printf(
                Locale.ROOT,
                "%nGraph of eight tools on Slurm, %d participants, a node lost twice, a restarted controller%n%n"
                        + "  runs that ended                 %d, of %d that could; %d planted to fail or to fail once%n"
                        + "  starts                          %d; started again for %s%n"
                        + "  from the first to the last      %.0f s, %.2f runs a second, %.2f of %d cores at work%n"
                        + "  no tool at work                 %.1f s, longest %.1f s%n%n",
                sessions.size(),
                ended(sessions),
                runs,
                planted.size(),
                starts,
                interruptions(),
                all,
                runs / all,
                busy / all,
                CORES,
                idle,
                longest);
    }

    private int ended(List<PipelineSession> sessions) throws IOException {
        return (int) ends(sessions).values().stream()
                .filter(end -> !end.equals(State.WAITING.name()))
                .count();
    }
}

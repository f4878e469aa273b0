package org.datman.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import javax.imageio.ImageIO;
import org.datman.contracts.archive.RunningLog;
import org.datman.contracts.event.ConfigurationRead;
import org.datman.contracts.event.EventJson;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.FileRole;
import org.datman.contracts.event.PipelineUpdated;
import org.datman.contracts.event.QcComplete;
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.SeriesTagged;
import org.datman.contracts.event.SessionChecked;
import org.datman.contracts.event.VisitChecked;
import org.datman.contracts.event.VisitCheckedBuilder;
import org.datman.contracts.study.AcceptedStudies;
import org.datman.contracts.testkit.EventFixtures;
import org.datman.dashboard.fixture.FixturePublisher;
import org.datman.platform.archive.Archive;
import org.datman.platform.testkit.KafkaAndPostgres;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.junit.jupiter.api.Test;

/**
 * Every page with all possible content, on a screen and on a phone, in a real browser: nothing that axe calls serious or critical, no
 * sideways scroll, no name that breaks in its middle, no overlapping texts. The pictures are in {@code target/pages}.
 */
@QuarkusTest
@QuarkusTestResource(KafkaAndPostgres.class)
class EveryPageTest {

    private static final Path PICTURES = Path.of("target/pages");
    private static final Instant T = EventFixtures.START;

    private static final String EARLIER_TEXT = """
            StudyTag: SPN01
            XnatProjects: [SPN01_CMH]
            Tags:
              T1BEFORE: { Pattern: { SeriesDescription: 'T1' }, QcType: anat }
            Sites:
              CMH: {}
            """;

    @TestHTTPResource("/")
    URI home;

    @Inject
    Archive archive;

    @Inject
    Jdbi jdbi;

    @Test
    void everyPageIsFitToBeUsedOnAScreenAndOnAPhone() throws Exception {
        // Given
        Optional<Axe> axe = Axe.fetch();
        if (axe.isEmpty()) {
            System.out.println("npm cannot fetch axe-core here: the pages are looked at without it");
        }
        EventFixtures fixtures = EventFixtures.of("PAGES_E1", "SPN01_CMH_5001_01_01");
        Map<String, String> pages = new LinkedHashMap<>();
        pages.put("inbox", "/");
        pages.put("today", "/today");
        pages.put("studies", "/studies");
        pages.put("sessions", "/studies/SPN01");
        pages.put("session", Dashboard.pathOf(fixtures));
        pages.put("log", Dashboard.pathOf(fixtures) + "/log?pipeline=dti");
        pages.put("pipelines", "/studies/PIP01/pipelines?failed=brain-volume");
        pages.put("metrics", "/metrics?study=PAGES1&tag=FBN&key=fbirn_sfnr");
        pages.put("metrics-short", "/metrics?study=SPN01&tag=T1&key=snr_core");
        pages.put("keys", "/metrics/keys");
        pages.put("operations", "/operations");
        pages.put("accounts", "/accounts");
        pages.put(
                "rule",
                "/configuration/rule?session=" + fixtures.session().identity().replace("/", "%2F") + "&scan=5&tag=T1");
        pages.put("preview", "/configuration/preview?study=SPN01");
        pages.put("search", "/search?q=pages_e");
        pages.put("error", "/nowhere");
        pages.put("login", "/login?failed=yes");
        List<String> faults = new ArrayList<>();
        Files.createDirectories(PICTURES);

        // When
        try {
            publish(fixtures);
            history();
            accept(List.of(new AcceptedStudies.Accepted("SPN01", "SPN01.yml", EARLIER_TEXT, "r0", T, "")));
            assertThat(Dashboard.page("/configuration/preview?study=SPN01").select("main a[href^=/sessions/]"))
                    .as("sessions whose series change")
                    .isNotEmpty();
            try (Browser browser = Browser.start()) {
                browser.logIn(home);
                axe.ifPresent(a -> assertThat(a.violations(browser, "control", "<img src=/assets/icon.svg>"))
                        .as("axe finds what is planted")
                        .anyMatch(fault -> fault.contains("image-alt")));
                for (int width : List.of(1280, 390)) {
                    browser.width(width);
                    for (Map.Entry<String, String> page : pages.entrySet()) {
                        String where = page.getKey() + "-" + width;
                        browser.open(home.resolve(page.getValue()));
                        browser.await("document.readyState === 'complete' && location.href.endsWith('" + page.getValue()
                                + "') && document.querySelector('main') !== null");
                        if (page.getKey().equals("session")) {
                            browser.evaluate(
                                    "document.querySelectorAll('details:not(.menu)').forEach(d => d.open = true)");
                        }
                        inspect(browser, axe, where, faults);
                        if (page.getKey().equals("session")) {
                            browser.evaluate("document.querySelectorAll('details').forEach(d => d.open = false)");
                            browser.evaluate("document.querySelector('[data-ask=FLAGGED]').click()");
                            browser.await("document.querySelector('#ask').open");
                            browser.evaluate("notify('The images changed since this page showed them', true)");
                            Files.write(PICTURES.resolve("dialog-" + width + ".png"), browser.screenshot());
                            axe.ifPresent(a -> faults.addAll(a.violations(browser, "dialog-" + width)));
                        }
                    }
                }
                faults.addAll(browser.problems().stream()
                        .filter(problem -> !problem.contains("404"))
                        .toList());
            }
        } finally {
            removeAll();
        }

        // Then
        assertThat(faults).as(String.join("\n", faults)).isEmpty();
    }

    /** The text in force: the one in the folder is a draft then. Without any, the folder alone counts. */
    private void accept(List<AcceptedStudies.Accepted> texts) throws IOException {
        Path file = archive.resolve(AcceptedStudies.PATH);
        Files.createDirectories(file.getParent());
        Files.write(file, new AcceptedStudies(texts).json());
    }

    /** The other tests of this process must not find it. */
    private void removeAll() throws IOException {
        accept(List.of());
        try (FixturePublisher publisher = new FixturePublisher(KafkaAndPostgres.bootstrapServers())) {
            publisher.publish(
                    "ingest",
                    T,
                    new ConfigurationRead(
                            "r2", List.of("SPN01"), List.of(), EventFixtures.later(), Optional.of(List.of())));
            publisher.publish("qc", T, visit(2, VisitChecked.State.WITHDRAWN));
        }
        jdbi.useHandle(handle -> {
            handle.execute("delete from metric where study = 'PAGES1'");
            handle.execute("delete from session where session = 'local/PG0'");
        });
        Dashboard.awaitPage(
                "/",
                p -> !p.text().contains("OTHER.yml")
                        && !p.text().contains("HELD1")
                        && !p.text().contains("SPN01_CMH_5001_02"));
    }

    private static void inspect(Browser browser, Optional<Axe> axe, String where, List<String> faults)
            throws IOException {
        Files.write(PICTURES.resolve(where + ".png"), browser.wholePage());
        if (browser.evaluate("String(document.documentElement.scrollWidth <= window.innerWidth)")
                .equals("false")) {
            faults.add(where + ": scrolls sideways");
        }
        String broken = browser.evaluate(BROKEN_NAMES);
        if (!broken.isEmpty()) {
            faults.add(where + ": names broken in their middle: " + broken);
        }
        String over = browser.evaluate(OVERPRINTED);
        if (!over.isEmpty()) {
            faults.add(where + ": words over each other: " + over);
        }
        axe.ifPresent(a -> faults.addAll(a.violations(browser, where)));
    }

    /** Words without spaces that are broken over two lines although they would fit on one, in names. */
    private static final String BROKEN_NAMES = """
            [...document.querySelectorAll('th, td, .chip, .badge, h1, strong, button, dt, dd')].filter(e => !e.querySelector('table, article')).flatMap(e => {
              const walker = document.createTreeWalker(e, NodeFilter.SHOW_TEXT);
              const found = [];
              for (let n = walker.nextNode(); n; n = walker.nextNode()) {
                for (const m of n.data.matchAll(/\\S+/g)) {
                  const range = document.createRange();
                  range.setStart(n, m.index);
                  range.setEnd(n, m.index + m[0].length);
                  const lines = new Set([...range.getClientRects()].map(r => Math.round(r.top)));
                  const width = [...range.getClientRects()].reduce((w, r) => w + r.width, 0);
                  if (lines.size > 1 && width < 300 && !/[-/|]/.test(m[0])) found.push(m[0]);
                }
              }
              return found;
            }).slice(0, 5).join(', ')
            """;

    /** Texts of a chart whose boxes cover each other. */
    private static final String OVERPRINTED = """
            [...document.querySelectorAll('svg')].flatMap(svg => {
              const texts = [...svg.querySelectorAll('text')].filter(t => t.textContent.trim());
              const boxes = texts.map(t => t.getBoundingClientRect());
              const found = [];
              for (let i = 0; i < texts.length; i++) for (let j = i + 1; j < texts.length; j++) {
                const a = boxes[i], b = boxes[j];
                const w = Math.min(a.right, b.right) - Math.max(a.left, b.left);
                const h = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
                if (w > 2 && h > 3) found.push(texts[i].textContent + ' / ' + texts[j].textContent);
              }
              return found;
            }).slice(0, 5).join(', ')
            """;

    /** A session with one of everything: flags, differences, failures, alarms, associated files, runs, decisions. */
    private void publish(EventFixtures fixtures) throws IOException {
        try (FixturePublisher publisher = new FixturePublisher(KafkaAndPostgres.bootstrapServers())) {
            publisher.publish("ingest", T, fixtures.discovered(2, fixtures.name()));
            for (String scan : List.of("3", "4")) {
                publisher.publish(
                        "ingest",
                        T,
                        fixtures.series(scan, 1, "Sag-T1_MPRAGE_0.8mm_isotropic_with_a_long_name")
                                .withSubjectLabel("SPN01_CMH_5001"));
                publisher.publish("tagging", T.plusSeconds(1), fixtures.tagged(scan, 1, "T1", "Sag T1"));
                publisher.publish("export", T.plusSeconds(9), fixtures.exported(scan, 1, "T1"));
                QcComplete.Level level = scan.equals("3") ? QcComplete.Level.FLAG : QcComplete.Level.PASS;
                QcComplete result = fixtures.measured(scan, 1, "T1", level, "Lost slice 12 of volume 41");
                publisher.publish(
                        "qc",
                        T.plusSeconds(15),
                        EventFixtures.withPicture(
                                result, picture(result.pictures().get(0).path())));
            }
            publisher.publish("ingest", T, fixtures.series("5", 1, "ep2d_bold"));
            publisher.publish(
                    "tagging",
                    T.plusSeconds(1),
                    fixtures.tagged(
                            "5",
                            1,
                            SeriesTagged.Decision.UNMATCHED,
                            "",
                            "ep2d_bold",
                            new Reason("no-rule", "No tag matches; nearest is RST", "Add a rule or ignore it")));
            publisher.publish("ingest", T, fixtures.series("6", 1, "Sag T2"));
            publisher.publish("tagging", T.plusSeconds(1), fixtures.tagged("6", 1, "T2", "Sag T2"));
            publisher.publish(
                    "export",
                    T.plusSeconds(9),
                    fixtures.failed("export", "export", Optional.of("6"), "cause", T.plusSeconds(9)));
            publisher.publish(
                    "ingest", T.plusSeconds(9), fixtures.resource("a-long-name-of-a-form_2026-11-20_scanned.pdf"));
            publisher.publish(
                    "export",
                    T.plusSeconds(9),
                    fixtures.exportedResource("a-long-name-of-a-form_2026-11-20_scanned.pdf"));
            publisher.publish("ingest", T.plusSeconds(10), fixtures.settled(1, "3", "4", "5", "6"));
            publisher.publish(
                    "qc",
                    T.plusSeconds(20),
                    fixtures.checked(
                            1,
                            false,
                            new SessionChecked.Row("T1", 1, 2, List.of("3", "4"), SessionChecked.Outcome.REPEATED),
                            new SessionChecked.Row("T2", 1, 0, List.of(), SessionChecked.Outcome.MISSING)));
            publisher.publish("qc", T.plusSeconds(20), fixtures.alarm("3", "T1", "efc", "efc of every page is higher"));
            publisher.publish("pipeline", T.plusSeconds(30), fixtures.run(PipelineUpdated.State.SUCCEEDED));
            PipelineUpdated running =
                    fixtures.run(PipelineUpdated.State.RUNNING).withPipeline("dti");
            publisher.publish("pipeline", T.plusSeconds(31), running);
            archive.write(
                    FileRole.STATE,
                    RunningLog.path(fixtures.session(), "dti"),
                    EventJson.mapper()
                            .writeValueAsBytes(new RunningLog(
                                    running.runKey(),
                                    1,
                                    T,
                                    List.of(
                                            new RunningLog.Part(
                                                    "stdout",
                                                    9_000,
                                                    "a long line ".repeat(40) + "\nnext\n".repeat(200)),
                                            new RunningLog.Part("stderr", 20, "dwi2tensor: [ 45%]")),
                                    Optional.of(new RunningLog.Progress(Optional.of(45.0), "45%")))));
            publisher.publish("qc", T, visit(1, VisitChecked.State.OVERDUE));
            EventFixtures unnamed = EventFixtures.of("PAGES_E2", "");
            publisher.publish("ingest", T, unnamed.discovered(1, "SPN01-CMH-what-is-this-label"));
            publisher.publish(
                    "ingest",
                    T,
                    new ConfigurationRead(
                            "r1",
                            List.of("SPN01"),
                            List.of(new ConfigurationRead.Fault(
                                    "OTHER.yml", 12, 5, "Tags.T1.Count", "'two' is no number", "0 and more")),
                            EventFixtures.later(),
                            Optional.of(List.of(new ConfigurationRead.Held(
                                    "HELD1", "c1", "HELD1.yml", "HELD1.yml is gone: 7 series would lose files", 7)))));
            Dashboard.awaitEvents(fixtures, 21);
        }
        Dashboard.loggedIn()
                .formParam("server", fixtures.session().server())
                .formParam("accession", fixtures.session().accession())
                .formParam("scan", "4")
                .formParam("stem", fixtures.stem("4", "T1"))
                .formParam("decision", "FLAGGED")
                .formParam("comment", "Ringing in the frontal lobe")
                .formParam("seen", fixtures.nifti("4", 1))
                .post("/reviews");
        Dashboard.awaitPage(
                "/",
                p -> p.text().contains("OTHER.yml")
                        && p.text().contains("HELD1")
                        && p.text().contains("SPN01-CMH-what-is-this-label")
                        && p.text().contains("SPN01_CMH_5001_02"));
    }

    private static VisitChecked visit(long revision, VisitChecked.State state) {
        return VisitCheckedBuilder.builder()
                .study("SPN01")
                .visit("SPN01_CMH_5001_02")
                .visitRevision(revision)
                .state(state)
                .sessions(List.of())
                .source("SPN01-visits.csv")
                .configRevision("r1")
                .reason(new Reason(
                        "visit-overdue",
                        "Session SPN01_CMH_5001_02 was due by 2026-11-20 and has not arrived",
                        "Find out from the site whether it was scanned"))
                .from(Optional.of(LocalDate.of(2026, 10, 27)))
                .to(Optional.of(LocalDate.of(2026, 11, 20)))
                .build();
    }

    private FileRef picture(String path) throws IOException {
        BufferedImage image = new BufferedImage(240, 160, BufferedImage.TYPE_BYTE_GRAY);
        Graphics2D draw = image.createGraphics();
        draw.setColor(Color.GRAY);
        draw.fillOval(60, 20, 120, 120);
        draw.dispose();
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        ImageIO.write(image, "png", png);
        return archive.write(FileRole.PICTURE, path, png.toByteArray());
    }

    /** Three years of a phantom, with new software, a new coil and a level that changed. */
    private void history() {
        Random random = new Random(4);
        LocalDate start = LocalDate.of(2023, 1, 2);
        jdbi.useHandle(handle -> {
            handle.execute("""
                    insert into session select (jsonb_populate_record(s, jsonb_build_object('session', 'local/PG0',
                        'accession', 'PG0', 'study', 'PAGES1', 'site', 'CMH', 'name', 'PAGES1_CMH_PHA_FBN0001'))).*
                    from session s limit 1 on conflict do nothing
                    """);
            PreparedBatch batch = handle.prepareBatch("""
                    insert into metric (session, scan, stem, key, value, unit, study, site, tag, name, day, scanner,
                        software, coil, phantom, content, standing)
                    values (:session, '3', :stem, 'fbirn_sfnr', :value, '1', 'PAGES1', 'CMH', 'FBN', :stem, :day, '45123',
                        :software, :coil, true, :stem, 'GOOD') on conflict do nothing
                    """);
            for (int week = 0; week < 156; week++) {
                double level = week < 90 ? 250 : week < 125 ? 270 : 252;
                batch.bind("session", "local/PG" + week)
                        .bind("stem", String.format(Locale.ROOT, "PAGES1_CMH_PHA_FBN%04d", week))
                        .bind("value", level + 8 * random.nextGaussian())
                        .bind("day", start.plusWeeks(week))
                        .bind("software", week < 90 ? "syngo MR E11" : "syngo MR XA30")
                        .bind("coil", week < 92 ? "HeadNeck_20" : "HeadNeck_64")
                        .add();
            }
            batch.execute();
        });
    }
}

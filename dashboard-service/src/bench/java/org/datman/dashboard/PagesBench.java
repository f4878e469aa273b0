package org.datman.dashboard;

import static io.restassured.RestAssured.given;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.datman.contracts.event.QcComplete;
import org.datman.contracts.testkit.EventFixtures;
import org.datman.dashboard.fixture.FixturePublisher;
import org.datman.platform.testkit.KafkaAndPostgres;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;

/**
 * Response times of pages with one session, and with as many as a lab has after decades. {@code ./datman bench pages} runs it and
 * prints the table; no build does.
 *
 * <p>Filled are the lists (sessions, series, four numbers per series, in ten studies of three sites over ten years; one in fifty
 * waits for a person, one in a hundred failed); events exist only for the session that is opened.
 */
@QuarkusTest
@QuarkusTestResource(KafkaAndPostgres.class)
class PagesBench {

    private static final int SERIES_PER_SESSION = 20;
    private static final int ROUNDS = 25;

    @Inject
    Jdbi jdbi;

    private Map<String, String> cookie;

    @Test
    void pages() {
        int wanted = Integer.getInteger("datman.bench.series", 1_000_000);
        EventFixtures fixtures = EventFixtures.of("BENCH_E0", "SPN01_CMH_0000_01_01");
        try (FixturePublisher publisher = new FixturePublisher(KafkaAndPostgres.bootstrapServers())) {
            publisher.publish("ingest", EventFixtures.START, fixtures.discovered(1, fixtures.name()));
            publisher.publish("ingest", EventFixtures.START, fixtures.series("3", 1, "Sag T1"));
            publisher.publish("tagging", EventFixtures.START.plusSeconds(1), fixtures.tagged("3", 1, "T1", "Sag T1"));
            publisher.publish("export", EventFixtures.START.plusSeconds(9), fixtures.exported("3", 1, "T1"));
            publisher.publish(
                    "qc", EventFixtures.START.plusSeconds(15), fixtures.measured("3", 1, "T1", QcComplete.Level.PASS));
        }
        Dashboard.awaitSession(fixtures, page -> !page.select(".image .b-PASS").isEmpty());
        cookie = given().redirects()
                .follow(false)
                .formParam("j_username", Dashboard.USER)
                .formParam("j_password", Dashboard.PASSWORD)
                .post("/j_security_check")
                .cookies();
        Map<String, String> pages = new LinkedHashMap<>();
        pages.put("inbox", "/");
        pages.put("studies", "/studies");
        pages.put("sessions of a study", "/studies/SPN01");
        pages.put("  that need somebody", "/studies/SPN01?state=ATTENTION");
        pages.put("  by name", "/studies/SPN01?sort=NAME");
        pages.put("  with a text", "/studies/SPN01?text=0000_01");
        pages.put("  of a year", "/studies/SPN01?from=2020-01-01&to=2020-12-31");
        pages.put("session", Dashboard.pathOf(fixtures));
        pages.put("metric over time", "/metrics?study=SPN01&tag=T1&key=snr_core");
        pages.put("search of a name", "/search?q=SPN01_CMH_0000_01_01");
        pages.put("search of a part", "/search?q=0000_01");
        pages.put("operations", "/operations");

        Map<String, double[]> few = times(pages);
        long begin = System.nanoTime();
        fill(wanted);
        double filling = (System.nanoTime() - begin) / 1e9;
        Map<String, double[]> many = times(pages);

        StringBuilder table = new StringBuilder(String.format(
                Locale.ROOT,
                "%nPages with %,d series (filled in %.0f s), milliseconds at the client, %d requests each%n%n"
                        + "  %-24s %10s %10s %10s %8s%n",
                count("series"),
                filling,
                ROUNDS,
                "page",
                "1 series",
                "median",
                "slowest",
                "ratio"));
        pages.keySet()
                .forEach(page -> table.append(String.format(
                        Locale.ROOT,
                        "  %-24s %10.1f %10.1f %10.1f %8.1f%n",
                        page,
                        few.get(page)[0],
                        many.get(page)[0],
                        many.get(page)[1],
                        many.get(page)[0] / few.get(page)[0])));
        System.out.println(table);
    }

    private long count(String table) {
        return jdbi.withHandle(handle -> handle.createQuery("select count(*) from " + table)
                .mapTo(Long.class)
                .one());
    }

    private void fill(int series) {
        jdbi.useHandle(handle -> {
            handle.createUpdate("""
                    insert into session
                    select (jsonb_populate_record(t, jsonb_build_object(
                        'session', 'local/BENCH_E' || n, 'accession', 'BENCH_E' || n,
                        'study', 'SPN' || lpad((n % 10 + 1)::text, 2, '0'),
                        'site', (array['CMH', 'MRC', 'ZHH'])[n % 3 + 1],
                        'name', 'SPN' || lpad((n % 10 + 1)::text, 2, '0') || '_CMH_' || lpad(n::text, 6, '0') || '_01_01',
                        'label', 'SPN_' || n, 'search', lower('SPN_' || n),
                        'scan_day', date '2016-01-01' + n % 3650,
                        'first_published', timestamptz '2016-01-01' + (n % 3650) * interval '1 day',
                        'last_published', timestamptz '2016-01-01' + (n % 3650) * interval '1 day' + (n % 1000) * interval '1 min',
                        'state', case when n % 100 = 0 then 'FAILED' when n % 50 = 1 then 'ATTENTION' else 'DONE' end,
                        'checked', true, 'complete', n % 50 <> 1, 'missing', case when n % 50 = 1 then 1 else 0 end))).*
                    from session t, generate_series(1, :sessions) n where t.session = 'local/BENCH_E0'
                    """)
                    .bind("sessions", series / SERIES_PER_SESSION)
                    .execute();
            handle.createUpdate("""
                    insert into series
                    select (jsonb_populate_record(t, jsonb_build_object(
                        'session', s.session, 'scan', n::text, 'study', s.study, 'site', s.site,
                        'tag', (array['T1', 'T2', 'RST', 'DTI'])[n % 4 + 1], 'name', s.name,
                        'state', case when n = 1 then s.state else 'DONE' end,
                        'since', s.last_published, 'measured', s.last_published))).*
                    from series t, session s, generate_series(1, :each) n
                    where t.session = 'local/BENCH_E0' and s.session like 'local/BENCH_E%' and s.session <> 'local/BENCH_E0'
                    """).bind("each", SERIES_PER_SESSION).execute();
            handle.createUpdate("""
                    insert into metric (session, scan, stem, key, value, unit, study, site, tag, name, day)
                    select s.session, s.scan, s.name, k, 20 + random(), '1', s.study, s.site, s.tag, s.name, s.since::date
                    from series s, unnest(array['snr_core', 'efc', 'fber', 'qi1']) k where s.session <> 'local/BENCH_E0'
                        and s.session like 'local/BENCH_E%'
                    """).execute();
            handle.execute("vacuum analyze");
        });
    }

    /** Median and slowest of {@link #ROUNDS} requests after twenty that warm up, ms. */
    private Map<String, double[]> times(Map<String, String> pages) {
        Map<String, double[]> times = new LinkedHashMap<>();
        pages.forEach((name, path) -> {
            List<Double> millis = new ArrayList<>();
            for (int n = -20; n < ROUNDS; n++) {
                long begin = System.nanoTime();
                Response response = given().redirects()
                        .follow(false)
                        .urlEncodingEnabled(false)
                        .cookies(cookie)
                        .get(path);
                byte[] body = response.asByteArray();
                boolean found = response.statusCode() == 303 && path.startsWith("/search");
                if (!found && (response.statusCode() != 200 || body.length < 100)) {
                    throw new AssertionError(path + " answered " + response.statusCode());
                }
                if (n >= 0) {
                    millis.add((System.nanoTime() - begin) / 1e6);
                }
            }
            millis.sort(null);
            times.put(name, new double[] {millis.get(ROUNDS / 2), millis.get(ROUNDS - 1)});
        });
        return times;
    }
}

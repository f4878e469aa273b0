package org.datman.pipeline.request;

import static org.awaitility.Awaitility.await;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.datman.contracts.event.Envelope;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.FileRole;
import org.datman.contracts.event.QcReviewed;
import org.datman.contracts.event.SessionRef;
import org.datman.contracts.testkit.EventFixtures;
import org.datman.pipeline.ToolsFolder;
import org.datman.pipeline.state.PipelineState;
import org.datman.platform.archive.Archive;
import org.datman.platform.testkit.KafkaAndPostgres;
import org.datman.platform.testkit.WithEvents;
import org.junit.jupiter.api.Test;

/**
 * Times of decisions in a study of many sessions with a graph of eight tools: of one changed fact, and of all after changed rules. {@code
 * ./datman bench pipelines} runs it and prints the table; no build does.
 *
 * <p>One session goes through its eight tools; the others are copies of what is stored of it, with the same files.
 */
@QuarkusTest
@QuarkusTestResource(KafkaAndPostgres.class)
@QuarkusTestResource(ToolsFolder.class)
class PipelinesBench extends WithEvents {

    private static final int FACTS = 1000;
    private static final String TEMPLATE = "BENCHTEMPLATE";
    private static final String OLD = "rules of before";

    @Inject
    EntityManager entities;

    @Inject
    PipelineState state;

    @Inject
    Decisions decisions;

    @Inject
    Archive archive;

    @Test
    void pipelines() throws Exception {
        int sessions = Integer.getInteger("datman.bench.sessions", 10_000);
        EventFixtures fixtures = EventFixtures.of(TEMPLATE, "GRB_CMH_0000_01_01");
        FileRef image = archive.write(FileRole.NIFTI, "GRB/nii/bench/image.nii", new byte[1000]);
        events.publish(fixtures.discovered(1, fixtures.name()));
        events.publish(fixtures.exported("3", 1, "T1", List.of(image)));
        await().atMost(Duration.ofMinutes(2))
                .until(() -> count("select count(*) from job where state = 'SUCCEEDED' and pipeline = 'step8'") == 1);
        copy(sessions);

        double[] kept = times(fixtures, QcReviewed.Decision.PASS, sessions);
        double[] changed = times(fixtures, QcReviewed.Decision.BLACKLISTED, sessions);
        QuarkusTransaction.requiringNew()
                .run(() -> entities.createNativeQuery("update pipeline_session set decided_with = '" + OLD + "'")
                        .executeUpdate());
        long begin = System.nanoTime();
        await().atMost(Duration.ofMinutes(30))
                .pollInterval(Duration.ofMillis(100))
                .until(() -> count("select count(*) from pipeline_session where decided_with = '" + OLD + "'") == 0);
        double all = (System.nanoTime() - begin) / 1e9;

        System.out.printf(
                Locale.ROOT,
                "%nPipelines of %,d sessions, eight tools one after another; milliseconds of a decision, %d each%n%n"
                        + "  %-44s %8s %8s%n  %-44s %8.1f %8.1f%n  %-44s %8.1f %8.1f%n%n"
                        + "  all sessions decided again after changed rules: %.1f s%n%n",
                sessions,
                FACTS,
                "fact",
                "median",
                "p95",
                "a review that changes nothing",
                kept[0],
                kept[1],
                "an image blacklisted: eight results out of date",
                changed[0],
                changed[1],
                all);
    }

    private double[] times(EventFixtures fixtures, QcReviewed.Decision decision, int sessions) {
        double[] millis = new double[FACTS];
        for (int i = 0; i < FACTS; i++) {
            SessionRef session = new SessionRef(
                    fixtures.session().server(), TEMPLATE + "X" + (1 + i * 7919L % sessions));
            QcReviewed review = fixtures.reviewed(
                            "3", "T1", "rater", decision, EventFixtures.START.plusSeconds(decision.ordinal()), "bench-" + i)
                    .withSession(session)
                    .withSeen(List.of());
            Envelope<QcReviewed> envelope = Envelope.first(review, "dashboard", Clock.systemUTC().instant());
            long begin = System.nanoTime();
            QuarkusTransaction.requiringNew().run(() -> {
                state.lock(session);
                state.store(envelope);
                decisions.decide(envelope, session);
            });
            millis[i] = (System.nanoTime() - begin) / 1e6;
        }
        Arrays.sort(millis);
        return new double[] {millis[FACTS / 2], millis[FACTS * 95 / 100]};
    }

    private long count(String sql) {
        return QuarkusTransaction.requiringNew()
                .call(() -> ((Number) entities.createNativeQuery(sql).getSingleResult()).longValue());
    }

    private void copy(int sessions) {
        QuarkusTransaction.requiringNew().timeout(600).run(() -> {
            for (String sql : List.of(
                    """
                    insert into pipeline_session (session, server, accession, decided_with, linked_as)
                    select session || 'X' || n, server, accession || 'X' || n, decided_with, linked_as
                    from pipeline_session, generate_series(1, :sessions) n where accession = :template
                    """,
                    """
                    insert into latest_event
                        (topic, identity, session, scan, major, minor, event_id, published, last_published, payload)
                    select topic, replace(identity, :template, :template || 'X' || n), session || 'X' || n, scan, major, minor,
                        gen_random_uuid(), published, last_published,
                        replace(payload::text, '"' || :template || '"', '"' || :template || 'X' || n || '"')::jsonb
                    from latest_event, generate_series(1, :sessions) n where session like '%/' || :template
                    """,
                    """
                    insert into published_decision (session, pipeline, what, count)
                    select session || 'X' || n, pipeline, what, count
                    from published_decision, generate_series(1, :sessions) n where session like '%/' || :template
                    """,
                    """
                    insert into job (session, pipeline, run_key, session_name, request_id, headers, request, state, attempt, tries,
                        not_before, result)
                    select session || 'X' || n, pipeline, run_key, session_name, request_id, headers, request, state, attempt, tries,
                        not_before, result
                    from job, generate_series(1, :sessions) n where session like '%/' || :template
                    """)) {
                var query = entities.createNativeQuery(sql);
                query.setParameter("sessions", sessions);
                query.setParameter("template", TEMPLATE);
                query.executeUpdate();
            }
            entities.createNativeQuery("analyze").executeUpdate();
        });
    }
}

package org.datman.dashboard.preview;

import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import org.datman.contracts.study.RulePreview.Known;
import org.jdbi.v3.core.Jdbi;

/** Reads the series of XNAT projects from the read model, some at a time. */
@ApplicationScoped
class KnownSeries {

    private static final int AT_ONCE = 2_000;
    private static final int MOST_SECONDS = 600;

    // SQL, for reading only: a cursor over very many events in jsonb, which the platform writes by JDBC.
    private final Jdbi jdbi;

    KnownSeries(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /** Passes on every series of the projects that was ever discovered, with the decisions of people. */
    void each(Collection<String> projects, Consumer<List<Known>> consumer) {
        // Only inside a transaction PostgreSQL's driver reads through a cursor, and not all rows at once.
        QuarkusTransaction.requiringNew()
                .timeout(MOST_SECONDS)
                .run(() -> jdbi.useHandle(handle -> {
                    // All rows are wanted, so a plan that has the first ones soon is the wrong one.
                    handle.execute("set local cursor_tuple_fraction = 1");
                    List<Known> batch = new ArrayList<>(AT_ONCE);
                    handle.createQuery("""
                            select d.payload::text as discovered, coalesce(s.review, '') as review,
                                coalesce(x.review, '') = 'SIGNED_OFF' as signed_off
                            from latest_event d
                            left join series s on s.session = d.session and s.scan = d.scan
                            left join session x on x.session = d.session
                            where d.topic = 'series-discovered' and d.payload ->> 'project' = any(:projects)
                            """)
                            .bindArray("projects", String.class, projects)
                            .setFetchSize(AT_ONCE)
                            .map((row, context) -> new Known(
                                    row.getString("discovered"), row.getString("review"), row.getBoolean("signed_off")))
                            .forEach(known -> {
                                batch.add(known);
                                if (batch.size() == AT_ONCE) {
                                    consumer.accept(List.copyOf(batch));
                                    batch.clear();
                                }
                            });
                    consumer.accept(List.copyOf(batch));
                }));
    }
}

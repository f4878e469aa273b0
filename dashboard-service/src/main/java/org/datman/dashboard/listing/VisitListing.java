package org.datman.dashboard.listing;

import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.datman.contracts.event.EventFormatException;
import org.datman.contracts.event.EventJson;
import org.datman.contracts.event.VisitChecked;
import org.datman.dashboard.web.BadParameterException;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.Query;

/** Planned sessions against those that arrived, as qc last published them. */
@ApplicationScoped
public class VisitListing {

    private static final int MOST = 500;

    /** Withdrawn ones are of no plan any more. */
    private static final String OF_STUDY = """
            from latest_event where topic = 'visit-checked' and starts_with(identity, :study || '/')
            and payload ->> 'state' <> 'WITHDRAWN'
            """;

    // SQL, for reading only: events as they are stored, in an order of their content.
    private final Jdbi jdbi;

    VisitListing(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /** The sort keys of the table. */
    public enum Sort {
        /** What needs a person comes first. */
        STATE(
                "array_position(array['UNREADABLE', 'OVERDUE', 'DUE', 'UNPLANNED', 'PLANNED'], payload ->> 'state'), payload ->> 'to'"),
        DUE("payload ->> 'to'"),
        NAME("payload ->> 'visit'"),
        ARRIVED("payload ->> 'date' desc nulls last");

        private final String order;

        Sort(String order) {
            this.order = order;
        }

        /**
         * The sort key with that name; {@code STATE} for an empty one.
         *
         * @throws BadParameterException when there is none
         */
        public static Sort of(String name) {
            List<String> names = List.of(STATE.name(), DUE.name(), NAME.name(), ARRIVED.name());
            return name.isEmpty()
                    ? STATE
                    : valueOf(BadParameterException.oneOf("visits", name.toUpperCase(Locale.ROOT), names));
        }
    }

    /**
     * The plan of a study.
     *
     * @param rows at most 500
     * @param total of all that are planned, unplanned or faulty
     * @param overdue of these that are overdue
     */
    public record Table(List<VisitChecked> rows, int total, int overdue) {}

    /** The plan of a study with its state. */
    public Table ofStudy(String study, Sort sort) {
        return jdbi.withHandle(handle -> {
            Table sums = handle.createQuery(
                            "select count(*) as total, count(*) filter (where payload ->> 'state' = 'OVERDUE')"
                                    + " as overdue " + OF_STUDY)
                    .bind("study", study)
                    .map((row, context) -> new Table(List.of(), row.getInt("total"), row.getInt("overdue")))
                    .one();
            return new Table(
                    events(handle.createQuery(
                                    "select payload " + OF_STUDY + " order by " + sort.order + ", identity limit :most")
                            .bind("study", study)
                            .bind("most", MOST)),
                    sums.total(),
                    sums.overdue());
        });
    }

    /** Overdue sessions and faults of plans, of all studies, those that are due for longest first. */
    public List<VisitChecked> open(int most) {
        return jdbi.withHandle(handle -> events(handle.createQuery("""
                        select payload from latest_event
                        where topic = 'visit-checked' and payload ->> 'state' in ('OVERDUE', 'UNREADABLE')
                        order by payload ->> 'to' nulls first, identity limit :most
                        """).bind("most", most)));
    }

    private static List<VisitChecked> events(Query query) {
        return query.mapTo(String.class).map(VisitListing::event).list();
    }

    private static VisitChecked event(String payload) {
        try {
            return EventJson.read(payload.getBytes(StandardCharsets.UTF_8), VisitChecked.class);
        } catch (EventFormatException e) {
            throw new IllegalStateException("A stored event of visit-checked cannot be read", e);
        }
    }
}

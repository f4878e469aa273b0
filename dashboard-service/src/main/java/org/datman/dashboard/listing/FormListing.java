package org.datman.dashboard.listing;

import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.datman.contracts.event.EventFormatException;
import org.datman.contracts.event.EventJson;
import org.datman.contracts.event.FormChecked;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.Query;

/** Forms in REDCap against the sessions that arrived, as ingest last published them. */
@ApplicationScoped
public class FormListing {

    private static final int MOST = 500;

    private static final String OF_STUDY = """
            from latest_event where topic = 'form-checked' and starts_with(identity, :study || '/')
            and payload ->> 'state' <> 'WITHDRAWN'
            """;

    private static final String OPEN =
            "payload ->> 'state' in ('SCANS_MISSING', 'FORM_MISSING', 'DIFFERENT_DAY', 'UNREADABLE')";

    // SQL, for reading only: events as they are stored, in an order of their content.
    private final Jdbi jdbi;

    FormListing(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /**
     * The forms of a study.
     *
     * @param rows at most 500, what needs a person first
     * @param total of all
     * @param open of these that need a person
     */
    public record FormTable(List<FormChecked> rows, int total, int open) {}

    /** The forms of a study with their state. */
    public FormTable ofStudy(String study) {
        return jdbi.withHandle(handle -> {
            FormTable sums = handle.createQuery(
                            "select count(*) as total, count(*) filter (where " + OPEN + ") as open " + OF_STUDY)
                    .bind("study", study)
                    .map((row, context) -> new FormTable(List.of(), row.getInt("total"), row.getInt("open")))
                    .one();
            return new FormTable(
                    events(handle.createQuery(
                                    "select payload " + OF_STUDY + " order by " + OPEN + " desc, identity limit :most")
                            .bind("study", study)
                            .bind("most", MOST)),
                    sums.total(),
                    sums.open());
        });
    }

    /** What needs a person, of all studies. */
    public List<FormChecked> open(int most) {
        return jdbi.withHandle(
                handle -> events(handle.createQuery("select payload from latest_event where topic = 'form-checked' and "
                                + OPEN + " order by identity limit :most")
                        .bind("most", most)));
    }

    /**
     * The form that names a session, by its whole name or by its timepoint, or its lack.
     *
     * @param name of the session
     */
    public List<FormChecked> ofSession(String study, String name) {
        int repeat = name.lastIndexOf('_');
        return jdbi.withHandle(handle -> events(handle.createQuery("""
                        select payload from latest_event where topic = 'form-checked' and identity in (:session, :timepoint)
                        and payload ->> 'state' <> 'WITHDRAWN' and jsonb_exists(payload -> 'sessions', :name) order by identity
                        """)
                .bind("session", study + "/" + name)
                .bind("timepoint", study + "/" + (repeat < 0 ? name : name.substring(0, repeat)))
                .bind("name", name)));
    }

    private static List<FormChecked> events(Query query) {
        return query.mapTo(String.class).map(FormListing::event).list();
    }

    private static FormChecked event(String payload) {
        try {
            return EventJson.read(payload.getBytes(StandardCharsets.UTF_8), FormChecked.class);
        } catch (EventFormatException e) {
            throw new IllegalStateException("A stored event of form-checked cannot be read", e);
        }
    }
}

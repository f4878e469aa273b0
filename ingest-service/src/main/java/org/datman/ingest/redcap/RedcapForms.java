package org.datman.ingest.redcap;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.hibernate.Session;

/** The forms of REDCap as they were last read, and the records of triggers. All methods need a transaction. */
@ApplicationScoped
public class RedcapForms {

    /** In SQL: REDCap sends a trigger each time a form is saved, and two may come at once. */
    private static final String REMEMBER = """
            insert into redcap_trigger (study, record_id, received) values (?1, ?2, ?3)
            on conflict (study, record_id) do update set received = excluded.received
            """;

    private final Rows rows;
    private final EntityManager database;

    RedcapForms(Rows rows, EntityManager database) {
        this.rows = rows;
        this.database = database;
    }

    @ApplicationScoped
    static class Rows implements PanacheRepositoryBase<RedcapForm, RedcapFormKey> {}

    /** A record is to be read: REDCap says that a form of it was saved. */
    public void triggered(String study, String record, Instant now) {
        database.createNativeQuery(REMEMBER)
                .setParameter(1, study)
                .setParameter(2, record)
                .setParameter(3, now)
                .executeUpdate();
    }

    /** The records that are to be read, the longest waiting first. */
    List<String> waiting(String study, int most) {
        return database.unwrap(Session.class)
                .createNativeQuery(
                        "select record_id from redcap_trigger where study = :study order by received limit :most",
                        String.class)
                .setParameter("study", study)
                .setParameter("most", most)
                .getResultList();
    }

    /** The records were read, unless a newer trigger came meanwhile. */
    void read(String study, Collection<String> records, Instant begun) {
        records.forEach(record -> database.createNativeQuery(
                        "delete from redcap_trigger where study = ?1 and record_id = ?2 and received <= ?3")
                .setParameter(1, study)
                .setParameter(2, record)
                .setParameter(3, begun)
                .executeUpdate());
    }

    /** All forms of a study. */
    List<RedcapForm> of(String study) {
        return rows.list("study", study);
    }

    /**
     * Stores what REDCap has of some records; what it has not any more is deleted.
     *
     * @param records those that were read; empty for all of the study
     * @param read the completed forms of these
     */
    void store(String study, Set<String> records, Map<RedcapKey, ReadForm> read, Instant now) {
        Set<RedcapKey> stored = new HashSet<>();
        for (RedcapForm known : of(study)) {
            ReadForm form = read.get(known.key());
            if (form != null) {
                known.store(form, now);
            } else if (records.isEmpty() || records.contains(known.key().record())) {
                rows.delete(known);
            }
            stored.add(known.key());
        }
        read.forEach((key, form) -> {
            if (!stored.contains(key)) {
                rows.persist(new RedcapForm(study, key, form, now));
            }
        });
    }

    /** Stores that a record is not exported, until it is; its forms that were read before stay. */
    void refused(String study, String record, ReadForm faulty, Instant now) {
        RedcapKey key = RedcapKey.ofRefused(record);
        of(study).stream()
                .filter(known -> known.key().equals(key))
                .findFirst()
                .ifPresentOrElse(
                        known -> known.store(faulty, now), () -> rows.persist(new RedcapForm(study, key, faulty, now)));
    }

    /**
     * Forgets the triggers of studies that expect no forms any more: nobody reads them.
     *
     * @param studies that expect forms
     * @return how many
     */
    int forgetTriggersExcept(Set<String> studies) {
        return database.unwrap(Session.class)
                .createNativeMutationQuery("delete from redcap_trigger where study <> all (:studies)")
                .setParameter("studies", studies.toArray(String[]::new))
                .executeUpdate();
    }

    /** A study that expects no forms any more has none. */
    void deleteAll(String study) {
        rows.delete("study", study);
        database.createNativeQuery("delete from redcap_trigger where study = ?1")
                .setParameter(1, study)
                .executeUpdate();
    }
}

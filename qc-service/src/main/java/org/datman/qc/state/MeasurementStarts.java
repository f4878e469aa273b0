package org.datman.qc.state;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;

/** The measurements that were started and have not ended. */
@ApplicationScoped
class MeasurementStarts implements PanacheRepositoryBase<MeasurementStart, ResultKey> {

    /** Counts a start; returns the number of starts without an end. Of two processes that start the same image both are counted. */
    int count(ResultKey image) {
        getEntityManager()
                .createQuery("insert into MeasurementStart (session, scan, stem, times)"
                        + " values (:session, :scan, :stem, 1)"
                        + " on conflict (session, scan, stem) do update set times = times + 1")
                .setParameter("session", image.session())
                .setParameter("scan", image.scan())
                .setParameter("stem", image.stem())
                .executeUpdate();
        // The row is this transaction's own now: no other one can delete it meanwhile.
        return findById(image).times();
    }

    /** The work on an image has ended. Of two that end at once the second finds nothing to delete, which is no failure. */
    void end(ResultKey image) {
        delete("session = ?1 and scan = ?2 and stem = ?3", image.session(), image.scan(), image.stem());
    }
}

package org.datman.qc.state;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;

/** The measurements that were started and have not ended. */
@ApplicationScoped
class MeasurementStarts implements PanacheRepositoryBase<MeasurementStart, ResultKey> {

    /** Counts a start; returns the number of starts without an end. Of two processes that start the same image both are counted. */
    int count(ResultKey image) {
        getEntityManager()
                .createQuery("insert into MeasurementStart (session, scan, stem, times)"
                        + " values (:session, :scan, :stem, 0) on conflict do nothing")
                .setParameter("session", image.session())
                .setParameter("scan", image.scan())
                .setParameter("stem", image.stem())
                .executeUpdate();
        return findById(image, LockModeType.PESSIMISTIC_WRITE).increment();
    }
}

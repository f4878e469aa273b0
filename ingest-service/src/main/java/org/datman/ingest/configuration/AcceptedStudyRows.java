package org.datman.ingest.configuration;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;
import org.datman.contracts.study.AcceptedStudies.Accepted;

@ApplicationScoped
class AcceptedStudyRows implements PanacheRepositoryBase<AcceptedStudy, String> {

    /** Of two processes that remove it at once the second finds nothing to delete, which is no failure. */
    void remove(String code) {
        delete("code", code);
    }

    void store(Accepted accepted) {
        findByIdOptional(accepted.code())
                .ifPresentOrElse(row -> row.replace(accepted), () -> persist(new AcceptedStudy(accepted)));
    }
}

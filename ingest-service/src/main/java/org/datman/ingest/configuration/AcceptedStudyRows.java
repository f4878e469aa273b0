package org.datman.ingest.configuration;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;
import org.datman.contracts.study.AcceptedStudies.Accepted;

@ApplicationScoped
class AcceptedStudyRows implements PanacheRepositoryBase<AcceptedStudy, String> {

    void store(Accepted accepted) {
        findByIdOptional(accepted.code())
                .ifPresentOrElse(row -> row.replace(accepted), () -> persist(new AcceptedStudy(accepted)));
    }
}

package org.datman.ingest.published;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;

@ApplicationScoped
class SessionStateRows implements PanacheRepositoryBase<SessionStateRow, String> {}

package org.datman.dashboard.projection;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;

/** The table with the request for a rebuild. */
@ApplicationScoped
class RebuildStates implements PanacheRepositoryBase<RebuildState, Boolean> {

    RebuildState only() {
        return findById(true);
    }
}

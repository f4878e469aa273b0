package org.datman.pipeline.bids;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;

/** The sessions of the BIDS datasets. */
@ApplicationScoped
class BidsSessionRows implements PanacheRepositoryBase<BidsSessionRow, String> {}

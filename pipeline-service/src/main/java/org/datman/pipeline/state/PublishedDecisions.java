package org.datman.pipeline.state;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;

/** The last decisions. */
@ApplicationScoped
class PublishedDecisions implements PanacheRepositoryBase<PublishedDecision, DecisionKey> {}

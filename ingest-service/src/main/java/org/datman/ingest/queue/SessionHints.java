package org.datman.ingest.queue;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;

/** The rows of the queue. */
@ApplicationScoped
class SessionHints implements PanacheRepositoryBase<SessionHint, String> {}

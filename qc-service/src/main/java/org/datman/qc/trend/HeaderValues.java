package org.datman.qc.trend;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;

/** The headers of all images. */
@ApplicationScoped
class HeaderValues implements PanacheRepositoryBase<HeaderValue, HeaderValueKey> {}

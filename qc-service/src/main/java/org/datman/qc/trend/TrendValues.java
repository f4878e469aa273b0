package org.datman.qc.trend;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;

/** The numbers of all images. */
@ApplicationScoped
class TrendValues implements PanacheRepositoryBase<TrendValue, TrendValueKey> {}

package org.datman.qc.trend;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;

/** The published alarms. */
@ApplicationScoped
class StoredAlarms implements PanacheRepositoryBase<StoredAlarm, String> {}

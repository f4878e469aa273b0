package org.datman.dashboard.projection;

import io.agroal.api.AgroalDataSource;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import org.datman.dashboard.access.GrantedConnections;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.transaction.CMTTransactionHandler;

/**
 * SQL inside the transactions of Quarkus, for what is read into records and for the derived rows of the {@link Projector}. What people write,
 * failures and alarms are stored by Panache repositories; one that shares its transaction with SQL flushes before.
 */
@Singleton
class JdbiProducer {

    @Produces
    @Singleton
    Jdbi jdbi(GrantedConnections connections) {
        return Jdbi.create(connections).setTransactionHandler(new CMTTransactionHandler());
    }

    @Produces
    @Singleton
    @EveryStudy
    Jdbi everyStudy(AgroalDataSource dataSource) {
        return Jdbi.create(dataSource).setTransactionHandler(new CMTTransactionHandler());
    }
}

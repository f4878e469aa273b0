package org.datman.contracts.topic;

/**
 * The advisory lock in PostgreSQL under which the events of a service's outbox are sent and removed. Who holds those of all services, as a
 * backup does, sees a database and topics that fit to each other: what left an outbox is in its topic.
 */
public final class OutboxLock {

    private static final int NUMBER = 0x0DA7_3A11;

    private OutboxLock() {}

    /**
     * The number of the lock, as an expression of SQL.
     *
     * @param schema of the service, as an expression of SQL
     */
    public static String number(String schema) {
        return "(" + NUMBER + " # hashtext(" + schema + "))";
    }
}

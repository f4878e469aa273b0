package org.datman.platform.event;

import java.io.IOException;
import java.net.http.HttpTimeoutException;
import java.nio.file.FileSystemException;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientException;
import org.apache.kafka.common.errors.RetriableException;

/** Tells an outage, which passes, from a fault, which stays. */
public final class Outages {

    private static final String CONNECTION_EXCEPTION = "08";
    private static final String INSUFFICIENT_RESOURCES = "53";
    private static final String OPERATOR_INTERVENTION = "57";
    private static final String SERIALIZATION_OR_DEADLOCK = "40";

    private Outages() {}

    /** Whether this, or what caused it, is something that passes by itself. */
    public static boolean isOutage(Throwable thrown) {
        int depth = 0;
        for (Throwable t = thrown; t != null && depth < 20; t = t.getCause(), depth++) {
            if (t instanceof OutageException
                    || t instanceof RetriableException
                    || t instanceof SQLTransientException
                    || t instanceof SQLRecoverableException
                    || t instanceof SQLNonTransientConnectionException
                    || t instanceof java.net.ConnectException
                    || t instanceof java.net.UnknownHostException
                    || t instanceof java.net.SocketException
                    || t instanceof HttpTimeoutException) {
                return true;
            }
            if (t instanceof SQLException sql && isOutageState(sql.getSQLState())) {
                return true;
            }
            if (t instanceof SQLException sql
                    && String.valueOf(sql.getMessage()).contains("Acquisition timeout")) {
                return true;
            }
            if ((t instanceof FileSystemException || t instanceof IOException)
                    && String.valueOf(t.getMessage()).contains("No space left on device")) {
                return true;
            }
        }
        return false;
    }

    private static boolean isOutageState(String state) {
        return state != null
                && (state.startsWith(CONNECTION_EXCEPTION)
                        || state.startsWith(INSUFFICIENT_RESOURCES)
                        || state.startsWith(OPERATOR_INTERVENTION)
                        || state.startsWith(SERIALIZATION_OR_DEADLOCK));
    }
}

package org.datman.platform.event;

import java.io.IOException;
import java.net.http.HttpTimeoutException;
import java.nio.file.AccessDeniedException;
import java.nio.file.ReadOnlyFileSystemException;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.kafka.common.errors.RetriableException;

/** Distinguishes a transient outage from a permanent fault. */
public final class TransientErrors {

    private static final String CONNECTION_EXCEPTION = "08";
    private static final String INSUFFICIENT_RESOURCES = "53";
    private static final String OPERATOR_INTERVENTION = "57";
    private static final String SERIALIZATION_OR_DEADLOCK = "40";

    /** Classes of SQLSTATE by which a database refuses a value or a row: data exception, constraint violation, limit exceeded. */
    private static final Set<String> REFUSED_DATA = Set.of("22", "23", "54");

    /** Messages of Linux and the network file systems (strerror), in lower case; the JDK does not expose error numbers. */
    private static final List<String> STORAGE_IS_AWAY = List.of(
            "no space left on device", // ENOSPC
            "disk quota exceeded", // EDQUOT
            "read-only file system", // EROFS
            "input/output error", // EIO
            "remote i/o error", // EREMOTEIO
            "stale file handle", // ESTALE
            "stale nfs file handle",
            "permission denied", // EACCES, where the JDK does not make it AccessDeniedException
            "operation not permitted", // EPERM: an immutable folder, a squashed root
            "transport endpoint is not connected", // ENOTCONN: a FUSE mount whose server died
            "software caused connection abort", // ECONNABORTED: the same
            "host is down", // EHOSTDOWN: CIFS
            "no such device", // ENODEV, ENXIO: a disk that was pulled out
            "required key not available", // ENOKEY: a ticket of the network file system ran out
            "key has expired", // EKEYEXPIRED
            "too many open files", // EMFILE, ENFILE
            "cannot allocate memory", // ENOMEM
            "resource temporarily unavailable", // EAGAIN
            "no locks available", // ENOLCK
            "connection timed out"); // ETIMEDOUT: a soft mount

    private TransientErrors() {}

    /** Whether this exception, or one of its causes, is transient. */
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
            if (isOfTheStorage(t)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether the database refuses what was to be written, so that it refuses it every time. Everything else, from a lost
     * connection to a missing right, is for an admin to repair while the work waits.
     */
    public static boolean isRefusedData(SQLException e) {
        String state = e.getSQLState();
        return state != null && state.length() == 5 && REFUSED_DATA.contains(state.substring(0, 2));
    }

    /**
     * A disk that is full, read-only, broken, missing or not accessible to DATMAN. A single file that is missing, exists already or
     * has an invalid name is a fault of that file, not of the storage.
     */
    private static boolean isOfTheStorage(Throwable t) {
        if (t instanceof ReadOnlyFileSystemException || t instanceof AccessDeniedException) {
            return true;
        }
        if (!(t instanceof IOException)) {
            return false;
        }
        String message = String.valueOf(t.getMessage()).toLowerCase(Locale.ROOT);
        return STORAGE_IS_AWAY.stream().anyMatch(message::contains);
    }

    private static boolean isOutageState(String state) {
        return state != null
                && (state.startsWith(CONNECTION_EXCEPTION)
                        || state.startsWith(INSUFFICIENT_RESOURCES)
                        || state.startsWith(OPERATOR_INTERVENTION)
                        || state.startsWith(SERIALIZATION_OR_DEADLOCK));
    }
}

package org.datman.bids.dataset;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a file holds.
 *
 * @param value empty where it could not be read
 * @param fault why it could not; null where it could
 * @param limit bytes of its text of which the value is, where it has more; 0 where the value is of all
 */
public record Content<T>(T value, @Nullable Fault fault, int limit) {

    /** What is wrong with a file, with the names that BIDS has for it. */
    public enum FaultCode {
        FILE_READ,
        INVALID_FILE_ENCODING,
        INVALID_GZIP,
        INVALID_JSON_ENCODING,
        JSON_INVALID,
        JSON_NOT_AN_OBJECT,
        TSV_COLUMN_HEADER_DUPLICATE,
        TSV_EMPTY_LINE,
        TSV_EQUAL_ROWS
    }

    /**
     * Why a file could not be read.
     *
     * @param line where, from 1; 0 if the whole file is meant
     * @param detail more words; may be empty
     */
    public record Fault(FaultCode code, int line, String detail) {
        static Fault of(FaultCode code) {
            return new Fault(code, 0, "");
        }
    }

    public Optional<Fault> findFault() {
        return Optional.ofNullable(fault);
    }

    static <T> Content<T> of(T value) {
        return new Content<>(value, null, 0);
    }

    static <T> Content<T> broken(T empty, Fault fault) {
        return new Content<>(empty, fault, 0);
    }
}

package org.datman.bids.dataset;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a file holds.
 *
 * @param value empty where it could not be read
 * @param fault why it could not; null where it could
 */
public record Content<T>(T value, @Nullable Fault fault) {

    /**
     * Why a file could not be read.
     *
     * @param code of BIDS: {@code TSV_EQUAL_ROWS}
     * @param line where, from 1; 0 if the whole file is meant
     * @param detail more words; may be empty
     */
    public record Fault(String code, int line, String detail) {
        static Fault of(String code) {
            return new Fault(code, 0, "");
        }
    }

    public Optional<Fault> findFault() {
        return Optional.ofNullable(fault);
    }

    static <T> Content<T> of(T value) {
        return new Content<>(value, null);
    }

    static <T> Content<T> broken(T empty, Fault fault) {
        return new Content<>(empty, fault);
    }
}

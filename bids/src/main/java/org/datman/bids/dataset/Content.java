package org.datman.bids.dataset;

import java.util.Optional;

/**
 * What a file holds.
 *
 * @param value empty where it could not be read
 * @param fault why it could not
 */
public record Content<T>(T value, Optional<Fault> fault) {

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

    static <T> Content<T> of(T value) {
        return new Content<>(value, Optional.empty());
    }

    static <T> Content<T> broken(T empty, Fault fault) {
        return new Content<>(empty, Optional.of(fault));
    }
}

package org.datman.qc.visit;

import java.time.LocalDate;
import java.util.Optional;
import org.datman.contracts.naming.DatmanId;
import org.jspecify.annotations.Nullable;

/**
 * A session that is on XNAT.
 *
 * @param id its name
 * @param day of the scan; null while XNAT has none
 */
record ArrivedSession(DatmanId id, @Nullable LocalDate day) {

    String name() {
        return id.sessionName();
    }

    String timepoint() {
        return id.withTimepoint();
    }

    Optional<LocalDate> findDay() {
        return Optional.ofNullable(day);
    }
}

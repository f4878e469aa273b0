package org.datman.ingest.redcap;

import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Set;
import org.datman.contracts.naming.DatmanId;
import org.datman.contracts.naming.DatmanIds;
import org.datman.contracts.naming.NamingException;
import org.datman.contracts.study.RedcapRule;
import org.datman.contracts.study.StudyConfiguration;
import org.jspecify.annotations.Nullable;

/**
 * What a completed form says.
 *
 * @param session name of the session, or of its timepoint: then any repeat is right; empty when it has a fault
 * @param day of the scan
 * @param fault why it cannot be assigned; empty when it can. It holds nothing that was typed: staff may type names
 */
record ReadForm(String session, @Nullable LocalDate day, String fault) {

    /** Nothing but a fault. */
    static ReadForm faulty(String fault) {
        return new ReadForm("", null, fault);
    }

    /** Reads a row: the id is upper-cased and mapped once, as {@link DatmanIds#parseRedcap} says. */
    static ReadForm of(StudyConfiguration study, RedcapRule rule, RedcapRow row) {
        if (row.session().isEmpty() || row.date().isEmpty()) {
            return faulty(
                    "its field " + (row.session().isEmpty() ? rule.sessionField() : rule.dateField()) + " is empty");
        }
        DatmanId id;
        try {
            id = DatmanIds.parseRedcap(row.session().toUpperCase(Locale.ROOT), study.idMap());
        } catch (NamingException e) {
            return faulty("its field " + rule.sessionField() + " is no name of a session; allowed: " + e.allowed());
        }
        if (!study.sitesByCode().getOrDefault(id.study(), Set.of()).contains(id.site())) {
            return faulty("its field " + rule.sessionField() + " names a study or site that is not one of "
                    + study.sitesByCode());
        }
        try {
            return new ReadForm(id.sessionOrTimepoint(), RedcapRow.day(row.date()), "");
        } catch (DateTimeParseException e) {
            return faulty("its field " + rule.dateField() + " is no day as 2026-01-31");
        }
    }
}

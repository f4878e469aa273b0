package org.datman.contracts.study;

import com.google.re2j.Pattern;
import java.time.LocalDate;
import java.util.Optional;

/**
 * Files that a study requires beside its series: behaviour, physiological logs, forms.
 *
 * @param label what they are, for people
 * @param file found anywhere in the file's name, ignoring case
 * @param folder found anywhere in the label of the resource folder, ignoring case; any folder when absent
 * @param minCount how many there must be at least, in all or for each series of {@code per}
 * @param minBytes how large each must be at least
 * @param per the tag whose every series requires its own files, when they are not required per session
 * @param from first day of scans on which they are required
 * @param to last day of scans on which they are required
 */
public record PairedData(
        String label,
        Pattern file,
        Optional<Pattern> folder,
        int minCount,
        long minBytes,
        AppliesTo appliesTo,
        Optional<String> per,
        Optional<LocalDate> from,
        Optional<LocalDate> to) {

    /** Whether they are required for a session of a person or phantom on a day. */
    public boolean promised(boolean phantom, LocalDate day) {
        return (appliesTo == AppliesTo.BOTH || (appliesTo == AppliesTo.PHANTOMS) == phantom)
                && from.filter(day::isBefore).isEmpty()
                && to.filter(day::isAfter).isEmpty();
    }
}

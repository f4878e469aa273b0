package org.datman.contracts.study;

import com.google.re2j.Pattern;
import java.time.LocalDate;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Files that a study requires beside its series: behaviour, physiological logs, forms.
 *
 * @param label what they are, for people
 * @param file found anywhere in the file's name, ignoring case
 * @param folder found anywhere in the label of the resource folder, ignoring case; any folder when null
 * @param minCount how many there must be at least: for the session, for the subject, or for each series of the tag {@code per}
 * @param minBytes how large each must be at least
 * @param per {@link #SESSION}, {@link #SUBJECT}, or the tag whose every series requires its own files
 * @param from first day of scans on which they are required; null when they always were
 * @param to last day of scans on which they are required; null when they still are
 */
public record PairedData(
        String label,
        Pattern file,
        @Nullable Pattern folder,
        int minCount,
        long minBytes,
        AppliesTo appliesTo,
        String per,
        @Nullable LocalDate from,
        @Nullable LocalDate to) {

    /** Required of each session. */
    public static final String SESSION = "session";

    /** Required once of a subject: a file of the subject, or of any of its sessions, is enough for all of them. */
    public static final String SUBJECT = "subject";

    /**
     * Whether a file is one of them by its name.
     *
     * @param label of the resource folder on XNAT
     * @param name of the file, without its path
     */
    public boolean matches(String label, String name) {
        return file.matcher(name).find()
                && (folder == null || folder.matcher(label).find());
    }

    public boolean isPerSubject() {
        return per.equals(SUBJECT);
    }

    /** The tag whose every series requires its own files. */
    public Optional<String> findTag() {
        return isPerSubject() || per.equals(SESSION) ? Optional.empty() : Optional.of(per);
    }

    public Optional<Pattern> findFolder() {
        return Optional.ofNullable(folder);
    }

    public Optional<LocalDate> findFrom() {
        return Optional.ofNullable(from);
    }

    public Optional<LocalDate> findTo() {
        return Optional.ofNullable(to);
    }

    /** Whether they are required for a session of a person or phantom on a day. */
    public boolean promised(boolean phantom, LocalDate day) {
        return (appliesTo == AppliesTo.BOTH || (appliesTo == AppliesTo.PHANTOMS) == phantom)
                && (from == null || !day.isBefore(from))
                && (to == null || !day.isAfter(to));
    }
}

package org.datman.contracts.naming;

import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A person's session {@code STUDY_SITE_SUBJECT_TIMEPOINT_REPEAT}, or timepoint when the repeat is null. */
public record HumanId(
        String study,
        String site,
        String subject,
        String timepoint,
        @Nullable String session,
        String modality,
        @Nullable String kcni)
        implements DatmanId {

    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");

    /** @throws NamingException when a field is outside the grammar */
    public HumanId {
        String text = study + "_" + site + "_" + subject + "_" + timepoint + (session == null ? "" : "_" + session);
        Fields.code(text, "study", study);
        Fields.code(text, "site", site);
        Fields.subject(text, subject);
        Fields.code(text, "timepoint", timepoint);
        if (session != null) {
            Fields.session(text, session);
        }
        Fields.modality(text, modality);
        if (text.length() > Fields.MAX_ID) {
            throw new NamingException(
                    text, "id", "is " + text.length() + " characters long", "at most " + Fields.MAX_ID);
        }
    }

    public static HumanId of(String study, String site, String subject, String timepoint, String session) {
        return new HumanId(study, site, subject, timepoint, session, "MR", null);
    }

    @Override
    public Optional<String> findSession() {
        return Optional.ofNullable(session);
    }

    @Override
    public Optional<String> findKcni() {
        return Optional.ofNullable(kcni);
    }

    @Override
    public boolean isPhantom() {
        return false;
    }

    @Override
    public String withTimepoint() {
        return fullSubject() + "_" + timepoint;
    }

    @Override
    public String sessionName() {
        return withTimepoint() + "_" + requiredSession();
    }

    @Override
    public int numericSession() {
        String repeat = requiredSession();
        if (!NUMBER.matcher(repeat).matches()) {
            throw new NamingException(toString(), "session", "'" + repeat + "' is not a number", "digits");
        }
        return Integer.parseInt(repeat);
    }

    private String requiredSession() {
        if (session == null) {
            throw new NamingException(
                    withTimepoint(), "session", "is missing", "a fifth field with the repeat, for example _01");
        }
        return session;
    }

    /** With the repeat if there is one, else with the timepoint. */
    @Override
    public String toString() {
        return withTimepoint() + (session == null ? "" : "_" + session);
    }
}

package org.datman.contracts.naming;

import java.util.Optional;

/**
 * The identity of a session, or of a timepoint when the repeat is not given. {@link #toString()} is the canonical form;
 * two ids mean the same when their canonical forms are equal, whichever convention they were written in.
 */
public sealed interface DatmanId permits HumanId, PhantomId {

    /** Study code, for example {@code SPN01}. */
    String study();

    /** Site code, for example {@code CMH}. */
    String site();

    /** Subject field; of a phantom {@code PHA_} + type + number. */
    String subject();

    /** The visit; empty text for a phantom, which has none. */
    String timepoint();

    /** The repeat within the timepoint; empty when only the timepoint was given, and for phantoms. */
    Optional<String> findSession();

    /** {@code MR} unless a KCNI identifier has another one. */
    String modality();

    /** The KCNI text that this was read from; empty for an identifier in DATMAN's own form. */
    Optional<String> findKcni();

    boolean isPhantom();

    /** {@code STUDY_SITE_SUBJECT}. */
    default String fullSubject() {
        return study() + "_" + site() + "_" + subject();
    }

    /** {@code STUDY_SITE_SUBJECT_TIMEPOINT}; of a phantom its full subject. */
    String withTimepoint();

    /**
     * Name of the session's folder: {@code STUDY_SITE_SUBJECT_TIMEPOINT_REPEAT}, or the phantom id.
     *
     * @throws NamingException when the repeat is not given
     */
    String sessionName();

    /** {@link #sessionName()}, or {@link #withTimepoint()} when the repeat is not given. */
    default String sessionOrTimepoint() {
        return isPhantom() || findSession().isPresent() ? sessionName() : withTimepoint();
    }

    /**
     * The repeat as a number; 1 for phantoms.
     *
     * @throws NamingException when the repeat is not given or not a number (such as {@code 01R})
     */
    int numericSession();

    /**
     * Subject label in BIDS, letters and digits only: site and subject joined ({@code CMHH001}); of a phantom without
     * its underscore ({@code CMHPHAADN0001}), because BIDS labels are alphanumeric.
     */
    default String bidsSubject() {
        return site() + subject().replace("_", "");
    }

    /**
     * Session label in BIDS: the timepoint; {@code 01} for a phantom, so that all subjects of a data set have a level. A repeat other than the
     * first is a session of its own, {@code 01r02}: field maps and run numbers of two visits to the scanner must not mix. Timepoints have no
     * lower-case letters, so that no two sessions have the same label.
     */
    default String bidsSession() {
        String visit = timepoint().isEmpty() ? "01" : timepoint();
        return visit
                + findSession()
                        .filter(repeat -> !repeat.equals("01"))
                        .map(repeat -> "r" + repeat)
                        .orElse("");
    }

    /** The subject's label on XNAT: the canonical form, or the untranslated first three fields of a KCNI identifier. */
    default String xnatSubjectLabel() {
        return findKcni().map(DatmanId::firstThreeFields).orElseGet(this::toString);
    }

    /** The session's label on XNAT: the canonical form, or the KCNI text as it was. */
    default String xnatSessionLabel() {
        return findKcni().orElseGet(this::toString);
    }

    private static String firstThreeFields(String kcni) {
        String[] fields = kcni.split("_", -1);
        return fields[0] + "_" + fields[1] + "_" + fields[2];
    }
}

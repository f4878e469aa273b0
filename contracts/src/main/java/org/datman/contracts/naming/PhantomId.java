package org.datman.contracts.naming;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A phantom's session {@code STUDY_SITE_PHA_TYPEnnnn}. A second scan of the same phantom number is not in the grammar.
 *
 * @param type 3 upper-case letters, for example {@code FBN}
 * @param number 4 to 6 digits, often the date as yymmdd
 */
public record PhantomId(
        String study,
        String site,
        String type,
        String number,
        String modality,
        @Nullable String kcni) implements DatmanId {

    /** @throws NamingException when a field is outside the grammar */
    public PhantomId {
        String text = study + "_" + site + "_PHA_" + type + number;
        Fields.code(text, "study", study);
        Fields.code(text, "site", site);
        Fields.phantomType(text, type);
        Fields.phantomNumber(text, number);
        Fields.modality(text, modality);
    }

    public static PhantomId of(String study, String site, String type, String number) {
        return new PhantomId(study, site, type, number, "MR", null);
    }

    @Override
    public String subject() {
        return "PHA_" + type + number;
    }

    @Override
    public String timepoint() {
        return "";
    }

    @Override
    public Optional<String> findSession() {
        return Optional.empty();
    }

    @Override
    public Optional<String> findKcni() {
        return Optional.ofNullable(kcni);
    }

    @Override
    public boolean isPhantom() {
        return true;
    }

    @Override
    public String withTimepoint() {
        return fullSubject();
    }

    @Override
    public String sessionName() {
        return fullSubject();
    }

    @Override
    public int numericSession() {
        return 1;
    }

    @Override
    public String toString() {
        return fullSubject();
    }
}

package org.datman.contracts.study;

import com.google.re2j.Pattern;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.datman.contracts.tree.Section;

/** Reads {@code PairedData} of a study. */
final class PairedDataReader {

    private static final Set<String> WORDS = Set.of(PairedData.SESSION, PairedData.SUBJECT);

    private PairedDataReader() {}

    /** @param tags all tags of the study, which {@code Per} may name */
    static List<PairedData> read(Section in, Set<String> tags) {
        List<PairedData> all = new ArrayList<>();
        in.sections("PairedData").forEach((label, s) -> one(label, s, tags).ifPresent(all::add));
        return List.copyOf(all);
    }

    private static Optional<PairedData> one(String label, Section s, Set<String> tags) {
        List<Pattern> file = s.patterns("File", Pattern.CASE_INSENSITIVE);
        if (file.size() != 1) {
            s.fault("File", "is not one pattern", "one regular expression, for example '\\.edat2$'");
        }
        List<Pattern> folder = s.patterns("Folder", Pattern.CASE_INSENSITIVE);
        if (folder.size() > 1) {
            s.fault("Folder", "is more than one pattern", "one regular expression, for example 'behav'");
        }
        String per = s.text("Per", PairedData.SESSION);
        boolean word = WORDS.contains(per);
        if (word == tags.contains(per) && s.has("Per")) {
            s.fault(
                    "Per",
                    "'" + per + "' is "
                            + (word ? "also a tag of the study" : "not a tag of the study" + Section.guess(per, tags)),
                    "session, subject, or a tag of the study with another name");
        }
        LocalDate from = s.date("From").orElse(null);
        LocalDate to = s.date("To").orElse(null);
        if (from != null && to != null && from.isAfter(to)) {
            s.fault("To", "is before From", "From or a later day");
        }
        int count = s.integer("Count", 0).orElse(1);
        int bytes = s.integer("MinBytes", 0).orElse(1);
        AppliesTo appliesTo = s.oneOf("AppliesTo", AppliesTo.class).orElse(AppliesTo.PEOPLE);
        s.done();
        return file.stream()
                .findFirst()
                .map(f -> new PairedData(
                        label, f, folder.isEmpty() ? null : folder.get(0), count, bytes, appliesTo, per, from, to));
    }
}

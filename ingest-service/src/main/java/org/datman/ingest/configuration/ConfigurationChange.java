package org.datman.ingest.configuration;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.datman.contracts.event.ConfigurationRead.Held;
import org.datman.contracts.event.SeriesDiscovered;
import org.datman.contracts.event.SeriesTagged;
import org.datman.contracts.study.ConfigurationError;
import org.datman.contracts.study.SeriesTagger;
import org.datman.contracts.study.StudyConfiguration;
import org.datman.contracts.study.StudyConfigurations;
import org.jspecify.annotations.Nullable;

/**
 * A difference between the text of a study in force and the folder. Pure.
 *
 * @param study code of the study
 * @param file name of its file
 * @param text the new text's study; null when the study is gone from the folder
 * @param isNew whether the study had no text in force before
 * @param revision of the text in force, or of the new one if there is none
 * @param draft whether the study takes no changed text before a person has confirmed it
 * @param unread DICOM keywords that only the new text looks at: of known series they are unknown until it is in force
 */
record ConfigurationChange(
        String study,
        String file,
        @Nullable StudyConfiguration text,
        boolean isNew,
        String revision,
        boolean draft,
        Set<String> unread) {

    /** The new text's study; empty when the study is gone from the folder. */
    Optional<StudyConfiguration> proposed() {
        return Optional.ofNullable(text);
    }

    /** Key of this change within the study: only exactly this change can be confirmed. */
    String id() {
        return proposed().map(s -> "text-" + s.revision()).orElse("removed-" + revision);
    }

    /**
     * The changes of the folder. A study whose file is faulty is not included: its text stays in force, and the fault is reported.
     *
     * @param holding the studies in force
     * @param folder the content of the folder
     */
    static List<ConfigurationChange> between(StudyConfigurations holding, StudyConfigurations folder) {
        List<ConfigurationChange> changes = new ArrayList<>();
        new TreeMap<>(folder.valid()).forEach((code, proposed) -> {
            Optional<StudyConfiguration> old = holding.study(code);
            if (old.filter(o -> o.revision().equals(proposed.revision())).isEmpty()) {
                changes.add(new ConfigurationChange(
                        code,
                        proposed.file(),
                        proposed,
                        old.isEmpty(),
                        old.map(StudyConfiguration::revision).orElse(proposed.revision()),
                        old.filter(o -> !o.autoAccept()).isPresent(),
                        unread(old.orElse(null), proposed)));
            }
        });
        new TreeMap<>(holding.valid()).forEach((code, old) -> {
            boolean isFaulty = folder.errors().stream().anyMatch(error -> isOf(error, old));
            if (!folder.valid().containsKey(code) && !isFaulty) {
                changes.add(new ConfigurationChange(code, old.file(), null, false, old.revision(), false, Set.of()));
            }
        });
        return changes;
    }

    private static Set<String> unread(@Nullable StudyConfiguration old, StudyConfiguration proposed) {
        Set<String> keywords = new TreeSet<>(proposed.headerKeywords());
        if (old != null) {
            keywords.removeAll(old.headerKeywords());
        }
        return keywords;
    }

    private static boolean isOf(ConfigurationError error, StudyConfiguration study) {
        return error.file().equals(study.file());
    }

    /** Number of series published under the studies in force that would not be under the others, by study code. */
    static Map<String, Long> losses(
            Consumer<Consumer<SeriesDiscovered>> allSeries, StudyConfigurations holding, StudyConfigurations others) {
        Map<String, Long> losses = new TreeMap<>();
        allSeries.accept(one -> {
            Optional<String> before = publishedBy(one, holding);
            if (before.isPresent() && publishedBy(one, others).isEmpty()) {
                losses.merge(before.get(), 1L, Long::sum);
            }
        });
        return losses;
    }

    /** The study under whose rules a series has a name and a tag. */
    private static Optional<String> publishedBy(SeriesDiscovered series, StudyConfigurations studies) {
        SeriesTagged tagged = SeriesTagger.decide(series, studies);
        return tagged.decision() == SeriesTagged.Decision.TAGGED ? tagged.study() : Optional.empty();
    }

    /**
     * Whether it must wait for confirmation.
     *
     * @param lost how many series would lose their files
     * @param most how many may without confirmation
     */
    boolean mustWait(long lost, long most) {
        return text == null || draft || lost > most;
    }

    /** The reason that is published while it waits. */
    Held held(long lost) {
        String what = text == null ? file + " is gone from the folder of the studies" : file + " has a new text";
        if (lost == 0 && draft) {
            return new Held(
                    study,
                    id(),
                    file,
                    what
                            + ", and the study takes none before it is confirmed (AutoAccept: false). No file would be withdrawn."
                            + " Nothing is changed yet; the study is unchanged",
                    0);
        }
        String withdrawn = unread.isEmpty()
                ? lost + " series of study " + study + " would be withdrawn"
                : "up to " + lost + " series of study " + study + " would be withdrawn: whether they match depends on "
                        + String.join(", ", unread) + ", which is read of their headers once the text is in force";
        return new Held(
                study,
                id(),
                file,
                what + ": the files of " + withdrawn + ". Nothing is changed yet; the study is unchanged",
                lost);
    }
}

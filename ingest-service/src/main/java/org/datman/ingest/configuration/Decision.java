package org.datman.ingest.configuration;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.datman.contracts.event.ConfigurationRead.Held;
import org.datman.contracts.study.StudyConfiguration;
import org.datman.contracts.study.StudyConfigurations;

/**
 * Which changes of the study files are accepted together, and which wait for confirmation. A change in neither list claims what
 * another study owns: the services report it as a fault of its file. Pure.
 *
 * @param accepted the studies in force from now on
 * @param held the waiting changes, with the number of series that would be withdrawn
 */
record Decision(List<ConfigurationChange> accepted, List<Held> held) {

    /**
     * Decides.
     *
     * @param losses how many series, by the study that they belong to now, would lose their files if these changes were accepted
     *     together
     * @param confirmed whether a person confirmed the change
     * @param most how many series of a study may lose their files without confirmation
     */
    static Decision of(
            List<ConfigurationChange> changes,
            StudyConfigurations holding,
            Function<List<ConfigurationChange>, Map<String, Long>> losses,
            Predicate<ConfigurationChange> confirmed,
            long most) {
        List<Held> held = new ArrayList<>();
        List<ConfigurationChange> open = withoutConflicts(changes, holding);
        while (!open.isEmpty()) {
            Map<String, Long> lost = new HashMap<>(losses.apply(open));
            Map<ConfigurationChange, Long> cost = open.stream()
                    .collect(Collectors.toMap(change -> change, change -> lost.getOrDefault(change.study(), 0L)));
            open.forEach(change -> lost.remove(change.study()));
            // Losses of an unchanged study are attributed to all changes.
            long others = lost.values().stream().mapToLong(Long::longValue).sum();
            List<ConfigurationChange> waiting = open.stream()
                    .filter(change ->
                            change.mustWait(cost.getOrDefault(change, 0L) + others, most) && !confirmed.test(change))
                    .toList();
            if (waiting.isEmpty()) {
                break;
            }
            waiting.forEach(change -> held.add(change.held(cost.getOrDefault(change, 0L) + others)));
            // Changes that depend on these, such as a project moved from one study to another, are evaluated again
            // without them.
            open = withoutConflicts(
                    open.stream().filter(change -> !waiting.contains(change)).toList(), holding);
        }
        return new Decision(open, List.copyOf(held));
    }

    /** The studies in force if changes were accepted. */
    static StudyConfigurations after(List<ConfigurationChange> changes, StudyConfigurations holding) {
        Map<String, StudyConfiguration> after = new HashMap<>(holding.valid());
        for (ConfigurationChange change : changes) {
            change.proposed().ifPresentOrElse(s -> after.put(s.code(), s), () -> after.remove(change.study()));
        }
        return StudyConfigurations.of(after.values());
    }

    /** The changes whose texts claim nothing owned by an unchanged study: a text never takes over another study's sessions. */
    private static List<ConfigurationChange> withoutConflicts(
            List<ConfigurationChange> changes, StudyConfigurations holding) {
        Set<String> changed = changes.stream().map(ConfigurationChange::study).collect(Collectors.toSet());
        Stream<StudyConfiguration> unchanged = holding.valid().values().stream()
                .filter(study -> !changed.contains(study.code()))
                .sorted((a, b) -> a.code().compareTo(b.code()));
        Stream<StudyConfiguration> proposed = Stream.of(false, true)
                .flatMap(isNew -> changes.stream().filter(change -> change.isNew() == isNew))
                .flatMap(change -> change.proposed().stream());
        List<StudyConfiguration> good = StudyConfigurations.withoutConflicts(
                Stream.concat(unchanged, proposed).toList());
        List<ConfigurationChange> left = changes.stream()
                .filter(change ->
                        change.proposed().filter(p -> !good.contains(p)).isEmpty())
                .toList();
        return left.size() == changes.size() ? left : withoutConflicts(left, holding);
    }
}

package org.datman.contracts.study;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The configuration folder as it is now. It is read again when it is asked for and the last look is older than the interval,
 * so every service sees a change within that time and none needs a thread for it. Safe for use by several threads.
 *
 * <p>A study whose new text is faulty keeps its last valid revision, and {@link #kept()} says so; a study whose file is gone is
 * gone.
 */
public final class StudyConfigurationWatcher {

    private final Path folder;
    private final Duration interval;
    private final Clock clock;
    private StudyConfigurations current = new StudyConfigurations(Map.of(), List.of(), "");
    private List<Kept> kept = List.of();
    private Instant lastLook = Instant.MIN;

    /** A study that runs on its last valid text because the new one is faulty. */
    public record Kept(String study, String file, String revision) {}

    public StudyConfigurationWatcher(Path folder, Duration interval, Clock clock) {
        this.folder = folder;
        this.interval = interval;
        this.clock = clock;
    }

    /** The studies, read again if the last look is older than the interval. */
    public synchronized StudyConfigurations current() {
        Instant now = clock.instant();
        if (lastLook.equals(Instant.MIN) || !now.isBefore(lastLook.plus(interval))) {
            lastLook = now;
            take(StudyConfigurations.load(folder));
        }
        return current;
    }

    /** Reads the folder now. */
    public synchronized StudyConfigurations refresh() {
        lastLook = Instant.MIN;
        return current();
    }

    /** The studies that run on an earlier text than their file's, as of the last look. */
    public synchronized List<Kept> kept() {
        return kept;
    }

    private void take(StudyConfigurations loaded) {
        List<ConfigurationError> errors = new ArrayList<>(loaded.errors());
        Map<String, StudyConfiguration> studies = new LinkedHashMap<>();
        loaded.valid().values().stream()
                .sorted((a, b) -> a.code().compareTo(b.code()))
                .forEach(study -> studies.put(study.code(), study));
        List<Kept> stillKept = new ArrayList<>();
        for (StudyConfiguration old : current.valid().values()) {
            boolean fileIsFaulty = loaded.errors().stream().anyMatch(e -> isOf(e, old));
            if (fileIsFaulty && !studies.containsKey(old.code())) {
                studies.put(old.code(), old);
                stillKept.add(new Kept(old.code(), old.file(), old.revision()));
            }
        }
        List<StudyConfiguration> good = StudyConfigurations.withoutConflicts(List.copyOf(studies.values()), errors);
        kept = stillKept.stream()
                .filter(k -> good.stream().anyMatch(s -> s.code().equals(k.study())))
                .toList();
        current = StudyConfigurations.of(good, errors);
    }

    /** An error of the study's own file, or of the folder as a whole. */
    private boolean isOf(ConfigurationError error, StudyConfiguration study) {
        return error.file().equals(study.file()) || error.file().equals(folder.toString());
    }
}

package org.datman.contracts.study;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The current configuration folder. It is read again on access when the last check is older than the interval,
 * so every service sees a change within that time and none needs a thread for it. Safe for use by several threads.
 *
 * <p>Where texts of studies were accepted, those apply and the folder only proposes: a faulty text, a missing file and a change
 * that awaits confirmation change nothing. A study of which no text was ever accepted applies as in the folder; while its new
 * text is faulty it keeps the last valid one in memory, and {@link #kept()} lists it.
 */
public final class StudyConfigurationWatcher {

    private final Path folder;
    private final Duration interval;
    private final Clock clock;
    private StudyConfigurations current = new StudyConfigurations(Map.of(), List.of(), "");
    private List<Kept> kept = List.of();
    private Instant lastCheck = Instant.MIN;
    private final @Nullable Path acceptedFile;
    private StudyConfigurations proposed = current;
    private StudyConfigurations accepted = current;
    private String acceptedStamp = "";

    /** A study that runs on its last valid text because the new one is faulty. */
    public record Kept(String study, String file, String revision) {}

    public StudyConfigurationWatcher(Path folder, Duration interval, Clock clock) {
        this(folder, null, interval, clock);
    }

    /**
     * @param acceptedFile file of the accepted texts: {@link AcceptedStudies#PATH} in the archive; null when only the folder counts
     */
    public StudyConfigurationWatcher(Path folder, @Nullable Path acceptedFile, Duration interval, Clock clock) {
        this.acceptedFile = acceptedFile;
        this.folder = folder;
        this.interval = interval;
        this.clock = clock;
    }

    /** The studies, read again if the last check is older than the interval. */
    public synchronized StudyConfigurations current() {
        Instant now = clock.instant();
        // Checked each time: events after a text was accepted must be processed by it.
        boolean otherAccepted = readAccepted();
        if (otherAccepted || lastCheck.equals(Instant.MIN) || !now.isBefore(lastCheck.plus(interval))) {
            StudyConfigurations.FolderContent content = StudyConfigurations.FolderContent.of(folder);
            proposed = content.configurations();
            apply(content);
            lastCheck = now;
        }
        return current;
    }

    /** The content of the folder alone, as of the last check: what may be accepted. */
    public synchronized StudyConfigurations proposed() {
        current();
        return proposed;
    }

    /**
     * Reads the accepted texts if they have changed; while they cannot be read, the known ones stay valid.
     *
     * @throws UncheckedIOException when none are known yet: the folder alone, with its unconfirmed changes, must not apply instead
     */
    private boolean readAccepted() {
        Path source = acceptedFile;
        if (source == null) {
            return false;
        }
        try {
            BasicFileAttributes file = Files.readAttributes(source, BasicFileAttributes.class);
            String stamp = file.lastModifiedTime() + " " + file.size() + " " + file.fileKey();
            if (stamp.equals(acceptedStamp)) {
                return false;
            }
            accepted = AcceptedStudies.read(source)
                    .map(AcceptedStudies::configurations)
                    .orElse(accepted);
            acceptedStamp = stamp;
            return true;
        } catch (NoSuchFileException none) {
            return false;
        } catch (IOException notNow) {
            if (acceptedStamp.isEmpty()) {
                throw new UncheckedIOException(
                        "The accepted study texts " + source
                                + " cannot be read; check the archive, or restore the file from the history beside it",
                        notNow);
            }
            return false;
        }
    }

    /** Reads the folder now. */
    public synchronized StudyConfigurations refresh() {
        lastCheck = Instant.MIN;
        return current();
    }

    /** The studies that use an earlier text than their file's, as of the last check. */
    public synchronized List<Kept> kept() {
        return kept;
    }

    /** Accepted texts come first: of two studies that claim the same, the fault is with the one that was not accepted. */
    private void apply(StudyConfigurations.FolderContent loaded) {
        List<ConfigurationError> errors = new ArrayList<>(loaded.errors());
        Map<String, StudyConfiguration> studies = new LinkedHashMap<>();
        accepted.valid().values().stream()
                .sorted((a, b) -> a.code().compareTo(b.code()))
                .forEach(study -> studies.put(study.code(), study));
        List<StudyConfiguration> twice = loaded.read().stream()
                .filter(study -> studies.putIfAbsent(study.code(), study) != null
                        && !accepted.valid().containsKey(study.code()))
                .toList();
        List<Kept> stillKept = new ArrayList<>();
        for (StudyConfiguration old : current.valid().values()) {
            boolean fileIsFaulty = loaded.errors().stream().anyMatch(e -> isOf(e, old));
            if (fileIsFaulty && !proposed.valid().containsKey(old.code())) {
                studies.putIfAbsent(old.code(), old);
                stillKept.add(new Kept(old.code(), old.file(), old.revision()));
            }
        }
        List<StudyConfiguration> all = new ArrayList<>(studies.values());
        // Two files of one study code: the second is a fault.
        all.addAll(twice);
        List<StudyConfiguration> good = StudyConfigurations.withoutConflicts(all, errors);
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

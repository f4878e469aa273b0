package org.datman.ingest.configuration;

import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.datman.contracts.event.ConfigurationRead.Held;
import org.datman.contracts.event.FileRole;
import org.datman.contracts.event.Reason;
import org.datman.contracts.study.AcceptedStudies;
import org.datman.contracts.study.AcceptedStudies.Accepted;
import org.datman.contracts.study.StudyConfiguration;
import org.datman.contracts.study.StudyConfigurations;
import org.datman.ingest.published.SessionStore;
import org.datman.platform.archive.Archive;
import org.datman.platform.event.OutageException;
import org.datman.platform.event.PermanentException;
import org.datman.platform.study.Studies;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Accepts new study texts and stores them in the archive, from which every service reads them. A study that disappears,
 * and a text under which more than a few series would lose their files, waits until a person confirms it; a text that claims what another
 * study owns is never accepted.
 */
@ApplicationScoped
public class Acceptance {

    private static final Logger LOG = Logger.getLogger(Acceptance.class);
    private static final String HISTORY = ".datman/studies/history/";

    private final Studies studies;
    private final Archive archive;
    private final Path folder;
    private final SessionStore store;
    private final AcceptedStudyRows rows;
    private final Clock clock;
    private final long most;

    private Map<String, Map<String, Long>> losses = Map.of();
    private List<Held> held = List.of();

    Acceptance(
            Studies studies,
            Archive archive,
            @ConfigProperty(name = "datman.studies") Path folder,
            SessionStore store,
            AcceptedStudyRows rows,
            Clock clock,
            @ConfigProperty(name = "datman.studies.most-withdrawn", defaultValue = "5") long most) {
        this.studies = studies;
        this.archive = archive;
        this.folder = folder;
        this.store = store;
        this.rows = rows;
        this.clock = clock;
        this.most = most;
    }

    /** The changes that wait for confirmation, as of the last check. */
    public synchronized List<Held> held() {
        return held;
    }

    /** Checks the folder and accepts the acceptable changes. */
    public synchronized void check() throws IOException {
        check(null, "");
    }

    /**
     * Accepts a change that waits.
     *
     * @throws PermanentException when no such change waits (any more)
     */
    public synchronized void confirm(String study, String change, String by) throws IOException {
        check();
        boolean waits = held.stream()
                .anyMatch(h -> h.study().equals(study) && h.change().equals(change));
        if (!waits) {
            throw new PermanentException(new Reason(
                    "no-such-change",
                    "Study " + study + " has no change " + change
                            + " that waits: its file was changed or put back since",
                    "Look at what waits now in the inbox, and press 'Dismiss' here"));
        }
        LOG.infof("A held change was confirmed study=%s change=%s", study, change);
        check(study + "/" + change, by);
    }

    private void check(@Nullable String confirmed, String by) throws IOException {
        Map<String, Accepted> accepted = new LinkedHashMap<>();
        known().forEach(one -> accepted.put(one.code(), one));
        publish(accepted);
        StudyConfigurations holding = new AcceptedStudies(List.copyOf(accepted.values())).configurations();
        Map<String, Map<String, Long>> counted = new HashMap<>();
        Decision decision = Decision.of(
                ConfigurationChange.between(holding, studies.proposed()),
                holding,
                open -> counted.computeIfAbsent(key(open, holding), key -> losses(key, open, holding)),
                change -> key(change).equals(confirmed),
                most);
        losses = counted;
        held = decision.held();
        Map<String, Accepted> after = new LinkedHashMap<>(accepted);
        for (ConfigurationChange change : decision.accepted()) {
            if (change.proposed().isEmpty()) {
                after.remove(change.study());
            } else {
                boolean isConfirmed = key(change).equals(confirmed);
                text(change.proposed().get(), isConfirmed ? by : "").ifPresent(a -> after.put(a.code(), a));
            }
        }
        if (!after.equals(accepted)) {
            store(accepted, after);
            publish(after);
        }
    }

    /** The texts known to be in force; after a loss of the database, those in the archive. */
    private List<Accepted> known() throws IOException {
        List<Accepted> known = QuarkusTransaction.requiringNew().call(() -> rows.listAll().stream()
                .map(AcceptedStudy::accepted)
                .sorted((a, b) -> a.code().compareTo(b.code()))
                .toList());
        return known.isEmpty()
                ? AcceptedStudies.read(place()).map(AcceptedStudies::studies).orElse(known)
                : known;
    }

    private void store(Map<String, Accepted> before, Map<String, Accepted> after) throws IOException {
        for (Accepted accepted : after.values()) {
            if (!accepted.equals(before.get(accepted.code()))) {
                // So that a change can be undone: the previous text is kept here too.
                archive.write(
                        FileRole.STATE,
                        HISTORY + accepted.code() + "." + accepted.revision() + ".yml",
                        accepted.text().getBytes(StandardCharsets.UTF_8));
                LOG.infof("Study text accepted study=%s revision=%s", accepted.code(), accepted.revision());
            }
        }
        QuarkusTransaction.requiringNew().run(() -> {
            before.keySet().stream().filter(code -> !after.containsKey(code)).forEach(rows::remove);
            after.values().forEach(rows::store);
        });
    }

    /** Stores the accepted texts in the archive, unless they are there already. */
    private void publish(Map<String, Accepted> accepted) throws IOException {
        byte[] json = new AcceptedStudies(List.copyOf(accepted.values())).json();
        byte[] there;
        try {
            there = Files.readAllBytes(place());
        } catch (NoSuchFileException none) {
            there = new byte[0];
        }
        if (there.length == 0 && !accepted.isEmpty() && !Files.isDirectory(place().resolveSibling(""))) {
            // They were stored before they were recorded: not the file is missing but the archive.
            throw new OutageException("The archive " + archive.root() + " is not there: is it mounted?");
        }
        if (!Arrays.equals(json, there) && (there.length > 0 || !accepted.isEmpty())) {
            archive.write(FileRole.STATE, AcceptedStudies.PATH, json);
        }
    }

    private Path place() {
        return archive.resolve(AcceptedStudies.PATH);
    }

    /** The text of a study in the folder; empty when it was changed concurrently: the next check sees it. */
    private Optional<Accepted> text(StudyConfiguration study, String by) throws IOException {
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(folder.resolve(study.file()));
        } catch (NoSuchFileException gone) {
            return Optional.empty();
        }
        Accepted accepted = new Accepted(
                study.code(),
                study.file(),
                new String(bytes, StandardCharsets.UTF_8),
                study.revision(),
                clock.instant(),
                by);
        boolean same = new AcceptedStudies(List.of(accepted))
                .configurations()
                .study(study.code())
                .filter(read -> read.revision().equals(study.revision()))
                .isPresent();
        return same ? Optional.of(accepted) : Optional.empty();
    }

    /** The withdrawals caused by the changes together; counted once for each pair of configurations. */
    private Map<String, Long> losses(String key, List<ConfigurationChange> open, StudyConfigurations holding) {
        Map<String, Long> before = losses.get(key);
        if (before != null || holding.valid().isEmpty()) {
            return before != null ? before : Map.of();
        }
        return QuarkusTransaction.requiringNew()
                .timeout(600)
                .call(() -> ConfigurationChange.losses(store::allSeries, holding, Decision.after(open, holding)));
    }

    private static String key(List<ConfigurationChange> changes, StudyConfigurations holding) {
        return holding.revision() + " " + changes.stream().map(Acceptance::key).toList();
    }

    private static String key(ConfigurationChange change) {
        return change.study() + "/" + change.id();
    }
}

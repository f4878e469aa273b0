package org.datman.export.xnat;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.commons.codec.digest.DigestUtils;
import org.datman.contracts.event.EventJson;
import org.datman.contracts.event.FileRole;
import org.datman.contracts.event.ProcessingFailed;
import org.datman.contracts.event.ProcessingFailedBuilder;
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.ReprocessRequested;
import org.datman.contracts.event.ReprocessRequestedBuilder;
import org.datman.contracts.event.SessionRef;
import org.datman.export.download.SourceOutage;
import org.datman.platform.archive.Archive;
import org.datman.platform.event.EventPublisher;
import org.datman.platform.event.OutageException;
import org.datman.platform.event.PermanentException;
import org.datman.platform.event.Texts;
import org.datman.xnat.XnatDenied;
import org.datman.xnat.XnatException;
import org.datman.xnat.XnatOutage;
import org.jboss.logging.Logger;

/**
 * Sessions that this account may not read on XNAT. Each is stored in the archive
 * ({@code .datman/denied/<hash of the session>.json}) and checked periodically; when XNAT permits it again, its export is
 * requested like by a person, so that others never wait for the permission of one project. XNAT may permit a session and deny
 * files in it: a session denied again after a request is skipped for a while, each time for twice as long up to some hours,
 * because each time the whole session is read. A stored session that cannot be read is published as a failure, once per process and fault.
 *
 * <p>A session of which the server fails to deliver something while it answers about the session is treated alike after some minutes: what is
 * broken for good must not hold back the others. Until that server has delivered something again, what else it does not deliver is not
 * waited for.
 */
@ApplicationScoped
public class Denials {

    private static final Logger LOG = Logger.getLogger(Denials.class);
    private static final String FOLDER = ".datman/denied";

    private static final Duration FIRST_PAUSE = Duration.ofMinutes(10);
    private static final Duration LONGEST_PAUSE = Duration.ofHours(6);

    /** How long, and in how many rounds, something may not be delivered before the others go on. */
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private static final int ROUNDS = 3;

    private final Map<String, Failing> failing = new ConcurrentHashMap<>();

    /** Servers of which nothing was delivered since something was given up. */
    private final Set<String> broken = ConcurrentHashMap.newKeySet();

    private final Map<SessionRef, Asked> asked = new ConcurrentHashMap<>();
    private final Map<String, String> unreadable = new ConcurrentHashMap<>();
    private final Xnat xnat;
    private final Archive archive;
    private final Consumer<ReprocessRequested> requests;
    private final Consumer<ProcessingFailed> failures;
    private final Clock clock;

    @Inject
    Denials(Xnat xnat, Archive archive, EventPublisher publisher, Clock clock) {
        this(
                xnat,
                archive,
                request -> publisher.publish(publisher.first(request)),
                failed -> publisher.publish(publisher.first(failed)),
                clock);
    }

    /**
     * Creates it with what publishes its events.
     *
     * @param requests publishes a request; returns when Kafka has accepted it
     * @param failures publishes a failure; returns when Kafka has accepted it
     */
    public Denials(
            Xnat xnat,
            Archive archive,
            Consumer<ReprocessRequested> requests,
            Consumer<ProcessingFailed> failures,
            Clock clock) {
        this.xnat = xnat;
        this.archive = archive;
        this.requests = requests;
        this.failures = failures;
        this.clock = clock;
    }

    /**
     * Records that a session, or something in it, was denied.
     *
     * @return the reason for the failed export
     * @throws OutageException when XNAT denies the account as a whole: then all work waits
     */
    public Reason refused(SessionRef session, XnatDenied denied) {
        if (denied.isAccount()) {
            throw new OutageException(product(session) + " refuses the account: " + denied.getMessage(), denied);
        }
        remember(session);
        return new Reason(
                "no-right",
                denied.getMessage(),
                "Give DATMAN's account on " + product(session)
                        + " the right to read this session; it is tried again by itself");
    }

    private record Failing(Instant since, int rounds) {}

    /** When a session was last requested, and how long it is not requested again. */
    private record Asked(Instant at, Duration pause) {

        /** Twice the pause when it is requested once more; the first one when it was readable for hours between. */
        Asked then(Asked again) {
            boolean isOther = again.at().isAfter(at.plus(pause).plus(LONGEST_PAUSE));
            return isOther
                    ? again
                    : new Asked(again.at(), Collections.min(List.of(pause.multipliedBy(2), LONGEST_PAUSE)));
        }
    }

    /**
     * Records that the server does not deliver something of a session.
     *
     * @param what identifies it
     * @return the reason for the failed export, when that lasts while the server answers
     * @throws SourceOutage when all work waits: the server does not answer, or this is new
     */
    public Reason undelivered(SessionRef session, String what, SourceOutage outage) {
        if (!answers(session)) {
            throw outage;
        }
        Instant now = clock.instant();
        Failing state = failing.merge(
                what, new Failing(now, 1), (before, one) -> new Failing(before.since(), before.rounds() + 1));
        boolean isNew = state.rounds() < ROUNDS || now.isBefore(state.since().plus(PATIENCE));
        if (isNew && !broken.contains(session.server())) {
            throw outage;
        }
        broken.add(session.server());
        remember(session);
        return new Reason(
                "not-delivered",
                product(session) + " answers and does not deliver this: " + outage.getMessage(),
                "Nothing, if its files still arrive; else look for its error in the log of " + product(session)
                        + "; it is tried again by itself");
    }

    /** Something of a session was delivered. */
    public void delivered(SessionRef session, String what) {
        failing.remove(what);
        broken.remove(session.server());
    }

    private boolean answers(SessionRef session) {
        try {
            xnat.client(session).resources(session.accession());
            return true;
        } catch (XnatOutage away) {
            return false;
        } catch (XnatException answered) {
            return true;
        }
    }

    private void remember(SessionRef session) {
        try {
            archive.write(FileRole.STATE, path(session), EventJson.mapper().writeValueAsBytes(session));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String product(SessionRef session) {
        return xnat.client(session).kind().product();
    }

    /** Requests the export of sessions that are readable again. */
    @Scheduled(
            every = "${datman.export.retry-denied-every:10m}",
            concurrentExecution = Scheduled.ConcurrentExecution.SKIP,
            skipExecutionIf = Scheduled.ApplicationNotRunning.class)
    public void retry() throws IOException {
        for (Path file : storedFiles()) {
            Optional<SessionRef> session = read(file);
            if (session.isPresent() && !isAskedLately(session.get()) && mayBeRead(session.get())) {
                requestExport(session.get(), file);
            }
        }
    }

    private void requestExport(SessionRef session, Path file) {
        try {
            requests.accept(ReprocessRequestedBuilder.builder()
                    .session(session)
                    .stage(ReprocessRequested.Stage.EXPORT)
                    .requestId("right-came-back/" + clock.instant())
                    .requestedBy("export")
                    .time(clock.instant())
                    .build());
            asked.merge(session, new Asked(clock.instant(), FIRST_PAUSE), Asked::then);
            Files.deleteIfExists(file);
            LOG.infof("The server permits the session again session=%s", session.identity());
        } catch (IOException | PermanentException e) {
            LOG.errorf(
                    "The export of a session cannot be requested again session=%s error=%s",
                    session.identity(), e.toString());
        }
    }

    private boolean isAskedLately(SessionRef session) {
        Asked last = asked.get(session);
        return last != null && clock.instant().isBefore(last.at().plus(last.pause()));
    }

    private boolean mayBeRead(SessionRef session) {
        try {
            xnat.client(session).resources(session.accession());
            return true;
        } catch (XnatException | PermanentException e) {
            LOG.infof("The server still denies the session session=%s error=%s", session.identity(), e.getMessage());
            return false;
        }
    }

    private List<Path> storedFiles() throws IOException {
        Path folder = archive.resolve(FOLDER);
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(folder)) {
            return new ArrayList<>(
                    entries.filter(file -> file.getFileName().toString().endsWith(".json"))
                            .sorted()
                            .toList());
        }
    }

    private Optional<SessionRef> read(Path file) {
        String name = FOLDER + "/" + file.getFileName();
        try {
            SessionRef session = EventJson.mapper().readValue(Files.readAllBytes(file), SessionRef.class);
            unreadable.remove(name);
            return Optional.of(session);
        } catch (NoSuchFileException removed) {
            return Optional.empty();
        } catch (JsonProcessingException e) {
            publishUnreadable(name, e.getOriginalMessage());
        } catch (IOException e) {
            publishUnreadable(name, Texts.of(e));
        }
        return Optional.empty();
    }

    /** Publishes a failure unless it was already published with the same problem. */
    private void publishUnreadable(String file, String problem) {
        if (problem.equals(unreadable.get(file))) {
            return;
        }
        LOG.errorf("A stored session cannot be read file=%s error=%s", file, problem);
        try {
            failures.accept(ProcessingFailedBuilder.builder()
                    .service("export")
                    .stage("denied")
                    .kind(ProcessingFailed.Kind.PERMANENT)
                    .attempts(1)
                    .reason(new Reason(
                            "unreadable-state",
                            "Which session was denied cannot be read from " + file + " in the archive: " + problem
                                    + ". DATMAN does not know when that session may be read",
                            "Move the file out of the archive's .datman folder, and press 'Reprocess' on each session"
                                    + " whose export failed with no-right once its project may be read"))
                    .time(clock.instant())
                    .cause(Optional.of(file))
                    .build());
            unreadable.put(file, problem);
        } catch (PermanentException | OutageException e) {
            LOG.warnf("A failure cannot be published now file=%s error=%s", file, e.getMessage());
        }
    }

    private static String path(SessionRef session) {
        return FOLDER + "/" + DigestUtils.sha256Hex(session.identity()).substring(0, 32) + ".json";
    }
}

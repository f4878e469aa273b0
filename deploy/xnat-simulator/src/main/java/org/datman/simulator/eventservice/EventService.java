package org.datman.simulator.eventservice;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import org.datman.simulator.archive.ArchiveEvent;
import org.datman.simulator.container.Container;
import org.datman.simulator.container.ContainerService;
import org.datman.simulator.http.Refusal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Subscriptions and deliveries. Off until it is turned on; events while it is off are lost, as in XNAT. Actions run one
 * after the other, asynchronously to the change that started them. Kept in memory only; thread-safe.
 */
public final class EventService implements AutoCloseable {
    static final String COMMAND_ACTION = "org.nrg.containers.services.CommandActionProvider:";
    static final String LOGGING_ACTION = "org.nrg.xnat.eventservice.actions.EventServiceLoggingAction"
            + ":org.nrg.xnat.eventservice.actions.EventServiceLoggingAction";
    private static final Logger LOG = LoggerFactory.getLogger(EventService.class);

    private final Clock clock;
    private final ContainerService containers;
    private final Function<ArchiveEvent, ObjectNode> payload;
    private final Map<Long, Subscription> subscriptions = new LinkedHashMap<>();
    private final List<Delivered> delivered = new ArrayList<>();
    private final ExecutorService worker = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "event-service");
        thread.setDaemon(true);
        return thread;
    });
    private boolean enabled;
    private long lastNumber;

    /** @param payload the session of an event as subscribers see it */
    public EventService(Clock clock, ContainerService containers, Function<ArchiveEvent, ObjectNode> payload) {
        this.clock = clock;
        this.containers = containers;
        this.payload = payload;
    }

    public synchronized boolean isEnabled() {
        return enabled;
    }

    public synchronized void enable(boolean on) {
        enabled = on;
    }

    // ---- subscriptions ---------------------------------------------------------------------------------------------

    public synchronized List<Subscription> subscriptions() {
        return List.copyOf(subscriptions.values());
    }

    /** @throws Refusal 404 when there is none */
    public synchronized Subscription subscription(long id) {
        Subscription found = subscriptions.get(id);
        if (found == null) {
            throw new Refusal(404, "Could not find subscription with id " + id);
        }
        return found;
    }

    /**
     * Adds a subscription, or replaces the one of its number.
     *
     * @param wanted its number is 0 for a new one
     * @throws Refusal 424 when XNAT would not validate it
     */
    public synchronized Subscription put(Subscription wanted) {
        validate(wanted);
        Subscription kept = wanted.id() == 0 ? wanted.withId(++lastNumber) : wanted;
        subscriptions.put(kept.id(), kept);
        return kept;
    }

    private void validate(Subscription wanted) {
        ServiceEventType type = ServiceEventType.of(wanted.eventType());
        if (!wanted.status().isEmpty() && !type.statuses.contains(wanted.status())) {
            throw new Refusal(424, "Could not match event status " + wanted.status() + " to event " + type.name);
        }
        if (wanted.actionKey().equals(LOGGING_ACTION)) {
            return;
        }
        if (!wanted.actionKey().matches("\\Q" + COMMAND_ACTION + "\\E\\d{1,9}")) {
            throw Refusal.notDone("the action " + wanted.actionKey());
        }
        long id = wrapperId(wanted.actionKey());
        if (containers.wrappers().stream().noneMatch(w -> w.id() == id)) {
            throw new Refusal(424, "Could not load Action: no wrapper has the id " + id);
        }
        List<String> projects = wanted.projects().isEmpty() ? Arrays.asList((String) null) : wanted.projects();
        for (String project : projects) {
            if (!containers.isEnabled(id, project)) {
                throw new Refusal(
                        424,
                        "Could not load Action: the command is not enabled for "
                                + (project == null ? "the site" : "the site and project " + project));
            }
        }
        if (type != ServiceEventType.SESSION || !containers.wrapper(id).takesSession()) {
            throw new Refusal(424, "The command takes no object of a " + type.name);
        }
    }

    private static long wrapperId(String actionKey) {
        return Long.parseLong(actionKey.substring(COMMAND_ACTION.length()));
    }

    public synchronized void delete(long id) {
        subscription(id);
        subscriptions.remove(id);
    }

    // ---- events ----------------------------------------------------------------------------------------------------

    /** Receives an event of the archive. */
    public void onEvent(ArchiveEvent event) {
        List<Subscription> wanted;
        synchronized (this) {
            if (!enabled) {
                return;
            }
            wanted = subscriptions.values().stream()
                    .filter(s ->
                            s.active() && ServiceEventType.of(s.eventType()).covers(event, s.status()))
                    .filter(s -> s.projects().isEmpty()
                            || s.projects().contains(event.session().project()))
                    .toList();
        }
        try {
            wanted.forEach(subscription -> worker.execute(() -> act(subscription, event)));
        } catch (RejectedExecutionException closing) {
            LOG.debug("An event is lost while the simulator closes");
        }
    }

    private void act(Subscription subscription, ArchiveEvent event) {
        ArrayList<String> steps =
                new ArrayList<>(List.of("EVENT_TRIGGERED", "SUBSCRIPTION_TRIGGERED", "OBJECT_SERIALIZED"));
        String message;
        steps.add("ACTION_CALLED");
        try {
            message = perform(subscription, event);
            steps.add("ACTION_COMPLETE");
        } catch (Refusal failed) {
            message = String.valueOf(failed.getMessage());
            steps.add("ACTION_FAILED");
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
            return;
        }
        synchronized (this) {
            delivered.add(new Delivered(++lastNumber, subscription, event, steps, message, clock.instant()));
        }
    }

    private String perform(Subscription subscription, ArchiveEvent event) throws InterruptedException {
        if (subscription.actionKey().equals(LOGGING_ACTION)) {
            LOG.info(
                    "Event event={} status={} session={}",
                    event.kind().serviceEvent,
                    event.kind().serviceStatus,
                    event.session().id());
            return "logged";
        }
        Container container = containers.launch(
                wrapperId(subscription.actionKey()),
                payload.apply(event),
                event.session().project(),
                subscription.owner());
        if (!container.status().equals("Complete")) {
            throw new Refusal(500, "Container " + container.id() + " failed: " + container.output());
        }
        return "Container " + container.id() + " is complete";
    }

    public synchronized List<Delivered> delivered() {
        return List.copyOf(delivered);
    }

    @Override
    public void close() {
        worker.shutdownNow();
    }
}

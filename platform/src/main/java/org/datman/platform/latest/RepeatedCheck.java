package org.datman.platform.latest;

import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.datman.contracts.event.Event;
import org.datman.platform.event.EventPublisher;
import org.datman.platform.outbox.Outbox;
import org.jspecify.annotations.Nullable;

/**
 * What a check finds again and again: published where it differs from what was published last, and withdrawn when the check does not find it
 * any more. Two instances that find the same at once publish the same event.
 */
@ApplicationScoped
public class RepeatedCheck {

    /** Events of one transaction. */
    static final int AT_ONCE = 200;

    private final LatestEvents latest;
    private final EventPublisher publisher;
    private final Outbox outbox;

    RepeatedCheck(LatestEvents latest, EventPublisher publisher, Outbox outbox) {
        this.latest = latest;
        this.publisher = publisher;
        this.outbox = outbox;
    }

    /**
     * What the events of one type have in common with those of others.
     *
     * @param revision how often the fact was published
     * @param configRevision revision of the study configuration by which it was found
     * @param revised the fact with other revisions
     * @param isWithdrawn whether it holds no more
     * @param withdrawn what to publish of a fact that holds no more
     */
    public record Facts<E extends Event>(
            ToLongFunction<E> revision,
            Function<E, String> configRevision,
            Revised<E> revised,
            Predicate<E> isWithdrawn,
            UnaryOperator<E> withdrawn) {}

    /** Gives a fact other revisions. */
    @FunctionalInterface
    public interface Revised<E extends Event> {
        E with(E fact, long revision, String configRevision);
    }

    /**
     * What differs from what was published last.
     *
     * @param last the events that were published last, withdrawn ones included
     * @param now what holds, each {@link Event#identity()} once; any revision
     * @param configRevision of the study; null when it is not configured any more
     */
    public static <E extends Event> List<E> changed(
            List<E> last, List<E> now, @Nullable String configRevision, Facts<E> facts) {
        Map<String, E> known = new HashMap<>();
        last.forEach(fact -> known.put(fact.identity(), fact));
        List<E> changed = new ArrayList<>();
        now.forEach(fact -> ifNew(known.remove(fact.identity()), fact, facts).ifPresent(changed::add));
        known.values().stream()
                .filter(fact -> !facts.isWithdrawn().test(fact))
                .flatMap(fact -> ifNew(
                        fact,
                        facts.revised()
                                .with(
                                        facts.withdrawn().apply(fact),
                                        0,
                                        configRevision == null
                                                ? facts.configRevision().apply(fact)
                                                : configRevision),
                        facts)
                        .stream())
                .forEach(changed::add);
        return changed;
    }

    private static <E extends Event> Optional<E> ifNew(@Nullable E last, E now, Facts<E> facts) {
        return last != null
                        && facts.revised()
                                .with(last, 0, "")
                                .equals(facts.revised().with(now, 0, ""))
                ? Optional.empty()
                : Optional.of(facts.revised()
                        .with(
                                now,
                                last == null ? 1 : facts.revision().applyAsLong(last) + 1,
                                facts.configRevision().apply(now)));
    }

    /**
     * Stores and publishes what changed, in transactions of bounded size: the first check of a large study has many. What a crash leaves out is
     * found by the next check.
     */
    public void publish(List<? extends Event> changed) {
        parts(changed).forEach(part -> QuarkusTransaction.requiringNew()
                .run(() -> part.forEach(fact -> {
                    latest.storeIfNewer(publisher.first(fact));
                    outbox.publish(fact);
                })));
    }

    static <E> List<List<E>> parts(List<E> all) {
        return IntStream.iterate(0, from -> from < all.size(), from -> from + AT_ONCE)
                .mapToObj(from -> all.subList(from, Math.min(from + AT_ONCE, all.size())))
                .toList();
    }
}

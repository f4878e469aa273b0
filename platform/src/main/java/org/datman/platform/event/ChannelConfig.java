package org.datman.platform.event;

import io.smallrye.config.ConfigSourceContext;
import io.smallrye.config.ConfigSourceFactory;
import io.smallrye.config.ConfigValue;
import io.smallrye.config.PropertiesConfigSource;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.datman.contracts.event.EventType;
import org.datman.contracts.topic.Topics;
import org.eclipse.microprofile.config.spi.ConfigSource;

/**
 * The Kafka channels of the service {@code datman.service}, by {@link Topics}: one incoming channel for each topic that it consumes,
 * named as the topic. A record that can never be handled goes to the dead-letter topic of the service.
 *
 * <p>Quarkus finds it on the class path when it builds a service and when it starts one. The application.properties of a service,
 * system properties and the environment override it.
 */
public final class ChannelConfig implements ConfigSourceFactory {

    /** Above the defaults of all services (100), below application.properties (250). */
    static final int ORDINAL = 150;

    @Override
    public Iterable<ConfigSource> getConfigSources(ConfigSourceContext context) {
        ConfigValue service = context.getValue("datman.service");
        return service == null || service.getValue() == null
                ? List.of()
                : List.of(new PropertiesConfigSource(of(service.getValue()), "channels by Topics", ORDINAL));
    }

    @Override
    public OptionalInt getPriority() {
        return OptionalInt.of(ORDINAL);
    }

    static Map<String, String> of(String service) {
        List<EventType> consumed = Arrays.stream(EventType.values())
                .filter(type -> Topics.consumersOf(type).contains(service))
                .toList();
        if (consumed.isEmpty()) {
            // Quarkus would connect its listeners all the same, with defaults: records would be lost at the first
            // failure.
            throw new IllegalStateException(
                    "datman.service is '" + service
                            + "', a service that consumes no topic by Topics. Correct the name, or declare there what it consumes");
        }
        Map<String, String> config = new HashMap<>();
        config.put("mp.messaging.outgoing.events-out.max.request.size", Integer.toString(Topics.MOST_BYTES));
        consumed.forEach(type -> {
            String channel = "mp.messaging.incoming." + type.topic() + ".";
            config.put(channel + "connector", "smallrye-kafka");
            // Without it a channel with concurrency subscribes to topics named "<channel>$1", "<channel>$2" …
            config.put(channel + "topic", type.topic());
            config.put(channel + "group.id", Topics.consumerGroup(service, type));
            config.put(channel + "failure-strategy", "dead-letter-queue");
            config.put(channel + "dead-letter-queue.topic", Topics.deadLetterTopic(type, service));
        });
        return config;
    }
}

package org.datman.kubernetes;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.datman.contracts.event.EventType;
import org.datman.contracts.topic.Topics;

/**
 * What one user may do on Kafka: what {@link Topics} says of its service, and no more.
 *
 * @param user name of the user
 * @param reads topics that it reads
 * @param writes topics that it writes to
 * @param describes topics whose offsets it may ask for
 * @param groups consumer groups that it is a member of
 * @param describedGroups consumer groups whose offsets it may ask for
 */
record KafkaRights(
        String user,
        List<String> reads,
        List<String> writes,
        List<String> describes,
        List<String> groups,
        List<String> describedGroups) {

    /** User of KEDA, which compares offsets. */
    static final String KEDA = "datman-keda";

    /** Name of the user of a service, also of the Secret with its certificate. */
    static String userOf(String service) {
        return "datman-" + service;
    }

    /** The services, by name. */
    static List<String> services() {
        TreeSet<String> services = new TreeSet<>();
        for (EventType type : EventType.values()) {
            services.addAll(Topics.publishersOf(type));
            services.addAll(Topics.consumersOf(type));
        }
        return List.copyOf(services);
    }

    static KafkaRights of(String service) {
        List<EventType> consumed = Arrays.stream(EventType.values())
                .filter(type -> Topics.consumersOf(type).contains(service))
                .toList();
        List<String> reads = new ArrayList<>(topics(consumed.stream()).toList());
        List<String> groups = consumed.stream()
                .map(type -> Topics.consumerGroup(service, type))
                .collect(Collectors.toCollection(ArrayList::new));
        if (service.equals("pipeline")) {
            topics(Topics.openLineage().stream())
                    .filter(topic -> !reads.contains(topic))
                    .forEach(reads::add);
            groups.add(Topics.OPENLINEAGE_GROUP);
        }
        List<String> writes = Stream.concat(
                        topics(Arrays.stream(EventType.values())
                                .filter(type -> Topics.publishersOf(type).contains(service))),
                        consumed.stream().map(type -> Topics.deadLetterTopic(type, service)))
                .toList();
        return new KafkaRights(userOf(service), List.copyOf(reads), writes, List.of(), List.copyOf(groups), List.of());
    }

    /** Of KEDA: the offsets of what it scales by. */
    static KafkaRights ofKeda(List<Scaling> scalings) {
        return new KafkaRights(
                KEDA,
                List.of(),
                List.of(),
                scalings.stream()
                        .flatMap(scaling -> scaling.topics().stream())
                        .map(EventType::topic)
                        .distinct()
                        .toList(),
                List.of(),
                scalings.stream()
                        .flatMap(scaling ->
                                scaling.topics().stream().map(topic -> Topics.consumerGroup(scaling.service(), topic)))
                        .toList());
    }

    private static Stream<String> topics(Stream<EventType> types) {
        return types.map(EventType::topic);
    }
}

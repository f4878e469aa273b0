package org.datman.embedded;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.datman.contracts.event.EventType;
import org.datman.contracts.topic.Topics;

/** The consumer groups of the services: one for each service and topic. */
public final class ConsumerGroups {

    private ConsumerGroups() {}

    /** The services, which all consume something. */
    static List<String> services() {
        return Arrays.stream(EventType.values())
                .flatMap(type -> Topics.consumersOf(type).stream())
                .distinct()
                .sorted()
                .toList();
    }

    /**
     * Gives the groups of each topic the offsets of the one group that a service of an earlier version had for all of them, and deletes that
     * one. Without it an upgraded service would read every topic from its beginning. Does nothing where there is no such group. No service may
     * run, of the earlier version or of this one.
     *
     * @return the services whose offsets were taken over
     * @throws ExecutionException when Kafka does not answer, or refuses, as it does while a member of a group runs
     */
    public static List<String> takeOver(Admin admin) throws ExecutionException, InterruptedException {
        // Asked first: offsets of a group make a new Kafka create its topic of offsets, which takes a while.
        Set<String> existing = admin.listGroups().all().get().stream()
                .map(GroupListing::groupId)
                .collect(Collectors.toSet());
        List<String> former = services().stream()
                .filter(service -> existing.contains(Topics.formerConsumerGroup(service)))
                .toList();
        if (former.isEmpty()) {
            return former;
        }
        Map<String, Map<TopicPartition, OffsetAndMetadata>> offsets =
                offsets(admin, former.stream().map(Topics::formerConsumerGroup));
        for (String service : former) {
            takeOver(admin, service, offsets.getOrDefault(Topics.formerConsumerGroup(service), Map.of()));
            // Last: what was interrupted before is begun again.
            admin.deleteConsumerGroups(List.of(Topics.formerConsumerGroup(service)))
                    .all()
                    .get();
        }
        return former;
    }

    private static void takeOver(Admin admin, String service, Map<TopicPartition, OffsetAndMetadata> former)
            throws ExecutionException, InterruptedException {
        List<EventType> consumed = Arrays.stream(EventType.values())
                .filter(type -> Topics.consumersOf(type).contains(service))
                .toList();
        Map<String, Map<TopicPartition, OffsetAndMetadata>> own =
                offsets(admin, consumed.stream().map(type -> Topics.consumerGroup(service, type)));
        for (EventType type : consumed) {
            String group = Topics.consumerGroup(service, type);
            Map<TopicPartition, OffsetAndMetadata> missing = new HashMap<>(former);
            missing.keySet().removeIf(partition -> !partition.topic().equals(type.topic()));
            missing.keySet().removeAll(own.getOrDefault(group, Map.of()).keySet());
            if (!missing.isEmpty()) {
                admin.alterConsumerGroupOffsets(group, missing).all().get();
            }
        }
    }

    /** The committed offsets of groups; one that does not exist has none. */
    public static Map<String, Map<TopicPartition, OffsetAndMetadata>> offsets(Admin admin, Stream<String> groups)
            throws ExecutionException, InterruptedException {
        Map<String, ListConsumerGroupOffsetsSpec> asked = new HashMap<>();
        groups.forEach(group -> asked.put(group, new ListConsumerGroupOffsetsSpec()));
        var answers = admin.listConsumerGroupOffsets(asked);
        Map<String, Map<TopicPartition, OffsetAndMetadata>> offsets = new HashMap<>();
        for (String group : asked.keySet()) {
            try {
                Map<TopicPartition, OffsetAndMetadata> committed = new HashMap<>(
                        answers.partitionsToOffsetAndMetadata(group).get());
                committed.values().removeIf(Objects::isNull);
                offsets.put(group, committed);
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof GroupIdNotFoundException)) {
                    throw e;
                }
            }
        }
        return offsets;
    }
}

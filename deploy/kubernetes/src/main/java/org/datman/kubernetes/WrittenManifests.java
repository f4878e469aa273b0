package org.datman.kubernetes;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.datman.contracts.event.EventType;
import org.datman.contracts.topic.Topics;

/** The manifests that follow from {@link Topics}: of Strimzi (kafka.strimzi.io/v1) and of KEDA (keda.sh/v1alpha1). */
final class WrittenManifests {

    private static final String HEADER =
            "# Written from Topics (README.md of deploy/kubernetes says how); not to be changed by hand.\n";

    /** Seconds without a need of so many replicas before one goes: each that goes moves its partitions to the others. */
    private static final int CALM = 600;

    private WrittenManifests() {}

    /** All, by path in the folder of the manifests. */
    static Map<String, String> all() {
        Map<String, String> files = new LinkedHashMap<>();
        files.put(
                "kafka/topics-and-users.yaml",
                Stream.concat(
                                Topics.all(Topics.DEFAULT_PARTITIONS).stream().map(WrittenManifests::topic),
                                KafkaRights.services().stream()
                                        .map(KafkaRights::of)
                                        .map(WrittenManifests::user))
                        .collect(Collectors.joining("---\n", HEADER, "")));
        files.put("overlays/cluster/scaled-objects.yaml", scaledObjects());
        return files;
    }

    private static String topic(Topics.Topic topic) {
        StringBuilder config = new StringBuilder();
        new TreeMap<>(topic.config()).forEach((key, value) -> config.append("    ")
                .append(key)
                .append(": ")
                .append(value)
                .append('\n'));
        return """
                apiVersion: kafka.strimzi.io/v1
                kind: KafkaTopic
                metadata:
                  name: %s
                  labels: {app.kubernetes.io/part-of: datman, strimzi.io/cluster: datman}
                spec:
                  partitions: %d
                  config:
                """.formatted(topic.name(), topic.partitions()) + config;
    }

    private static String user(KafkaRights rights) {
        StringBuilder acls = new StringBuilder();
        rights.reads().forEach(topic -> acls.append(acl("topic", topic, "Read")));
        rights.writes().forEach(topic -> acls.append(acl("topic", topic, "Write")));
        rights.describes().forEach(topic -> acls.append(acl("topic", topic, "Describe")));
        rights.groups().forEach(group -> acls.append(acl("group", group, "Read")));
        rights.describedGroups().forEach(group -> acls.append(acl("group", group, "Describe")));
        return """
                apiVersion: kafka.strimzi.io/v1
                kind: KafkaUser
                metadata:
                  name: %s
                  labels: {app.kubernetes.io/part-of: datman, strimzi.io/cluster: datman}
                spec:
                  authentication: {type: tls}
                  authorization:
                    type: simple
                    acls:
                """.formatted(rights.user()) + acls;
    }

    private static String acl(String type, String name, String operation) {
        return "      - {resource: {type: %s, name: %s, patternType: literal}, operations: [%s]}\n"
                .formatted(type, name, operation);
    }

    private static String scaledObjects() {
        List<Scaling> scalings = Scaling.all();
        return scalings.stream()
                .map(WrittenManifests::scaledObject)
                .collect(Collectors.joining("---\n", HEADER + user(KafkaRights.ofKeda(scalings)) + "---\n", ""));
    }

    private static String scaledObject(Scaling scaling) {
        return """
                apiVersion: keda.sh/v1alpha1
                kind: ScaledObject
                metadata:
                  name: datman-%1$s
                  labels: {app.kubernetes.io/name: datman-%1$s, app.kubernetes.io/part-of: datman}
                spec:
                  scaleTargetRef: {name: datman-%1$s}
                  minReplicaCount: 1
                  maxReplicaCount: %2$d
                  pollingInterval: 15
                  # While the lag cannot be read, as many as there are, and two at least.
                  fallback: {failureThreshold: 4, replicas: 2, behavior: currentReplicasIfHigher}
                  advanced:
                    horizontalPodAutoscalerConfig:
                      behavior:
                        scaleUp:
                          stabilizationWindowSeconds: 30
                          policies:
                            - {type: Pods, value: 4, periodSeconds: 60}
                        scaleDown:
                          stabilizationWindowSeconds: %3$d
                          policies:
                            - {type: Pods, value: 1, periodSeconds: 120}
                  triggers:
                """.formatted(scaling.service(), scaling.most(), CALM)
                + scaling.topics().stream()
                        .map(topic -> trigger(scaling, topic))
                        .collect(Collectors.joining());
    }

    private static String trigger(Scaling scaling, EventType type) {
        return """
                    - type: kafka
                      metadata:
                        bootstrapServers: datman-kafka-bootstrap.datman.svc:9093
                        consumerGroup: %s
                        topic: %s
                        lagThreshold: "%d"
                        offsetResetPolicy: earliest
                        allowIdleConsumers: "false"
                        sasl: none
                        tls: enable
                      authenticationRef: {name: datman-kafka}
                """.formatted(Topics.consumerGroup(scaling.service(), type), type.topic(), scaling.lag());
    }
}

package org.datman.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.networking.v1.HTTPIngressPath;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.scheduling.v1.PriorityClass;
import io.strimzi.api.kafka.model.kafka.Kafka;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.datman.contracts.archive.ArchiveMark;
import org.datman.contracts.topic.Topics;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The manifests against the models of their APIs, against each other, and against the services. */
class ManifestsTest {

    private static final Path ROOT = Path.of("../..");
    private static final Path NEW_ARCHIVE = Path.of("new-archive");

    /** What the lab makes besides Secrets: a ConfigMap of its study files. */
    private static final String STUDIES = "datman-studies";

    /** Volumes that the restricted pod security standard allows, by their field. */
    private static final Set<String> RESTRICTED_VOLUMES = Set.of(
            "configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "persistentVolumeClaim", "projected", "secret");

    /** Fields of the resources that Maven Central has no model of, from the API references of CloudNativePG 1.31 and KEDA 2.22. */
    private static final Map<String, Set<String>> FIELDS = Map.of(
            "Cluster",
                    Set.of(
                            "instances",
                            "imageName",
                            "priorityClassName",
                            "bootstrap/initdb/database",
                            "bootstrap/initdb/owner",
                            "bootstrap/initdb/dataChecksums",
                            "managed/roles/name",
                            "managed/roles/ensure",
                            "managed/roles/login",
                            "managed/roles/passwordSecret/name",
                            "postgresql/synchronous/method",
                            "postgresql/synchronous/number",
                            "postgresql/parameters/max_connections",
                            "postgresql/parameters/shared_buffers",
                            "postgresql/pg_hba",
                            "storage/size",
                            "walStorage/size",
                            "resources/requests/cpu",
                            "resources/requests/memory",
                            "resources/limits/memory"),
            "Database", Set.of("name", "owner", "cluster/name", "schemas/name", "schemas/owner"),
            "TriggerAuthentication", Set.of("secretTargetRef/parameter", "secretTargetRef/name", "secretTargetRef/key"),
            "ScaledObject",
                    Set.of(
                            "scaleTargetRef/name",
                            "minReplicaCount",
                            "maxReplicaCount",
                            "pollingInterval",
                            "fallback/failureThreshold",
                            "fallback/replicas",
                            "fallback/behavior",
                            "advanced/horizontalPodAutoscalerConfig/behavior/scaleUp/stabilizationWindowSeconds",
                            "advanced/horizontalPodAutoscalerConfig/behavior/scaleUp/policies/type",
                            "advanced/horizontalPodAutoscalerConfig/behavior/scaleUp/policies/value",
                            "advanced/horizontalPodAutoscalerConfig/behavior/scaleUp/policies/periodSeconds",
                            "advanced/horizontalPodAutoscalerConfig/behavior/scaleDown/stabilizationWindowSeconds",
                            "advanced/horizontalPodAutoscalerConfig/behavior/scaleDown/policies/type",
                            "advanced/horizontalPodAutoscalerConfig/behavior/scaleDown/policies/value",
                            "advanced/horizontalPodAutoscalerConfig/behavior/scaleDown/policies/periodSeconds",
                            "triggers/type",
                            "triggers/metadata/bootstrapServers",
                            "triggers/metadata/consumerGroup",
                            "triggers/metadata/topic",
                            "triggers/metadata/lagThreshold",
                            "triggers/metadata/offsetResetPolicy",
                            "triggers/metadata/allowIdleConsumers",
                            "triggers/metadata/sasl",
                            "triggers/metadata/tls",
                            "triggers/authenticationRef/name"));

    @TempDir
    Path folder;

    /** An overlay, and all of its objects. */
    record Overlay(String name, List<JsonNode> objects) {

        <T> List<T> all(Class<T> type) {
            return objects.stream()
                    .filter(UnknownFields::isModelled)
                    .map(UnknownFields::read)
                    .filter(type::isInstance)
                    .map(type::cast)
                    .toList();
        }

        Set<String> names(Class<? extends HasMetadata> type) {
            return all(type).stream().map(one -> one.getMetadata().getName()).collect(Collectors.toSet());
        }

        Stream<JsonNode> ofKind(String kind) {
            return objects.stream()
                    .filter(object -> object.path("kind").asText().equals(kind));
        }

        /** Of all Deployments, by name, and of the Job that makes an archive. */
        Map<String, PodTemplateSpec> pods() {
            Map<String, PodTemplateSpec> pods = new TreeMap<>();
            all(Deployment.class)
                    .forEach(one ->
                            pods.put(one.getMetadata().getName(), one.getSpec().getTemplate()));
            new Overlay("new-archive", Kustomization.objects(NEW_ARCHIVE))
                    .all(Job.class)
                    .forEach(one ->
                            pods.put(one.getMetadata().getName(), one.getSpec().getTemplate()));
            return pods;
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Overlay> overlays() {
        return Stream.of("cluster", "single-node")
                .map(name -> new Overlay(name, Kustomization.objects(Path.of("overlays", name))));
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void noFieldIsUnknownToTheModelOfItsApi(Overlay overlay) {
        // When
        List<String> unknown = Stream.concat(overlay.objects().stream(), Kustomization.objects(NEW_ARCHIVE).stream())
                .flatMap(object -> (UnknownFields.isModelled(object)
                                ? UnknownFields.of(UnknownFields.read(object)).stream()
                                : unlisted(object))
                        .map(field -> object.path("kind").asText() + " "
                                + object.at("/metadata/name").asText() + ": " + field))
                .toList();

        // Then
        assertThat(unknown).isEmpty();
    }

    @Test
    void aMisspeltFieldIsNoticed() {
        // When
        List<String> unknown = UnknownFields.of(
                UnknownFields.read(
                        Kustomization.read(
                                "{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {containers: [{name: b, imagePulPolicy: Never}]}}")));
        List<String> ofStrimzi = UnknownFields.of(UnknownFields.read(Kustomization.read(
                "{apiVersion: kafka.strimzi.io/v1, kind: KafkaUser, metadata: {name: a}, spec: {authorization: {type: simple, acls:"
                        + " [{operations: [Read], hosts: '*'}]}}}")));

        // Then
        assertThat(unknown).containsExactly("/Spec/Containers/imagePulPolicy");
        assertThat(ofStrimzi).containsExactly("/Spec/Authorization/Acls/hosts");
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void everyServiceIsThereWithAnAccountAndAUserOfItsOwn(Overlay overlay) {
        // Given
        List<String> expected =
                KafkaRights.services().stream().map(KafkaRights::userOf).toList();

        // When
        List<Deployment> deployments = overlay.all(Deployment.class);

        // Then
        assertThat(deployments)
                .extracting(one -> one.getMetadata().getName())
                .containsExactlyInAnyOrderElementsOf(expected);
        assertThat(overlay.names(Service.class)).containsExactlyInAnyOrderElementsOf(expected);
        assertThat(deployments).allSatisfy(one -> {
            String name = one.getMetadata().getName();
            PodSpec pod = one.getSpec().getTemplate().getSpec();
            assertThat(pod.getServiceAccountName()).isEqualTo(name);
            assertThat(pod.getContainers()).extracting(Container::getImage).containsExactly(name);
            assertThat(variables(pod)
                            .get("KAFKA_SSL_KEYSTORE_KEY")
                            .getValueFrom()
                            .getSecretKeyRef()
                            .getName())
                    .isEqualTo(name);
        });
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void whatPodsReferToIsThere(Overlay overlay) throws IOException {
        // Given
        Set<String> configMaps = new HashSet<>(overlay.names(ConfigMap.class));
        configMaps.add(STUDIES);
        Set<String> secrets = secrets(overlay);
        Set<String> documented = documentedSecrets();
        Set<String> referred = new TreeSet<>();

        // When
        Set<String> missing = new TreeSet<>();
        overlay.pods().forEach((name, template) -> {
            PodSpec pod = template.getSpec();
            check(missing, name, "ServiceAccount", pod.getServiceAccountName(), overlay.names(ServiceAccount.class));
            check(missing, name, "PriorityClass", pod.getPriorityClassName(), overlay.names(PriorityClass.class));
            for (Volume volume : pod.getVolumes()) {
                if (volume.getConfigMap() != null) {
                    check(missing, name, "ConfigMap", volume.getConfigMap().getName(), configMaps);
                }
                if (volume.getSecret() != null) {
                    referred.add(volume.getSecret().getSecretName());
                }
                if (volume.getPersistentVolumeClaim() != null) {
                    check(
                            missing,
                            name,
                            "PersistentVolumeClaim",
                            volume.getPersistentVolumeClaim().getClaimName(),
                            overlay.names(PersistentVolumeClaim.class));
                }
            }
            for (Container container : pod.getContainers()) {
                container
                        .getEnvFrom()
                        .forEach(from -> check(
                                missing,
                                name,
                                "ConfigMap",
                                from.getConfigMapRef().getName(),
                                configMaps));
                container.getEnv().stream()
                        .filter(one ->
                                one.getValueFrom() != null && one.getValueFrom().getSecretKeyRef() != null)
                        .forEach(one -> referred.add(
                                one.getValueFrom().getSecretKeyRef().getName()));
                Set<String> volumes =
                        pod.getVolumes().stream().map(Volume::getName).collect(Collectors.toSet());
                container.getVolumeMounts().forEach(mount -> check(missing, name, "volume", mount.getName(), volumes));
                assertThat(container.getVolumeMounts()).hasSameSizeAs(volumes);
            }
        });
        overlay.ofKind("Cluster").forEach(cluster -> cluster.at("/spec/managed/roles")
                .forEach(role -> referred.add(role.at("/passwordSecret/name").asText())));
        overlay.ofKind("TriggerAuthentication").forEach(authentication -> authentication
                .at("/spec/secretTargetRef")
                .forEach(secret -> referred.add(secret.path("name").asText())));
        overlay.all(Ingress.class)
                .forEach(ingress -> ingress.getSpec().getTls().forEach(tls -> referred.add(tls.getSecretName())));

        // Then
        assertThat(missing).isEmpty();
        assertThat(overlay.all(Secret.class)).as("secrets are the lab's").isEmpty();
        referred.removeAll(secrets);
        assertThat(referred)
                .as("Secrets that no operator makes, and the table of docs/operations.md")
                .isEqualTo(documented);
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void whatSelectsPodsFindsThem(Overlay overlay) {
        // Given
        List<PodTemplateSpec> pods = List.copyOf(overlay.pods().values());

        // When
        Set<String> astray = new TreeSet<>();
        for (Deployment deployment : overlay.all(Deployment.class)) {
            if (!matches(
                    deployment.getSpec().getSelector(), deployment.getSpec().getTemplate())) {
                astray.add("Deployment " + deployment.getMetadata().getName());
            }
        }
        for (Service service : overlay.all(Service.class)) {
            List<PodTemplateSpec> behind = pods.stream()
                    .filter(pod -> labels(pod)
                            .entrySet()
                            .containsAll(service.getSpec().getSelector().entrySet()))
                    .toList();
            for (ServicePort port : service.getSpec().getPorts()) {
                if (behind.size() != 1
                        || !portNames(behind).contains(port.getTargetPort().getStrVal())) {
                    astray.add("Service " + service.getMetadata().getName() + " " + port.getName());
                }
            }
        }
        for (PodDisruptionBudget budget : overlay.all(PodDisruptionBudget.class)) {
            if (pods.stream()
                            .filter(pod -> matches(budget.getSpec().getSelector(), pod))
                            .count()
                    != 1) {
                astray.add("PodDisruptionBudget " + budget.getMetadata().getName());
            }
        }
        for (NetworkPolicy policy : overlay.all(NetworkPolicy.class)) {
            astray.addAll(astray(policy, pods));
        }
        for (Ingress ingress : overlay.all(Ingress.class)) {
            ingress.getSpec().getRules().stream()
                    .flatMap(rule -> rule.getHttp().getPaths().stream())
                    .map(HTTPIngressPath::getBackend)
                    .filter(backend -> overlay.all(Service.class).stream()
                            .filter(service -> service.getMetadata()
                                    .getName()
                                    .equals(backend.getService().getName()))
                            .flatMap(service -> service.getSpec().getPorts().stream())
                            .noneMatch(port -> port.getName()
                                    .equals(backend.getService().getPort().getName())))
                    .forEach(backend ->
                            astray.add("Ingress to " + backend.getService().getName()));
        }

        // Then
        assertThat(astray).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void everyPodKeepsTheRestrictedStandardAndMore(Overlay overlay) {
        // When
        Map<String, PodTemplateSpec> pods = overlay.pods();

        // Then
        assertThat(pods).hasSize(7).allSatisfy((name, template) -> {
            PodSpec pod = template.getSpec();
            assertThat(pod.getHostNetwork()).isNull();
            assertThat(pod.getHostPID()).isNull();
            assertThat(pod.getHostIPC()).isNull();
            assertThat(pod.getSecurityContext().getRunAsNonRoot()).isTrue();
            assertThat(pod.getSecurityContext().getRunAsUser()).isEqualTo(10001L);
            assertThat(pod.getSecurityContext().getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
            assertThat(pod.getSecurityContext().getSysctls()).isEmpty();
            assertThat(pod.getAutomountServiceAccountToken()).isEqualTo(name.equals("datman-pipeline"));
            assertThat(pod.getEnableServiceLinks()).isFalse();
            assertThat(pod.getInitContainers()).isEmpty();
            JsonNode volumes = Kustomization.YAML.valueToTree(pod.getVolumes());
            volumes.forEach(volume -> volume.fieldNames().forEachRemaining(field -> assertThat(field)
                    .satisfiesAnyOf(one -> assertThat(one).isEqualTo("name"), one -> assertThat(RESTRICTED_VOLUMES)
                            .contains(one))));
            assertThat(pod.getVolumes().stream().filter(volume -> volume.getEmptyDir() != null))
                    .allSatisfy(volume ->
                            assertThat(volume.getEmptyDir().getSizeLimit()).isNotNull());
            assertThat(pod.getContainers()).singleElement().satisfies(container -> {
                assertThat(container.getSecurityContext().getAllowPrivilegeEscalation())
                        .isFalse();
                assertThat(container.getSecurityContext().getReadOnlyRootFilesystem())
                        .isTrue();
                assertThat(container.getSecurityContext().getPrivileged()).isNull();
                assertThat(container.getSecurityContext().getCapabilities().getDrop())
                        .containsExactly("ALL");
                assertThat(container.getSecurityContext().getCapabilities().getAdd())
                        .isEmpty();
                assertThat(container.getPorts())
                        .allSatisfy(port -> assertThat(port.getHostPort()).isNull());
                assertThat(container.getResources().getRequests()).containsKeys("cpu", "memory");
                assertThat(container.getResources().getLimits()).containsKey("memory");
            });
        });
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void everyVariableIsASettingOfItsService(Overlay overlay) throws IOException {
        // Given
        Map<String, Map<String, String>> data = new TreeMap<>();
        overlay.all(ConfigMap.class).forEach(one -> data.put(one.getMetadata().getName(), one.getData()));

        // When
        Set<String> unknown = new TreeSet<>();
        for (Deployment deployment : overlay.all(Deployment.class)) {
            String name = deployment.getMetadata().getName();
            Set<String> known = ServiceSettings.of(ROOT, name.replace("datman-", ""));
            Container container =
                    deployment.getSpec().getTemplate().getSpec().getContainers().get(0);
            container.getEnv().stream()
                    .map(EnvVar::getName)
                    .filter(variable -> !known.contains(variable))
                    .forEach(variable -> unknown.add(name + ": " + variable));
            // What all services share is known to one of them at least; a ConfigMap of some is known to each.
            container.getEnvFrom().stream()
                    .map(from -> from.getConfigMapRef().getName())
                    .filter(map -> !map.equals("datman-settings"))
                    .flatMap(map -> data.getOrDefault(map, Map.of()).keySet().stream())
                    .filter(variable -> !known.contains(variable) && !name.equals("datman-dashboard"))
                    .forEach(variable -> unknown.add(name + ": " + variable));
        }
        Set<String> ofAny = new HashSet<>();
        for (String service : KafkaRights.services()) {
            ofAny.addAll(ServiceSettings.of(ROOT, service));
        }
        data.values().forEach(map -> map.keySet().stream()
                .filter(variable -> !ofAny.contains(variable))
                .forEach(unknown::add));

        // Then
        assertThat(unknown).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void heapAndConvertersFitIntoTheMemoryOfThePod(Overlay overlay) {
        // When
        Map<String, Long> free = new TreeMap<>();
        overlay.all(Deployment.class).forEach(deployment -> {
            PodSpec pod = deployment.getSpec().getTemplate().getSpec();
            Map<String, EnvVar> variables = variables(pod);
            Matcher heap = Pattern.compile("-Xmx(\\d+)m")
                    .matcher(variables.get("JDK_JAVA_OPTIONS").getValue());
            assertThat(heap.matches()).isTrue();
            long used = Long.parseLong(heap.group(1));
            if (variables.containsKey("DATMAN_DCM2NIIX_MEMORY_MIB")) {
                used += 2
                        * Long.parseLong(
                                variables.get("DATMAN_DCM2NIIX_MEMORY_MIB").getValue());
            }
            Quantity limit =
                    pod.getContainers().get(0).getResources().getLimits().get("memory");
            free.put(
                    deployment.getMetadata().getName(),
                    limit.getNumericalAmount()
                                    .divide(BigDecimal.valueOf(1 << 20))
                                    .longValue()
                            - used);
        });

        // Then
        assertThat(free).allSatisfy((name, mib) -> assertThat(mib)
                .as("MiB beside heap and converters for classes, threads and buffers")
                .isGreaterThanOrEqualTo(240));
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void aPodHasTimeToFinishWhatItHasInHand(Overlay overlay) {
        // When
        Map<String, Duration> left = new TreeMap<>();
        overlay.all(Deployment.class).forEach(deployment -> {
            PodSpec pod = deployment.getSpec().getTemplate().getSpec();
            EnvVar drain = variables(pod).get("DATMAN_EVENTS_DRAIN");
            left.put(
                    deployment.getMetadata().getName(),
                    Duration.ofSeconds(pod.getTerminationGracePeriodSeconds())
                            .minus(drain == null ? Duration.ZERO : Duration.parse(drain.getValue())));
        });

        // Then
        assertThat(left).allSatisfy((name, rest) -> assertThat(rest)
                .as("for offsets, outbox and connections")
                .isGreaterThanOrEqualTo(Duration.ofSeconds(30)));
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void portsAreThoseOfTheSettings(Overlay overlay) {
        // Given
        Map<String, String> settings = overlay.all(ConfigMap.class).stream()
                .filter(one -> one.getMetadata().getName().equals("datman-settings"))
                .findFirst()
                .orElseThrow()
                .getData();

        // When
        Map<String, Set<Integer>> ports = new TreeMap<>();
        overlay.all(Deployment.class).stream()
                .flatMap(one -> one.getSpec().getTemplate().getSpec().getContainers().get(0).getPorts().stream())
                .forEach(port -> ports.computeIfAbsent(port.getName(), name -> new TreeSet<>())
                        .add(port.getContainerPort()));

        // Then
        assertThat(ports)
                .isEqualTo(Map.of(
                        "http", Set.of(Integer.valueOf(settings.get("DATMAN_HTTP_PORT"))),
                        "management", Set.of(Integer.valueOf(settings.get("DATMAN_MANAGEMENT_PORT")))));
        assertThat(settings)
                .containsEntry("KAFKA_BOOTSTRAP_SERVERS", "datman-kafka-bootstrap:9093")
                .doesNotContainKey("DATMAN_ARCHIVE_CREATE");
        assertThat(overlay.all(Kafka.class)).singleElement().satisfies(kafka -> assertThat(
                        kafka.getSpec().getKafka().getListeners())
                .singleElement()
                .satisfies(listener -> {
                    assertThat(listener.getPort()).isEqualTo(9093);
                    assertThat(listener.isTls()).isTrue();
                    assertThat(listener.getAuth().getType()).isEqualTo("tls");
                }));
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void kafkaTakesTheLargestEventAndCreatesNoTopic(Overlay overlay) {
        // When
        Map<String, Object> config =
                overlay.all(Kafka.class).get(0).getSpec().getKafka().getConfig();

        // Then
        assertThat(config)
                .containsEntry("message.max.bytes", Topics.MOST_BYTES)
                .containsEntry("auto.create.topics.enable", false);
        int replicas = overlay.ofKind("KafkaNodePool")
                .findFirst()
                .orElseThrow()
                .at("/spec/replicas")
                .asInt();
        assertThat(config).containsEntry("default.replication.factor", replicas);
        assertThat(config.containsKey("log.flush.interval.messages")).isEqualTo(replicas == 1);
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void everyServiceWithADatabaseHasARoleAndASchema(Overlay overlay) throws IOException {
        // Given
        Map<String, String> schemas = new TreeMap<>();
        for (String service : KafkaRights.services()) {
            String schema = properties(service).getProperty("quarkus.flyway.schemas");
            if (schema != null) {
                schemas.put(service, schema);
            }
        }

        // When
        JsonNode cluster = overlay.ofKind("Cluster").findFirst().orElseThrow();
        JsonNode database = overlay.ofKind("Database").findFirst().orElseThrow();

        // Then
        Map<String, String> roles = new TreeMap<>();
        cluster.at("/spec/managed/roles")
                .forEach(role -> roles.put(
                        role.path("name").asText(),
                        role.at("/passwordSecret/name").asText().replace("datman-postgres-", "")));
        Map<String, String> owners = new TreeMap<>();
        List<String> besides = new ArrayList<>();
        database.at("/spec/schemas").forEach(schema -> {
            String name = schema.path("name").asText();
            if (owners.putIfAbsent(schema.path("owner").asText(), name) != null) {
                besides.add(name);
            }
        });
        assertThat(roles.keySet()).isEqualTo(schemas.keySet());
        assertThat(roles).allSatisfy((role, secret) -> assertThat(secret).isEqualTo(role));
        assertThat(owners).isEqualTo(schemas);
        // Views of the dashboard: afterMigrate.sql.
        assertThat(besides).containsExactly("dashboard_granted");
        overlay.all(Deployment.class).forEach(deployment -> {
            String service = deployment.getMetadata().getName().replace("datman-", "");
            EnvVar password =
                    variables(deployment.getSpec().getTemplate().getSpec()).get("QUARKUS_DATASOURCE_PASSWORD");
            assertThat(password != null).as(service).isEqualTo(schemas.containsKey(service));
            if (password != null) {
                assertThat(password.getValueFrom().getSecretKeyRef().getName()).isEqualTo("datman-postgres-" + service);
            }
        });
    }

    @Test
    void whatIsScaledHasNoFixedNumberOfReplicasAndMoreThanOneAllowed() {
        // Given
        Overlay cluster = overlays().findFirst().orElseThrow();

        // When
        List<JsonNode> scaled = cluster.ofKind("ScaledObject").toList();

        // Then
        assertThat(scaled)
                .extracting(one -> one.at("/spec/scaleTargetRef/name").asText())
                .containsExactlyInAnyOrderElementsOf(cluster.names(PodDisruptionBudget.class));
        assertThat(scaled).allSatisfy(one -> {
            Deployment target = cluster.all(Deployment.class).stream()
                    .filter(deployment -> deployment
                            .getMetadata()
                            .getName()
                            .equals(one.at("/spec/scaleTargetRef/name").asText()))
                    .findFirst()
                    .orElseThrow();
            assertThat(target.getSpec().getReplicas()).isNull();
            assertThat(one.at("/spec/maxReplicaCount").asInt()).isBetween(2, Topics.DEFAULT_PARTITIONS);
            one.at("/spec/triggers").forEach(trigger -> assertThat(
                            KafkaRights.of(target.getMetadata().getName().replace("datman-", ""))
                                    .reads())
                    .contains(trigger.at("/metadata/topic").asText()));
        });
        assertThat(cluster.all(Deployment.class).stream()
                        .filter(one -> one.getSpec().getReplicas() != null)
                        .map(one -> one.getSpec().getReplicas()))
                .hasSize(3)
                .containsOnly(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "lost+found", ArchiveMark.PATH})
    void aNewArchiveIsMadeOfAnEmptyVolume(String there) throws Exception {
        // Given
        if (!there.isEmpty()) {
            Files.createDirectories(folder.resolve(there));
        }

        // When
        int exit = newArchive();

        // Then
        assertThat(exit).isZero();
        assertThat(ArchiveMark.isThere(folder)).isTrue();
    }

    @Test
    void aVolumeWithOtherFilesIsNoNewArchive() throws Exception {
        // Given
        Files.createDirectory(folder.resolve("STUDY"));

        // When
        int exit = newArchive();

        // Then
        assertThat(exit).isNotZero();
        assertThat(ArchiveMark.isThere(folder)).isFalse();
    }

    private int newArchive() throws Exception {
        Container container = new Overlay("", Kustomization.objects(NEW_ARCHIVE))
                .all(Job.class)
                .get(0)
                .getSpec()
                .getTemplate()
                .getSpec()
                .getContainers()
                .get(0);
        List<String> command = new ArrayList<>(container.getCommand());
        command.addAll(container.getArgs());
        return new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(
                        folder.resolveSibling(folder.getFileName() + ".log").toFile())
                .start()
                .waitFor();
    }

    /** Fields below spec that the list of their kind does not have. */
    private static Stream<String> unlisted(JsonNode object) {
        Set<String> paths = new TreeSet<>();
        leaves(object.path("spec"), "", paths);
        paths.removeAll(FIELDS.getOrDefault(object.path("kind").asText(), Set.of()));
        return paths.stream();
    }

    private static void leaves(JsonNode node, String path, Set<String> paths) {
        if (node.isObject()) {
            node.properties()
                    .forEach(field -> leaves(
                            field.getValue(), path.isEmpty() ? field.getKey() : path + "/" + field.getKey(), paths));
        } else if (node.isArray()) {
            node.forEach(one -> leaves(one, path, paths));
        } else {
            paths.add(path);
        }
    }

    /** Secrets that operators make: of Kafka's users and authority, and of PostgreSQL's. */
    private static Set<String> secrets(Overlay overlay) {
        Set<String> secrets = new HashSet<>(Set.of("datman-cluster-ca-cert", "datman-postgres-ca"));
        overlay.ofKind("KafkaUser")
                .forEach(user -> secrets.add(user.at("/metadata/name").asText()));
        return secrets;
    }

    /** First column of the table of Secrets in the docs. */
    private static Set<String> documentedSecrets() throws IOException {
        String page = Files.readString(ROOT.resolve("docs/operations.md"));
        String table = page.substring(page.indexOf("| Secret |"));
        Set<String> secrets = new TreeSet<>();
        Pattern name = Pattern.compile("`(datman-[a-z-]+)`");
        for (String row :
                table.lines().skip(2).takeWhile(line -> line.startsWith("|")).toList()) {
            Matcher matcher = name.matcher(row.split("\\|")[1]);
            while (matcher.find()) {
                secrets.add(matcher.group(1));
            }
        }
        return secrets;
    }

    private static Set<String> astray(NetworkPolicy policy, List<PodTemplateSpec> pods) {
        LabelSelector selector = policy.getSpec().getPodSelector();
        Set<String> astray = new TreeSet<>();
        String name = "NetworkPolicy " + policy.getMetadata().getName();
        Map<String, String> wanted = selector.getMatchLabels();
        List<PodTemplateSpec> found =
                pods.stream().filter(pod -> matches(selector, pod)).toList();
        boolean ofOthers = wanted.keySet().stream().anyMatch(key -> !isOurs(key));
        if (found.isEmpty() && !ofOthers) {
            astray.add(name);
        }
        if (policy.getSpec().getIngress() != null && !ofOthers) {
            policy.getSpec().getIngress().stream()
                    .flatMap(rule -> rule.getPorts().stream())
                    .map(NetworkPolicyPort::getPort)
                    .filter(port -> !portNames(found).contains(port.getStrVal()))
                    .forEach(port -> astray.add(name + ": port " + port.getStrVal()));
        }
        Stream.concat(
                        policy.getSpec().getIngress().stream().flatMap(rule -> rule.getFrom().stream()),
                        policy.getSpec().getEgress().stream().flatMap(rule -> rule.getTo().stream()))
                .map(peer -> peer.getPodSelector())
                .filter(peer ->
                        peer != null && peer.getMatchLabels().keySet().stream().allMatch(ManifestsTest::isOurs))
                .filter(peer -> pods.stream().noneMatch(pod -> matches(peer, pod)))
                .forEach(peer -> astray.add(name + ": peer " + peer.getMatchLabels()));
        return astray;
    }

    /** A label that our own pods have; those of tools are the runner's (KubernetesJobTest), all others are of operators. */
    private static boolean isOurs(String label) {
        return label.startsWith("app.kubernetes.io/")
                || label.startsWith("datman.org/") && !label.equals("datman.org/network");
    }

    private static boolean matches(LabelSelector selector, PodTemplateSpec pod) {
        return labels(pod).entrySet().containsAll(selector.getMatchLabels().entrySet());
    }

    private static Map<String, String> labels(PodTemplateSpec pod) {
        return pod.getMetadata().getLabels();
    }

    private static Set<String> portNames(List<PodTemplateSpec> pods) {
        return pods.stream()
                .flatMap(pod -> pod.getSpec().getContainers().stream())
                .flatMap(container -> container.getPorts().stream())
                .map(ContainerPort::getName)
                .collect(Collectors.toSet());
    }

    private static Map<String, EnvVar> variables(PodSpec pod) {
        return pod.getContainers().get(0).getEnv().stream().collect(Collectors.toMap(EnvVar::getName, one -> one));
    }

    private static Properties properties(String service) throws IOException {
        Properties properties = new Properties();
        properties.load(
                Files.newBufferedReader(ROOT.resolve(service + "-service/src/main/resources/application.properties")));
        return properties;
    }

    private static void check(Set<String> missing, String pod, String kind, String name, Set<String> there) {
        if (name != null && !there.contains(name)) {
            missing.add(pod + ": " + kind + " " + name);
        }
    }
}

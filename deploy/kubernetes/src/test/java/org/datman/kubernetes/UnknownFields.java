package org.datman.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.strimzi.api.kafka.model.kafka.Kafka;
import io.strimzi.api.kafka.model.nodepool.KafkaNodePool;
import io.strimzi.api.kafka.model.topic.KafkaTopic;
import io.strimzi.api.kafka.model.user.KafkaUser;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Objects as the models of their APIs read them, and what in them the models do not know. */
final class UnknownFields {

    private static final KubernetesSerialization MODEL = new KubernetesSerialization();

    private static final Map<String, Class<? extends HasMetadata>> STRIMZI = Map.of(
            "Kafka", Kafka.class,
            "KafkaNodePool", KafkaNodePool.class,
            "KafkaTopic", KafkaTopic.class,
            "KafkaUser", KafkaUser.class);

    private UnknownFields() {}

    /** Whether there is a model of the API of an object. */
    static boolean isModelled(JsonNode object) {
        return !object.path("apiVersion").asText().matches("(postgresql\\.cnpg\\.io|keda\\.sh)/.*");
    }

    /** As its model reads it. */
    static HasMetadata read(JsonNode object) {
        String kind = object.path("kind").asText();
        if (object.path("apiVersion").asText().startsWith("kafka.strimzi.io/")) {
            Class<? extends HasMetadata> type = STRIMZI.get(kind);
            if (type == null) {
                throw new IllegalArgumentException("Strimzi has no " + kind);
            }
            return MODEL.unmarshal(object.toString(), type);
        }
        return MODEL.unmarshal(object.toString());
    }

    /** Paths of the fields that a model keeps although it does not know them. */
    static List<String> of(Object object) {
        List<String> unknown = new ArrayList<>();
        collect(object, "", unknown);
        return unknown;
    }

    private static void collect(Object value, String path, List<String> unknown) {
        if (value instanceof Collection<?> list) {
            list.forEach(one -> collect(one, path, unknown));
        } else if (value instanceof Map<?, ?> map) {
            map.forEach((key, one) -> collect(one, path + "/" + key, unknown));
        } else if (value != null && value.getClass().getName().matches("io\\.(fabric8|strimzi)\\..*")) {
            getters(value.getClass()).forEach((name, getter) -> {
                Object got = call(getter, value);
                if (!name.equals("AdditionalProperties")) {
                    collect(got, path + "/" + name, unknown);
                } else if (got instanceof Map<?, ?> more) {
                    more.keySet().forEach(key -> unknown.add(path + "/" + key));
                }
            });
        }
    }

    private static Map<String, Method> getters(Class<?> type) {
        Map<String, Method> getters = new TreeMap<>();
        for (Method method : type.getMethods()) {
            if (method.getName().startsWith("get")
                    && method.getParameterCount() == 0
                    && !Modifier.isStatic(method.getModifiers())
                    && !method.getReturnType().isEnum()
                    && !method.getName().equals("getClass")) {
                getters.put(method.getName().substring("get".length()), method);
            }
        }
        return getters;
    }

    private static Object call(Method getter, Object on) {
        try {
            return getter.invoke(on);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(getter.toString(), e);
        }
    }
}

package org.datman.contracts.event;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeSet;
import org.datman.contracts.metric.QcKind;

/** Builds any event from chance, by the components of its record. Texts hold what labels from outside may hold. */
final class AnyEvent {

    private static final List<String> PIECES =
            List.of("a", "Z", "7", "_", "-", ".", " ", "\"", "\\", "<b>", "é", "脳", "😀", "\n", "'", "%", "{");

    private final Random random;

    private AnyEvent(Random random) {
        this.random = random;
    }

    /** An event of that type. */
    static Event of(EventType type, Random random) {
        return type.payload().cast(new AnyEvent(random).instance(type.payload()));
    }

    private Object instance(Class<?> type) {
        RecordComponent[] components = type.getRecordComponents();
        Class<?>[] types =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        Object[] values = Arrays.stream(components)
                .map(component -> value(component.getName(), component.getGenericType()))
                .toArray();
        try {
            return type.getDeclaredConstructor(types).newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("No instance of " + type, e);
        }
    }

    private Object value(String name, Type type) {
        if (type instanceof ParameterizedType generic) {
            return container(name, (Class<?>) generic.getRawType(), generic.getActualTypeArguments());
        }
        Class<?> plain = (Class<?>) type;
        if (plain.isRecord()) {
            return instance(plain);
        }
        if (plain.isEnum()) {
            Object[] constants = plain.getEnumConstants();
            return constants[random.nextInt(constants.length)];
        }
        if (plain == String.class) {
            return text(name);
        }
        if (plain == int.class || plain == Integer.class) {
            return 1 + random.nextInt(Integer.MAX_VALUE - 1);
        }
        if (plain == long.class || plain == Long.class) {
            return 1 + random.nextLong(1L << 53);
        }
        if (plain == double.class || plain == Double.class) {
            return random.nextGaussian() * Math.pow(10, random.nextInt(-300, 300));
        }
        if (plain == boolean.class || plain == Boolean.class) {
            return random.nextBoolean();
        }
        if (plain == Instant.class) {
            return Instant.ofEpochSecond(random.nextLong(0, 4_000_000_000L), random.nextInt(1_000_000_000));
        }
        if (plain == LocalDate.class) {
            return LocalDate.ofEpochDay(random.nextInt(40_000));
        }
        throw new IllegalStateException("No value for " + name + " of " + type);
    }

    private Object container(String name, Class<?> raw, Type[] arguments) {
        if (raw == Optional.class) {
            return random.nextBoolean() ? Optional.of(value(name, arguments[0])) : Optional.empty();
        }
        List<Object> values = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            values.add(value(name, arguments[0]));
        }
        if (raw == List.class) {
            return values;
        }
        if (raw == SortedSet.class) {
            return new TreeSet<>(values);
        }
        if (raw == Map.class) {
            Map<Object, Object> map = new LinkedHashMap<>();
            values.forEach(key -> map.put(key, value(name, arguments[1])));
            return map;
        }
        throw new IllegalStateException("No value for " + name + " of " + raw);
    }

    private String text(String name) {
        if (name.endsWith("ha256") || name.equals("seen")) {
            StringBuilder hex = new StringBuilder();
            for (int i = 0; i < 64; i++) {
                hex.append(Character.forDigit(random.nextInt(16), 16));
            }
            return hex.toString();
        }
        if (name.equals("qcKind")) {
            return QcKind.values()[random.nextInt(QcKind.values().length)].key();
        }
        StringBuilder text = new StringBuilder("x");
        for (int i = random.nextInt(8); i > 0; i--) {
            text.append(PIECES.get(random.nextInt(PIECES.size())));
        }
        return text.toString();
    }
}

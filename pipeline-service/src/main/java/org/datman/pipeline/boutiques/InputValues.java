package org.datman.pipeline.boutiques;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.datman.contracts.event.EventJson;
import org.datman.pipeline.boutiques.Descriptor.Group;
import org.datman.pipeline.boutiques.Descriptor.Input;
import org.datman.pipeline.boutiques.Descriptor.Type;

/**
 * InputValues of a tool's inputs, checked against its descriptor.
 *
 * @param byInput input id to its values; an input without a value is not included; a set flag has the value {@code true}
 */
public record InputValues(Map<String, List<String>> byInput) {

    public InputValues {
        byInput = Map.copyOf(byInput);
    }

    /** The values of an input; empty when it has none. */
    public List<String> of(String input) {
        return byInput.getOrDefault(input, List.of());
    }

    /**
     * @param parameters values of inputs that are not files, as {@link #text} writes them
     * @param files paths of inputs that are files, as the tool will see them
     * @throws DescriptorException with all mismatches
     */
    public static InputValues of(Descriptor descriptor, Map<String, String> parameters, Map<String, List<String>> files)
            throws DescriptorException {
        Check check = new Check(descriptor);
        Set<String> given = new HashSet<>(parameters.keySet());
        given.addAll(files.keySet());
        given.stream()
                .filter(id -> descriptor.input(id).isEmpty())
                .sorted()
                .forEach(id -> check.fault(
                        id,
                        "is no input of the tool",
                        descriptor.inputs().stream().map(Input::id).toList()));
        Map<String, List<String>> values = new HashMap<>();
        for (Input input : descriptor.inputs()) {
            List<String> file = files.get(input.id());
            String parameter = parameters.get(input.id());
            JsonNode preset = input.defaultValue();
            if (file != null) {
                check.expect(
                        input,
                        input.type() == Type.FILE,
                        "gets a file",
                        "a value of type " + input.type().word());
                values.put(input.id(), file);
            } else if (parameter != null) {
                check.expect(input, input.type() != Type.FILE, "gets a fixed value", "a file of a tag");
                put(values, input, parameter);
            } else if (preset != null && input.type() != Type.FILE) {
                put(values, input, text(preset));
            } else if (!input.optional() && input.type() != Type.FLAG) {
                check.fault(input.id(), "gets no value", List.of("a value, because it is not optional"));
            }
        }
        descriptor.inputs().forEach(input -> check.values(input, values.getOrDefault(input.id(), List.of())));
        check.together(values);
        check.done();
        return new InputValues(values);
    }

    /** A plain value as text; a list as JSON. */
    public static String text(JsonNode value) {
        return value.isNumber()
                ? value.decimalValue().toPlainString()
                : value.isArray() ? value.toString() : value.asText();
    }

    private static void put(Map<String, List<String>> values, Input input, String value) {
        if (input.type() == Type.FLAG && value.equals("false")) {
            return;
        }
        List<String> several = list(value);
        // Of one value the text counts, whatever it looks like; several are refused where the input is no list.
        values.put(input.id(), input.list() || several.size() > 1 ? several : List.of(value));
    }

    /** Parses a JSON list; any other text is a list with one element. */
    private static List<String> list(String value) {
        try {
            List<String> texts = new ArrayList<>();
            JsonNode array = EventJson.mapper().readTree(value);
            if (array.isArray()) {
                array.forEach(item -> texts.add(text(item)));
                return List.copyOf(texts);
            }
        } catch (JsonProcessingException plainText) {
            return List.of(value);
        }
        return List.of(value);
    }

    /** Collects faults. */
    private static final class Check {

        private final Descriptor descriptor;
        private final List<Problem> problems = new ArrayList<>();

        Check(Descriptor descriptor) {
            this.descriptor = descriptor;
        }

        void fault(String input, String what, List<String> allowed) {
            problems.add(new Problem(descriptor.file(), "input " + input, what, String.join(", ", allowed)));
        }

        void expect(Input input, boolean right, String what, String allowed) {
            if (!right) {
                fault(input.id(), what, List.of(allowed));
            }
        }

        void values(Input input, List<String> values) {
            expect(input, input.list() || values.size() <= 1, "gets " + values.size() + " values", "one value");
            if (input.list() && !values.isEmpty()) {
                Integer min = input.entries().min();
                Integer max = input.entries().max();
                String what = "gets " + values.size() + " values";
                expect(input, min == null || values.size() >= min, what, "at least " + min);
                expect(input, max == null || values.size() <= max, what, "at most " + max);
            }
            for (String value : values) {
                value(input, value);
            }
        }

        private void value(Input input, String value) {
            expect(input, value.indexOf('\0') < 0, "contains a NUL", "text without it");
            if (input.type() == Type.FLAG) {
                expect(input, value.equals("true"), "is '" + value + "'", "true, false");
            } else if (!input.choices().isEmpty() && !input.choices().contains(value)) {
                fault(input.id(), "is '" + value + "'", input.choices());
            } else if (input.type() == Type.NUMBER) {
                number(input, value);
            }
        }

        private void number(Input input, String value) {
            BigDecimal number;
            try {
                number = new BigDecimal(value);
            } catch (NumberFormatException e) {
                fault(input.id(), "is '" + value + "'", List.of("a number"));
                return;
            }
            boolean whole = number.stripTrailingZeros().scale() <= 0;
            expect(input, !input.integer() || whole, "is " + value, "a whole number");
            BigDecimal min = input.range().minimum();
            if (min != null) {
                int sign = number.compareTo(min);
                boolean exclusive = input.range().exclusiveMinimum();
                expect(
                        input,
                        exclusive ? sign > 0 : sign >= 0,
                        "is " + value,
                        (exclusive ? "more than " : "at least ") + min);
            }
            BigDecimal max = input.range().maximum();
            if (max != null) {
                int sign = number.compareTo(max);
                boolean exclusive = input.range().exclusiveMaximum();
                expect(
                        input,
                        exclusive ? sign < 0 : sign <= 0,
                        "is " + value,
                        (exclusive ? "less than " : "at most ") + max);
            }
        }

        void together(Map<String, List<String>> values) {
            Set<String> present = values.keySet();
            for (Input input : descriptor.inputs()) {
                if (present.contains(input.id())) {
                    input.requires().stream()
                            .filter(id -> !present.contains(id)
                                    && descriptor.group(id).stream()
                                            .flatMap(group -> group.members().stream())
                                            .noneMatch(present::contains))
                            .forEach(id -> fault(input.id(), "is given without " + id, List.of("both")));
                    input.disables().stream()
                            .filter(present::contains)
                            .forEach(id -> fault(input.id(), "is given together with " + id, List.of("one of them")));
                }
                for (String value : values.getOrDefault(input.id(), List.of())) {
                    input.valueRequires().getOrDefault(value, List.of()).stream()
                            .filter(id -> !present.contains(id))
                            .forEach(id -> fault(input.id(), "is " + value + " without " + id, List.of("both")));
                    input.valueDisables().getOrDefault(value, List.of()).stream()
                            .filter(present::contains)
                            .forEach(id ->
                                    fault(input.id(), "is " + value + " together with " + id, List.of("one of them")));
                }
            }
            for (Group group : descriptor.groups()) {
                long count = group.members().stream().filter(present::contains).count();
                String members = String.join(", ", group.members());
                if (group.mutuallyExclusive() && count > 1) {
                    fault(members, "are given together", List.of("one of them"));
                }
                if (group.oneIsRequired() && count == 0) {
                    fault(members, "are all absent", List.of("at least one of them"));
                }
                if (group.allOrNone() && count != 0 && count != group.members().size()) {
                    fault(members, "are given in part", List.of("all of them, or none"));
                }
            }
        }

        void done() throws DescriptorException {
            if (!problems.isEmpty()) {
                throw new DescriptorException(problems);
            }
        }
    }
}

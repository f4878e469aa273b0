package org.datman.export.convert;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.datman.contracts.provenance.SeriesCompleteness;
import org.datman.imaging.deidentification.PersonalNames;

/**
 * The JSON that dcm2niix writes for an image. Read leniently, since converters write invalid JSON (nan, a byte of
 * Latin-1); written as valid JSON with only the fields that {@link SidecarKeys} lists, in the converter's order,
 * and {@code SourceCompleteness}.
 */
final class BidsSidecar {

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .enable(JsonReadFeature.ALLOW_UNESCAPED_CONTROL_CHARS)
            .enable(JsonReadFeature.ALLOW_BACKSLASH_ESCAPING_ANY_CHARACTER)
            .enable(JsonReadFeature.ALLOW_LEADING_ZEROS_FOR_NUMBERS)
            .build();

    /** Line ends must not depend on the machine. */
    private static final DefaultPrettyPrinter PRINTER =
            new DefaultPrettyPrinter().withObjectIndenter(new DefaultIndenter("\t", "\n"));

    /** A string, copied unchanged, or what C prints for NaN and infinity. */
    private static final Pattern STRING_OR_NO_NUMBER = Pattern.compile(
            "\"(?:[^\"\\\\]|\\\\.)*+\"|[-+]?\\b(?:nan|inf|infinity)\\b(?:\\([^)\"]*\\))?",
            Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    /** Of the series, not of the image: the key is DATMAN's own. */
    private static final String COMPLETENESS = "SourceCompleteness";

    private final ObjectNode json;

    private BidsSidecar(ObjectNode json) {
        this.json = json;
    }

    /**
     * Reads a sidecar.
     *
     * @param repairs receives the repairs made to read it
     * @return empty when it cannot be read at all
     */
    static Optional<BidsSidecar> read(Path file, List<String> repairs) throws IOException {
        String text = decode(Files.readAllBytes(file), repairs);
        Matcher tokens = STRING_OR_NO_NUMBER.matcher(text);
        boolean[] mended = {false};
        String readable = tokens.replaceAll(token -> {
            if (token.group().startsWith("\"")) {
                return Matcher.quoteReplacement(token.group());
            }
            mended[0] = true;
            return "null";
        });
        try {
            JsonNode root = JSON.readTree(readable);
            if (!(root instanceof ObjectNode object)) {
                return Optional.empty();
            }
            if (mended[0]) {
                List<String> fields = withoutNulls(object);
                repairs.add("invalid numbers (nan or inf) were removed from the sidecar: " + String.join(", ", fields));
            }
            return Optional.of(new BidsSidecar(object));
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    private static String decode(byte[] bytes, List<String> repairs) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException latin) {
            repairs.add("the sidecar is not UTF-8 and was read as Latin-1");
            return new String(bytes, StandardCharsets.ISO_8859_1);
        }
    }

    private static List<String> withoutNulls(ObjectNode object) {
        List<String> fields = new ArrayList<>();
        object.properties().forEach(field -> {
            if (field.getValue().isNull() || hasNull(field.getValue())) {
                fields.add(field.getKey());
            }
        });
        fields.forEach(object::remove);
        return fields;
    }

    private static boolean hasNull(JsonNode node) {
        for (JsonNode element : node) {
            if (element.isNull() || hasNull(element)) {
                return true;
            }
        }
        return false;
    }

    /** Removes fields that the list does not allow, and texts with personal names; returns the names of those fields. */
    List<String> keepListed(PersonalNames names) {
        List<String> removed = new ArrayList<>();
        json.properties().forEach(field -> {
            if (!SidecarKeys.allows(field.getKey(), field.getValue(), names)) {
                removed.add(field.getKey());
            }
        });
        removed.forEach(json::remove);
        return removed.stream().filter(SidecarKeys::isListed).toList();
    }

    /** Writes it, replacing the converter's file. */
    void write(Path file) throws IOException {
        Files.writeString(file, JSON.writer(PRINTER).writeValueAsString(json) + "\n", StandardCharsets.UTF_8);
    }

    void set(String field, double value) {
        json.put(field, BigDecimal.valueOf(value).stripTrailingZeros());
    }

    void set(String field, String text) {
        json.put(field, text);
    }

    void set(String field, double[] values) {
        ArrayNode array = json.putArray(field);
        for (double value : values) {
            array.add(BigDecimal.valueOf(value).stripTrailingZeros());
        }
    }

    /** Writes what the headers of the series state and what arrived, before it was converted. */
    void set(SeriesCompleteness counted) {
        ObjectNode fields = json.putObject(COMPLETENESS);
        counted.promisedImages().ifPresent(count -> fields.put("ImagesExpected", count));
        fields.put("ImagesArrived", counted.imagesArrived());
        counted.promisedVolumes().ifPresent(count -> fields.put("VolumesExpected", count));
        fields.put("VolumesArrived", counted.volumesArrived());
        fields.put("VolumesComplete", counted.volumesComplete());
        ArrayNode basis = fields.putArray("Basis");
        counted.basis().forEach(basis::add);
    }

    void remove(String field) {
        json.remove(field);
    }

    /** A list of finite numbers; empty when it is not one. */
    Optional<double[]> numbers(String field) {
        JsonNode value = json.path(field);
        if (!value.isArray() || value.isEmpty()) {
            return Optional.empty();
        }
        double[] numbers = new double[value.size()];
        for (int i = 0; i < numbers.length; i++) {
            if (!value.get(i).isNumber()) {
                return Optional.empty();
            }
            numbers[i] = value.get(i).doubleValue();
        }
        return Optional.of(numbers);
    }

    boolean has(String field) {
        return json.has(field);
    }

    Optional<Integer> number(String field) {
        JsonNode value = json.path(field);
        return value.isNumber() ? Optional.of(value.intValue()) : Optional.empty();
    }

    Optional<Double> real(String field) {
        JsonNode value = json.path(field);
        return value.isNumber() ? Optional.of(value.doubleValue()) : Optional.empty();
    }

    Optional<String> text(String field) {
        JsonNode value = json.path(field);
        return value.isTextual() ? Optional.of(value.textValue()) : Optional.empty();
    }

    List<String> texts(String field) {
        List<String> texts = new ArrayList<>();
        json.path(field).forEach(value -> texts.add(value.asText()));
        return texts;
    }
}

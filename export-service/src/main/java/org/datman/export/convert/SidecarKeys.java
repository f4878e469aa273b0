package org.datman.export.convert;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.datman.imaging.deidentification.PersonalNames;

/**
 * The fields that may stay in an exported sidecar: {@code sidecar-keys.tsv}, each with the required form of its value and the reason
 * for keeping it. An allow-list: a field added by a new converter version is not exported until it has been reviewed.
 */
final class SidecarKeys {

    private static final String TABLE = "sidecar-keys.tsv";
    private static final CSVFormat FORMAT = CSVFormat.TDF
            .builder()
            .setQuote(null)
            .setCommentMarker('#')
            .setHeader()
            .setSkipHeaderRecord(true)
            .get();

    /** Text of a scanner, its software and its protocols. Non-ASCII letters occur in personal names, not in these. */
    private static final Pattern TECHNICAL = Pattern.compile("[\\x20-\\x7e]{0,128}");

    private enum Form {
        /** A finite number, or lists of such. */
        NUMBER,
        /** true or false. */
        FLAG,
        /** Text of a machine, or a list of such. */
        TEXT,
        /** A constant of the converter: the scanner "Philips" is not a patient of that name. */
        WORD
    }

    /** The scanner itself: its versions and serial numbers are numbers as ids of persons are. */
    private static final Set<String> OF_SCANNER =
            Set.of("DeviceSerialNumber", "SoftwareVersions", "ManufacturersModelName", "StationName");

    private static final Map<String, Form> KEYS = read();

    private SidecarKeys() {}

    static boolean isListed(String key) {
        return KEYS.containsKey(key);
    }

    /** Whether a field may be exported with this value. */
    static boolean allows(String key, JsonNode value, PersonalNames names) {
        Form form = KEYS.get(key);
        return form != null && hasForm(value, form, OF_SCANNER.contains(key) ? names::nameIn : names::in);
    }

    private static boolean hasForm(JsonNode value, Form form, Predicate<String> named) {
        if (value.isArray()) {
            for (JsonNode element : value) {
                if (!hasForm(element, form, named)) {
                    return false;
                }
            }
            return true;
        }
        return switch (form) {
            case NUMBER -> value.isNumber() && Double.isFinite(value.doubleValue());
            case FLAG -> value.isBoolean();
            case WORD ->
                value.isTextual() && TECHNICAL.matcher(value.textValue()).matches();
            case TEXT ->
                value.isTextual() && TECHNICAL.matcher(value.textValue()).matches() && !named.test(value.textValue());
        };
    }

    private static Map<String, Form> read() {
        Map<String, Form> keys = new LinkedHashMap<>();
        try (InputStream in = SidecarKeys.class.getResourceAsStream(TABLE);
                CSVParser table = CSVParser.parse(in, StandardCharsets.UTF_8, FORMAT)) {
            for (CSVRecord record : table) {
                if (record.size() != 3 || record.get(2).isBlank()) {
                    throw new IllegalStateException(TABLE + ": no reason for " + record.get(0));
                }
                keys.put(record.get(0), Form.valueOf(record.get(1).toUpperCase(Locale.ROOT)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Map.copyOf(keys);
    }
}

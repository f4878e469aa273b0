package org.datman.contracts.study;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The keywords of the DICOM data dictionary (PS3.6) with group and value representation. */
final class DicomKeywords {

    private static final String RESOURCE = "dictionary.txt";
    private static final Map<String, Element> ELEMENTS = read();

    /**
     * A public element.
     *
     * @param group four hexadecimal digits; {@code 60xx} for repeating groups
     * @param vr value representation; {@code XS}: US or SS
     */
    record Element(String group, String vr) {}

    private DicomKeywords() {}

    static Optional<Element> find(String keyword) {
        return Optional.ofNullable(ELEMENTS.get(keyword));
    }

    static Set<String> all() {
        return ELEMENTS.keySet();
    }

    private static Map<String, Element> read() {
        Map<String, Element> elements = new HashMap<>(8192);
        try (InputStream in = DicomKeywords.class.getResourceAsStream(RESOURCE);
                BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII))) {
            lines.lines()
                    .filter(line -> !line.startsWith("#"))
                    .forEach(line -> elements.putIfAbsent(
                            line.substring(12), new Element(line.substring(0, 4), line.substring(9, 11))));
        } catch (IOException e) {
            throw new UncheckedIOException("the data dictionary is missing from the jar", e);
        }
        return Map.copyOf(elements);
    }
}

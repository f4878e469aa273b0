package org.datman.metrics.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.datman.contracts.metric.MetricCatalogue;
import org.junit.jupiter.api.Test;

/** The page on the agreement of each metric with its reference covers the catalogue of metrics. */
class AgreementPageTest {

    private static final Pattern ROW = Pattern.compile("^\\|\\s*(`[^|]*`)\\s*\\|\\s*(\\d+)\\s*\\|(.*)\\|(.*)\\|$");
    private static final Pattern NAME = Pattern.compile("`([^`]+)`");
    private static final Pattern CHOICE = Pattern.compile("\\{([^}]*)}");

    @Test
    void everyMetricIsOnThePageOnceWithItsVersion() throws Exception {
        // Given
        Path page = Path.of(System.getProperty("datman.root"), "docs/qc-agreement.md");
        Map<String, Integer> expected = new TreeMap<>();
        MetricCatalogue.all().forEach(d -> expected.put(d.key(), d.version()));

        // When
        Map<String, Integer> found = new TreeMap<>();
        List<String> twice = new ArrayList<>();
        List<String> empty = new ArrayList<>();
        for (String line : Files.readAllLines(page)) {
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                for (String key : names(row.group(1))) {
                    if (found.put(key, Integer.valueOf(row.group(2))) != null) {
                        twice.add(key);
                    }
                    if (row.group(3).isBlank() || row.group(4).isBlank()) {
                        empty.add(key);
                    }
                }
            }
        }

        // Then
        assertThat(found)
                .as("docs/qc-agreement.md names every key of metrics.tsv with its version")
                .isEqualTo(expected);
        assertThat(twice).isEmpty();
        assertThat(empty).isEmpty();
    }

    /** `a_{x,y}` is a_x and a_y. */
    private static List<String> names(String cell) {
        List<String> all = new ArrayList<>();
        Matcher name = NAME.matcher(cell);
        while (name.find()) {
            expand(name.group(1), all);
        }
        return all;
    }

    private static void expand(String pattern, List<String> into) {
        Matcher choice = CHOICE.matcher(pattern);
        if (!choice.find()) {
            into.add(pattern);
            return;
        }
        for (String one : choice.group(1).split(",", -1)) {
            expand(pattern.substring(0, choice.start()) + one + pattern.substring(choice.end()), into);
        }
    }
}

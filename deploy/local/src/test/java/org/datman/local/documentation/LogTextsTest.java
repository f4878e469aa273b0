package org.datman.local.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every log line is a message that is always the same, followed by its values as {@code key=value}: so it can be searched. */
class LogTextsTest {

    private static final Path ROOT = Path.of(System.getProperty("datman.root"));

    private static final Pattern CALL =
            Pattern.compile("\\bLOG\\.(?:trace|debug|info|warn|error|fatal)[fv]?\\(\\s*(?:[a-z]\\w*,\\s*)?");
    private static final Pattern TEXT = Pattern.compile("\\G\\s*\"((?:[^\"\\\\]|\\\\.)*)\"\\s*([+,)])");
    private static final Pattern VALUE = Pattern.compile("%[-0-9.]*[sdf]|\\{\\}");
    private static final Pattern AFTER_ITS_KEY = Pattern.compile("\\w+=\\S*$");

    @Test
    void aValueHasItsKey() throws Exception {
        // Given
        List<Path> sources = sources();

        // When
        List<String> faults = new ArrayList<>();
        long calls = 0;
        for (Path source : sources) {
            String text = Files.readString(source);
            calls += CALL.matcher(text).results().count();
            faults(text).forEach(fault -> faults.add(source.getFileName() + ": " + fault));
        }

        // Then
        assertThat(calls).as("log lines that were looked at").isGreaterThan(100);
        assertThat(faults).as("log lines that are not message key=value").isEmpty();
    }

    @Test
    void aValueWithoutKeyIsFound() {
        // Given
        String source = "LOG.warnf(e, \"Session %s is gone\", id);"
                + "LOG.info(\"Gone session={} of \" + name, id);"
                + "LOG.error(text);"
                + "LOG.infof(\"Gone\"\n + \" record=%s-%d@%d\", a, b, c);";

        // When
        List<String> faults = faults(source);

        // Then
        assertThat(faults)
                .containsExactly(
                        "'Session %s is gone' has a value without key",
                        "'Gone session={} of ' has a value put in by +", "the message is no text");
    }

    private static List<String> faults(String source) {
        List<String> faults = new ArrayList<>();
        Matcher call = CALL.matcher(source);
        while (call.find()) {
            StringBuilder format = new StringBuilder();
            Matcher text = TEXT.matcher(source).region(call.end(), source.length());
            String next = "";
            while (text.find()) {
                format.append(text.group(1));
                next = text.group(2);
                if (!next.equals("+")) {
                    break;
                }
            }
            if (next.isEmpty()) {
                faults.add("the message is no text");
            } else if (next.equals("+")) {
                faults.add("'" + format + "' has a value put in by +");
            } else if (hasValueWithoutKey(format.toString())) {
                faults.add("'" + format + "' has a value without key");
            }
        }
        return faults;
    }

    private static boolean hasValueWithoutKey(String format) {
        return VALUE.matcher(format).results().anyMatch(value -> !AFTER_ITS_KEY
                .matcher(format.substring(0, value.start()))
                .find());
    }

    private static List<Path> sources() throws Exception {
        List<Path> sources = new ArrayList<>();
        for (String module : Modules.declared(ROOT).keySet()) {
            sources.addAll(below(ROOT.resolve(module).resolve("src/main/java")));
        }
        return sources;
    }

    private static List<Path> below(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".java")).toList();
        }
    }
}

package org.datman.local.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The codes that docs/operations.md lists are those of the sources. */
class ReasonCodesTest {

    private static final String HEADING = "## When XNAT, Orthanc or a cluster is away";
    private static final Pattern CODE = Pattern.compile("`([a-z]+(?:-[a-z]+)*)`");
    private static final Pattern LITERAL = Pattern.compile("\"([a-z]+(?:-[a-z]+)*)\"");

    @Test
    void everyCodeOfWhatIsAwayIsInTheSources() throws IOException {
        // Given
        List<String> section = Files.readString(Pages.ROOT.resolve("docs/operations.md"))
                .lines()
                .dropWhile(line -> !line.equals(HEADING))
                .skip(1)
                .takeWhile(line -> !line.startsWith("## "))
                .toList();
        Set<String> literals = new TreeSet<>();
        for (Path file : Pages.ourFiles()) {
            if (file.toString().replace('\\', '/').matches(".*-service/src/main/java/.*|.*platform/src/main/java/.*")) {
                literals.addAll(found(LITERAL, Files.readString(file)));
            }
        }

        // When
        Set<String> codes = section.stream()
                .filter(line -> line.startsWith("| `"))
                .flatMap(line -> found(CODE, line.split("\\|")[1]).stream())
                .collect(Collectors.toCollection(TreeSet::new));

        // Then
        assertThat(codes).hasSizeGreaterThan(20);
        assertThat(literals).containsAll(codes);
    }

    private static Set<String> found(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .map((MatchResult match) -> match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}

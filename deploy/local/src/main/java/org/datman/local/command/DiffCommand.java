package org.datman.local.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.datman.contracts.event.EventJson;
import org.datman.local.provenance.Release;
import org.datman.local.provenance.ReleaseDiff;
import org.datman.local.provenance.ReleaseDiff.Change;
import org.datman.local.provenance.ReleaseDiff.Input;
import org.datman.local.provenance.ReleaseDiff.Kind;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code datman diff}: what differs between two releases, and why. */
@Command(
        name = "diff",
        description = {
            "Compares two releases: lists that './datman release' wrote, or archives. Names what was added, removed or changed,"
                    + " and each input that differs: DICOM files, rule, study text, converter, its options, DATMAN. Between two"
                    + " archives, each DICOM file that differs is named.",
            "Exit code 0: no difference; 1: differences; 2: a release cannot be read."
        },
        exitCodeOnExecutionException = 2,
        mixinStandardHelpOptions = true)
final class DiffCommand implements Callable<Integer> {

    private static final int SHORT = 12;

    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "RELEASE_A", description = "The earlier one.")
    private Path before;

    @Parameters(index = "1", paramLabel = "RELEASE_B", description = "The later one.")
    private Path after;

    @Option(names = "--json", description = "One JSON object per item that differs, and a summary, as lines.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        Map<Kind, Long> counts = new EnumMap<>(Kind.class);
        Map<String, Long> causes = new TreeMap<>();
        ReleaseDiff.Result result;
        try (Release old = Release.open(before);
                Release now = Release.open(after)) {
            result = ReleaseDiff.of(old, now, change -> {
                counts.merge(change.kind(), 1L, Long::sum);
                change.inputs().stream()
                        .map(input -> input.name().startsWith("DICOM file ") ? "DICOM files" : input.name())
                        .distinct()
                        .forEach(name -> causes.merge(name, 1L, Long::sum));
                if (json) {
                    out.println(line(change));
                } else {
                    print(change, out);
                }
            });
        } catch (IllegalArgumentException damaged) {
            throw new IOException(damaged.getMessage(), damaged);
        }
        if (json) {
            out.println(line(Map.of("same", result.same(), "different", counts, "inputs", causes)));
        } else {
            out.printf(
                    "%d the same, %d added, %d removed, %d changed, %d with other metadata only%n",
                    result.same(),
                    counts.getOrDefault(Kind.ADDED, 0L),
                    counts.getOrDefault(Kind.REMOVED, 0L),
                    counts.getOrDefault(Kind.CHANGED, 0L),
                    counts.getOrDefault(Kind.METADATA, 0L));
            causes.forEach((name, number) -> out.printf("  %s differs for %d%n", name, number));
        }
        out.flush();
        return counts.isEmpty() ? 0 : 1;
    }

    private static String line(Object value) {
        try {
            return EventJson.mapper().writeValueAsString(value);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void print(Change change, PrintWriter out) {
        out.printf("%-8s %s%n", change.kind().name().toLowerCase(Locale.ROOT), change.item());
        if (change.kind() == Kind.CHANGED || change.kind() == Kind.METADATA) {
            List<String> files = change.files();
            out.printf("    files: %s%n", files.isEmpty() ? "the same bytes" : String.join(", ", files));
            out.printf(
                    "    because: %s%n",
                    change.inputs().isEmpty()
                            ? "no recorded input differs"
                            : change.inputs().stream().map(DiffCommand::words).collect(Collectors.joining("; ")));
        }
    }

    private static String words(Input input) {
        return input.name() + " " + value(input.before()) + " -> " + value(input.after());
    }

    private static String value(@Nullable String value) {
        if (value == null || value.isEmpty()) {
            return "none";
        }
        return value.matches("[0-9a-f]{64}") ? value.substring(0, SHORT) + "…" : value;
    }
}

package org.datman.pipeline.runner;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.datman.pipeline.runner.JobRunner.Command;
import org.datman.pipeline.runner.JobRunner.Usage;
import org.jspecify.annotations.Nullable;

/**
 * The command of a tool, started by a shell that writes into a file beside the logs what its processes used: the same on every machine.
 *
 * <p>CPU time is that of {@code times} of the POSIX shell; memory, and the same more finely, is asked of getrusage(2) by Python, into
 * which the shell changes once the tool has ended: what its processes used stays known to it.
 */
final class MeasuredCommand {

    private static final String SCRIPT = "measure.sh";
    private static final String FILE = "usage.txt";
    private static final int LONGEST = 4096;

    /** By getrusage(2): seconds and KiB. */
    private static final Pattern RUSAGE = Pattern.compile("rusage ([0-9]{1,12}\\.[0-9]{1,6}) ([0-9]{1,15})");

    private static final Pattern PEAK = Pattern.compile("peak ([0-9]{1,18})");
    private static final Pattern MINUTES = Pattern.compile("([0-9]{1,9})m([0-9]{1,2}(?:[.,][0-9]{1,6})?)s");
    /** Lines of {@code times}: of the shell itself, then of its processes. */
    private static final int OF_PROCESSES = 1;

    private static final String NO_PYTHON = "there is no python3 where it ran, by which its memory is asked for";

    /** The control group, where the tool is alone in it. */
    private static final String GROUP =
            "  [ ! -r /sys/fs/cgroup/memory.peak ] || printf 'peak %s\\n' \"$(cat /sys/fs/cgroup/memory.peak)\" >> \"$file\"\n";

    private MeasuredCommand() {}

    /**
     * The words with which a command is started.
     *
     * @param alone whether the tool is alone in its control group, as in a pod: in any other container that of the tool is that of the whole
     *     container
     * @return those of the command itself where it asks another program to run the tool, whose processes are not its own
     */
    static List<String> of(Command command, boolean alone) throws IOException {
        if (isElsewhere(command)) {
            return command.arguments();
        }
        Path script = command.stdout().resolveSibling(SCRIPT);
        Files.writeString(script, script(alone ? GROUP : ""));
        List<String> words = new ArrayList<>(
                List.of("/bin/sh", script.toString(), file(command).toString()));
        words.addAll(command.arguments());
        return List.copyOf(words);
    }

    static boolean isElsewhere(Command command) {
        return !command.ending().isEmpty();
    }

    private static Path file(Command command) {
        return command.stdout().resolveSibling(FILE);
    }

    /** The end of the tool is that of the script, whatever becomes of the measurement. */
    private static String script(String group) {
        return """
                # Written by DATMAN: sh measure.sh FILE PROGRAM ARGUMENT...
                file=$1
                shift
                # What the shell itself says does not belong into the log of the tool.
                exec 3>&2 2> /dev/null
                # Who ends the tool signals this shell, too: it stays until it has written.
                trap : TERM
                (
                  trap : TERM
                  # In a shell of its own, for dash writes "Killed" where its command writes errors.
                  (exec "$@" 2>&3 3>&-)
                  code=$?
                  # A disk that takes no file any more: then nothing is measured.
                  rm -f "$file"
                  printf '%s\\n' "$code" > "$file" || exit "$code"
                  # In braces, for a shell ends when it cannot redirect times itself.
                  { times; } >> "$file"
                GROUP
                  for python in /usr/bin/python3 "$(command -v python3)"; do
                    if [ -x "$python" ]; then
                      exec env -i "$python" -I -S -c '
                import resource, sys
                used = resource.getrusage(resource.RUSAGE_CHILDREN)
                try:
                    with open(sys.argv[1], "a") as file:
                        file.write("rusage %.6f %d\\n" % (used.ru_utime + used.ru_stime, used.ru_maxrss))
                finally:
                    sys.exit(int(sys.argv[2]))
                ' "$file" "$code" > /dev/null
                    fi
                  done
                  exit "$code"
                )
                code=$?
                # Where the measurement failed its exit code is not that of the tool.
                read -r told < "$file" && code=$told
                exit "$code"
                """.replace("GROUP\n", group);
    }

    /** What a command that has ended used, as far as it was written. */
    static Usage read(Command command) {
        if (isElsewhere(command)) {
            return Usage.unknown(
                    command.arguments().get(0) + " has the tool run by others, whose processes are not counted here");
        }
        try {
            return parse(text(file(command)));
        } catch (NoSuchFileException killed) {
            return Usage.unknown("it was ended before it could be measured");
        } catch (IOException e) {
            return Usage.unknown(
                    "what was measured cannot be read (" + e.getClass().getSimpleName() + ")");
        }
    }

    /** The tool can write into that file, too. */
    private static String text(Path file) throws IOException {
        try (var in = Files.newInputStream(file)) {
            return new String(in.readNBytes(LONGEST), StandardCharsets.UTF_8);
        }
    }

    /** The lines of the file. */
    static Usage parse(String text) {
        Matcher rusage = RUSAGE.matcher(text);
        if (rusage.find()) {
            return new Usage(Double.parseDouble(rusage.group(1)), Long.parseLong(rusage.group(2)) * 1024, "");
        }
        Double cpu = cpu(text);
        Matcher peak = PEAK.matcher(text);
        if (peak.find()) {
            return new Usage(cpu, Long.parseLong(peak.group(1)), cpu == null ? "its CPU time was not written" : "");
        }
        return new Usage(cpu, null, cpu == null ? "it was ended before it could be measured" : NO_PYTHON);
    }

    private static @Nullable Double cpu(String text) {
        List<String> lines =
                text.lines().filter(line -> MINUTES.matcher(line).lookingAt()).toList();
        if (lines.size() <= OF_PROCESSES) {
            return null;
        }
        return Stream.of(lines.get(OF_PROCESSES).split(" "))
                .map(MINUTES::matcher)
                .filter(Matcher::matches)
                .mapToDouble(time -> Long.parseLong(time.group(1)) * 60.0
                        + Double.parseDouble(time.group(2).replace(',', '.')))
                .sum();
    }
}

package org.datman.pipeline.runner;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.datman.pipeline.runner.JobRunner.Command;

/**
 * The script of a cluster job. It writes when the tool started and how it ended into files beside the logs: batch systems forget
 * jobs after some minutes, and not every cluster keeps accounts.
 */
final class ClusterScript {

    static final String STARTED = "job-started";
    static final String ENDED = "job-ended";
    /** Instead of an exit code, when the program of the command is not there. */
    static final String MISSING = "missing";

    private ClusterScript() {}

    /**
     * @param line words with which the command is started
     * @param environment of the tool
     * @param added whether it is added to the environment that the job has, instead of being the whole one
     */
    static String of(Command command, List<String> line, Map<String, String> environment, boolean added) {
        String logs = quoted(command.stdout().resolveSibling("").toString() + "/");
        StringBuilder tool = new StringBuilder(added ? "env" : "env -i");
        new TreeMap<>(environment)
                .forEach((name, value) -> tool.append(" \\\n  ").append(quoted(name + "=" + value)));
        String own = environment.get("PATH");
        String path = own != null ? quoted(own) : added ? "$PATH" : quoted("/usr/local/bin:/usr/bin:/bin");
        String run = tool
                + words(line)
                + " \\\n  > " + quoted(command.stdout().toString())
                + " 2> " + quoted(command.stderr().toString());
        return """
                #!/bin/sh
                # Written by DATMAN.
                cd %1$s || exit 1
                ended() {
                  printf '%%s %%s\\n' "$1" "$(date +%%s)" > %2$s%4$s.part && mv %2$s%4$s.part %2$s%4$s
                }
                # A second job of this name, submitted because the answer about the first was lost, does nothing.
                (set -C; printf '%%s %%s %%s\\n' "$(date +%%s)" "$(hostname)" "${SLURM_JOB_ID:-$JOB_ID}" > %2$s%3$s) 2> /dev/null || exit 0
                if ! (PATH=%5$s; command -v %6$s) > /dev/null 2>&1; then
                  ended %7$s
                  exit 127
                fi
                %8$s
                ended "$code"
                # Grid Engine runs a job again that ends with 99, and holds one that ends with 100.
                case "$code" in 99 | 100) exit 1 ;; esac
                exit "$code"
                """.formatted(
                        quoted(command.folder().toString()),
                        logs,
                        STARTED,
                        ENDED,
                        path,
                        quoted(command.arguments().get(0)),
                        MISSING,
                        command.ending().isEmpty()
                                ? run + "\ncode=$?"
                                : endedWithTheScript(run, tool + words(command.ending())));
    }

    /** A shell that waits for its command in the foreground hears of no signal. */
    private static String endedWithTheScript(String run, String ending) {
        return """
                ending() {
                  %2$s > /dev/null 2>&1
                }
                trap 'ending; ended 143; exit 143' TERM
                %1$s &
                wait $!
                code=$?
                ending""".formatted(run, ending);
    }

    private static String words(List<String> arguments) {
        return arguments.stream().map(argument -> " \\\n  " + quoted(argument)).collect(Collectors.joining());
    }

    /** One word of a POSIX shell, whatever it holds. */
    static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }
}

package org.datman.pipeline.runner;

import java.util.Map;
import java.util.TreeMap;
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

    /** @param environment the whole environment of the tool */
    static String of(Command command, Map<String, String> environment) {
        String logs = quoted(command.stdout().resolveSibling("").toString() + "/");
        StringBuilder tool = new StringBuilder("env -i");
        new TreeMap<>(environment)
                .forEach((name, value) -> tool.append(" \\\n  ").append(quoted(name + "=" + value)));
        String path = environment.getOrDefault("PATH", "/usr/local/bin:/usr/bin:/bin");
        StringBuilder line = new StringBuilder(tool);
        command.arguments().forEach(argument -> line.append(" \\\n  ").append(quoted(argument)));
        return """
                #!/bin/sh
                # Written by DATMAN.
                cd %1$s || exit 1
                ended() {
                  printf '%%s %%s\\n' "$1" "$(date +%%s)" > %2$s%4$s.part && mv %2$s%4$s.part %2$s%4$s
                }
                # A second job of this name, submitted because the answer about the first was lost, does nothing.
                (set -C; printf '%%s %%s\\n' "$(date +%%s)" "$(hostname)" > %2$s%3$s) 2> /dev/null || exit 0
                if ! (PATH=%5$s; command -v %6$s) > /dev/null 2>&1; then
                  ended %7$s
                  exit 127
                fi
                %8$s \\
                  > %9$s 2> %10$s
                code=$?
                ended "$code"
                exit "$code"
                """.formatted(
                        quoted(command.folder().toString()),
                        logs,
                        STARTED,
                        ENDED,
                        quoted(path),
                        quoted(command.arguments().get(0)),
                        MISSING,
                        line,
                        quoted(command.stdout().toString()),
                        quoted(command.stderr().toString()));
    }

    /** One word of a POSIX shell, whatever it holds. */
    static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }
}

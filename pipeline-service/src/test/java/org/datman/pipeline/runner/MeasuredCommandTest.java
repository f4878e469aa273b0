package org.datman.pipeline.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.datman.pipeline.boutiques.Descriptor.Resources;
import org.datman.pipeline.runner.JobRunner.Cause;
import org.datman.pipeline.runner.JobRunner.Command;
import org.datman.pipeline.runner.JobRunner.Ended;
import org.datman.pipeline.runner.JobRunner.ProgramMissingException;
import org.datman.pipeline.runner.JobRunner.Usage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a process of this machine used, and that measuring it changes nothing. */
class MeasuredCommandTest {

    private static final long MB = 1_000_000;

    @TempDir
    Path folder;

    @Test
    void timeAndMemoryAreThoseOfTheToolAndOfItsProcesses() throws Exception {
        // Given a process of the tool that holds 60 MB, and CPU time of a second
        Command command = command("sh", "-c", """
                sh -c 'x=$(head -c 60000000 /dev/zero | tr "\\0" x); echo ${#x}'
                end=$(($(date +%s) + 2))
                while [ "$(date +%s)" -lt "$end" ]; do :; done
                """);

        // When
        Ended ended = end(command);

        // Then
        assertThat(command.stdout()).hasContent("60000000\n");
        assertThat(ended.usage().notMeasured()).isEmpty();
        assertThat(ended.usage().peakMemoryBytes()).isBetween(60 * MB, 300 * MB);
        assertThat(ended.usage().cpuSeconds())
                .isPositive()
                .isLessThan(ended.wall().toMillis() / 1000.0 * 4);
    }

    @ParameterizedTest
    @CsvSource({"exit 0, 0", "exit 7, 7", "exit 127, 127", "kill -KILL $$, 137", "kill -TERM $$, 143"})
    void theEndOfTheToolIsWhatItIsWithoutMeasuring(String script, int code) throws Exception {
        // Given
        Command command = command("sh", "-c", "echo out; echo errors >&2; " + script);

        // When
        Ended ended = end(command);

        // Then
        assertThat(ended.exitCode()).isEqualTo(code);
        assertThat(ended.cause()).isEqualTo(Cause.EXITED);
        assertThat(command.stdout()).hasContent("out\n");
        assertThat(command.stderr()).hasContent("errors\n");
        assertThat(ended.usage().notMeasured()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 7, 75})
    void theEndOfTheToolIsWhatItIsWhereNothingCanBeWritten(int code) throws Exception {
        // Given a folder where the file of the measurement would be
        Command command = command("sh", "-c", "mkdir logs/usage.txt; exit " + code);

        // When
        Ended ended = end(command);

        // Then
        assertThat(ended.exitCode()).isEqualTo(code);
        assertThat(ended.usage().isUnknown()).isTrue();
    }

    @Test
    void theControlGroupIsAskedOnlyWhereTheToolIsAloneInIt() throws Exception {
        // Given
        Command command = command("true");

        // When
        MeasuredCommand.of(command, false);
        String among = Files.readString(command.stdout().resolveSibling("measure.sh"));
        MeasuredCommand.of(command, true);
        String alone = Files.readString(command.stdout().resolveSibling("measure.sh"));

        // Then
        assertThat(among).doesNotContain("cgroup", "GROUP");
        assertThat(alone).contains("/sys/fs/cgroup/memory.peak").doesNotContain("GROUP");
    }

    @Test
    void aToolThatIsEndedAtItsTimeLimitIsMeasured() throws Exception {
        // Given
        Command command = command(Duration.ofMillis(300), List.of("sleep", "60"));

        // When
        Ended ended = end(command);

        // Then
        assertThat(ended.cause()).isEqualTo(Cause.WALLTIME);
        assertThat(ended.usage().peakMemoryBytes()).isPositive();
    }

    @ParameterizedTest
    @ValueSource(strings = {"no-such-program-of-a-lab", "./not-here", "."})
    void aProgramThatIsNotThereIsToldBeforeItBegins(String program) throws Exception {
        // Given
        Command command = command(program);

        // When, then
        assertThatThrownBy(() -> new LocalRunner(List.of("PATH")).start(command))
                .isInstanceOf(ProgramMissingException.class)
                .hasMessage(program);
    }

    @Test
    void withoutPythonTheShellKnowsTheTime() {
        // When
        Usage usage = MeasuredCommand.parse("0\n0m0.01s 0m0.02s\n2m3.50s 0m1,25s\n");

        // Then
        assertThat(usage.cpuSeconds()).isEqualTo(124.75);
        assertThat(usage.peakMemoryBytes()).isNull();
        assertThat(usage.notMeasured()).contains("python3");
    }

    @Test
    void inAContainerWithoutPythonItsControlGroupKnowsTheMemory() {
        // When
        Usage usage = MeasuredCommand.parse("0\n0m0.01s 0m0.02s\n0m3.50s 0m1.00s\npeak 4096\n");

        // Then
        assertThat(usage).isEqualTo(new Usage(4.5, 4096L, ""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "0\n", "rusage nan -1\n", "rusage 99999999999999999999.0 1\n", "peak x\n", "<b>0m0s</b>"})
    void whatIsNoMeasurementIsNone(String text) {
        // When
        Usage usage = MeasuredCommand.parse(text);

        // Then
        assertThat(usage.isUnknown()).isTrue();
        assertThat(usage.notMeasured()).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0::/machine.slice/libpod-a.scope/container | machine.slice/libpod-a.scope/container",
                "0::/machine.slice/libpod-a.scope/container | unified/machine.slice/libpod-a.scope/container",
                "4:memory:/docker/a;3:cpu,cpuacct:/docker/a | memory/docker/a;cpu,cpuacct/docker/a",
                "4:memory:/docker/a;3:cpu,cpuacct:/docker/a | memory/docker/a;cpuacct/docker/a",
            })
    void theControlGroupOfAContainerIsReadInBothVersions(String membership, String folders) throws Exception {
        // Given
        for (String place : folders.split(";")) {
            Path group = Files.createDirectories(folder.resolve(place));
            Files.writeString(group.resolve("cpu.stat"), "usage_usec 2500000\nuser_usec 1\n");
            Files.writeString(group.resolve("memory.peak"), "4096\n");
            Files.writeString(group.resolve("cpuacct.usage"), "2500000000\n");
            Files.writeString(group.resolve("memory.max_usage_in_bytes"), "4096\n");
        }
        ContainerUsage container = new ContainerUsage("podman", "datman-run", Map.of());

        // When
        container.read(folder, membership.replace(';', '\n'));

        // Then
        assertThat(container.usage()).isEqualTo(new Usage(2.5, 4096L, ""));
    }

    private Ended end(Command command) throws Exception {
        return new LocalRunner(List.of("PATH"))
                .start(command)
                .await(Duration.ofSeconds(60))
                .orElseThrow();
    }

    private Command command(String... arguments) throws IOException {
        return command(Duration.ofSeconds(50), Arrays.asList(arguments));
    }

    private Command command(Duration limit, List<String> arguments) throws IOException {
        Path logs = Files.createDirectories(folder.resolve("run of it's $HOME/logs"));
        return new Command(
                "run",
                logs.getParent(),
                arguments,
                Map.of(),
                new Resources(null, null, null),
                limit,
                logs.resolve("out.txt"),
                logs.resolve("err.txt"));
    }
}

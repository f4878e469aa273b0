package org.datman.pipeline.container;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.datman.contracts.event.Reason;
import org.datman.contracts.study.PipelineRule.Container;
import org.datman.pipeline.runner.JobRunner.Cause;
import org.datman.pipeline.runner.JobRunner.Ended;
import org.datman.pipeline.runner.JobRunner.Usage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What Podman 4.3.1, Docker 20.10 and Apptainer 1.4.5 write when they do not run a container. */
class ContainerFaultTest {

    private static final PinnedImage IMAGE = new PinnedImage("docker.io/lab/tool", "sha256:" + "1".repeat(64));

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            PODMAN    | 125 | Error: docker.io/lab/tool@sha256:11: image not known                                                                   | image-missing
            DOCKER    | 125 | docker: Error response from daemon: No such image: docker.io/lab/tool@sha256:11                                        | image-missing
            PODMAN    | 127 | Error: runc: exec: "nope": executable file not found in $PATH: OCI runtime attempted to invoke a command that was not found | program-missing
            DOCKER    | 127 | docker: Error response from daemon: failed to create shim task: exec: "nope": executable file not found in $PATH: unknown  | program-missing
            APPTAINER | 255 | FATAL:   "nope": executable file not found in $PATH                                                                    | program-missing
            PODMAN    | 125 | Error: cannot set up namespace using "/usr/bin/newuidmap": exit status 1                                               | container-refused
            APPTAINER | 255 | FATAL:   container creation failed: mount error                                                                        | container-refused
            APPTAINER | 255 | FATAL:   stat nope: no such file or directory                                                                          | program-missing
            APPTAINER | 255 | FATAL:   permission denied                                                                                             | program-missing
            APPTAINER | 255 | ESC[31mFATAL:  ESC[0m Couldn't determine user account information: user: unknown userid 1234                      | container-refused
            APPTAINER | 1   | ESC[91mERROR  : Requesting capability set 0x1 while permitted capability set is 0x0                                 | container-refused
            """)
    void whatTheProgramOfTheContainerSaysIsTheReason(Container container, int exitCode, String words, String code) {
        // When
        Optional<Reason> reason = ContainerFault.of(
                container,
                IMAGE,
                "nope",
                ended(Cause.EXITED, exitCode),
                "INFO: x\n" + words.replace("ESC", "\u001b") + "\n");

        // Then
        assertThat(reason).get().extracting(Reason::code).isEqualTo(code);
        assertThat(reason.orElseThrow().message()).doesNotContain("\u001b");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            1   | Error: image not known
            125 | out of range
            0   | Error: image not known
            """)
    void theEndOfTheToolItselfIsNoFaultOfTheContainer(int exitCode, String words) {
        // When
        Optional<Reason> reason =
                ContainerFault.of(Container.PODMAN, IMAGE, "tool", ended(Cause.EXITED, exitCode), words);

        // Then
        assertThat(reason).isEmpty();
    }

    /** The starter of Apptainer ends with 1 as many tools do. */
    @Test
    void anErrorOfAToolInsideIsNoFaultOfApptainer() {
        // When
        Optional<Reason> reason = ContainerFault.of(
                Container.APPTAINER, IMAGE, "tool", ended(Cause.EXITED, 1), "ERROR  : the licence is expired");

        // Then
        assertThat(reason).isEmpty();
    }

    @Test
    void aDaemonThatDoesNotAnswerIsWaitedFor() {
        // When
        boolean passes = ContainerFault.passes(
                Container.DOCKER,
                ended(Cause.EXITED, 125),
                "docker: Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?");

        // Then
        assertThat(passes).isTrue();
    }

    @Test
    void aProgramThatIsNotOnTheNodeIsNamed() {
        // When
        Optional<Reason> reason = ContainerFault.of(Container.PODMAN, IMAGE, "tool", ended(Cause.NO_PROGRAM, 127), "");

        // Then
        assertThat(reason).contains(ContainerFault.notInstalled(Container.PODMAN));
    }

    private static Ended ended(Cause cause, int exitCode) {
        return new Ended(exitCode, cause, "", null, Duration.ofSeconds(1), Map.of(), new Usage(1.0, 1L, ""));
    }
}

package org.datman.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.FileRole;
import org.datman.contracts.event.InputSet;
import org.datman.contracts.event.PipelineRequested;
import org.datman.contracts.event.PipelineRequestedBuilder;
import org.datman.contracts.event.SessionRef;
import org.junit.jupiter.api.Test;

class RunChangesTest {

    private static final FileRef T1 = new FileRef(FileRole.NIFTI, "TST/nii/T1.nii.gz", 1, "a");
    private static final FileRef T2 = new FileRef(FileRole.NIFTI, "TST/nii/T2.nii.gz", 1, "b");

    @Test
    void whatMakesTwoRunsDifferentIsSaid() {
        // Given
        PipelineRequested before = run("1.0", "d", Map.of("x", "1", "y", "2"), Map.of("t1", T1, "t2", T2))
                .withSets(Optional.of(Map.of("runs", new InputSet(Optional.empty(), List.of(T1)))));
        FileRef changed = new FileRef(FileRole.NIFTI, "TST/nii/T1.nii.gz", 1, "c");
        PipelineRequested after = run("1.1", "e", Map.of("x", "3", "z", "4"), Map.of("t1", changed))
                .withSets(Optional.of(Map.of("runs", new InputSet(Optional.empty(), List.of(changed, T2)))));

        // When
        List<String> changes = RunChanges.between(before, after);

        // Then
        assertThat(changes)
                .containsExactly(
                        "The version of tool was 1.0 and is 1.1",
                        "Parameter x was 1 and is 3",
                        "Parameter y was 2 and has none",
                        "Parameter z had no value and is 4",
                        "Input t1 (T1.nii.gz) has other bytes",
                        "Input t2 was T2.nii.gz and is not there",
                        "Of input runs, files added 1, removed 0, with other bytes 1");
    }

    @Test
    void anotherDescriptorOfOneVersionIsSaid() {
        // When
        List<String> changes = RunChanges.between(run("1", "d", Map.of(), Map.of()), run("1", "e", Map.of(), Map.of()));

        // Then
        assertThat(changes).containsExactly("The descriptor or a file of tool was changed");
    }

    @Test
    void anotherContainerImageIsSaid() {
        // Given
        PipelineRequested before = run("1", "d", Map.of(), Map.of());

        // When
        List<String> changes = RunChanges.between(before, before.withImage(Optional.of("lab/tool@sha256:1")));

        // Then
        assertThat(changes).containsExactly("The container image was none and is lab/tool@sha256:1");
    }

    private static PipelineRequested run(
            String version, String descriptor, Map<String, String> parameters, Map<String, FileRef> inputs) {
        return PipelineRequestedBuilder.builder()
                .session(new SessionRef("s", "A"))
                .study("TST")
                .sessionName("TST_CMH_0001_01_01")
                .pipeline("p")
                .tool("tool")
                .toolVersion(version)
                .descriptorSha256(descriptor)
                .parameters(parameters)
                .inputs(inputs)
                .runKey("k")
                .requestedBy("rules")
                .requestId("r")
                .configRevision("c")
                .time(Instant.EPOCH)
                .build();
    }
}

package org.datman.pipeline.request;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.FileRole;
import org.datman.contracts.event.InputSet;
import org.datman.contracts.event.PipelineAnswered;
import org.datman.contracts.event.SessionRef;
import org.datman.pipeline.boutiques.DescriptorException;
import org.datman.pipeline.boutiques.ManualTool;
import org.datman.pipeline.selection.Selection;
import org.junit.jupiter.api.Test;

/** A step that waits for a person. */
class ManualStepTest {

    @Test
    void ofAListTheToolIsToldThatItIsOne() throws DescriptorException {
        // Given
        FileRef mask = file("mask.nii");
        InputSet folder = new InputSet(Optional.of("t/surf"), List.of(file("surf/lh"), file("surf/rh")));
        InputSet list = new InputSet(Optional.empty(), List.of(file("a.tsv"), file("b.tsv")));
        InputSet images = new InputSet(Optional.empty(), List.of(file("1.nii"), file("2.nii")));
        Selection.Runnable looked = new Selection.Runnable(
                Map.of("mask", mask), Map.of("folder", folder, "list", list, "images", images), Map.of());
        PipelineAnswered answer = new PipelineAnswered(
                new SessionRef("xnat", "S1"),
                "TST",
                "checked",
                "k",
                PipelineAnswered.Answer.ACCEPTED,
                Map.of(),
                "rater",
                Instant.parse("2026-11-30T09:00:00Z"));

        // When
        Selection.Runnable answered = ManualStep.answered(ManualTool.of("manual:folder,list,mask"), answer, looked);

        // Then
        assertThat(answered.inputs()).isEqualTo(Map.of("given_mask", mask));
        assertThat(answered.sets()).isEqualTo(Map.of("given_folder", folder, "given_list", list));
        assertThat(answered.labels())
                .isEqualTo(Map.of("answer", "accepted by rater on 2026-11-30, to k", "number_of_list", "2"));
    }

    private static FileRef file(String name) {
        return new FileRef(FileRole.OUTPUT, "t/" + name, 1, "0".repeat(64));
    }
}

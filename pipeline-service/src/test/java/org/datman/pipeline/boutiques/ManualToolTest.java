package org.datman.pipeline.boutiques;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The tool of a manual step. */
class ManualToolTest {

    @Test
    void whatAPersonAnsweredIsHandedOnUnderTheSameIds() throws DescriptorException {
        // Given
        Tool tool = ManualTool.of("manual:image,mask");
        InputValues values = InputValues.of(
                tool.descriptor(),
                Map.of("answer", "accepted by jdoe"),
                Map.of("given_image", List.of("inputs/t1.nii.gz"), "given_mask", List.of("inputs/given_mask/m.nii")));

        // When
        Map<String, String> places = OutputPaths.of(tool.descriptor(), values);

        // Then
        assertThat(places).isEqualTo(Map.of("image", "out/image/t1.nii.gz", "mask", "out/mask/m.nii"));
    }
}

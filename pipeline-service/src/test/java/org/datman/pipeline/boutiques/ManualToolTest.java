package org.datman.pipeline.boutiques;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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

    @Test
    void aFileAFolderAndAListAreHandedOnAsWhatTheyAre(@TempDir Path folder) throws Exception {
        // Given
        Files.createDirectories(folder.resolve("inputs/given_surfaces/label"));
        Files.createDirectories(folder.resolve("out"));
        for (String file : List.of("t1.nii.gz", "given_surfaces/label/lh.annot", "a b.txt", "c.txt")) {
            Files.writeString(folder.resolve("inputs").resolve(file), file);
        }
        Tool tool = ManualTool.of("manual:image,surfaces,tables");
        for (String id : List.of("image", "surfaces", "tables")) {
            Files.createDirectories(folder.resolve("out").resolve(id));
        }
        InputValues values = InputValues.of(
                tool.descriptor(),
                Map.of("answer", "accepted by jdoe", "number_of_tables", "2"),
                Map.of(
                        "given_image", List.of("inputs/t1.nii.gz"),
                        "given_surfaces", List.of("inputs/given_surfaces"),
                        "given_tables", List.of("inputs/a b.txt", "inputs/c.txt")));

        // When
        int exit = new ProcessBuilder(CommandLine.of(tool.descriptor(), values, folder))
                .directory(folder.toFile())
                .inheritIO()
                .start()
                .waitFor();

        // Then
        assertThat(exit).isZero();
        assertThat(OutputPaths.of(tool.descriptor(), values))
                .isEqualTo(Map.of(
                        "image", "out/image/t1.nii.gz",
                        "surfaces", "out/surfaces/given_surfaces",
                        "tables", "out/tables/*"));
        assertThat(folder.resolve("out/image/t1.nii.gz")).hasContent("t1.nii.gz");
        assertThat(folder.resolve("out/surfaces/given_surfaces/label/lh.annot")).exists();
        assertThat(folder.resolve("out/tables")).isDirectoryContaining("glob:**/a b.txt");
        assertThat(folder.resolve("out/tables")).isDirectoryContaining("glob:**/c.txt");
    }
}

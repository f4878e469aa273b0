package org.datman.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.FileRole;
import org.datman.contracts.event.ToolMeasure;
import org.datman.contracts.study.PipelineRule;
import org.datman.pipeline.runner.LocalRunner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files of docs/own-tool.md, as they are there, make a pipeline that runs. */
class OwnToolPageTest {

    private static final Path PAGE = Path.of(System.getProperty("datman.root")).resolve("docs/own-tool.md");

    /** A file of the page: its name in a line that ends with a colon, then its text. */
    private static final Pattern FILE = Pattern.compile("`([^`\\n]+)`:\\n\\n```[a-z]+\\n(.*?)```\\n", Pattern.DOTALL);

    @TempDir
    Path folder;

    @Test
    void theToolOfThePageRunsAndItsNumberIsRead() throws Exception {
        // Given a study of the name that the page has, without its own files
        Map<String, String> files = files();
        RunFixture fixture = new RunFixture(folder, "SPN01_CMH_0001_01_01", Map.copyOf(files));
        byte[] image = nifti(20, 30, 7);
        FileRef stored = fixture.archive().write(FileRole.NIFTI, "SPN01/nii/SPN01_CMH_0001_01_01/image.nii", image);
        PipelineRule rule = fixture.rules().get(0);

        // When
        Optional<Outcome> outcome = fixture.attempt(new LocalRunner(List.of("PATH")))
                .run(fixture.job(rule, Map.of("image", stored)), handle -> true, () -> false);

        // Then
        assertThat(files)
                .containsOnlyKeys("count-voxels/count-voxels.sh", "count-voxels/count-voxels.json", "SPN01.yml");
        assertThat(outcome).get().isInstanceOf(Outcome.Succeeded.class);
        assertThat(((Outcome.Succeeded) outcome.get()).measures())
                .containsExactly(new ToolMeasure("voxels", "image", "1", 20.0 * 30 * 7));
        assertThat(fixture.archive().root().resolve("SPN01/pipelines/count-voxels/1.0"))
                .isDirectory();
    }

    private static Map<String, String> files() throws IOException {
        Map<String, String> files = new LinkedHashMap<>();
        Matcher found = FILE.matcher(Files.readString(PAGE));
        while (found.find()) {
            files.put(found.group(1), found.group(2));
        }
        return files;
    }

    /** A NIfTI-1 header with these lengths of axes; the tool reads no voxel. */
    private static byte[] nifti(int x, int y, int z) {
        byte[] header = new byte[352];
        header[0] = (byte) (348 & 0xff);
        header[1] = (byte) (348 >> 8);
        header[40] = 3;
        header[42] = (byte) x;
        header[44] = (byte) y;
        header[46] = (byte) z;
        return header;
    }
}

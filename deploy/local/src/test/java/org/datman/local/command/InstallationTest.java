package org.datman.local.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.codec.digest.DigestUtils;
import org.datman.local.InstallationFolder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InstallationTest {

    private static final Path ROOT = Path.of(System.getProperty("datman.root"));

    @TempDir
    Path folder;

    @Test
    void theToolOfTheDemoIsWhole() throws IOException {
        // Given
        InstallationFolder home = new InstallationFolder(folder, ROOT);

        // When
        List<Path> different = Installation.demo(home);

        // Then
        assertThat(different).isEmpty();
        assertThat(home.studies().resolve("DEMO.yml")).isNotEmptyFile();
        String descriptor = Files.readString(home.pipelines().resolve("mrtrix3-dti/mrtrix3-dti.json"));
        assertThat(descriptor).contains("\"files\": [\"dti.sh\", \"tensor-directions.awk\"]");
        assertThat(home.pipelines().resolve("mrtrix3-dti/dti.sh"))
                .hasSameTextualContentAs(ROOT.resolve("pipelines/catalogue/mrtrix3-dti/dti.sh"));
        assertThat(home.pipelines().resolve("mrtrix3-dti/tensor-directions.awk"))
                .hasSameTextualContentAs(ROOT.resolve("pipelines/shared/tensor-directions.awk"));
    }

    @Test
    void whatAFormerBuildCopiedIsReplacedAndWhatAPersonChangedIsNamed() throws IOException {
        // Given a script as a former build copied it, a changed study, and a file of which nothing is known
        InstallationFolder home = new InstallationFolder(folder, ROOT);
        Installation.demo(home);
        Path script = home.pipelines().resolve("mrtrix3-dti/dti.sh");
        Path study = home.studies().resolve("DEMO.yml");
        Path descriptor = home.pipelines().resolve("mrtrix3-dti/mrtrix3-dti.json");
        Path known = folder.resolve("initial-files.json");
        String former = "# of a former build\n";
        String now = Files.readString(script);
        Files.writeString(
                known, Files.readString(known).replace(DigestUtils.sha256Hex(now), DigestUtils.sha256Hex(former)));
        Files.writeString(script, former);
        Files.writeString(study, "# mine\n");
        Files.writeString(descriptor, "{}");

        // When
        List<Path> different = Installation.demo(home);

        // Then
        assertThat(script).hasContent(now);
        assertThat(different).containsExactly(study, descriptor);
        assertThat(study).hasContent("# mine\n");
    }

    @Test
    void anInstallationOfBeforeIsToldWhatDiffers() throws IOException {
        // Given
        InstallationFolder home = new InstallationFolder(folder, ROOT);
        Installation.demo(home);
        Files.delete(folder.resolve("initial-files.json"));
        Path script = home.pipelines().resolve("mrtrix3-dti/dti.sh");
        Files.writeString(script, "# of a former build\n");

        // When
        List<Path> different = Installation.demo(home);

        // Then
        assertThat(different).containsExactly(script);
        assertThat(script).hasContent("# of a former build\n");
    }
}

package org.datman.local.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.datman.contracts.study.AcceptedStudies;
import org.datman.local.provenance.SmallArchive;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class VerifyAndDiffTest {

    @TempDir
    Path folder;

    private final StringWriter output = new StringWriter();
    private SmallArchive archive;

    @BeforeEach
    void published() throws IOException {
        archive = new SmallArchive(folder.resolve("archive"));
        archive.measure(archive.publish(5));
    }

    private int run(String... arguments) {
        CommandLine line = DatmanCommand.commandLine(Map.of());
        line.setOut(new PrintWriter(output, true));
        line.setErr(new PrintWriter(output, true));
        return line.execute(arguments);
    }

    @Test
    void anArchiveAsPublishedIsVerified() {
        // When
        int code = run("verify", "--archive", archive.root().toString());

        // Then
        assertThat(output.toString()).contains("6 file(s)", "0 not as published");
        assertThat(code).isZero();
    }

    @Test
    void anInterruptedCheckGoesOnWithWhatItFoundBefore() throws IOException {
        // Given a check that had read all but the second image, and had found one file
        archive.publish(6);
        Path home = Files.createDirectories(folder.resolve("home"));
        Path progress = home.resolve("verify-progress.json");
        Files.writeString(progress, """
                {"archive": "%s", "study": "", "position":
                 {"after": ".datman/series/xnat/SIM_E00001/5.json", "files": 6, "bytes": 100, "different": 1}}
                """.formatted(archive.root().toAbsolutePath()));
        archive.write("SPN01/nii/" + SmallArchive.SESSION + "/" + SmallArchive.stem(5) + ".json", "{}");
        archive.write("SPN01/nii/" + SmallArchive.SESSION + "/" + SmallArchive.stem(6) + ".json", "{}");

        // When
        int code = run(
                "verify",
                "--resume",
                "--mib-per-second",
                "1000",
                "--home",
                home.toString(),
                "--checkout",
                folder.toString(),
                "--archive",
                archive.root().toString());

        // Then
        assertThat(output.toString())
                .contains("continues after 6 file(s)", SmallArchive.stem(6) + ".json has", "2 not as published")
                .doesNotContain(SmallArchive.stem(5) + ".json");
        assertThat(code).isEqualTo(1);
        assertThat(progress).doesNotExist();
    }

    @Test
    void everyFileThatIsNotAsPublishedIsNamed() throws IOException {
        // Given
        String sidecar = "SPN01/nii/" + SmallArchive.SESSION + "/" + SmallArchive.stem(5) + ".json";
        String metrics = "SPN01/qc/" + SmallArchive.SESSION + "/" + SmallArchive.stem(5) + "/metrics.json";
        archive.write(sidecar, "{\"EchoTime\": 0.004}");
        Files.delete(archive.root().resolve(metrics));

        // When
        int code = run("verify", "--archive", archive.root().toString());

        // Then
        assertThat(output.toString())
                .contains(sidecar + " has other content", metrics + " is missing", "2 not as published");
        assertThat(code).isEqualTo(1);
    }

    @Test
    void aDamagedProvenanceOfAResultIsNamedAndTheOtherFilesAreRead() throws IOException {
        // Given
        String result = "SPN01/qc/" + SmallArchive.SESSION + "/" + SmallArchive.stem(5) + "/provenance.json";
        String sidecar = "SPN01/nii/" + SmallArchive.SESSION + "/" + SmallArchive.stem(5) + ".json";
        archive.write(result, "{");
        archive.write(sidecar, "{}");

        // When
        int code = run("verify", "--archive", archive.root().toString());

        // Then
        assertThat(output.toString())
                .contains(result + " cannot be read", sidecar + " has 2 bytes", "5 file(s)", "2 not as published");
        assertThat(code).isEqualTo(1);
    }

    @Test
    void aResultWithoutItsProvenanceIsNamed() throws IOException {
        // Given
        String result = "SPN01/qc/" + SmallArchive.SESSION + "/" + SmallArchive.stem(5) + "/provenance.json";
        Files.delete(archive.root().resolve(result));

        // When
        int code = run("verify", "--archive", archive.root().toString());

        // Then
        assertThat(output.toString()).contains(result + " is missing", "1 not as published");
        assertThat(code).isEqualTo(1);
    }

    @Test
    void whatCannotBeReadDoesNotEndTheRun() throws IOException {
        // Given folders in place of files
        String result = "SPN01/qc/" + SmallArchive.SESSION + "/" + SmallArchive.stem(5) + "/provenance.json";
        Files.delete(archive.root().resolve(result));
        Files.createDirectory(archive.root().resolve(result));
        Files.createDirectory(archive.root().resolve(".datman/series/xnat/SIM_E00001/4.json"));

        // When
        int code = run("verify", "--archive", archive.root().toString());

        // Then
        assertThat(output.toString())
                .contains("SIM_E00001/4.json cannot be read", result + " cannot be read", "2 not as published");
        assertThat(code).isEqualTo(1);
    }

    @Test
    void aDamagedIndexIsNamed() throws IOException {
        // Given
        archive.write(".datman/series/xnat/SIM_E00001/6.json", "{\"exported\": ");

        // When
        int code = run("verify", "--archive", archive.root().toString());

        // Then
        assertThat(output.toString()).contains(".datman/series/xnat/SIM_E00001/6.json cannot be read");
        assertThat(code).isEqualTo(1);
    }

    @Test
    void withoutTheBuiltExportServiceNothingIsMadeOnceMore() {
        // Given
        String empty = folder.resolve("nothing").toString();

        // When
        int code = run(
                "verify",
                "--reproduce",
                "2",
                "--archive",
                archive.root().toString(),
                "--home",
                empty,
                "--checkout",
                empty);

        // Then
        assertThat(output.toString()).contains("The export service is not built", "'./datman build' builds it");
        assertThat(code).isEqualTo(2);
    }

    @Test
    void aReleaseIsWrittenAndComparedWithTheArchiveOfLater() throws IOException {
        // Given
        Path list = folder.resolve("first.tsv.gz");
        int written = run("release", archive.root().toString(), list.toString());
        archive.publish(5, "other pixels", "v1.0.20260724", 5);

        // When
        int code = run("diff", list.toString(), archive.root().toString());

        // Then
        assertThat(written).isZero();
        assertThat(output.toString())
                .contains("changed  " + SmallArchive.stem(5))
                .contains("because: converter dcm2niix v1.0.20260416 -> dcm2niix v1.0.20260724")
                .contains("0 the same, 0 added, 0 removed, 1 changed, 0 with other metadata only")
                .contains("converter differs for 1");
        assertThat(code).isEqualTo(1);
    }

    @Test
    void theArchiveOfTheOptionIsTheWholeOneHoweverItIsWritten() {
        // Given
        Path relative = Path.of("").toAbsolutePath().relativize(archive.root().toAbsolutePath());

        // When
        int code = run(
                "release",
                relative.toString(),
                folder.resolve("first.tsv.gz").toString(),
                "--archive",
                relative.toString());

        // Then
        assertThat(output.toString()).contains("6 file(s)");
        assertThat(code).isZero();
    }

    @Test
    void aMistypedStudyCostsNoList() throws IOException {
        // Given
        Path list = Files.writeString(folder.resolve("first.tsv.gz"), "the list of last year");

        // When
        int code = run(
                "release",
                "SPN0l",
                list.toString(),
                "--replace",
                "--archive",
                archive.root().toString());

        // Then
        assertThat(list).hasContent("the list of last year");
        assertThat(code).isEqualTo(2);
    }

    @Test
    void aStudyWithoutFilesMakesNoRelease() {
        // Given
        Path list = folder.resolve("none.tsv.gz");

        // When
        int code = run(
                "release", "OTHER", list.toString(), "--archive", archive.root().toString());

        // Then
        assertThat(output.toString()).contains("has no published file of a study 'OTHER'");
        assertThat(list).doesNotExist();
        assertThat(code).isEqualTo(2);
    }

    @Test
    void whereAllImagesAreLeftOutTheReasonsAreSaidAndNoListIsWritten() throws IOException {
        // Given a study that defaces its only image, which is not defaced yet
        String text =
                SmallArchive.TEXT + "Pipelines: {deface: {Descriptor: d.json, Inputs: {image: T1}, Defaced: o}}\n";
        AcceptedStudies studies = new AcceptedStudies(
                List.of(new AcceptedStudies.Accepted(SmallArchive.STUDY, "SPN01.yml", text, "r", Instant.EPOCH, "")));
        archive.write(AcceptedStudies.PATH, new String(studies.json(), StandardCharsets.UTF_8));
        Path list = folder.resolve("defaced.tsv.gz");

        // When
        int code = run(
                "release",
                "SPN01",
                list.toString(),
                "--defaced",
                "--archive",
                archive.root().toString());

        // Then
        assertThat(output.toString())
                .contains("left out: " + SmallArchive.stem(5) + ": there is no defaced image of these bytes")
                .contains("No image may be in the list");
        assertThat(list).doesNotExist();
        assertThat(code).isEqualTo(2);
    }

    @Test
    void aCrateIsWrittenIntoANewFolderOnly() throws IOException {
        // Given
        Path target = folder.resolve("crate");
        int first = run(
                "provenance",
                "crate",
                "SPN01",
                target.toString(),
                "--archive",
                archive.root().toString());

        // When
        int code = run(
                "provenance",
                "crate",
                "SPN01",
                target.toString(),
                "--archive",
                archive.root().toString());

        // Then
        assertThat(first).isZero();
        assertThat(target.resolve("ro-crate-metadata.json")).exists();
        assertThat(output.toString()).contains("is not empty; give a new folder");
        assertThat(code).isEqualTo(2);
    }
}

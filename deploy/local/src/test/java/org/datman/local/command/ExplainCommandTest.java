package org.datman.local.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.commons.codec.digest.DigestUtils;
import org.datman.contracts.provenance.Provenance;
import org.datman.local.provenance.SmallArchive;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ExplainCommandTest {

    private static final String NIFTI =
            SmallArchive.STUDY + "/nii/" + SmallArchive.SESSION + "/" + SmallArchive.stem(5) + ".nii.gz";

    @TempDir
    Path folder;

    private final StringWriter output = new StringWriter();
    private SmallArchive archive;
    private Provenance record;

    @BeforeEach
    void published() throws IOException {
        archive = new SmallArchive(folder.resolve("archive"));
        record = archive.publish(5);
    }

    private int run(String... arguments) {
        CommandLine line = DatmanCommand.commandLine(Map.of());
        line.setOut(new PrintWriter(output, true));
        line.setErr(new PrintWriter(output, true));
        return line.execute(arguments);
    }

    private int explain(String what) {
        return run("explain", what, "--archive", archive.root().toString());
    }

    @Test
    void anImageLeadsToItsInstancesItsConverterAndTheLineOfItsRule() {
        // When
        int code = run("explain", archive.root().resolve(NIFTI).toString());

        // Then
        assertThat(output.toString())
                .contains(DigestUtils.sha256Hex("pixels of 5") + " as published")
                .contains("dcm2niix v1.0.20260416", "dcm2niix -b y in", "SliceTiming is that of the DICOM headers")
                .contains("blanked, of 1.dcm on xnat, whose SHA-256 is " + DigestUtils.sha256Hex("original of 5"))
                .contains("6 files", DigestUtils.sha256Hex("dicom 5.1") + " 1.dcm", "3 more: --json")
                .contains("server xnat, session SIM_E00001, scan 5, resource 1001")
                .contains(".datman/studies/history/SPN01." + SmallArchive.REVISION + ".yml")
                // The site's clause is nearer than the study's.
                .contains("matched 'Sag T1', line 6: T1: {Pattern: {SeriesDescription: 'Sag'}}")
                .contains("matched 'SIEMENS', line 12: Manufacturer: 'SIEMENS'")
                .contains("cf08d5d9-1e4a-5f91-8ef5-662412cc1594", "account 'datman', datman-export 0.1.0")
                .contains("lists these files as the current export");
        assertThat(code).isZero();
    }

    @Test
    void aFileThatWasChangedIsReported() throws IOException {
        // Given
        Files.writeString(archive.root().resolve(NIFTI), "other pixels");

        // When
        int code = explain(SmallArchive.stem(5));

        // Then
        assertThat(output.toString())
                .contains(DigestUtils.sha256Hex("other pixels") + " changed since; published was "
                        + DigestUtils.sha256Hex("pixels of 5"))
                .contains(DigestUtils.sha256Hex("dicom 5.1") + " as published");
        assertThat(code).isEqualTo(1);
    }

    @Test
    void aFileThatIsGoneStillHasItsRecord() throws IOException {
        // Given
        Files.delete(archive.root().resolve(NIFTI));

        // When
        int code = explain(NIFTI);

        // Then
        assertThat(output.toString()).contains(DigestUtils.sha256Hex("pixels of 5") + " missing since");
        assertThat(code).isEqualTo(1);
    }

    @Test
    void aNumberHasItsValueItsDefinitionAndTheLimitsThatWereApplied() throws IOException {
        // Given
        archive.measure(record);

        // When
        int code = explain("SPN01/qc/" + SmallArchive.SESSION + "/" + SmallArchive.stem(5) + "/metrics.json#snr");

        // Then
        assertThat(output.toString())
                .contains("snr = 12.5 1, definition 3")
                .contains("warning below 15.0, flag below 9.5")
                .contains("WARN", "snr is 12.5", "datman-qc 0.1.0 as anat, rules of revision " + SmallArchive.REVISION)
                .contains(DigestUtils.sha256Hex("dicom 5.1"));
        assertThat(code).isZero();
    }

    @Test
    void aNumberThatWasNotMeasuredIsAnError() throws IOException {
        // Given
        archive.measure(record);

        // When
        int code = explain(SmallArchive.stem(5) + "#tsnr");

        // Then
        assertThat(output.toString()).contains("has no number 'tsnr'");
        assertThat(code).isEqualTo(2);
    }

    @Test
    void aSessionHasAllItsImagesWithEveryInstanceAsJson() throws IOException {
        // Given
        archive.publish(6);

        // When
        int code = run(
                "explain",
                "--json",
                SmallArchive.SESSION,
                "--archive",
                archive.root().toString());

        // Then
        JsonNode all = new ObjectMapper().readTree(output.toString());
        assertThat(all).hasSize(2);
        assertThat(all.get(1).at("/record/source/files")).hasSize(6);
        assertThat(all.get(1).at("/files").findValuesAsText("same"))
                .containsOnly("true")
                .hasSize(5);
        assertThat(code).isZero();
    }

    @Test
    void whatTheArchiveDoesNotKnowIsAnErrorWithWhatToDo() {
        // When
        int code = explain("SPN01_CMH_0002_01_01");

        // Then
        assertThat(output.toString()).contains("has no record of 'SPN01_CMH_0002_01_01'; give a file in the archive");
        assertThat(code).isEqualTo(2);
    }

    @Test
    void aFolderThatIsNoArchiveIsAnErrorWithWhatToDo() {
        // When
        int code = run("explain", "x", "--archive", folder.toString());

        // Then
        assertThat(output.toString()).contains("is it mounted?", "--archive");
        assertThat(code).isEqualTo(2);
    }

    @Test
    void aReplacedFileIsExplainedByTheNoteOfItsWithdrawal() throws IOException {
        // Given
        String kept = ".datman/withdrawn/2026-03-06/one/";
        archive.write(kept + NIFTI, "pixels of before");
        archive.write(kept + "withdrawn.json", """
                {"reason": {"code": "replaced", "message": "A new export has other content"}, "event": "e1",
                 "time": "2026-03-06T00:00:00Z"}""");

        // When
        int code = explain(kept + NIFTI);

        // Then
        assertThat(output.toString())
                .contains("2026-03-06T00:00:00Z (replaced): A new export has other content; event e1")
                .contains("./datman explain " + NIFTI + "' explains the file of that name now")
                .contains(DigestUtils.sha256Hex("pixels of before"));
        assertThat(code).isEqualTo(1);
    }

    private static final String KEPT = ".datman/withdrawn/2026-03-06/one/";
    private static final String RESULT =
            SmallArchive.STUDY + "/qc/" + SmallArchive.SESSION + "/" + SmallArchive.stem(5) + "/";

    private void withdraw(String path) throws IOException {
        Path target = archive.root().resolve(KEPT + path);
        Files.createDirectories(target.getParent());
        Files.move(archive.root().resolve(path), target);
        archive.write(KEPT + "withdrawn.json", """
                {"reason": {"code": "removed", "message": "The scan is gone"}, "event": "e1", "time": "2026-03-06T00:00:00Z"}""");
    }

    @Test
    void aWithdrawnNumberIsThatOfTheWithdrawnFile() throws IOException {
        // Given
        archive.measure(record);
        archive.write(
                RESULT + "metrics.json",
                "{\"metrics\": {\"snr\": {\"value\": 3.25, \"unit\": \"1\", \"version\": 2}}}");
        withdraw(RESULT + "metrics.json");
        archive.measure(record);

        // When
        int code = explain(KEPT + RESULT + "metrics.json#snr");

        // Then
        assertThat(output.toString())
                .contains("snr = 3.25 1, definition 2", "The scan is gone")
                .doesNotContain("12.5");
        assertThat(code).isEqualTo(1);
    }

    @Test
    void aWithdrawnResultWithoutAnyRecordStillHasTheNoteOfItsWithdrawal() throws IOException {
        // Given
        archive.write(RESULT + "report.html", "report");
        withdraw(RESULT + "report.html");
        Files.delete(archive.root()
                .resolve("SPN01/provenance/" + SmallArchive.SESSION + "/" + SmallArchive.stem(5) + ".prov.json"));

        // When
        int code = explain(KEPT + RESULT + "report.html");

        // Then
        assertThat(output.toString())
                .contains("The scan is gone", DigestUtils.sha256Hex("report"), "No record was withdrawn with it");
        assertThat(code).isEqualTo(1);
    }

    @Test
    void aWithdrawnAssociatedFileHasItsNoteAndDigest() throws IOException {
        // Given
        String path = "SPN01/resources/" + SmallArchive.SESSION + "/behaviour/task.csv";
        archive.write(path, "1,2");
        withdraw(path);

        // When
        explain(KEPT + path);

        // Then
        assertThat(output.toString())
                .contains("The scan is gone", DigestUtils.sha256Hex("1,2"))
                .doesNotContain("null");
    }

    @Test
    void withdrawnBytesAreComparedWithTheRecordThatIsKeptWithThem() throws IOException {
        // Given
        String prov = "SPN01/provenance/" + SmallArchive.SESSION + "/" + SmallArchive.stem(5) + ".prov.json";
        withdraw(prov);
        withdraw(NIFTI);
        int before = explain(KEPT + NIFTI);
        archive.write(KEPT + NIFTI, "rotten");

        // When
        int code = explain(KEPT + NIFTI);

        // Then
        assertThat(before).isZero();
        assertThat(output.toString())
                .contains(DigestUtils.sha256Hex("rotten") + " changed since; published was "
                        + DigestUtils.sha256Hex("pixels of 5"));
        assertThat(code).isEqualTo(1);
    }

    @Test
    void theFolderOfAWithdrawalIsNoFile() throws IOException {
        // Given
        withdraw(NIFTI);

        // When
        int date = explain(".datman/withdrawn/2026-03-06");
        int id = explain(".datman/withdrawn/2026-03-06/one");

        // Then
        assertThat(output.toString()).contains("Give a file in").doesNotContain("out of bounds");
        assertThat(List.of(date, id)).containsOnly(2);
    }

    @Test
    void theFilesOfTheResultOfAnImageAreComparedToo() throws IOException {
        // Given
        archive.measure(record);
        int before = explain(SmallArchive.stem(5));
        Files.writeString(archive.root().resolve(RESULT + "metrics.json"), "{\"metrics\": {\"snr\": {\"value\": 99}}}");

        // When
        int image = explain(SmallArchive.stem(5));
        int number = explain(SmallArchive.stem(5) + "#snr");

        // Then
        assertThat(before).isZero();
        assertThat(List.of(image, number)).containsOnly(1);
    }

    @Test
    void numbersThatAreGoneAreAChangedResult() throws IOException {
        // Given
        archive.measure(record);
        Files.delete(archive.root().resolve(RESULT + "metrics.json"));

        // When
        int code = explain(SmallArchive.stem(5));

        // Then
        assertThat(output.toString()).contains("WARN", "metrics.json missing since", "rules of revision");
        assertThat(code).isEqualTo(1);
    }

    @Test
    void aFileThatNoRecordListsIsNotAsPublished() throws IOException {
        // Given
        String stray = NIFTI.replace(".nii.gz", ".bval");
        archive.write(stray, "0 1000");

        // When
        int code = explain(stray);

        // Then
        assertThat(output.toString())
                .contains(DigestUtils.sha256Hex("0 1000") + "; no record in the archive lists what was published");
        assertThat(code).isEqualTo(1);
    }

    @Test
    void aNameMayHaveANumberSign() throws IOException {
        // Given
        String path = "SPN01/resources/" + SmallArchive.SESSION + "/behaviour/task #2.csv";
        associated(path, "\"outcome\": \"EXPORTED\",");

        // When
        int code = explain(path);

        // Then
        assertThat(output.toString()).contains(DigestUtils.sha256Hex("1,2") + " as published");
        assertThat(code).isZero();
    }

    @Test
    void aCopyThatCouldNotBeRenewedHasNotTheMd5OfTheNewerFile() throws IOException {
        // Given
        String path = "SPN01/resources/" + SmallArchive.SESSION + "/behaviour/task.csv";
        associated(path, """
                "outcome": "EXPORTED", "renewal": {"code": "renewal-failed", "message": "The download failed", "action": "Retry"},""");

        // When
        int code = explain(path);

        // Then
        assertThat(output.toString()).contains("The download failed").doesNotContain("0cc");
        assertThat(code).isZero();
    }

    private void associated(String path, String exported) throws IOException {
        archive.write(path, "1,2");
        archive.write(".datman/resources/xnat/SIM_E00001/r.json", """
                {"discovered": {"session": {"server": "xnat", "accession": "SIM_E00001"}, "resourceRevision": 4,
                  "removed": false, "project": "SPN01", "subjectLabel": "s", "sessionLabel": "l", "resource": "77",
                  "label": "behaviour", "path": "task.csv", "size": 3, "md5": "0cc"},
                 "exported": {%s "file": {"role": "resource", "path": "%s", "size": 3, "sha256": "%s"}}}""".formatted(
                        exported, path, DigestUtils.sha256Hex("1,2")));
    }

    @Test
    void anAssociatedFileLeadsToItsFolderOnXnat() throws IOException {
        // Given
        String path = "SPN01/resources/" + SmallArchive.SESSION + "/behaviour/task.csv";
        associated(path, "\"outcome\": \"EXPORTED\",");

        // When
        int code = explain(path);

        // Then
        assertThat(output.toString())
                .contains(DigestUtils.sha256Hex("1,2") + " as published")
                .contains("session SIM_E00001, session, resource 77 (behaviour), file task.csv", "0cc");
        assertThat(code).isZero();
    }

    @Test
    void anOutputOfAToolLeadsToItsInputs() throws IOException {
        // Given
        String run = "SPN01/pipelines/brain-volume/1.0/" + SmallArchive.SESSION + "/abc/";
        archive.write(run + "volume.tsv", "1");
        archive.write(run + "provenance.json", """
                {"pipeline": "volume", "runKey": "abc", "tool": {"name": "brain-volume", "version": "1.0",
                  "descriptor": "brain-volume.json", "descriptorSha256": "d1"},
                 "inputs": {"image": {"role": "nifti", "path": "%s", "size": 11, "sha256": "%s"}},
                 "commandLine": ["brain-volume", "in.nii.gz"], "host": "m", "started": "2026-03-05T11:00:00Z",
                 "finished": "2026-03-05T11:01:00Z", "exitCode": 0, "requestedBy": "rule", "configRevision": "c1",
                 "outputs": [{"role": "output", "path": "%svolume.tsv", "size": 1, "sha256": "%s"}]}""".formatted(
                        NIFTI, DigestUtils.sha256Hex("pixels of 5"), run, DigestUtils.sha256Hex("1")));

        // When
        int code = explain(run + "volume.tsv");

        // Then
        assertThat(output.toString())
                .contains("brain-volume 1.0", "brain-volume in.nii.gz", "d1")
                .contains(NIFTI + " " + DigestUtils.sha256Hex("pixels of 5") + " as published");
        assertThat(code).isZero();

        // And a file beside it that the run did not write
        archive.write(run + "stray.tsv", "2");
        assertThat(explain(run + "stray.tsv")).isEqualTo(1);
        assertThat(output.toString()).contains("does not list " + run + "stray.tsv");
    }
}

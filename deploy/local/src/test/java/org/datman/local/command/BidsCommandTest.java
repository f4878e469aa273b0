package org.datman.local.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.datman.contracts.archive.Defaced;
import org.datman.contracts.archive.Fixity;
import org.datman.contracts.event.EventJson;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.FileRole;
import org.datman.contracts.study.AcceptedStudies;
import org.datman.imaging.nifti.NiftiDataType;
import org.datman.imaging.nifti.NiftiHeader;
import org.datman.imaging.nifti.NiftiWriter;
import org.datman.local.provenance.SmallArchive;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class BidsCommandTest {

    @TempDir
    Path folder;

    private final StringWriter output = new StringWriter();
    private final StringWriter errors = new StringWriter();

    @BeforeEach
    void aDataset() throws IOException {
        Files.writeString(
                folder.resolve("dataset_description.json"),
                "{\"Name\": \"n\", \"BIDSVersion\": \"1.11.1\", \"HEDVersion\": \"8.2.0\"}");
        Files.writeString(folder.resolve("README"), "About the dataset. ".repeat(20));
        Files.createDirectories(folder.resolve("sub-01/anat"));
    }

    @Test
    void aDatasetWithoutErrorIsSaidToBeSo() {
        // When
        int code = run("bids", "validate", folder.toString());

        // Then
        assertThat(output.toString())
                .contains("warning JSON_KEY_RECOMMENDED: the file lacks a field that is recommended, 1 file(s)")
                .contains("not checked: HED tags are not checked")
                .contains("0 error(s), ")
                .contains("by BIDS 1.11.1 (schema 1.2.7)");
        assertThat(code).isZero();
    }

    @Test
    void errorsAreGroupedByCodeWithTheirPlaces() throws IOException {
        // Given
        for (int i = 1; i <= 5; i++) {
            Files.writeString(folder.resolve("sub-01/anat/notes" + i + ".txt"), "x");
        }

        // When
        int code = run("bids", "validate", folder.toString());
        int codeOfAll = run("bids", "validate", "--all", folder.toString());

        // Then
        assertThat(output.toString())
                .contains("error NOT_INCLUDED: ", "5 file(s)", "    /sub-01/anat/notes3.txt\n    and 2 more")
                .contains("    /sub-01/anat/notes5.txt");
        assertThat(code).isEqualTo(1);
        assertThat(codeOfAll).isEqualTo(1);
    }

    @Test
    void programsReadTheFindingsAsJson() throws IOException {
        // Given
        Files.writeString(folder.resolve("sub-01/anat/sub-01_T1w.json"), "{}");

        // When
        int code = run("bids", "validate", "--json", folder.toString());

        // Then
        JsonNode report = new ObjectMapper().readTree(output.toString());
        assertThat(report.get("schemaVersion").asText()).isEqualTo("1.2.7");
        assertThat(report.get("findings").get(0).get("code").asText()).isEqualTo("SIDECAR_WITHOUT_DATAFILE");
        assertThat(report.get("findings").get(0).get("location").asText()).isEqualTo("/sub-01/anat/sub-01_T1w.json");
        assertThat(code).isEqualTo(1);
    }

    @Test
    void aFolderThatIsNotThereIsAnErrorOfItsOwn() {
        // When
        int code = run("bids", "validate", folder.resolve("none").toString());

        // Then
        assertThat(errors.toString()).contains("none");
        assertThat(code).isEqualTo(2);
    }

    @Test
    void theBenchmarkPrintsItsTimes() {
        // When
        int code = run("bids", "bench", "--sessions", "2", "--runs", "3");

        // Then
        assertThat(output.toString()).contains("2 sessions, 62 files").contains("one sidecar changed: median");
        assertThat(code).isLessThan(2);
    }

    @Test
    void aSharedDatasetHasTheDefacedImagesAndNoOthersOfTheirTag() throws IOException {
        // Given two participants: of the first one T1 is defaced and one is not, of the second the only one was defaced
        // when it had other bytes
        SmallArchive archive = study();
        String first = "sub-CMH0001/ses-01/";
        FileRef defaced = image(archive, 3, first + "anat/sub-CMH0001_ses-01_run-01_T1w", "T1", 1);
        FileRef pending = image(archive, 4, first + "anat/sub-CMH0001_ses-01_run-02_T1w", "T1", 2);
        FileRef other = image(archive, 5, first + "func/sub-CMH0001_ses-01_task-rest_bold", "RST", 3);
        FileRef changed = image(archive, 6, "sub-CMH0002/ses-01/anat/sub-CMH0002_ses-01_T1w", "T1", 4);
        deface(archive, defaced, 5);
        deface(archive, new FileRef(changed.role(), changed.path(), changed.size(), "0".repeat(64)), 6);
        raw(archive, first + "func/sub-CMH0001_ses-01_task-rest_events.tsv", "onset\tduration\n1\t2\n");
        raw(
                archive,
                first + "sub-CMH0001_ses-01_scans.tsv",
                "filename\tqc_verdict\nanat/sub-CMH0001_ses-01_run-01_T1w.nii\tPASS\n"
                        + "anat/sub-CMH0001_ses-01_run-02_T1w.nii\tPASS\nfunc/sub-CMH0001_ses-01_task-rest_bold.nii\tWARN\n");
        raw(archive, "sub-CMH0001/sub-CMH0001_sessions.tsv", "session_id\tqc_signed_off\nses-01\tyes\n");
        raw(archive, "sub-CMH0002/sub-CMH0002_sessions.tsv", "session_id\tqc_signed_off\nses-01\tyes\n");
        raw(archive, "participants.tsv", "participant_id\tsite\nsub-CMH0001\tCMH\nsub-CMH0002\tCMH\n");
        manifests(archive);
        raw(archive, first + "notes of a person.txt", "A. Person");
        Path out = folder.resolve("shared");

        // When
        int code = run(
                "bids",
                "share",
                "SPN01",
                out.toString(),
                "--archive",
                archive.root().toString());

        // Then
        assertThat(errors.toString()).isEmpty();
        assertThat(output.toString())
                .contains("run-02_T1w.nii: there is no defaced image of these bytes")
                .contains("sub-CMH0002_ses-01_T1w.nii: there is no defaced image of these bytes")
                .contains("2 image(s)")
                .doesNotContain("not valid");
        assertThat(code).isEqualTo(1);
        List<String> digests = new ArrayList<>();
        List<String> names = new ArrayList<>();
        try (Stream<Path> files = Files.walk(out)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                names.add(out.relativize(file).toString());
                digests.add(Fixity.sha256(file));
            }
        }
        assertThat(digests)
                .contains(other.sha256())
                .doesNotContain(defaced.sha256(), pending.sha256(), changed.sha256());
        assertThat(names)
                .contains(
                        first + "anat/sub-CMH0001_ses-01_run-01_T1w.nii.gz",
                        first + "anat/sub-CMH0001_ses-01_run-01_T1w.json")
                .contains(first + "func/sub-CMH0001_ses-01_task-rest_events.tsv")
                .noneMatch(name -> name.contains("run-02") || name.contains("CMH0002") || name.contains("person"));
        assertThat(out.resolve(first + "sub-CMH0001_ses-01_scans.tsv"))
                .hasContent("filename\tqc_verdict\nanat/sub-CMH0001_ses-01_run-01_T1w.nii.gz\tPASS\n"
                        + "func/sub-CMH0001_ses-01_task-rest_bold.nii\tWARN\n");
        assertThat(out.resolve("participants.tsv")).hasContent("participant_id\tsite\nsub-CMH0001\tCMH\n");
    }

    @Test
    void whatSomebodyWroteIntoADatasetDoesNotLeaveUnderANameOfDatman() throws IOException {
        // Given a sidecar and a table that were edited, events that came as BIDS, and a companion that somebody added
        SmallArchive archive = study();
        String first = "sub-CMH0001/ses-01/";
        image(archive, 5, first + "func/sub-CMH0001_ses-01_task-rest_run-01_bold", "RST", 3);
        image(archive, 6, first + "func/sub-CMH0001_ses-01_task-rest_run-02_bold", "RST", 4);
        String events = first + "func/sub-CMH0001_ses-01_task-rest_run-01_events.tsv";
        raw(archive, events, "onset\tduration\n1\t2\n");
        archive.write("SPN01/bids/logs/came.json", "{\"cameAsBids\": [{\"path\": \"" + events + "\"}]}");
        raw(archive, "participants.tsv", "participant_id\tsite\nsub-CMH0001\tCMH\n");
        manifests(archive);
        String sidecar = first + "func/sub-CMH0001_ses-01_task-rest_run-01_bold.json";
        raw(archive, sidecar, "{\"RepetitionTime\": 2.0, \"TaskName\": \"rest\", \"Note\": \"A. Person\"}");
        raw(archive, "participants.tsv", "participant_id\tname\nsub-CMH0001\tA. Person\n");
        String added = first + "func/sub-CMH0001_ses-01_task-rest_run-02_events.tsv";
        raw(archive, added, "onset\tduration\tsaid\n1\t2\tA. Person\n");
        Path out = folder.resolve("shared");

        // When
        int code = run(
                "bids",
                "share",
                "SPN01",
                out.toString(),
                "--archive",
                archive.root().toString());

        // Then
        assertThat(output.toString())
                .contains(
                        "left out: " + events + ": it came as BIDS",
                        "left out: " + sidecar + ": it is not as DATMAN wrote it",
                        "left out: participants.tsv: it is not as DATMAN wrote it",
                        "left out: " + added + ": DATMAN did not write it",
                        "2 image(s)");
        assertThat(code).isEqualTo(1);
        assertThat(out.resolve(sidecar.replace("run-01", "run-02"))).exists();
        assertThat(List.of(events, sidecar, added, "participants.tsv"))
                .allSatisfy(path -> assertThat(out.resolve(path)).doesNotExist());
    }

    /** One that defaces its T1. */
    private SmallArchive study() throws IOException {
        SmallArchive archive = new SmallArchive(Files.createDirectories(folder.resolve("archive")));
        String text = SmallArchive.TEXT
                + "Pipelines: {deface: {Descriptor: d.json, Inputs: {image: T1}, Defaced: defaced}}\n";
        archive.write(
                AcceptedStudies.PATH,
                new String(
                        new AcceptedStudies(List.of(new AcceptedStudies.Accepted(
                                        SmallArchive.STUDY, "SPN01.yml", text, "r", Instant.EPOCH, "")))
                                .json(),
                        StandardCharsets.UTF_8));
        raw(
                archive,
                "dataset_description.json",
                "{\"Name\": \"n\", \"BIDSVersion\": \"1.11.1\", \"DatasetType\": \"raw\"}");
        raw(archive, "README.md", "About the dataset. ".repeat(20));
        raw(archive, "scans.json", "{\"qc_verdict\": {\"Description\": \"of QC\"}}");
        raw(archive, "sessions.json", "{\"qc_signed_off\": {\"Description\": \"by a person\"}}");
        raw(archive, "participants.json", "{\"site\": {\"Description\": \"of the scanner\"}}");
        return archive;
    }

    /** What DATMAN wrote: all that is there, in the dataset and in each session. */
    private static void manifests(SmallArchive archive) throws IOException {
        Path dataset = archive.root().resolve("SPN01/bids");
        Map<String, Map<String, String>> digests = new TreeMap<>();
        try (Stream<Path> all = Files.walk(dataset)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                String path = dataset.relativize(file).toString();
                Matcher session =
                        Pattern.compile("(rawbids/[^/]+/ses-[^/]+/)(.+)").matcher(path);
                String folder = session.matches() ? session.group(1) : "";
                digests.computeIfAbsent(folder, key -> new TreeMap<>())
                        .put(path.substring(folder.length()), Fixity.sha256(file));
            }
        }
        for (Map.Entry<String, Map<String, String>> manifest : digests.entrySet()) {
            archive.write(
                    "SPN01/bids/" + manifest.getKey() + ".datman.json",
                    EventJson.mapper().writeValueAsString(manifest.getValue()));
        }
    }

    private static void raw(SmallArchive archive, String path, String content) throws IOException {
        archive.write("SPN01/bids/rawbids/" + path, content);
    }

    /** An image in the archive and in the dataset, with its sidecar and the log of its session. */
    private static FileRef image(SmallArchive archive, int scan, String bids, String tag, int brightness)
            throws IOException {
        String sidecar =
                tag.equals("RST") ? "{\"RepetitionTime\": 2.0, \"TaskName\": \"rest\"}" : "{\"EchoTime\": 0.003}";
        raw(archive, bids + ".json", sidecar);
        Path image = archive.root().resolve("SPN01/bids/rawbids/" + bids + ".nii");
        int volumes = tag.equals("RST") ? 4 : 1;
        nifti(image, brightness, volumes);
        String source = "SPN01/nii/" + SmallArchive.SESSION + "/" + SmallArchive.stem(scan) + ".nii";
        Files.createDirectories(archive.root().resolve(source).getParent());
        Files.copy(image, archive.root().resolve(source));
        FileRef original = new FileRef(FileRole.NIFTI, source, Files.size(image), Fixity.sha256(image));
        archive.write(
                "SPN01/bids/logs/scan" + scan + ".json",
                "{\"images\": [{\"path\": \"" + bids + ".nii\", \"tag\": \"" + tag + "\", \"sources\": {\"" + source
                        + "\": \"" + original.sha256() + "\"}}]}");
        return original;
    }

    private static void deface(SmallArchive archive, FileRef original, int brightness) throws IOException {
        String path = Defaced.image(original.path(), "out.nii.gz");
        Path file = archive.root().resolve(path);
        nifti(file, brightness, 1);
        archive.write(
                Defaced.record(original.path()),
                EventJson.mapper()
                        .writeValueAsString(new Defaced(
                                original,
                                new FileRef(FileRole.OUTPUT, path, Files.size(file), Fixity.sha256(file)),
                                "pydeface",
                                "2.0.2",
                                "d",
                                "k")));
    }

    private static void nifti(Path file, int brightness, int volumes) throws IOException {
        Files.createDirectories(file.getParent());
        float[] voxels = new float[8 * 8 * 8];
        Arrays.fill(voxels, brightness);
        double[][] affine = {{2, 0, 0, 0}, {0, 2, 0, 0}, {0, 0, 2, 0}, {0, 0, 0, 1}};
        NiftiHeader header = volumes == 1
                ? NiftiHeader.of(NiftiDataType.INT16, affine, 8, 8, 8)
                : NiftiHeader.of(NiftiDataType.INT16, affine, 8, 8, 8, volumes).withRepetitionTime(2.0);
        NiftiWriter.write(file, header, Collections.nCopies(volumes, voxels));
    }

    private int run(String... arguments) {
        CommandLine commands = DatmanCommand.commandLine(Map.of());
        return commands.setOut(new PrintWriter(output))
                .setErr(new PrintWriter(errors))
                .execute(arguments);
    }
}

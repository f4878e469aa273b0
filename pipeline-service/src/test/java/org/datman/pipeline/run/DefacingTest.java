package org.datman.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.datman.contracts.archive.ArchiveMark;
import org.datman.contracts.archive.Defaced;
import org.datman.contracts.event.Envelope;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.FileRole;
import org.datman.contracts.event.PipelineRequested;
import org.datman.contracts.event.PipelineRequestedBuilder;
import org.datman.contracts.event.SessionRef;
import org.datman.contracts.study.PipelineRule;
import org.datman.pipeline.boutiques.Tools;
import org.datman.pipeline.runner.LocalRunner;
import org.datman.pipeline.runner.Runners;
import org.datman.pipeline.selection.Image;
import org.datman.pipeline.selection.Selection;
import org.datman.pipeline.selection.SessionFacts;
import org.datman.platform.archive.Archive;
import org.datman.platform.study.Studies;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tools that deface, by descriptor, on a study's images: one that zeroes a region, one that changes nothing. */
class DefacingTest {

    private static final String SESSION = "DFC_CMH_0001_01_01";
    private static final SessionRef REF = new SessionRef("test", "A");

    @TempDir
    Path folder;

    private Archive archive;
    private Studies studies;
    private Tools tools;
    private Attempt attempt;

    @BeforeEach
    void aStudyWithItsTools() throws IOException {
        archive = new Archive(Files.createDirectories(folder.resolve("archive")));
        ArchiveMark.create(archive.root());
        Path home = Files.createDirectories(folder.resolve("studies"));
        Files.copy(Path.of("src/test/resources/studies/DFC.yml"), home.resolve("DFC.yml"));
        for (String file : List.of("zero-face.json", "keeps-face.json", "ZeroFace.java")) {
            Files.copy(Path.of("src/test/resources/tools", file), home.resolve(file));
        }
        studies = new Studies(home, Duration.ofHours(1), Clock.systemUTC());
        tools = new Tools(ConfigProvider.getConfig(), home);
        attempt = new Attempt(
                studies,
                tools,
                archive,
                new Runners(new LocalRunner(List.of("PATH"))),
                Clock.systemUTC(),
                folder.resolve("work"),
                Duration.ofMinutes(5));
    }

    @Test
    void eachImageOfTheTagIsDefacedAndTheDefacedFormOfOtherBytesIsNotUsed() throws Exception {
        // Given
        Image first = image("T1", 3, 500);
        Image second = image("T1", 4, 600);
        Map<String, Outcome> outcomes = new HashMap<>();

        // When
        for (Selection.Task task : tasks("deface", first, second, image("T2", 5, 700))) {
            outcomes.put(task.rule().name(), run(task));
        }

        // Then
        assertThat(outcomes).containsOnlyKeys("deface:" + first.stem(), "deface:" + second.stem());
        for (Image image : List.of(first, second)) {
            assertThat(outcomes.get("deface:" + image.stem())).isInstanceOf(Outcome.Succeeded.class);
            FileRef original = image.files().get(0);
            Defaced record = Defaced.find(archive.root(), original).orElseThrow();
            assertThat(record.defaced().path())
                    .isEqualTo("DFC/defaced/" + SESSION + "/" + image.stem() + "_defaced.nii");
            byte[] before = Files.readAllBytes(archive.resolve(original.path()));
            byte[] after = Files.readAllBytes(archive.resolve(record.defaced().path()));
            assertThat(Arrays.copyOfRange(after, 352, 352 + (after.length - 352) / 4))
                    .containsOnly(0);
            assertThat(Arrays.copyOfRange(after, after.length / 2, after.length))
                    .isEqualTo(Arrays.copyOfRange(before, before.length / 2, before.length));
            FileRef later = new FileRef(original.role(), original.path(), original.size(), "f".repeat(64));
            assertThat(Defaced.find(archive.root(), later)).isEmpty();
        }
    }

    @Test
    void aToolThatLeavesTheImageAsItIsFails() throws Exception {
        // Given
        Image image = image("T2", 5, 700);

        // When
        Outcome outcome = run(tasks("keep", image).get(0));

        // Then
        assertThat(outcome).isInstanceOfSatisfying(Outcome.Failed.class, failed -> {
            assertThat(failed.reason().code()).isEqualTo("not-defaced");
            assertThat(failed.reason().message()).contains("nothing was removed");
        });
        assertThat(Defaced.find(archive.root(), image.files().get(0))).isEmpty();
    }

    private List<Selection.Task> tasks(String rule, Image... images) {
        List<PipelineRule> rules = studies.current().study("DFC").orElseThrow().pipelines();
        SessionFacts facts = new SessionFacts(REF, "DFC", SESSION, false, false, List.of(images), null, false);
        return new ArrayList<>(Selection.tasks(PipelineRule.find(rules, rule).orElseThrow(), facts));
    }

    private Outcome run(Selection.Task task) throws Exception {
        Selection.Runnable runnable = (Selection.Runnable) Selection.decide(task.rule(), task.session());
        var tool = tools.load(task.rule().descriptor());
        PipelineRequested request = PipelineRequestedBuilder.builder()
                .session(REF)
                .study("DFC")
                .sessionName(SESSION)
                .pipeline(task.rule().name())
                .tool(tool.descriptor().name())
                .toolVersion(tool.descriptor().toolVersion())
                .descriptorSha256(tool.sha256())
                .parameters(Map.of())
                .inputs(runnable.inputs())
                .runKey(Archive.sha256(archive.resolve(
                        runnable.inputs().values().iterator().next().path())))
                .requestedBy("rules")
                .requestId("r1")
                .configRevision("c1")
                .time(Instant.EPOCH)
                .build();
        Job job = new Job(1, "worker", 1, null, Envelope.first(request, "/datman/pipeline", Instant.EPOCH));
        return attempt.run(job, handle -> true, () -> false).orElseThrow();
    }

    /** An exported image, uncompressed NIfTI-1 of 16 x 16 x 16 voxels. */
    private Image image(String tag, int scan, int brightness) throws IOException {
        int voxels = 16 * 16 * 16;
        ByteBuffer nifti = ByteBuffer.allocate(352 + 2 * voxels).order(ByteOrder.LITTLE_ENDIAN);
        nifti.putInt(0, 348);
        nifti.putShort(40, (short) 3);
        for (int d = 1; d <= 3; d++) {
            nifti.putShort(40 + 2 * d, (short) 16);
            nifti.putFloat(76 + 4 * d, 1);
        }
        nifti.putShort(70, (short) 4);
        nifti.putShort(72, (short) 16);
        nifti.putFloat(108, 352);
        nifti.position(344);
        nifti.put(new byte[] {'n', '+', '1', 0});
        nifti.position(352);
        for (int i = 0; i < voxels; i++) {
            nifti.putShort((short) (brightness + i % 50));
        }
        String stem = SESSION + "_" + tag + "_0" + scan + "_x";
        FileRef file = archive.write(FileRole.NIFTI, "DFC/nii/" + SESSION + "/" + stem + ".nii", nifti.array());
        return new Image(stem, tag, true, false, List.of(file), null, null);
    }
}

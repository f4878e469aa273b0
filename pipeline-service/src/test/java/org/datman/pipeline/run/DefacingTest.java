package org.datman.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.datman.contracts.archive.Defaced;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.FileRole;
import org.datman.contracts.study.PipelineRule;
import org.datman.imaging.ImageFormatException;
import org.datman.pipeline.runner.LocalRunner;
import org.datman.pipeline.selection.Image;
import org.datman.pipeline.selection.Selection;
import org.datman.pipeline.selection.SessionFacts;
import org.datman.pipeline.selection.Sources;
import org.datman.platform.archive.Archive;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tools that deface, by descriptor, on a study's images: one that zeroes a region, one that changes nothing. */
class DefacingTest {

    private static final String SESSION = "DFC_CMH_0001_01_01";

    @TempDir
    Path folder;

    private RunFixture fixture;
    private Archive archive;

    @BeforeEach
    void aStudyWithItsTools() throws IOException {
        fixture = new RunFixture(folder, SESSION, "zero-face.json", "keeps-face.json", "ZeroFace.java");
        archive = fixture.archive();
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
    void theFormerDefacedImageIsWithdrawnBeforeAnotherRunBegins() throws Exception {
        // Given one that succeeded, and a tool that fails by now
        Image image = image("T1", 3, 500);
        run(tasks("deface", image).get(0));
        Defaced former = Defaced.find(archive.root(), image.files().get(0)).orElseThrow();
        Files.writeString(fixture.home().resolve("ZeroFace.java"), "no Java");

        // When
        Outcome outcome = run(tasks("deface", image).get(0));

        // Then
        assertThat(outcome).isInstanceOf(Outcome.Failed.class);
        assertThat(Defaced.find(archive.root(), image.files().get(0))).isEmpty();
        assertThat(archive.resolve(former.defaced().path())).doesNotExist();
        try (Stream<Path> withdrawn = Files.walk(archive.root().resolve(".datman/withdrawn"))) {
            assertThat(withdrawn.map(path -> path.getFileName().toString()))
                    .contains(image.stem() + "_defaced.nii", image.stem() + "_defaced.json");
        }
    }

    @Test
    void aToolThatMovesTheImageFails() throws Exception {
        // Given one that writes voxels of 2 mm, a number of NIfTI-1 at byte 80
        Image image = image("T1", 3, 500);
        Path tool = fixture.home().resolve("ZeroFace.java");
        Files.writeString(
                tool, Files.readString(tool).replace("Files.write(", "image[82] = 0; image[83] = 0x40; Files.write("));

        // When
        Outcome outcome = run(tasks("deface", image).get(0));

        // Then
        assertThat(outcome).isInstanceOfSatisfying(Outcome.Failed.class, failed -> assertThat(
                        failed.reason().message())
                .contains("another grid"));
    }

    @Test
    void anOutputThatIsNoNiftiFails() throws Exception {
        // Given
        Image image = image("T1", 3, 500);
        Path tool = fixture.home().resolve("ZeroFace.java");
        Files.writeString(tool, Files.readString(tool).replace("Files.write(", "image[0] = 99; Files.write("));

        // When
        Outcome outcome = run(tasks("deface", image).get(0));

        // Then
        assertThat(outcome).isInstanceOfSatisfying(Outcome.Failed.class, failed -> assertThat(
                        failed.reason().message())
                .contains("cannot be read as NIfTI"));
    }

    @Test
    void anImageThatCannotBeReadForAWhileIsNoFaultOfTheTool() throws Exception {
        // Given a folder in the place of the output: reading it fails for everybody
        Image image = image("T1", 3, 500);
        PipelineRule rule = PipelineRule.find(fixture.rules(), "deface").orElseThrow();
        Job job = fixture.job(rule, Map.of("image", image.files().get(0)));
        Path unreadable = Files.createDirectories(folder.resolve("out.nii"));
        DefacedImage defaced = new DefacedImage(job.event(), image.files().get(0), unreadable);

        // When
        Throwable thrown = catchThrowable(() -> defaced.fault(archive));

        // Then
        assertThat(thrown).isInstanceOf(IOException.class).isNotInstanceOf(ImageFormatException.class);
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
        List<PipelineRule> rules = fixture.rules();
        SessionFacts facts =
                new SessionFacts(RunFixture.REF, "DFC", SESSION, false, false, null, List.of(images), null, false);
        return new ArrayList<>(Selection.tasks(PipelineRule.find(rules, rule).orElseThrow(), facts));
    }

    private Outcome run(Selection.Task task) throws Exception {
        Selection.Runnable runnable = (Selection.Runnable) Selection.decide(task.rule(), task.session(), Sources.NONE);
        Job job = fixture.job(task.rule(), runnable.inputs());
        return fixture.attempt(new LocalRunner(List.of("PATH")))
                .run(job, handle -> true, () -> false)
                .orElseThrow();
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

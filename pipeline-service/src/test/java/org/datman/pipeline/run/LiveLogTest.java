package org.datman.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.re2j.Pattern;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.datman.contracts.archive.RunningLog;
import org.datman.contracts.archive.RunningLog.Part;
import org.datman.contracts.archive.RunningLog.Progress;
import org.datman.contracts.event.EventJson;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.FileRole;
import org.datman.contracts.study.PipelineRule;
import org.datman.pipeline.runner.LocalRunner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The log of a run while it runs. */
class LiveLogTest {

    @TempDir
    Path folder;

    @Test
    void theEndOfTheLogIsInTheArchiveWhileTheRunGoesOnAndNotAfterwards() throws Exception {
        // Given a tool that writes more than is shown, and waits for a file
        RunFixture fixture = new RunFixture(folder, "BAD_CMH_0001_01_01", "good.json");
        Path go = folder.resolve("go");
        Path descriptor = fixture.home().resolve("good.json");
        Files.writeString(
                descriptor,
                Files.readString(descriptor)
                        .replace(
                                "cp [IMAGE] out/copy.bin",
                                "head -c 40000 /dev/zero | tr '\\\\0' x; echo; echo step 3/4; while [ ! -e " + go
                                        + " ]; do sleep 0.1; done; cp [IMAGE] out/copy.bin")
                        .replaceFirst("\\{", "{\"custom\": {\"datman\": {\"progress\": \"step ([0-9/]+)\"}},"));
        PipelineRule rule = fixture.rules().stream()
                .filter(each -> each.name().equals("good"))
                .findFirst()
                .orElseThrow();
        FileRef image = fixture.archive().write(FileRole.NIFTI, "BAD/nii/BAD_CMH_0001_01_01/a.nii.gz", new byte[] {1});
        Job job = fixture.job(rule, Map.of("image", image));
        Path shown = fixture.archive().resolve(RunningLog.path(RunFixture.REF, "good"));

        // When
        CompletableFuture<Optional<Outcome>> outcome = CompletableFuture.supplyAsync(() -> {
            try {
                return fixture.attempt(new LocalRunner(List.of("PATH"))).run(job, handle -> true, () -> false);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        Awaitility.await().atMost(30, TimeUnit.SECONDS).until(() -> Files.exists(shown));
        RunningLog log = EventJson.mapper().readValue(shown.toFile(), RunningLog.class);
        Files.createFile(go);

        // Then
        assertThat(outcome.get(60, TimeUnit.SECONDS)).get().isInstanceOf(Outcome.Succeeded.class);
        assertThat(log.runKey()).isEqualTo(job.event().runKey());
        assertThat(log.logs()).singleElement().satisfies(part -> {
            assertThat(part.name()).isEqualTo("stdout");
            assertThat(part.size()).isEqualTo(40_000 + 1 + 9);
            assertThat(part.end()).hasSize(RunningLog.LONGEST).endsWith("x\nstep 3/4\n");
        });
        assertThat(log.progress()).contains(new Progress(Optional.of(75.0), "3/4"));
        Awaitility.await().atMost(10, TimeUnit.SECONDS).until(() -> !Files.exists(shown));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "done: ([0-9.]+)%; done: 3% done: 12.5%; 12.5; 12.5",
                "step ([0-9]+/[0-9]+); step 1/4 step 3/4; 75; 3/4",
                "step ([0-9]+ of [0-9]+); step 1 of 8; 12.5; 1 of 8",
                "step ([0-9]+/[0-9]+); step 9/0; ; 9/0",
                "done: ([0-9]+)%; done: 250%; ; 250",
                "#@# (.{1,60}?) (?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) ; #@# Skull Stripping Wed Nov 25; ; Skull Stripping",
                ": ([^\\[\\]:]{1,80})\\.\\.\\. \\[; dwidenoise: running MP-PCA denoising... [====; ; running MP-PCA denoising",
            })
    void whatAToolSaysOfItsProgressIsReadByThePatternOfItsDescriptor(
            String pattern, String log, Double percent, String words) {
        // When
        Optional<Progress> progress = LiveLog.progress(
                List.of(new Part("stdout", 9, "other"), new Part("stderr", 9, log)), Pattern.compile(pattern));

        // Then
        assertThat(progress).contains(new Progress(Optional.ofNullable(percent), words));
    }

    @Test
    void aByteThatIsNoUtf8IsOneCharacterSoThatWhatIsNewIsFoundByItsSize() throws Exception {
        // Given
        byte[] written = "K\u00f6ln, ".repeat(10).getBytes(StandardCharsets.ISO_8859_1);

        // When
        Part part = new Part("stdout", 1000 + written.length, LiveLog.text(written));

        // Then
        assertThat(part.since(1000 + written.length - 6)).isEqualTo("K?ln, ");
    }

    @Test
    void aToolThatSaysNothingHasNoProgress() {
        // When
        Optional<Progress> progress =
                LiveLog.progress(List.of(new Part("stdout", 5, "hello")), Pattern.compile("([0-9]+)%"));

        // Then
        assertThat(progress).isEmpty();
    }
}

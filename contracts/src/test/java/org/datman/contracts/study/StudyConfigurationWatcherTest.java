package org.datman.contracts.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.assertj.core.api.AbstractThrowableAssert;
import org.datman.contracts.testkit.MovedClock;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StudyConfigurationWatcherTest {

    private static final String BROKEN = StudyConfigurationsTest.GOOD.replace("anat", "fmri");

    @TempDir
    Path folder;

    private final MovedClock clock = new MovedClock(Instant.EPOCH);
    private StudyConfigurationWatcher watcher;

    @BeforeEach
    void start() throws IOException {
        write(StudyConfigurationsTest.GOOD);
        watcher = new StudyConfigurationWatcher(folder, Duration.ofSeconds(5), clock);
        watcher.current();
    }

    @Test
    void aChangeIsSeenWhenTheIntervalIsOver() throws IOException {
        // Given
        String before = watcher.current().revision();
        write(StudyConfigurationsTest.GOOD + "IsOpen: false\n");
        String atOnce = watcher.current().revision();
        clock.advance(Duration.ofSeconds(5));

        // When
        String later = watcher.current().revision();

        // Then
        assertThat(atOnce).isEqualTo(before);
        assertThat(later).isNotEqualTo(before);
    }

    @Test
    void aFaultyChangeKeepsTheLastValidRevisionAndReportsIt() throws IOException {
        // Given
        String before = watcher.current().revision();
        write(BROKEN);

        // When
        StudyConfigurations now = watcher.refresh();

        // Then
        assertThat(now.revision()).isEqualTo(before);
        assertThat(now.valid()).containsOnlyKeys("SPN");
        assertThat(now.errors()).singleElement().asString().contains("'fmri' is not known");
        assertThat(watcher.kept())
                .extracting(StudyConfigurationWatcher.Kept::study)
                .containsExactly("SPN");
    }

    @Test
    void aRepairedFileEndsTheKeeping() throws IOException {
        // Given
        write(BROKEN);
        watcher.refresh();
        write(StudyConfigurationsTest.GOOD);

        // When
        StudyConfigurations now = watcher.refresh();

        // Then
        assertThat(now.errors()).isEmpty();
        assertThat(watcher.kept()).isEmpty();
    }

    @Test
    void aRemovedFileRemovesTheStudy() throws IOException {
        // Given
        Files.delete(folder.resolve("SPN.yml"));

        // When
        StudyConfigurations now = watcher.refresh();

        // Then
        assertThat(now.valid()).isEmpty();
        assertThat(watcher.kept()).isEmpty();
    }

    private void write(String text) throws IOException {
        Files.writeString(folder.resolve("SPN.yml"), text);
    }

    @Test
    void anAcceptedTextHoldsThroughARestartWithAFaultyFileOrNone() throws IOException {
        // Given
        Path accepted = accept(StudyConfigurationsTest.GOOD);
        String revision = watcher.current().revision();

        // When
        write(BROKEN);
        StudyConfigurations withFault =
                new StudyConfigurationWatcher(folder, accepted, Duration.ofSeconds(5), clock).current();
        Files.delete(folder.resolve("SPN.yml"));
        StudyConfigurations withoutFile =
                new StudyConfigurationWatcher(folder, accepted, Duration.ofSeconds(5), clock).current();

        // Then
        assertThat(withFault.revision()).isEqualTo(revision);
        assertThat(withFault.errors()).singleElement().asString().contains("'fmri' is not known");
        assertThat(withoutFile.revision()).isEqualTo(revision);
    }

    @Test
    void aTextHoldsFromTheMomentAtWhichItIsAccepted() throws IOException {
        // Given
        Path accepted = accept(StudyConfigurationsTest.GOOD);
        watcher = new StudyConfigurationWatcher(folder, accepted, Duration.ofSeconds(5), clock);
        String before = watcher.current().revision();
        write(StudyConfigurationsTest.GOOD + "IsOpen: false\n");
        assertThat(watcher.refresh().revision()).isEqualTo(before);

        // When
        accept(StudyConfigurationsTest.GOOD + "IsOpen: false\n");

        // Then
        assertThat(watcher.current().revision()).isNotEqualTo(before);
        assertThat(watcher.proposed().revision()).isEqualTo(watcher.current().revision());
    }

    @Test
    void acceptedTextsHoldOnWhileTheyCannotBeRead() throws IOException {
        // Given
        Path accepted = accept(StudyConfigurationsTest.GOOD);
        watcher = new StudyConfigurationWatcher(folder, accepted, Duration.ofSeconds(5), clock);
        watcher.current();

        // When
        Files.delete(accepted);
        Files.delete(folder.resolve("SPN.yml"));

        // Then
        assertThat(watcher.refresh().valid()).containsOnlyKeys("SPN");
    }

    @Test
    void whileAcceptedTextsThatAreThereCannotBeReadTheFolderDoesNotHoldInstead() throws IOException {
        // Given
        Path accepted = accept(StudyConfigurationsTest.GOOD);
        Files.writeString(accepted, "{\"studies\": [");
        watcher = new StudyConfigurationWatcher(folder, accepted, Duration.ofSeconds(5), clock);

        // When
        AbstractThrowableAssert<?, ?> thrown = assertThatThrownBy(watcher::current);

        // Then
        thrown.isInstanceOf(UncheckedIOException.class).hasMessageContaining("accepted.json cannot be read");
        accept(StudyConfigurationsTest.GOOD);
        assertThat(watcher.current().valid()).containsOnlyKeys("SPN");
    }

    private Path accept(String text) throws IOException {
        AcceptedStudies accepted = new AcceptedStudies(List.of(new AcceptedStudies.Accepted(
                "SPN", "SPN.yml", text, Digest.of(text.getBytes(StandardCharsets.UTF_8)), Instant.EPOCH, "")));
        Path beside = folder.resolve("accepted.part");
        Files.write(beside, accepted.json());
        return Files.move(beside, folder.resolve("accepted.json"), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    }
}

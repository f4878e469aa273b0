package org.datman.local.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackupStoreTest {

    private static final Instant NOON = Instant.parse("2026-12-01T12:00:00Z");

    @TempDir
    Path folder;

    private Path backup(Instant time) throws IOException {
        BackupStore store = new BackupStore(folder);
        PartWriter parts = new PartWriter(store.begin());
        try (OutputStream out = parts.open("postgres/rows")) {
            out.write(1);
        }
        return store.finish(
                parts.folder(),
                new BackupManifest(
                        1, "1.0", time, "k", parts.parts(), List.of(), List.of(), Map.of(), true, "none", List.of()));
    }

    @Test
    void theNewestBackupUpToATimeIsFound() throws Exception {
        // Given
        backup(NOON);
        Path wanted = backup(NOON.plusSeconds(60));
        backup(NOON.plusSeconds(120));

        // When
        BackupStore.Stored found =
                new BackupStore(folder).newest(NOON.plusSeconds(119)).orElseThrow();

        // Then
        assertThat(found.folder()).isEqualTo(wanted);
        assertThat(found.manifest().time()).isEqualTo(NOON.plusSeconds(60));
        assertThat(new BackupStore(folder).newest(NOON.minusSeconds(1))).isEmpty();
    }

    @Test
    void asManyAreKeptAsTold() throws Exception {
        // Given
        backup(NOON);
        Path second = backup(NOON.plusSeconds(60));
        Path third = backup(NOON.plusSeconds(120));

        // When
        int removed = new BackupStore(folder).prune(2);

        // Then
        assertThat(removed).isEqualTo(1);
        assertThat(new BackupStore(folder).whole()).containsExactly(second, third);
        assertThat(folder.toFile().list()).hasSize(2);
    }

    @Test
    void aManifestThatWasChangedIsRefused() throws Exception {
        // Given
        Path backup = backup(NOON);
        Path manifest = backup.resolve(BackupManifest.FILE);
        Files.writeString(manifest, Files.readString(manifest).replace("1.0", "1.1"));

        // When
        assertThatThrownBy(() -> BackupStore.read(backup))
                // Then
                .isInstanceOf(IOException.class)
                .hasMessageContaining("is not as it was written");
    }

    @Test
    void aFileThatIsMissingOrLongerIsFound() throws Exception {
        // Given
        Path longer = backup(NOON);
        Files.write(longer.resolve("postgres/rows"), new byte[] {1, 2});
        Path missing = backup(NOON.plusSeconds(60));
        Files.delete(missing.resolve("postgres/rows"));

        // When
        List<String> faults = BackupCheck.of(BackupStore.read(longer)).faults();
        List<String> faultsOfMissing = BackupCheck.of(BackupStore.read(missing)).faults();

        // Then
        assertThat(faults).containsExactly("postgres/rows has 2 bytes instead of 1");
        assertThat(faultsOfMissing).containsExactly("postgres/rows is missing");
    }

    @Test
    void aPathOutOfTheFolderIsRefused() {
        // Given a manifest that somebody else wrote

        // When
        assertThatThrownBy(() -> BackupCheck.inside(folder, "../etc/passwd"))
                // Then
                .isInstanceOf(IOException.class)
                .hasMessageContaining("outside of its folder");
    }

    @Test
    void offsetsGoOverGapsAndRemovedRecords() {
        // Given records 5, 6, 10, 11: the ones before were removed, and there is a gap
        List<Long> jumps = List.of(5L, 0L, 10L, 2L);

        // When
        List<Long> offsets = List.of(0L, 5L, 6L, 7L, 9L, 10L, 11L, 12L, 20L).stream()
                .map(old -> TopicLoad.offset(jumps, old, 4))
                .toList();

        // Then
        assertThat(offsets).containsExactly(0L, 0L, 1L, 2L, 2L, 2L, 3L, 4L, 4L);
    }
}

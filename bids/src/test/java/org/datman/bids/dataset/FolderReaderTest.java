package org.datman.bids.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.datman.bids.dataset.Folder.LinkFault;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(30)
class FolderReaderTest {

    /** The longest name that file systems allow, and almost. */
    private static final String LONG_NAME = "x".repeat(250);

    @TempDir
    Path folder;

    private Path root;
    private Path anat;

    @BeforeEach
    void write() throws IOException {
        root = folder.resolve("dataset");
        anat = Files.createDirectories(root.resolve("sub-01/anat"));
        Files.writeString(anat.resolve("sub-01_T1w.json"), "{}");
        Files.createDirectories(root.resolve("sub-02"));
    }

    @ParameterizedTest
    @CsvSource({
        "to itself, link, CIRCULAR",
        "to its folder, ., CIRCULAR",
        "to the subject, .., CIRCULAR",
        "to the dataset, ../.., CIRCULAR",
        "to what holds the dataset, ../../.., CIRCULAR",
        "to nothing, nothing, NOTHING",
        "through a file, sub-01_T1w.json/x, UNREADABLE",
    })
    void aLinkThatCannotBeFollowedIsNamed(String what, String target, LinkFault fault) throws IOException {
        // Given
        Files.createSymbolicLink(anat.resolve("link"), Path.of(target));

        // When
        Folder read = FolderReader.read(root);

        // Then
        Folder found = read.folder("sub-01").orElseThrow().folder("anat").orElseThrow();
        assertThat(found.links())
                .as(what)
                .extracting(Folder.BrokenLink::path, Folder.BrokenLink::target, Folder.BrokenLink::fault)
                .containsExactly(tuple("/sub-01/anat/link", target, fault));
        assertThat(found.folders()).isEmpty();
        assertThat(found.files()).extracting(DatasetFile::name).containsExactly("sub-01_T1w.json");
    }

    @Test
    void twoLinksToAParentEnd() throws IOException {
        // Given
        Files.createSymbolicLink(anat.resolve("one"), Path.of(".."));
        Files.createSymbolicLink(anat.resolve("two"), Path.of(".."));

        // When
        Folder read = FolderReader.read(root);

        // Then
        assertThat(read.fileCount()).isEqualTo(1);
        assertThat(read.folder("sub-01")
                        .orElseThrow()
                        .folder("anat")
                        .orElseThrow()
                        .links())
                .extracting(Folder.BrokenLink::fault)
                .containsExactly(LinkFault.CIRCULAR, LinkFault.CIRCULAR);
    }

    @Test
    void aLinkToAnotherFolderIsFollowedUntilItLeadsBack() throws IOException {
        // Given: each of two subjects has the other in it
        Files.createSymbolicLink(root.resolve("sub-01/other"), Path.of("../sub-02"));
        Files.createSymbolicLink(root.resolve("sub-02/other"), Path.of("../sub-01"));

        // When
        Folder read = FolderReader.read(root);

        // Then
        Folder followed = read.folder("sub-02").orElseThrow().folder("other").orElseThrow();
        assertThat(followed.contains("anat/sub-01_T1w.json")).isTrue();
        assertThat(followed.links())
                .extracting(Folder.BrokenLink::path, Folder.BrokenLink::fault)
                .containsExactly(tuple("/sub-02/other/other", LinkFault.CIRCULAR));
    }

    @Test
    void aFaultBelowALinkedFolderIsNoFaultOfTheLink() throws IOException {
        // Given
        Path longRoot = rootWithUnreadable("sub-01");

        // Then
        assertThatThrownBy(() -> FolderReader.read(longRoot)).isInstanceOf(FileSystemException.class);
    }

    @ParameterizedTest
    @CsvSource({"sourcedata", "derivatives", "code"})
    void whatNoRuleIsAboutIsNotEntered(String name) throws IOException {
        // Given
        Path longRoot = rootWithUnreadable(name);

        // When
        Folder read = FolderReader.read(longRoot);
        FolderReader.refresh(read, "/" + name);

        // Then
        assertThat(read.folders()).isEmpty();
        assertThat(read.links()).isEmpty();
    }

    @Test
    void readersCannotChangeAFolder() throws IOException {
        // Given
        Folder read = FolderReader.read(root);

        // Then
        assertThatThrownBy(() -> read.folders().clear()).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> read.files().clear()).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> read.links().clear()).isInstanceOf(UnsupportedOperationException.class);
        assertThat(read.folders())
                .extracting(Folder::name)
                .containsExactlyInAnyOrderElementsOf(Set.of("sub-01", "sub-02"));
    }

    /**
     * A dataset whose linked folder has something deep below that cannot be read, for administrators too: its path through the link is
     * longer than the 4,096 bytes that Linux allows.
     */
    private Path rootWithUnreadable(String name) throws IOException {
        Path deep = folder.resolve("s");
        Path longRoot = Files.createDirectories(folder.resolve(LONG_NAME).resolve(LONG_NAME));
        for (int i = 0; i < 15; i++) {
            deep = deep.resolve(LONG_NAME);
        }
        Files.createDirectories(deep);
        Files.createSymbolicLink(longRoot.resolve(name), folder.resolve("s"));
        return longRoot;
    }
}

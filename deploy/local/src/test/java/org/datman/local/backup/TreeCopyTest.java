package org.datman.local.backup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.commons.codec.digest.DigestUtils;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TreeCopyTest {

    private static final FileTime THEN = FileTime.from(Instant.parse("2026-12-01T12:00:00Z"));

    @TempDir
    Path folder;

    private Path source;

    @BeforeEach
    void files() throws IOException {
        source = Files.createDirectories(folder.resolve("source/b"));
        source = source.getParent();
        Files.writeString(source.resolve("b/2"), "two");
        Files.writeString(source.resolve("b.1"), "one");
        Files.writeString(source.resolve("skipped"), "no");
        Files.createSymbolicLink(source.resolve("link"), Path.of("b.1"));
    }

    private TreeCopy tree(TreeCopy.Digests digests) {
        return new TreeCopy(source, Set.of("skipped"), digests, false);
    }

    private BackupManifest.Tree write(
            TreeCopy tree, String backup, boolean copy, BackupManifest.@Nullable Tree earlier, String earlierBackup)
            throws IOException {
        PartWriter parts = new PartWriter(folder.resolve(backup));
        return tree.write("files", copy, parts, earlier, folder.resolve(earlierBackup));
    }

    private List<TreeFile> list(String backup) throws IOException {
        List<TreeFile> files = new ArrayList<>();
        TreeCopy.each(folder.resolve(backup).resolve("files.jsonl.gz"), files::add);
        return files;
    }

    @Test
    void allFilesAndLinksAreListedWithTheirDigests() throws Exception {
        // Given the files

        // When
        BackupManifest.Tree written = write(tree((path, size) -> null), "first", true, null, "none");

        // Then
        assertThat(list("first")).extracting(TreeFile::path).containsExactly("b/2", "b.1", "link");
        assertThat(list("first").get(0).sha256()).isEqualTo(DigestUtils.sha256Hex("two"));
        assertThat(list("first").get(2).link()).isEqualTo("b.1");
        assertThat(written.files()).isEqualTo(3);
        assertThat(written.bytes()).isEqualTo(6);
        assertThat(folder.resolve("first/files/b/2")).hasContent("two");
    }

    @Test
    void aFileThatWasChangedWithinItsSizeAndTimeIsReadAgain() throws Exception {
        // Given a file that another program changed and whose time it set back
        Files.setLastModifiedTime(source.resolve("b.1"), THEN);
        BackupManifest.Tree first = write(tree((path, size) -> null), "first", true, null, "none");
        Thread.sleep(20);
        Files.writeString(source.resolve("b.1"), "eno");
        Files.setLastModifiedTime(source.resolve("b.1"), THEN);
        TreeCopy tree = tree((path, size) -> null);

        // When
        write(tree, "second", true, first, "first");

        // Then only that one is read
        assertThat(tree.read()).isEqualTo(3);
        assertThat(folder.resolve("second/files/b.1")).hasContent("eno");
        assertThat(folder.resolve("first/files/b.1")).hasContent("one");
    }

    @Test
    void aListReadsOnlyFilesWhoseDigestNobodyKnows() throws Exception {
        // Given
        TreeCopy tree = tree((path, size) -> path.equals("b/2") && size == 3 ? "published" : null);

        // When
        write(tree, "first", false, null, "none");

        // Then
        assertThat(tree.read()).isEqualTo(3);
        assertThat(list("first")).extracting(TreeFile::sha256).contains("published", DigestUtils.sha256Hex("one"));
        assertThat(folder.resolve("first/files")).doesNotExist();
    }

    @Test
    void aCopyIsMadeAfterAListToo() throws Exception {
        // Given
        BackupManifest.Tree listed = write(tree((path, size) -> null), "first", false, null, "none");

        // When
        write(tree((path, size) -> null), "second", true, listed, "first");

        // Then
        assertThat(folder.resolve("second/files/b.1")).hasContent("one");
    }
}

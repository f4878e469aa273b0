package org.datman.local.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The archive on a file system of its own in memory, which can be full, read-only and away. */
final class ArchiveMount {

    private final Path archive;
    private final Path empty;
    private final long mebibytes;

    /**
     * Mounts it.
     *
     * @param empty an empty folder
     * @param mebibytes the size of its file system
     */
    ArchiveMount(Path archive, Path empty, long mebibytes) throws IOException, InterruptedException {
        this.archive = Files.createDirectories(archive);
        this.empty = Files.createDirectories(empty);
        this.mebibytes = mebibytes;
        Confinement.run("mount", "-t", "tmpfs", "-o", "size=" + mebibytes + "m", "datman-chaos", archive.toString());
    }

    /** A second mount over the first: that of files being written cannot become read-only. */
    void readOnly() throws IOException, InterruptedException {
        Confinement.run("mount", "--bind", archive.toString(), archive.toString());
        Confinement.run("mount", "-o", "remount,bind,ro", archive.toString());
    }

    void away() throws IOException, InterruptedException {
        Confinement.run("mount", "--bind", empty.toString(), archive.toString());
    }

    /** Takes away what {@link #readOnly} or {@link #away} put over it. */
    void back() throws IOException, InterruptedException {
        Confinement.run("umount", "-l", archive.toString());
    }

    /** The file system becomes as large as what is in it; it may have grown until the size is set. */
    void full() throws IOException, InterruptedException {
        for (int attempt = 0; ; attempt++) {
            long used = Files.getFileStore(archive).getTotalSpace()
                    - Files.getFileStore(archive).getUnallocatedSpace();
            try {
                Confinement.run("mount", "-o", "remount,size=" + Math.max(4096, used), archive.toString());
                return;
            } catch (IOException grown) {
                if (attempt == 20) {
                    throw grown;
                }
            }
        }
    }

    void roomy() throws IOException, InterruptedException {
        Confinement.run("mount", "-o", "remount,size=" + mebibytes + "m", archive.toString());
    }
}

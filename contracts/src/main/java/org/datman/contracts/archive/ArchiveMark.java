package org.datman.contracts.archive;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The file that marks an archive: an archive has it, the empty folder of a missing mount does not. */
public final class ArchiveMark {

    /** Its path in the archive. */
    public static final String PATH = ".datman/archive.txt";

    private ArchiveMark() {}

    /** Whether a folder is an archive, and available. */
    public static boolean isThere(Path archive) {
        return Files.exists(archive.resolve(PATH));
    }

    /** Marks a folder as an archive. For the installer only: a service cannot tell a new archive from a missing mount. */
    public static void create(Path archive) throws IOException {
        Path mark = archive.resolve(PATH);
        Files.createDirectories(mark.getParent());
        Files.writeString(mark, "This folder is an archive of DATMAN.\n");
    }

    /** Message for a missing archive, with what to do about it. */
    public static String away(Path archive) {
        return "The archive " + archive + " is not there: is it mounted? (It has no " + PATH
                + "; when you move an archive, move its hidden folder too.) Processing resumes once it is there";
    }
}

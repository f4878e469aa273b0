package org.datman.contracts.archive;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The file that an archive has and the empty folder of a mount that is away has not. */
public final class ArchiveMark {

    /** Where it lies in the archive. */
    public static final String PATH = ".datman/archive.txt";

    private ArchiveMark() {}

    /** Whether a folder is an archive, and there. */
    public static boolean isThere(Path archive) {
        return Files.exists(archive.resolve(PATH));
    }

    /** Makes a folder an archive. For who installs DATMAN: a service cannot tell a new archive from a mount that is away. */
    public static void create(Path archive) throws IOException {
        Path mark = archive.resolve(PATH);
        Files.createDirectories(mark.getParent());
        Files.writeString(mark, "This folder is an archive of DATMAN.\n");
    }

    /** That an archive is not there, and what to do about it. */
    public static String away(Path archive) {
        return "The archive " + archive + " is not there: is it mounted? (It has no " + PATH
                + "; who moves an archive moves its hidden folder too.) All goes on by itself once it is there";
    }
}

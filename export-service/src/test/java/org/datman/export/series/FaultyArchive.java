package org.datman.export.series;

import java.io.IOException;
import java.nio.file.Path;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.FileRole;
import org.datman.platform.archive.Archive;

/** An archive in which the process is "killed" at a chosen write: that one and all later ones do not happen. */
final class FaultyArchive extends Archive {

    private int writesLeft = Integer.MAX_VALUE;

    FaultyArchive(Path root) {
        super(root);
    }

    /** Not an exception: nothing may catch it and clean up, as nothing runs after a SIGKILL. */
    static final class Killed extends Error {
        private static final long serialVersionUID = 1L;
    }

    void killAfter(int writes) {
        writesLeft = writes;
    }

    void revive() {
        writesLeft = Integer.MAX_VALUE;
    }

    @Override
    public FileRef write(FileRole role, String relative, byte[] bytes) throws IOException {
        count();
        return super.write(role, relative, bytes);
    }

    @Override
    public FileRef store(FileRole role, Path source, String relative) throws IOException {
        count();
        return super.store(role, source, relative);
    }

    private void count() {
        if (writesLeft-- <= 0) {
            throw new Killed();
        }
    }
}

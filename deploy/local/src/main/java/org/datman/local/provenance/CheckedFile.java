package org.datman.local.provenance;

import java.io.IOException;
import java.nio.file.Path;
import org.datman.contracts.archive.Fixity;
import org.datman.contracts.event.FileRef;
import org.jspecify.annotations.Nullable;

/**
 * A published file, and its bytes now.
 *
 * @param published as the record lists it
 * @param found SHA-256 of its bytes now; null when it is not there
 * @param same whether its bytes are those that were published
 */
public record CheckedFile(FileRef published, @Nullable String found, boolean same) {

    /** Reads a file and compares its digest with the published one. */
    static CheckedFile of(Path archive, FileRef published) throws IOException {
        Path file = Fixity.resolve(archive, published.path());
        if (!Fixity.isFile(file)) {
            return new CheckedFile(published, null, false);
        }
        String found = Fixity.sha256(file);
        return new CheckedFile(published, found, found.equals(published.sha256()));
    }

    /** The result, as text. */
    public String words() {
        if (same) {
            return "as published";
        }
        return found == null ? "missing since" : "changed since; published was " + published.sha256();
    }
}

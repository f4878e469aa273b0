package org.datman.ingest.webhook;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jboss.logging.Logger;

/** A secret in a file, which is read each time: a new secret needs no restart. */
final class SecretText {

    private static final Logger LOG = Logger.getLogger(SecretText.class);

    private SecretText() {}

    /** The content of the file; empty text when it cannot be read. */
    static String of(Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            LOG.errorf("A secret file cannot be read error=%s", e.getMessage());
            return "";
        }
    }
}

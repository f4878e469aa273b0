package org.datman.xnat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Passwords from a value or a file. A file is read each time, so that a changed secret needs no restart. */
public final class Secrets {

    private Secrets() {}

    /**
     * @param value the secret itself, usually from the environment; null for none
     * @param file a file that contains nothing else; used when there is no value
     * @return supplies the secret; {@link XnatDenied} when there is none
     */
    public static Supplier<String> of(@Nullable String value, @Nullable Path file) {
        return () -> {
            String secret = file == null || value != null && !value.isBlank() ? value : read(file);
            if (secret == null || secret.isBlank()) {
                throw XnatDenied.account("The account has no password: set it in the environment or in a file", null);
            }
            return secret;
        };
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw XnatDenied.account(
                    "The password file " + file + " cannot be read: "
                            + (Files.exists(file) ? e.getMessage() : "it does not exist"),
                    e);
        }
    }
}

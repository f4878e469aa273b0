package org.datman.dashboard.login;

import io.smallrye.config.ConfigSourceContext;
import io.smallrye.config.ConfigSourceFactory;
import io.smallrye.config.ConfigValue;
import io.smallrye.config.PropertiesConfigSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.config.spi.ConfigSource;

/**
 * Gives Quarkus the key of the login cookie from the file {@code datman.dashboard.session-key-file}, so that the key is in no
 * property and logins survive a restart. Without the file Quarkus generates a key at each start.
 */
public class SessionKey implements ConfigSourceFactory {

    private static final String FILE = "datman.dashboard.session-key-file";
    private static final String KEY = "quarkus.http.auth.session.encryption-key";
    private static final int SHORTEST = 16;
    private static final int BELOW_ENVIRONMENT = 275;

    @Override
    public Iterable<ConfigSource> getConfigSources(ConfigSourceContext context) {
        ConfigValue file = context.getValue(FILE);
        if (file == null || file.getValue() == null || file.getValue().isBlank()) {
            return List.of();
        }
        try {
            String key = Files.readString(Path.of(file.getValue())).strip();
            if (key.length() < SHORTEST) {
                throw new IllegalStateException("The key in " + file.getValue() + " has " + key.length()
                        + " characters; at least " + SHORTEST + " are needed");
            }
            return List.of(new PropertiesConfigSource(Map.of(KEY, key), "datman-session-key", BELOW_ENVIRONMENT));
        } catch (IOException e) {
            throw new UncheckedIOException("The key of the login cookie cannot be read", e);
        }
    }
}

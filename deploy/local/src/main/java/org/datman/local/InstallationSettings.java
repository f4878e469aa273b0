package org.datman.local;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The settings of an installation, kept between starts: addresses and ports, the XNAT or Orthanc, Kafka and PostgreSQL of the lab, the folder of the studies. A properties
 * file that people may edit; {@code datman up} writes its options into it.
 */
public final class InstallationSettings {

    public static final String DASHBOARD_BIND = "dashboard.bind";
    public static final String DASHBOARD_PORT = "dashboard.port";
    public static final String WEBHOOK_BIND = "webhook.bind";
    public static final String WEBHOOK_PORT = "webhook.port";
    public static final String XNAT = "xnat";
    public static final String ORTHANC = "orthanc";
    public static final String STUDIES = "studies";
    public static final String KAFKA = "kafka";
    public static final String POSTGRES = "postgres";

    /** In place of an address: the one that DATMAN starts itself. */
    public static final String EMBEDDED = "embedded";

    private static final int HIGHEST_PORT = 65535;

    private static final String HEADER = """
            # Settings of this DATMAN, read at every start. `datman up` writes here what its options and environment say.
            # webhook.bind, webhook.port: where XNAT posts to (0.0.0.0 is every address of this machine; posts are signed).
            # dashboard.bind, dashboard.port: the pages. Beyond 127.0.0.1 only behind something that adds TLS.
            # kafka, postgres: those of the lab, in place of the embedded ones.
            # All other ports listen on 127.0.0.1 only; they were free when first needed and are kept since.
            """;

    private final Path file;
    private final Map<String, String> values;

    private InstallationSettings(Path file, Map<String, String> values) {
        this.file = file;
        this.values = values;
    }

    /** The settings in that file; none when it does not exist. */
    public static InstallationSettings read(Path file) throws IOException {
        Properties properties = new Properties();
        if (Files.exists(file)) {
            try (Reader reader = Files.newBufferedReader(file)) {
                properties.load(reader);
            } catch (IllegalArgumentException e) {
                throw new IOException(file + " cannot be read as properties: " + e.getMessage(), e);
            }
        }
        Map<String, String> values = new TreeMap<>();
        properties
                .stringPropertyNames()
                .forEach(name -> values.put(name, properties.getProperty(name).strip()));
        return new InstallationSettings(file, values);
    }

    public Optional<String> get(String name) {
        return Optional.ofNullable(values.get(name)).filter(value -> !value.isEmpty());
    }

    /**
     * A port of these settings.
     *
     * @throws IOException when the value in the file is no port
     */
    public Optional<Integer> port(String name) throws IOException {
        Optional<String> text = get(name);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        if (!text.get().matches("\\d{1,5}")
                || Integer.parseInt(text.get()) < 1
                || Integer.parseInt(text.get()) > HIGHEST_PORT) {
            throw new IOException(
                    name + " in " + file + " is '" + text.get() + "'; a port is a number from 1 to " + HIGHEST_PORT);
        }
        return Optional.of(Integer.valueOf(text.get()));
    }

    /** Changes a setting; null leaves it as it is. */
    public void set(String name, @Nullable Object value) {
        if (value != null) {
            values.put(name, value.toString());
        }
    }

    /** Takes a setting out. */
    public void remove(String name) {
        values.remove(name);
    }

    /** Writes the file so that readers see the old or the new one. */
    public void write() throws IOException {
        StringBuilder text = new StringBuilder(HEADER);
        values.forEach((name, value) -> text.append(name)
                .append('=')
                .append(value.replace("\\", "\\\\"))
                .append('\n'));
        Files.createDirectories(file.getParent());
        Path temporary = file.resolveSibling(file.getFileName() + ".part");
        Files.writeString(temporary, text);
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    public Path file() {
        return file;
    }
}

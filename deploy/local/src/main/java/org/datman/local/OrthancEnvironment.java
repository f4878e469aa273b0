package org.datman.local;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The settings of services that read an Orthanc, as what a person gives says: {@code DATMAN_ORTHANC_USER} and {@code DATMAN_ORTHANC_PASSWORD} or
 * {@code DATMAN_ORTHANC_PASSWORD_FILE}.
 */
public final class OrthancEnvironment {

    private OrthancEnvironment() {}

    /** The settings by their names. An account for an XNAT in the same environment counts for nothing. */
    public static Map<String, String> of(Map<String, String> environment) {
        Map<String, String> settings = new TreeMap<>();
        settings.put("DATMAN_XNAT_KIND", "orthanc");
        settings.put("DATMAN_XNAT_SERVER", environment.getOrDefault("DATMAN_XNAT_SERVER", "orthanc"));
        settings.put("DATMAN_XNAT_USER", environment.getOrDefault("DATMAN_ORTHANC_USER", ""));
        settings.put("DATMAN_XNAT_PASSWORD", environment.getOrDefault("DATMAN_ORTHANC_PASSWORD", ""));
        // Services run in the installation's folder; a path given by a person is relative to the person's folder.
        settings.put(
                "DATMAN_XNAT_PASSWORD_FILE",
                Optional.ofNullable(environment.get("DATMAN_ORTHANC_PASSWORD_FILE"))
                        .filter(file -> !file.isEmpty())
                        .map(file -> Path.of(file).toAbsolutePath().toString())
                        .orElse(""));
        return settings;
    }
}

package org.datman.xnat;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Optional;

/**
 * {@code datman.xnat.*}: the XNAT, or the Orthanc, that sessions and files come from. Every service that asks it reads these, with the
 * same defaults. {@link XnatConfig} rejects values that make no sense.
 */
@ConfigMapping(prefix = "datman.xnat")
public interface XnatSettings {

    /** Address with the context path, if any. */
    URI url();

    /** What the server is: {@code xnat} or {@code orthanc}. */
    @WithDefault("xnat")
    SourceKind kind();

    /** Short name of this XNAT in all events; never change it afterwards, it is part of every session's identity. */
    @WithDefault("xnat")
    String server();

    /** Account with the right to read the studies' projects. */
    String user();

    /** Its password, best from the environment: {@code DATMAN_XNAT_PASSWORD}. */
    Optional<String> password();

    /** A file that contains only the password; read at each login. */
    Optional<Path> passwordFile();

    /** Time zone of the server, for the times in its lists. */
    @WithDefault("UTC")
    ZoneId zone();

    /** Maximum number of concurrent requests. */
    @WithDefault("4")
    int concurrency();

    /** Timeout for the connection. */
    @WithDefault("PT10S")
    Duration connectTimeout();

    /** Timeout for the response headers. */
    @WithDefault("PT120S")
    Duration answerTimeout();

    /** Timeout between two reads of a body. */
    @WithDefault("PT90S")
    Duration idleTimeout();

    /**
     * Immediate attempts of a request. Afterwards the outage is published, and what needs the request waits and is tried again: as
     * few as an outage is noticed soon by, not as many as it takes to outlast one.
     */
    @WithDefault("4")
    int attempts();

    /** Wait before the second attempt; doubles afterwards. */
    @WithDefault("PT1S")
    Duration firstPause();

    /** Pause of all of ingest's workers after XNAT was found unavailable; doubles up to 30 s each time. */
    @WithDefault("PT1S")
    Duration firstHold();

    /** Pause before the next login after a rejected one, unless the password changes: XNAT locks accounts. */
    @WithDefault("PT10M")
    Duration lockOutPause();

    /**
     * Whether ingest reads the headers of a series by the server's DICOMweb plug-in: of all files, by one request. The server opens every
     * file for it. Where it does not work, one file is read instead.
     */
    @WithDefault("false")
    boolean dicomWeb();
}

package org.datman.ingest.xnat;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Min;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Optional;

/** {@code datman.xnat.*}: the XNAT that sessions come from. */
@ConfigMapping(prefix = "datman.xnat")
public interface XnatSettings {

    /** Address with the context path, if there is one. */
    URI url();

    /** Short name of this XNAT in all events; never change it afterwards, it is part of every session's identity. */
    @WithDefault("xnat")
    String server();

    /** Account with the right to read the studies' projects. */
    String user();

    /** Its password, best from the environment: {@code DATMAN_XNAT_PASSWORD}. */
    Optional<String> password();

    /** A file that holds nothing but the password; read at each login. */
    Optional<Path> passwordFile();

    /** Time zone of the server, for the times in its lists. */
    @WithDefault("UTC")
    ZoneId zone();

    /** Most requests at the same time. */
    @WithDefault("4")
    @Min(1)
    int concurrency();

    @WithDefault("PT10S")
    Duration connectTimeout();

    /** Until the head of an answer is there. */
    @WithDefault("PT120S")
    Duration answerTimeout();

    /** Longest silence within a body. */
    @WithDefault("PT90S")
    Duration idleTimeout();

    /** How often a request is tried at once; afterwards the session waits, see {@code datman.ingest}. */
    @WithDefault("4")
    @Min(1)
    int attempts();

    /** Before the second attempt; doubles from there. */
    @WithDefault("PT1S")
    Duration firstPause();

    /** How long it is left alone when it was found away; doubles up to 30 s each time that it still is. */
    @WithDefault("PT1S")
    Duration firstHold();

    /** How long no login is tried after one was refused, unless the password changes: XNAT locks accounts. */
    @WithDefault("PT10M")
    Duration lockOutPause();
}

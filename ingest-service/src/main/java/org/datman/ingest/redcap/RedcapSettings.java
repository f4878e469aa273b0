package org.datman.ingest.redcap;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** {@code datman.redcap.*}: how REDCap is read. Without a secret every data entry trigger is rejected. */
@ConfigMapping(prefix = "datman.redcap")
public interface RedcapSettings {

    /** The password in the address of the data entry trigger, best from the environment: {@code DATMAN_REDCAP_SECRET}. */
    Optional<String> secret();

    /** A file that contains only that password. */
    Optional<Path> secretFile();

    /** The API token of each study, best from the environment: {@code DATMAN_REDCAP_TOKEN_<STUDY>}. */
    Map<String, String> token();

    /** Folder with the API token of each study, in a file with the study's code as its name. */
    Optional<Path> tokens();

    /** How often is looked what is due: a trigger, a reading. */
    @WithDefault("5s")
    String tick();

    /** How often what changed is read: a trigger is a hint only, and REDCap sends none for imported data. */
    @WithDefault("PT10M")
    Duration readEvery();

    /** How often all forms are read: deleted records are found by it. */
    @WithDefault("PT24H")
    Duration readAllEvery();

    /** Longest time that an answer of REDCap may take, to its last byte. */
    @WithDefault("PT60S")
    Duration timeout();

    /** Largest answer, bytes. */
    @WithDefault("67108864")
    int maxAnswer();
}

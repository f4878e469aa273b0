package org.datman.export.xnat;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithParentName;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.datman.xnat.SourceKind;

/**
 * {@code datman.other-xnats.<server>.*}: further XNAT servers whose files are exported, by their short names in events. Ingest watches
 * {@code datman.xnat} alone: sessions of the others are published by what reads those. Everything that is not named here is as for {@code datman.xnat}.
 */
@ConfigMapping(prefix = "datman.other-xnats")
public interface OtherXnats {

    @WithParentName
    Map<String, Other> servers();

    /** How to reach one of them. */
    interface Other {

        /** What the server is: {@code xnat} or {@code orthanc}. */
        @WithDefault("xnat")
        SourceKind kind();

        /** Address with the context path, if any. */
        URI url();

        /** Account with the right to read the studies' projects. */
        String user();

        /** Its password, best from the environment. */
        Optional<String> password();

        /** A file that contains only the password; read at each login. */
        Optional<Path> passwordFile();
    }
}

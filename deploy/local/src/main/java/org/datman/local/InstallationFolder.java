package org.datman.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import org.datman.contracts.archive.ArchiveMark;
import org.datman.contracts.study.AcceptedStudies;

/**
 * Where one-machine mode keeps everything.
 *
 * @param folder the state of one installation; nothing is written outside it
 * @param checkout where DATMAN was built
 */
public record InstallationFolder(Path folder, Path checkout) {

    /** Name of the secret that PostgreSQL asks for. */
    public static final String POSTGRES_PASSWORD = "postgres-password";

    public Path archive() {
        return folder.resolve("archive");
    }

    /**
     * Makes the archive of an installation that has none yet. One that has run before has one: if it is not there, it is a mount that
     * is away, and nothing must be written into its empty folder.
     *
     * @return whether the archive is there
     */
    public boolean makeArchive() throws IOException {
        boolean first = !Files.exists(postgres());
        boolean ofBeforeTheMark = Files.exists(archive().resolve(AcceptedStudies.PATH));
        if (!ArchiveMark.isThere(archive()) && (first || ofBeforeTheMark)) {
            ArchiveMark.create(archive());
        }
        return ArchiveMark.isThere(archive());
    }

    public Path studies() {
        return folder.resolve("studies");
    }

    public Path scratch() {
        return folder.resolve("scratch");
    }

    public Path logs() {
        return folder.resolve("logs");
    }

    public Path kafka() {
        return folder.resolve("kafka");
    }

    public Path postgres() {
        return folder.resolve("postgres");
    }

    public Path simulator() {
        return folder.resolve("simulator");
    }

    public Path pipelines() {
        return folder.resolve("pipelines");
    }

    /** Addresses, ports and what else is kept from start to start. */
    public Path settings() {
        return folder.resolve("settings.properties");
    }

    /** What a running system says of itself. */
    public Path runState() {
        return folder.resolve("run.json");
    }

    /** A secret of this installation: made at its first use, readable by its owner only. */
    public Path secret(String name) throws IOException {
        Path file = folder.resolve("secrets").resolve(name);
        if (!Files.exists(file)) {
            Files.createDirectories(file.getParent());
            byte[] random = new byte[18];
            new SecureRandom().nextBytes(random);
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(file, Base64.getUrlEncoder().withoutPadding().encodeToString(random));
        }
        return file;
    }

    /** The jar that starts a service. */
    public Path serviceJar(String service) {
        return checkout.resolve(service + "-service/target/quarkus-app/quarkus-run.jar");
    }
}

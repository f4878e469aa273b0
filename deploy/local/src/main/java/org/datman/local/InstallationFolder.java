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
 * The folders and files of one-machine mode.
 *
 * @param folder the state of one installation; nothing is written outside it
 * @param checkout where DATMAN was built
 */
public record InstallationFolder(Path folder, Path checkout) {

    /** Name of the secret with the PostgreSQL password. */
    public static final String POSTGRES_PASSWORD = "postgres-password";

    /** Name of the database in the installation's own PostgreSQL. */
    public static final String DATABASE = "datman";

    public Path archive() {
        return folder.resolve("archive");
    }

    /**
     * Creates the archive of an installation that has none yet. An installation that has run before has one: if it is missing, its
     * mount is unavailable, and nothing must be written into its empty folder.
     *
     * @return whether the archive exists
     */
    public boolean makeArchive() throws IOException {
        boolean ofBeforeTheMark = Files.exists(archive().resolve(AcceptedStudies.PATH));
        if (!ArchiveMark.isThere(archive()) && (!hadArchive() || ofBeforeTheMark)) {
            ArchiveMark.create(archive());
        }
        boolean there = ArchiveMark.isThere(archive());
        if (there && !Files.exists(hadArchiveNote())) {
            Files.createDirectories(folder);
            Files.writeString(
                    hadArchiveNote(),
                    "This installation has an archive: an empty folder in its place is a missing mount.\n");
        }
        return there;
    }

    /** Whether this installation has had an archive. One from before the note was written has its own PostgreSQL. */
    public boolean hadArchive() {
        return Files.exists(hadArchiveNote()) || Files.exists(postgres());
    }

    private Path hadArchiveNote() {
        return folder.resolve("archive-was-made.txt");
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

    /** Addresses, ports and other settings kept between starts. */
    public Path settings() {
        return folder.resolve("settings.properties");
    }

    /** Where Prometheus finds the services, in the form of its file-based discovery. */
    public Path prometheusTargets() {
        return folder.resolve("prometheus-targets.json");
    }

    /** The state file of a running system. */
    public Path runState() {
        return folder.resolve("run.json");
    }

    /** A secret of this installation: created at its first use, readable by its owner only. */
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

    /** Where archives of loaded classes are kept: with a checkout for all its installations, else with this one. */
    public Path classArchives() {
        return (Files.isWritable(checkout) ? checkout.resolve(".datman") : folder).resolve("class-archives");
    }

    /** The jar that starts a service. */
    public Path serviceJar(String service) {
        return checkout.resolve(service + "-service/target/quarkus-app/quarkus-run.jar");
    }
}

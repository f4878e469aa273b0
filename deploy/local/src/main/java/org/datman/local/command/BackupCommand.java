package org.datman.local.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.datman.contracts.event.EventJson;
import org.datman.embedded.LocalPostgres;
import org.datman.local.InstallationFolder;
import org.datman.local.InstallationSettings;
import org.datman.local.backup.Backup;
import org.datman.local.backup.BackupCheck;
import org.datman.local.backup.BackupManifest;
import org.datman.local.backup.BackupStore;
import org.datman.local.process.ExternalKafka;
import org.datman.local.process.ExternalPostgres;
import org.datman.local.process.RunState;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code datman backup}: a backup of the running installation, and the check of one. */
@Command(
        name = "backup",
        description = {
            "Takes a backup of the running DATMAN into a folder: PostgreSQL and topics of one moment, the configuration, the secrets, and the"
                    + " archive or a list of it. What did not change is taken from the backup before, as hard links.",
            "'backup verify DIR' reads the newest one and compares all digests."
        },
        mixinStandardHelpOptions = true,
        exitCodeOnExecutionException = 2)
final class BackupCommand implements Callable<Integer> {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Pattern JAR = Pattern.compile("datman-contracts-(.+)\\.jar");

    @ParentCommand
    private DatmanCommand datman;

    @Spec
    private CommandSpec spec;

    /** Not required for picocli, which would ask for it in front of 'verify', too. */
    @Parameters(paramLabel = "DIR", arity = "0..1", description = "Folder of the backups, best on another machine.")
    private @Nullable Path folder;

    @Option(
            names = "--archive",
            defaultValue = "MANIFEST",
            paramLabel = "none|manifest|copy",
            description = "Nothing of the archive, a list of its files with their digests (default), or the files.")
    private Backup.ArchiveMode archive;

    @Option(
            names = "--without-secrets",
            description =
                    "Leaves out the secrets of the installation: passwords, and the secret of webhooks. A restore makes new ones.")
    private boolean withoutSecrets;

    @Option(names = "--keep", defaultValue = "14", description = "How many backups stay (default: ${DEFAULT-VALUE}).")
    private int keep;

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        if (folder == null) {
            throw new ParameterException(spec.commandLine(), "Where to? Give the folder of the backups");
        }
        if (keep < 1) {
            throw new IOException("--keep " + keep + " would keep no backup; give 1 or more");
        }
        InstallationFolder home = datman.home();
        RunState running = RunState.running(home.runState())
                .filter(state -> state.phase().equals("up"))
                .orElseThrow(() -> new IOException(
                        "DATMAN does not run in " + home.folder() + ": start it, then take the backup"));
        InstallationSettings settings = InstallationSettings.read(home.settings());
        Optional<String> lab = settings.get(InstallationSettings.POSTGRES);
        ExternalPostgres postgres = lab.isPresent()
                ? ExternalPostgres.of(lab.get())
                : new ExternalPostgres(running.jdbcUrl(), LocalPostgres.USER);
        String password = lab.isPresent()
                ? ExternalPostgres.password(datman.environment())
                : Files.readString(home.secret(InstallationFolder.POSTGRES_PASSWORD))
                        .strip();
        boolean labsKafka = settings.get(InstallationSettings.KAFKA).isPresent();
        Backup backup = new Backup(
                home,
                settings.get(InstallationSettings.STUDIES).map(Path::of).orElse(home.studies()),
                ExternalKafka.client(running.bootstrapServers(), labsKafka ? datman.environment() : Map.of(), PATIENCE),
                () -> postgres.connectForLong(password),
                version());
        long begin = System.nanoTime();
        Backup.Taken taken = backup.take(new BackupStore(folder), new Backup.Options(archive, !withoutSecrets, keep));
        print(taken, Duration.ofNanos(System.nanoTime() - begin), out);
        return 0;
    }

    private static void print(Backup.Taken taken, Duration time, PrintWriter out) {
        BackupManifest manifest = taken.manifest();
        out.printf(Locale.ROOT, "  %s, the state of %s, in %d s%n", taken.folder(), manifest.time(), time.toSeconds());
        out.printf(
                Locale.ROOT,
                "  %d tables with %d rows, %d records of topics%n",
                manifest.schemas().stream()
                        .mapToInt(schema -> schema.tables().size())
                        .sum(),
                manifest.schemas().stream()
                        .flatMap(schema -> schema.tables().stream())
                        .mapToLong(BackupManifest.Table::rows)
                        .sum(),
                records(manifest));
        for (BackupManifest.Tree tree : manifest.trees()) {
            out.printf(
                    Locale.ROOT,
                    "  %s: %d files, %d MiB%s%n",
                    tree.name(),
                    tree.files(),
                    tree.bytes() >> 20,
                    tree.copied() ? "" : ", listed only");
        }
        out.printf(
                Locale.ROOT,
                "  %d MiB of files were read; %d older backup(s) were removed%n",
                taken.read() >> 20,
                taken.removed());
        if (!manifest.secrets()) {
            out.println("  without secrets");
        }
        out.flush();
    }

    private static long records(BackupManifest manifest) {
        return manifest.topics().stream()
                .flatMap(partition -> partition.segments().stream())
                .mapToLong(BackupManifest.Segment::records)
                .sum();
    }

    /** That of the jar from which this runs. */
    private static String version() {
        Matcher jar = JAR.matcher(EventJson.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .getPath());
        return jar.find() ? jar.group(1) : "unknown";
    }

    @Command(
            name = "verify",
            description =
                    "Reads a backup and compares the digests of all its files. Exit code 0: it is whole; 1: it is not.",
            mixinStandardHelpOptions = true,
            exitCodeOnExecutionException = 2)
    int verify(
            @Parameters(paramLabel = "DIR", description = "Folder of the backups.") Path dir,
            @Option(
                            names = "--to",
                            paramLabel = "TIME",
                            description =
                                    "The newest one up to that time, as 2026-12-01T03:20:00Z (default: the newest).")
                    @Nullable
                    Instant to)
            throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        BackupStore.Stored stored = find(new BackupStore(dir), to);
        BackupCheck.Result result = BackupCheck.of(stored);
        result.faults().forEach(fault -> out.println("  " + fault));
        out.printf(
                Locale.ROOT,
                "  %s: %d files, %d MiB read: %s%n",
                stored.folder(),
                result.files(),
                result.bytes() >> 20,
                result.different() == 0 ? "whole" : result.different() + " are not as they were written");
        out.flush();
        return result.different() == 0 ? 0 : 1;
    }

    /** The newest backup, or the newest up to a time. */
    static BackupStore.Stored find(BackupStore store, @Nullable Instant to) throws IOException {
        Optional<BackupStore.Stored> found = store.newest(to == null ? Instant.MAX : to);
        return found.orElseThrow(() -> new IOException(
                "There is no whole backup" + (to == null ? "" : " of " + to + " or before") + " in the folder"));
    }
}

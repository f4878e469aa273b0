package org.datman.local.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.datman.local.InstallationFolder;
import org.datman.local.backup.BackupStore;
import org.datman.local.backup.Restore;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code datman restore}: a new installation from a backup. */
@Command(
        name = "restore",
        description = {
            "Makes a new installation of a backup in the folder of --home, which must be empty but for a mounted archive. The backup is checked"
                    + " first. Options of 'up' change what the backup says: another Kafka or PostgreSQL, another folder of study files.",
            "Exit code 0: all is as in the backup; 1: there are differences; 2: it was not restored."
        },
        mixinStandardHelpOptions = true,
        exitCodeOnExecutionException = 2)
final class RestoreCommand implements Callable<Integer> {

    @ParentCommand
    private DatmanCommand datman;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "DIR", description = "Folder of the backups.")
    private Path folder;

    @Option(
            names = "--to",
            paramLabel = "TIME",
            description = "The newest backup up to that time, as 2026-12-01T03:20:00Z (default: the newest).")
    private @Nullable Instant to;

    @Mixin
    private InstallationOptions options = new InstallationOptions();

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        InstallationFolder home = datman.home();
        BackupStore.Stored backup = BackupCommand.find(new BackupStore(folder), to);
        long begin = System.nanoTime();
        Restore.Result result = new Restore(backup, home, datman.environment(), line -> {
                    out.println("  " + line);
                    out.flush();
                })
                .run(settings -> {
                    options.apply(settings);
                    InstallationOptions.check(settings, datman.environment());
                });
        out.printf(
                Locale.ROOT,
                "  %s is the state of %s, in %d s: %d tables with %d rows, %d records of topics, %d files%n",
                home.folder(),
                backup.manifest().time(),
                Duration.ofNanos(System.nanoTime() - begin).toSeconds(),
                result.tables(),
                result.rows(),
                result.records(),
                result.files());
        if (result.sentBefore() > 0) {
            out.println("  " + result.sentBefore() + " event(s) had been sent before and will not be sent again");
        }
        result.differences().forEach(difference -> out.println("  differs: " + difference));
        if (result.different() > result.differences().size()) {
            out.println("  and " + (result.different() - result.differences().size()) + " more");
        }
        if (!backup.manifest().secrets()) {
            out.println("  The backup has no secrets; new ones are made: give the secret of webhooks to XNAT again");
        }
        out.println("  Continue with: datman up --home " + home.folder());
        out.flush();
        return result.different() == 0 ? 0 : 1;
    }
}

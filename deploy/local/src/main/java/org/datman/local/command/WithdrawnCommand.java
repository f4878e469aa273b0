package org.datman.local.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.datman.local.withdrawal.WithdrawnFiles;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code datman withdrawn}: what the archive keeps of what is no longer valid. */
@Command(
        name = "withdrawn",
        description = {
            "Lists what was withdrawn from the archive and is kept in .datman/withdrawn, or removes it for good. What is public is not touched.",
            "Exit code 0; 2: the archive cannot be read, or a file cannot be removed."
        },
        mixinStandardHelpOptions = true,
        exitCodeOnExecutionException = 2)
final class WithdrawnCommand implements Callable<Integer> {

    @ParentCommand
    private DatmanCommand datman;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ArchiveOption archive = new ArchiveOption();

    @Option(
            names = "--session",
            paramLabel = "ACCESSION",
            defaultValue = "",
            description = "Only of this session: its accession id, or SERVER/ACCESSION.")
    private String session;

    @Option(
            names = "--older-than",
            paramLabel = "DAYS",
            defaultValue = "0",
            description = "Only what was withdrawn more than so many days ago.")
    private int days;

    @Option(
            names = "--delete",
            description = "Removes the files for good; the notes stay, with the time of the removal.")
    private boolean delete;

    private final Clock clock = Clock.systemUTC();

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        if (delete && session.isEmpty() && days <= 0) {
            throw new ParameterException(
                    spec.commandLine(), "Which files? Give --session or --older-than; --delete alone would remove all");
        }
        WithdrawnFiles files = new WithdrawnFiles(archive.of(".", datman));
        Instant before = clock.instant().minus(Duration.ofDays(days));
        List<WithdrawnFiles.Withdrawn> found = files.list(
                one -> (session.isEmpty() || one.isOf(session)) && one.time().isBefore(before),
                damaged -> out.println("  " + damaged + " cannot be read; its files stay"));
        long count = 0;
        long bytes = 0;
        for (WithdrawnFiles.Withdrawn one : found) {
            if (delete) {
                files.remove(one, clock.instant());
            }
            count += one.files();
            bytes += one.bytes();
            out.printf(
                    Locale.ROOT,
                    "  %s %s/%s %s: %d file(s), %d KiB: %s%n",
                    one.time(),
                    one.server(),
                    one.accession(),
                    one.subject(),
                    one.files(),
                    one.bytes() >> 10,
                    one.reason());
        }
        out.printf(
                Locale.ROOT,
                "  %d file(s), %d MiB %s%n",
                count,
                bytes >> 20,
                delete ? "were removed for good" : "are kept");
        out.flush();
        return 0;
    }
}

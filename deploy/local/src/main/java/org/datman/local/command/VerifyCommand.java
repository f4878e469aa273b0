package org.datman.local.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.datman.local.provenance.ArchiveCheck;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code datman verify}: whether all files of an archive are as they were published. */
@Command(
        name = "verify",
        description = {
            "Reads every published file of the archive and the results of quality control, and compares their SHA-256 with the"
                    + " published ones. Nothing is written.",
            "Exit code 0: all are as published; 1: some are not; 2: the archive cannot be read."
        },
        exitCodeOnExecutionException = 2,
        mixinStandardHelpOptions = true)
final class VerifyCommand implements Callable<Integer> {

    @ParentCommand
    private DatmanCommand datman;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ArchiveOption archive = new ArchiveOption();

    @Option(names = "--study", paramLabel = "CODE", description = "Only the files of this study.", defaultValue = "")
    private String study;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        Path folder = archive.of(".", datman).toAbsolutePath().normalize();
        ArchiveCheck.Result result = ArchiveCheck.of(folder, study, difference -> {
            out.println(difference);
            out.flush();
        });
        out.printf(
                "%d file(s), %d MiB read in %s: %d not as published%n",
                result.files(), result.bytes() >> 20, folder, result.different());
        out.flush();
        return result.different() == 0 ? 0 : 1;
    }
}

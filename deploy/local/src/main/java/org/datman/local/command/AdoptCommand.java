package org.datman.local.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.datman.contracts.archive.ArchiveMark;
import org.datman.local.adoption.Adoption;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code datman adopt}: DICOM that is at hand in an earlier archive is not downloaded again. */
@Command(
        name = "adopt",
        description = {
            "Lists the DICOM of an earlier archive (zips and folders) by series. From then on export takes a file from there when"
                    + " XNAT lists one of the same size and MD5 in that series, and downloads the others.",
            "Images are converted and named again, so that each has its provenance; nothing of the earlier archive is changed. It"
                    + " must stay where it is until the series are exported.",
            "Exit code 0: everything was read; 1: some files could not be read; 2: there is no earlier archive, or none of today."
        },
        exitCodeOnExecutionException = 2,
        mixinStandardHelpOptions = true)
final class AdoptCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @ParentCommand
    private DatmanCommand datman;

    @Parameters(index = "0", paramLabel = "OLD", description = "Folder of the earlier archive, such as data/zips.")
    private Path old;

    @Option(
            names = "--archive",
            paramLabel = "DIR",
            description = "Today's archive (default: that of the installation on this machine).")
    private @Nullable Path archive;

    @Override
    public Integer call() throws IOException {
        if (!Files.isDirectory(old)) {
            throw new IOException(old + " is no folder; give the folder that holds the zips or the DICOM folders");
        }
        Path target = archive == null ? datman.home().archive() : archive;
        if (!ArchiveMark.isThere(target)) {
            throw new IOException(ArchiveMark.away(target));
        }
        PrintWriter out = spec.commandLine().getOut();
        int[] problems = {0};
        Adoption.Result result = Adoption.run(old, target, problem -> {
            problems[0]++;
            out.println("  " + problem);
        });
        out.println(result.dicom() + " DICOM files of " + result.series() + " series in " + result.containers()
                + " zips and folders are listed; " + result.others() + " other files and " + problems[0]
                + " problem(s)");
        out.println("Next: export uses them for every series that it reads from now on; 'Reconvert' reads one again");
        return problems[0] == 0 ? 0 : 1;
    }
}

package org.datman.local.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.datman.local.provenance.Release;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code datman release}: lists what is published now, for a later comparison. */
@Command(
        name = "release",
        description = {
            "Lists the published files of an archive or a study with their SHA-256 and the inputs that determine them (digest"
                    + " of the DICOM files, rule, revision of the study, converter), sorted. './datman diff' compares two.",
            "Exit code 0: written; 1: written with --defaced, and images are left out; 2: the archive cannot be read, no file is published, all images are left out, or OUT.tsv.gz is there already."
        },
        exitCodeOnExecutionException = 2,
        mixinStandardHelpOptions = true)
final class ReleaseCommand implements Callable<Integer> {

    @ParentCommand
    private DatmanCommand datman;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ArchiveOption archive = new ArchiveOption();

    @Parameters(index = "0", paramLabel = "ARCHIVE|STUDY", description = "An archive, or a study code of --archive.")
    private String what;

    @Parameters(index = "1", paramLabel = "OUT.tsv.gz", description = "The list.")
    private Path target;

    @Option(names = "--replace", description = "Replace a list that is there.")
    private boolean replace;

    @Option(
            names = "--defaced",
            description =
                    "What may leave the lab: the image without the face in place of each image that the study defaces, and of"
                            + " everything else images, sidecars, gradients and metrics. Images without a defaced form are left out, named,"
                            + " and the exit code is 1.")
    private boolean defaced;

    @Override
    public Integer call() throws IOException {
        Path folder = archive.of(what, datman);
        boolean whole = Files.isDirectory(Path.of(what))
                && folder.equals(Path.of(what).toAbsolutePath().normalize());
        String study = whole ? "" : what;
        Map<String, String> leftOut = new TreeMap<>();
        PrintWriter out = spec.commandLine().getOut();
        int files;
        try {
            files = defaced
                    ? Release.writeDefaced(folder, study, target, replace, leftOut)
                    : Release.write(folder, study, target, replace);
        } finally {
            // Where all images are left out there is no list, and the reasons are all there is.
            leftOut.forEach((stem, why) -> out.printf("left out: %s: %s%n", stem, why));
            out.flush();
        }
        out.printf("%s: %d file(s)%n", target, files);
        out.flush();
        return leftOut.isEmpty() ? 0 : 1;
    }
}

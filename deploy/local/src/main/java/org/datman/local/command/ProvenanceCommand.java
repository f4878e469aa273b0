package org.datman.local.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.datman.local.provenance.CrateWriter;
import org.datman.local.provenance.DefacedGraph;
import org.datman.local.provenance.Lineage;
import org.datman.local.provenance.LineageGraph;
import org.datman.local.provenance.LineageReader;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code datman provenance}: the record of an archive in the forms of others. */
@Command(
        name = "provenance",
        description = "The provenance of files, in forms that other programs read.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = ProvenanceCommand.Crate.class)
final class ProvenanceCommand implements Runnable {

    @ParentCommand
    private DatmanCommand datman;

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "name a command: crate SESSION|STUDY OUT_DIR");
    }

    /** {@code datman provenance crate}: files and their provenance as an RO-Crate. */
    @Command(
            name = "crate",
            description = {
                "Copies the images of a session or study with their results and writes their provenance as a Process Run Crate"
                        + " (RO-Crate 1.3). A file that is not as published is refused.",
                "Exit code 0: written; 1: written, and images are left out; 2: nothing is recorded, or a file is changed or missing."
            },
            exitCodeOnExecutionException = 2,
            mixinStandardHelpOptions = true)
    static final class Crate implements Callable<Integer> {

        @ParentCommand
        private ProvenanceCommand parent;

        @Spec
        private CommandSpec spec;

        @Mixin
        private ArchiveOption archive = new ArchiveOption();

        @Parameters(index = "0", paramLabel = "SESSION|STUDY", description = "The name of a session, image or study.")
        private String what;

        @Parameters(index = "1", paramLabel = "OUT_DIR", description = "A folder that is empty or not there yet.")
        private Path target;

        @Option(
                names = "--license",
                paramLabel = "URL|TEXT",
                description = "The licence of the data (default: ${DEFAULT-VALUE}).",
                defaultValue = "No licence is stated: ask the study's contact")
        private String licence;

        @Option(
                names = "--defaced",
                description =
                        "For what leaves the lab: the image without the face in place of each image that the study"
                                + " defaces, and of everything else sidecars, gradients and metrics: no kept DICOM, picture, log,"
                                + " account or machine. Images without a defaced form are left out,"
                                + " named, and the exit code is 1.")
        private boolean defaced;

        private int images;
        private int leftOut;

        @Override
        public Integer call() throws IOException {
            ArchiveOption.requireNew(target);
            LineageReader reader = archive.reader(what, parent.datman);
            PrintWriter out = spec.commandLine().getOut();
            try (CrateWriter crate = new CrateWriter(reader.archive(), target)) {
                List<String> sessions = reader.sessions(what);
                for (String session : sessions) {
                    add(crate, reader.archive(), reader.ofSession(what, session), out);
                }
                if (sessions.isEmpty()) {
                    add(crate, reader.archive(), reader.read(what), out);
                }
                if (images == 0) {
                    out.flush();
                    throw new IOException("No image may be in the crate; " + target + " was not written");
                }
                CrateWriter.Written written =
                        crate.finish(what, licence, Clock.systemUTC().instant());
                out.printf("%s: %d image(s), %d file(s), %d bytes%n", target, images, written.files(), written.bytes());
                if (written.withheld() > 0) {
                    out.printf(
                            "%d file(s) and fact(s) are withheld: they may show a face, or name a person, an account or a machine%n",
                            written.withheld());
                }
                out.flush();
                return leftOut == 0 ? 0 : 1;
            }
        }

        private void add(CrateWriter crate, Path files, List<Lineage> lineages, PrintWriter out) throws IOException {
            DefacedGraph chosen = defaced
                    ? DefacedGraph.of(files, lineages)
                    : new DefacedGraph(LineageGraph.of(lineages), lineages.size(), Map.of(), Set.of());
            chosen.refused().forEach((stem, why) -> out.printf("left out: %s: %s%n", stem, why));
            leftOut += chosen.refused().size();
            images += chosen.images();
            crate.add(chosen);
        }
    }
}

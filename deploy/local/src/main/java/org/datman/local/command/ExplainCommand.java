package org.datman.local.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import org.datman.contracts.event.EventJson;
import org.datman.contracts.provenance.ProvJson;
import org.datman.local.provenance.Lineage;
import org.datman.local.provenance.LineageGraph;
import org.datman.local.provenance.LineageText;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code datman explain}: where a file or a number came from. */
@Command(
        name = "explain",
        description = {
            "Explains where a file, a number or the images of a session came from: its SHA-256 compared with the published one,"
                    + " the converter, the DICOM files, the rule and the study text, the events, quality control. The archive"
                    + " is enough; nothing needs to run.",
            "Exit code 0: the files are as published; 1: one is changed or missing, or no record lists it; 2: there is no record of"
                    + " it."
        },
        exitCodeOnExecutionException = 2,
        mixinStandardHelpOptions = true)
final class ExplainCommand implements Callable<Integer> {

    @ParentCommand
    private DatmanCommand datman;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ArchiveOption archive = new ArchiveOption();

    @Parameters(
            paramLabel = "FILE",
            description =
                    "A file in the archive, the name of an image or a session; FILE#KEY for a number of metrics.json.")
    private String what;

    @Option(names = "--json", description = "Everything that is recorded, as JSON: each DICOM file too.")
    private boolean json;

    @Option(names = "--prov", description = "W3C PROV-JSON.")
    private boolean prov;

    @Override
    public Integer call() throws IOException {
        List<Lineage> lineages = archive.reader(what, datman).read(what);
        PrintWriter out = spec.commandLine().getOut();
        if (prov) {
            out.println(ProvJson.of(LineageGraph.of(lineages)).toPrettyString());
        } else if (json) {
            out.println(EventJson.mapper().writerWithDefaultPrettyPrinter().writeValueAsString(lineages));
        } else {
            lineages.forEach(lineage -> LineageText.of(lineage).forEach(out::println));
        }
        out.flush();
        return lineages.stream().allMatch(Lineage::asPublished) ? 0 : 1;
    }
}

package org.datman.local.command;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.datman.bids.schema.BidsSchema;
import org.datman.bids.validation.BidsValidator;
import org.datman.bids.validation.Finding;
import org.datman.bids.validation.FindingSeverity;
import org.datman.bids.validation.ValidationReport;
import org.datman.local.provenance.DefacedDataset;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code datman bids}: work on BIDS datasets. */
@Command(
        name = "bids",
        description = "BIDS datasets.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {BidsCommand.Validate.class, BidsCommand.Share.class, BidsBenchCommand.class})
final class BidsCommand implements Runnable {

    @ParentCommand
    private DatmanCommand datman;

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new picocli.CommandLine.ParameterException(
                spec.commandLine(), "name a command: validate DIR, share STUDY OUT_DIR");
    }

    /** {@code datman bids validate}: the rules of the official schema, applied to a dataset. */
    @Command(
            name = "validate",
            description = {
                "Validates a BIDS dataset by the official schema; findings have the codes of the official validator.",
                "Exit code 0: no errors (warnings at most); 1: errors; 2: the dataset cannot be read."
            },
            exitCodeOnExecutionException = 2,
            mixinStandardHelpOptions = true)
    static final class Validate implements Callable<Integer> {

        private static final int SHOWN = 3;

        @Spec
        private CommandSpec spec;

        @Parameters(paramLabel = "DIR", description = "The dataset: the folder of dataset_description.json.")
        private Path dataset;

        @Option(names = "--json", description = "The findings as JSON.")
        private boolean json;

        @Option(names = "--all", description = "Every place of a finding, not only the first " + SHOWN + ".")
        private boolean all;

        @Option(
                names = "--ignore-nifti-headers",
                description = "Do not read image headers: for examples whose images are empty.")
        private boolean ignoreHeaders;

        @Override
        public Integer call() throws IOException {
            if (!Files.isDirectory(dataset)) {
                throw new NotDirectoryException(dataset.toString());
            }
            ValidationReport report = new BidsValidator(dataset, BidsSchema.bundled(), !ignoreHeaders).validate();
            PrintWriter out = spec.commandLine().getOut();
            if (json) {
                out.println(new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(report));
            } else {
                print(report, out);
            }
            out.flush();
            return report.hasErrors() ? 1 : 0;
        }

        private void print(ValidationReport report, PrintWriter out) {
            report.byCode()
                    .forEach((severity, codes) -> codes.forEach((code, findings) -> {
                        long files = findings.stream()
                                .map(Finding::location)
                                .distinct()
                                .count();
                        out.printf(
                                "%s %s: %s, %d file(s)%n",
                                severity.name().toLowerCase(Locale.ROOT),
                                code,
                                findings.get(0).message().split(": ", 2)[0],
                                files);
                        List<Finding> shown = all ? findings : findings.subList(0, Math.min(SHOWN, findings.size()));
                        shown.forEach(finding -> out.println("    " + place(finding)));
                        if (shown.size() < findings.size()) {
                            out.printf("    and %d more%n", findings.size() - shown.size());
                        }
                    }));
            long errors = report.findings().stream()
                    .filter(finding -> finding.severity() == FindingSeverity.ERROR)
                    .count();
            report.notChecked().forEach(what -> out.println("not checked: " + what));
            out.printf(
                    "%d error(s), %d warning(s) in %d files and folders, by BIDS %s (schema %s)%n",
                    errors,
                    report.findings().size() - errors,
                    report.files(),
                    report.bidsVersion(),
                    report.schemaVersion());
        }

        private static String place(Finding finding) {
            String[] words = finding.message().split(": ", 2);
            return (finding.location().isEmpty() ? "the dataset" : finding.location())
                    + (finding.line() == 0 ? "" : ":" + finding.line())
                    + (finding.subCode().isEmpty() ? "" : " " + finding.subCode())
                    + (words.length < 2 ? "" : " (" + words[1] + ")");
        }
    }

    /** {@code datman bids share}: a study's dataset without faces. */
    @Command(
            name = "share",
            description = {
                "Copies the raw BIDS dataset of a study for those outside of the lab, with the image without the face in place of each"
                        + " image that the study defaces. Images without a defaced form are left out, named, and the exit code is 1."
                        + " Of other files only those that are as DATMAN wrote them are copied; what of an image of the copy is not so is named.",
                "Exit code 0: written; 1: written, and images or what belongs to them are left out, or the copy is not valid; 2: the study has no dataset or defaces"
                        + " nothing, or a file is not as published."
            },
            exitCodeOnExecutionException = 2,
            mixinStandardHelpOptions = true)
    static final class Share implements Callable<Integer> {

        @ParentCommand
        private BidsCommand parent;

        @Spec
        private CommandSpec spec;

        @Mixin
        private ArchiveOption archive = new ArchiveOption();

        @Parameters(index = "0", paramLabel = "STUDY", description = "The code of a study.")
        private String study;

        @Parameters(index = "1", paramLabel = "OUT_DIR", description = "A folder that is empty or not there yet.")
        private Path target;

        @Override
        public Integer call() throws IOException {
            ArchiveOption.requireNew(target);
            DefacedDataset copy = DefacedDataset.write(archive.of(study, parent.datman), study, target);
            PrintWriter out = spec.commandLine().getOut();
            copy.leftOut().forEach((path, why) -> out.printf("left out: %s: %s%n", path, why));
            if (copy.foreign() > 0) {
                out.printf("left out: %d file(s) that belong to no image of the copy%n", copy.foreign());
            }
            out.printf("%s: %d image(s), %d file(s)%n", target, copy.images(), copy.files());
            long errors = new BidsValidator(target, BidsSchema.bundled(), true)
                    .validate().findings().stream()
                            .filter(finding -> finding.severity() == FindingSeverity.ERROR)
                            .count();
            if (errors > 0) {
                out.printf("It is not valid BIDS: './datman bids validate %s' names %d error(s)%n", target, errors);
            }
            out.flush();
            return copy.leftOut().isEmpty() && errors == 0 ? 0 : 1;
        }
    }
}

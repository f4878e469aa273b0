package org.datman.local.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.datman.contracts.naming.BidsName;
import org.datman.contracts.naming.DatmanId;
import org.datman.contracts.naming.DatmanIds;
import org.datman.contracts.naming.FileName;
import org.datman.contracts.naming.IdMap;
import org.datman.contracts.naming.NamingException;
import org.datman.contracts.study.StudyConfiguration;
import org.datman.contracts.study.StudyConfigurations;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code datman name}: what a name means, or why it means nothing. */
@Command(
        name = "name",
        description = {
            "Explains names: a session's label in DATMAN's or KCNI's form, a phantom's, the name of a file of a series, or a"
                    + " BIDS name. With --study, the identifier is mapped and checked as that study does it.",
            "Exit code 0: every name is understood; 1: one is not; 2: the study file cannot be read."
        },
        exitCodeOnExecutionException = 2,
        mixinStandardHelpOptions = true)
final class NameCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Parameters(arity = "1..*", paramLabel = "NAME", description = "Session labels, file names, BIDS names.")
    private List<String> names = List.of();

    @Option(names = "--study", paramLabel = "FILE", description = "A study file: its IdMap, codes and sites are used.")
    private @Nullable Path studyFile;

    @Option(
            names = "--series",
            paramLabel = "NUMBER",
            description = "With --tag: the name that a series of this number gets in the session.")
    private @Nullable Long series;

    @Option(names = "--tag", description = "With --series: its tag.")
    private @Nullable String tag;

    @Option(names = "--description", defaultValue = "", description = "With --series: its description on the scanner.")
    private String description = "";

    @Override
    public Integer call() throws IOException {
        if ((tag == null) != (series == null)) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(), "--series and --tag make a file name together; give both or neither");
        }
        Optional<StudyConfiguration> study = study();
        PrintWriter out = spec.commandLine().getOut();
        boolean all = true;
        for (String name : names) {
            out.println(name);
            try {
                explain(name, study.orElse(null), out);
            } catch (NamingException e) {
                out.println("  is no name of DATMAN: " + e.getMessage());
                all = false;
            }
        }
        return all ? 0 : 1;
    }

    private Optional<StudyConfiguration> study() throws IOException {
        Path file = studyFile;
        if (file == null) {
            return Optional.empty();
        }
        if (!Files.isRegularFile(file)) {
            throw new IOException(file + " is no file; give the study file of the session");
        }
        StudyConfigurations read = StudyConfigurations.loadFile(file);
        if (!read.errors().isEmpty()) {
            throw new IOException(read.errors().get(0) + " (./datman config check lists all faults)");
        }
        return read.valid().values().stream().findFirst();
    }

    private void explain(String name, @Nullable StudyConfiguration study, PrintWriter out) {
        if (name.substring(name.lastIndexOf('/') + 1).startsWith("sub-")) {
            bids(BidsName.parse(name), out);
            return;
        }
        Optional<FileName> file = fileName(name);
        if (file.isPresent()) {
            line(out, "is", "the name of a file of a series");
            line(out, "tag", file.get().tag());
            line(out, "series", Long.toString(file.get().seriesNumber()));
            line(out, "description", file.get().description());
            id(checked(file.get().id().toString(), study), out);
            return;
        }
        DatmanId id = checked(name, study);
        line(out, "is", id.findKcni().isPresent() ? "a KCNI identifier" : "an identifier in DATMAN's form");
        id(id, out);
    }

    private static DatmanId checked(String name, @Nullable StudyConfiguration study) {
        return study == null
                ? DatmanIds.parse(name, IdMap.NONE)
                : DatmanIds.parseFor(name, study.idMap(), study.sitesByCode());
    }

    private static Optional<FileName> fileName(String name) {
        try {
            return Optional.of(FileName.parse(name));
        } catch (NamingException noFile) {
            // Then it is an identifier or nothing, and the fault of that is the one to show.
            return Optional.empty();
        }
    }

    private void id(DatmanId id, PrintWriter out) {
        line(out, "of", id.isPhantom() ? "a phantom" : "a person");
        line(out, "study", id.study());
        line(out, "site", id.site());
        line(out, "subject", id.subject());
        if (!id.isPhantom()) {
            line(out, "timepoint", id.timepoint());
            line(
                    out,
                    "repeat",
                    id.findSession().orElse("not given: the label of a session needs it, for example " + id + "_01"));
        }
        if (!id.isPhantom() && id.findSession().isEmpty()) {
            return;
        }
        line(out, "session folder", id.sessionName());
        line(out, "XNAT labels", "subject " + id.xnatSubjectLabel() + ", session " + id.xnatSessionLabel());
        line(out, "BIDS", "sub-" + id.bidsSubject() + ", ses-" + id.bidsSession());
        if (tag != null && series != null) {
            line(
                    out,
                    "series " + series,
                    FileName.of(id, tag, series, description).stem());
        }
    }

    private static void bids(BidsName name, PrintWriter out) {
        line(out, "is", "a BIDS name");
        line(out, "subject", name.subject());
        line(out, "session", name.session());
        name.entities().forEach((entity, value) -> line(out, entity, value));
        line(out, "suffix", name.suffix());
    }

    private static void line(PrintWriter out, String what, String value) {
        out.printf("  %-15s %s%n", what, value);
    }
}

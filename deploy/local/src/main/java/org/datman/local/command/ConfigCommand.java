package org.datman.local.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.datman.contracts.study.StudyConfigurations;
import org.datman.local.legacy.ConfigurationImport;
import org.datman.local.legacy.ImportNote.Outcome;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code datman config}: study files, without a running system. */
@Command(
        name = "config",
        description = "Study files: check them, import those of the old DATMAN, or draft one from sessions.",
        mixinStandardHelpOptions = true,
        subcommands = {ConfigCommand.Check.class, ConfigCommand.Import.class, ProposeCommand.class})
final class ConfigCommand {

    @ParentCommand
    private DatmanCommand datman;

    Map<String, String> environment() {
        return datman.environment();
    }

    /** {@code datman config check}. */
    @Command(
            name = "check",
            description = {
                "Checks a study file or a folder of them: every fault with file, line, column, and what is allowed.",
                "Exit code 0: no fault; 1: faults; 2: there is nothing to check."
            },
            exitCodeOnExecutionException = 2,
            mixinStandardHelpOptions = true)
    static final class Check implements Callable<Integer> {

        @Spec
        private CommandSpec spec;

        @Parameters(index = "0", paramLabel = "PATH", description = "A study file, or a folder of study files.")
        private Path path;

        @Override
        public Integer call() throws IOException {
            PrintWriter out = spec.commandLine().getOut();
            if (!Files.exists(path)) {
                throw new IOException(path + " does not exist; give a study file, or a folder of study files");
            }
            StudyConfigurations studies =
                    Files.isDirectory(path) ? StudyConfigurations.load(path) : StudyConfigurations.loadFile(path);
            studies.errors().forEach(out::println);
            if (studies.errors().isEmpty() && studies.valid().isEmpty()) {
                throw new IOException("There is no study file (.yml or .yaml) in " + path);
            }
            studies.valid().values().stream()
                    .sorted((a, b) -> a.code().compareTo(b.code()))
                    .forEach(study -> out.println(study.file() + ": study " + study.code() + ", "
                            + study.sites().size() + " site(s), "
                            + study.sites().values().stream()
                                    .flatMap(site -> site.tags().keySet().stream())
                                    .distinct()
                                    .count()
                            + " tag(s), revision " + study.revision()));
            out.println(studies.errors().size() + " fault(s)");
            return studies.errors().isEmpty() ? 0 : 1;
        }
    }

    /** {@code datman config import}. */
    @Command(
            name = "import",
            description = {
                "Writes study files from the configuration of the old DATMAN (Python), with a report of what changed.",
                "Reads the main file, the study files, and of each metadata folder scans.csv, blacklist.csv, checklist.csv,"
                        + " external-links.csv and standards. Nothing of the old installation is changed.",
                "Exit code 0: everything has a place; 1: the report lists what has none, or the files have faults;"
                        + " 2: nothing could be read."
            },
            exitCodeOnExecutionException = 2,
            mixinStandardHelpOptions = true)
    static final class Import implements Callable<Integer> {

        @Spec
        private CommandSpec spec;

        @Parameters(
                index = "0",
                paramLabel = "OLD",
                description = "The main configuration file (DM_CONFIG), or a folder with it.")
        private Path old;

        @Option(names = "--system", description = "Entry of SystemSettings (DM_SYSTEM), where there are several.")
        private @Nullable String system;

        @Option(
                names = "--projects",
                description = "Folder of the study folders (default: DatmanProjectsDir of the system).")
        private @Nullable Path projects;

        @Option(
                names = "--out",
                defaultValue = "datman-config",
                description = "New folder for the study files (default: ${DEFAULT-VALUE}).")
        private Path out;

        @Override
        public Integer call() throws IOException {
            PrintWriter text = spec.commandLine().getOut();
            ConfigurationImport.Result result = ConfigurationImport.run(old, system, projects, out);
            result.files().forEach(file -> text.println("Written: " + out.resolve(file)));
            result.notes().stream()
                    .filter(note -> note.outcome() == Outcome.LEFT)
                    .forEach(note -> text.println("  " + note));
            result.faults().forEach(fault -> text.println("  fault: " + fault));
            text.println(result.count(Outcome.LEFT) + " not carried over, " + result.count(Outcome.CHANGED)
                    + " changed, " + result.faults().size() + " fault(s); the report is "
                    + out.resolve(ConfigurationImport.REPORT));
            text.println(
                    "Next: ./datman config check " + out + ", then ./datman try " + out + " DIR with some sessions");
            return result.count(Outcome.LEFT) == 0 && result.faults().isEmpty() ? 0 : 1;
        }
    }
}

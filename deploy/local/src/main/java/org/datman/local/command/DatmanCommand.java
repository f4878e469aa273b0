package org.datman.local.command;

import java.nio.file.Path;
import java.util.Map;
import org.datman.local.InstallationFolder;
import org.datman.xnat.XnatDenied;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** {@code datman}: all commands of one-machine mode. */
@Command(
        name = "datman",
        description = "DATMAN on one machine.",
        mixinStandardHelpOptions = true,
        subcommands = {
            DemoCommand.class,
            ChaosCommand.class,
            UpCommand.class,
            DownCommand.class,
            StatusCommand.class,
            DoctorCommand.class,
            TopicsCommand.class,
            LogsCommand.class,
            SuperviseCommand.class,
            TryCommand.class,
            BidsCommand.class,
            ConfigCommand.class,
            NameCommand.class,
            RulesCommand.class,
            PipelineCommand.class,
            AdoptCommand.class,
            ExplainCommand.class,
            ProvenanceCommand.class,
            ReleaseCommand.class,
            DiffCommand.class,
            VerifyCommand.class,
            ImagesCommand.class,
            BackupCommand.class,
            RestoreCommand.class,
            WithdrawnCommand.class
        })
public final class DatmanCommand {

    @Option(
            names = "--home",
            scope = ScopeType.INHERIT,
            description = "Where this installation keeps its state (default: .datman/home in the checkout).",
            defaultValue = "${sys:datman.home}")
    private Path home;

    @Option(names = "--checkout", hidden = true, scope = ScopeType.INHERIT, defaultValue = "${sys:datman.checkout}")
    private Path checkout;

    /** Exit code when a server refuses the account (EX_NOPERM of sysexits.h): who tries again by itself must not, or XNAT locks the account. */
    static final int REFUSED = 77;

    private final Map<String, String> environment;

    DatmanCommand(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    /** Options of the account on XNAT. */
    Map<String, String> environment() {
        return environment;
    }

    /** The built checkout. */
    Path checkout() {
        return checkout.toAbsolutePath();
    }

    InstallationFolder home() {
        return new InstallationFolder(home.toAbsolutePath(), checkout.toAbsolutePath());
    }

    InstallationFolder home(Path other) {
        return new InstallationFolder(other.toAbsolutePath(), checkout.toAbsolutePath());
    }

    public static void main(String[] arguments) {
        System.exit(commandLine(System.getenv()).execute(arguments));
    }

    /** All commands; an exception becomes an error line with the problem, the place and the action. */
    static CommandLine commandLine(Map<String, String> environment) {
        return new CommandLine(new DatmanCommand(environment))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((e, command, parsed) -> {
                    command.getErr().println("datman: " + CommandErrors.words(e));
                    return e.getCause() instanceof XnatDenied
                            ? REFUSED
                            : command.getCommandSpec().exitCodeOnExecutionException();
                });
    }
}

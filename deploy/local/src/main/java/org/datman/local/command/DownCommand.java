package org.datman.local.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(name = "down", description = "Stops DATMAN; its state is kept.", mixinStandardHelpOptions = true)
final class DownCommand implements Callable<Integer> {

    @ParentCommand
    private DatmanCommand datman;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        boolean stopped = new Daemon(datman.home(), out).stop();
        out.println(
                stopped
                        ? "DATMAN is down; its state is kept in "
                                + datman.home().folder()
                        : "DATMAN was not running");
        return 0;
    }
}

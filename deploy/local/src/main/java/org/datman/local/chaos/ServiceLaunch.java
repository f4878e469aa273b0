package org.datman.local.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.datman.local.process.Supervisor;

/**
 * How a service is started so that it alone can be struck: with a group id of its own, by which the packet filter knows its sockets, and with a clock
 * that follows a file.
 */
final class ServiceLaunch {

    private static final int FIRST_GROUP = 64_200;

    private final Confinement confinement;
    private final Path clocks;

    /** @param clocks folder for the files with the error of each clock */
    ServiceLaunch(Confinement confinement, Path clocks) throws IOException {
        this.confinement = confinement;
        this.clocks = clocks;
        Files.createDirectories(clocks);
        for (String service : Supervisor.SERVICES) {
            skew(service, "+0");
        }
    }

    /** The programs before the one of the service. */
    List<String> program(String service) {
        List<String> command = new ArrayList<>();
        if (confinement.filter() == null) {
            command.addAll(List.of("setpriv", "--regid=" + group(service), "--keep-groups"));
        }
        command.addAll(List.of("env", "DATMAN_CLOCK_ERROR_FILE=" + clocks.resolve(service)));
        return command;
    }

    static int group(String service) {
        return FIRST_GROUP + Supervisor.SERVICES.indexOf(service);
    }

    /**
     * Sets the error of a clock; it is in force within a second.
     *
     * @param seconds with its sign
     */
    void skew(String service, String seconds) {
        try {
            Path part = clocks.resolve(service + ".part");
            Files.writeString(part, seconds + "\n");
            Files.move(
                    part, clocks.resolve(service), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package org.datman.platform.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;

/** Names of claims as processes of this machine have them. */
public final class EndedProcess {

    private EndedProcess() {}

    /** A claim of a process that was killed. */
    public static String claim() {
        try {
            Process process = new ProcessBuilder("sleep", "600").start();
            String claim = claim(process);
            process.destroyForcibly().waitFor();
            return claim;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** A claim of that process. */
    public static String claim(Process process) throws IOException {
        return InetAddress.getLocalHost().getHostName() + "/" + process.pid() + "/"
                + process.info().startInstant().orElseThrow() + "/service#claim";
    }
}

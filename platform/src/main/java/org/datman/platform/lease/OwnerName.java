package org.datman.platform.lease;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.UUID;

/** Names of claims: machine, process and its start (a process id alone is used again), the service in it, and the claim. */
final class OwnerName {

    private static final String HOST = host();
    private static final String SERVICE = UUID.randomUUID().toString();

    private OwnerName() {}

    /** A new name for every claim. */
    static String next() {
        return nameOf(ProcessHandle.current()) + "/" + SERVICE + "#" + UUID.randomUUID();
    }

    /** Whether the process of a claim was on this machine and has ended; of other machines only the lease tells. */
    static boolean isDead(String owner) {
        String[] parts = owner.replaceFirst("#.*", "").split("/", 4);
        if (parts.length < 3 || !parts[0].equals(HOST) || !parts[1].matches("\\d{1,18}")) {
            return false;
        }
        String process = parts[0] + "/" + parts[1] + "/" + parts[2];
        boolean own = process.equals(nameOf(ProcessHandle.current()));
        if (own) {
            return parts.length == 4 && !parts[3].equals(SERVICE);
        }
        return ProcessHandle.of(Long.parseLong(parts[1]))
                .filter(alive -> nameOf(alive).equals(process))
                .isEmpty();
    }

    private static String nameOf(ProcessHandle handle) {
        return HOST + "/" + handle.pid() + "/"
                + handle.info().startInstant().map(Object::toString).orElse("");
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName().replace('/', '-');
        } catch (UnknownHostException e) {
            return "unknown";
        }
    }
}

package org.datman.local.process;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Locale;
import java.util.Map;
import org.datman.embedded.FreePort;
import org.datman.local.InstallationSettings;

/** Which port each part listens on. */
interface Ports {

    String LOOPBACK = "127.0.0.1";
    String EVERY_ADDRESS = "0.0.0.0";

    int port(String name) throws IOException;

    String bind(String name);

    /** Free ones, new at each start, on loopback: for demos and tests. */
    static Ports passing(int dashboardPort) {
        return new Ports() {
            @Override
            public int port(String name) {
                return name.equals(InstallationSettings.DASHBOARD_PORT)
                        ? FreePort.preferably(dashboardPort)
                        : FreePort.any();
            }

            @Override
            public String bind(String name) {
                return LOOPBACK;
            }
        };
    }

    /** Those of the settings, the same at each start; a port that the settings lack is chosen once and written there. */
    static Ports kept(InstallationSettings settings) {
        Map<String, Integer> defaults =
                Map.of(InstallationSettings.DASHBOARD_PORT, 8080, InstallationSettings.WEBHOOK_PORT, 8081);
        return new Ports() {
            @Override
            public int port(String name) throws IOException {
                int port = settings.port(name).orElse(defaults.getOrDefault(name, 0));
                if (port == 0) {
                    port = FreePort.any();
                }
                requireFree(name, bind(name.replace(".port", ".bind")), port);
                settings.set(name, port);
                settings.write();
                return port;
            }

            @Override
            public String bind(String name) {
                // An Orthanc posts nothing, so nobody needs to reach the port of webhooks.
                boolean posted = name.equals(InstallationSettings.WEBHOOK_BIND)
                        && settings.get(InstallationSettings.ORTHANC).isEmpty();
                return settings.get(name).orElse(posted ? EVERY_ADDRESS : LOOPBACK);
            }

            private void requireFree(String name, String address, int port) throws IOException {
                InetAddress bind;
                try {
                    bind = InetAddress.getByName(address);
                } catch (java.net.UnknownHostException e) {
                    throw new IOException(
                            address + " (" + name.replace(".port", ".bind") + ") is no address of this machine", e);
                }
                try {
                    new ServerSocket(port, 1, bind).close();
                } catch (IOException taken) {
                    throw new IOException(
                            "Port " + port + " on " + address + " (" + name + ") cannot be opened: "
                                    + PortOwner.of(port)
                                            .map(owner -> "it is taken by " + owner)
                                            .orElse(taken.getMessage())
                                    + ". Stop that, or choose another with " + how(name) + name + "=… in "
                                    + settings.file(),
                            taken);
                }
            }

            private String how(String name) {
                if (!defaults.containsKey(name)) {
                    return "";
                }
                return "--" + name.replace('.', '-') + ", DATMAN_"
                        + name.replace('.', '_').toUpperCase(Locale.ROOT) + " or ";
            }
        };
    }
}

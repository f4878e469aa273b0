package org.datman.export;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import org.datman.simulator.XnatSimulator;

/** An XNAT for the service under test. */
public final class SimulatedXnat implements QuarkusTestResourceLifecycleManager {

    private static XnatSimulator simulator;

    /** The running simulator. */
    public static XnatSimulator simulator() {
        return simulator;
    }

    @Override
    public Map<String, String> start() {
        try {
            simulator =
                    XnatSimulator.builder().users(Map.of("datman", "secret")).start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Map.of(
                "datman.xnat.url", simulator.url().toString(),
                "datman.xnat.user", "datman",
                "datman.xnat.password", "secret");
    }

    @Override
    public void stop() {
        simulator.close();
    }
}

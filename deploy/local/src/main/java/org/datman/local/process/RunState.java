package org.datman.local.process;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The state of the running system, for the commands.
 *
 * @param pid process id of the supervisor
 * @param phase {@code starting, up, failed}
 * @param message its current activity, or why it failed
 * @param bootstrapServers Kafka
 * @param jdbcUrl PostgreSQL
 * @param dashboardUrl address of the dashboard
 * @param webhookUrl where XNAT posts to; empty with an Orthanc, which posts nothing
 * @param product what the server is, for people: {@code XNAT} or {@code Orthanc}
 * @param xnatUrl the server that is watched
 * @param readyMillis how long it took from start to all services ready, in ms; 0 before
 * @param services the processes
 */
public record RunState(
        long pid,
        String phase,
        String message,
        String bootstrapServers,
        String jdbcUrl,
        String dashboardUrl,
        String webhookUrl,
        String product,
        String xnatUrl,
        long readyMillis,
        List<Service> services) {

    private static final ObjectMapper MAPPER = JsonMapper.builder().build();

    /** An earlier supervisor that still runs wrote no product. */
    public RunState {
        product = Objects.requireNonNullElse(product, "XNAT");
    }

    /**
     * One process of the system.
     *
     * @param restarts how often it died and was restarted
     * @param health address that answers 200 when it is ready; empty when it has none
     * @param peakMemoryKiB its peak memory; 0 where the system does not report it
     * @param processorMillis processor time that it has used since its last start, in ms; 0 where the system does not report it
     */
    public record Service(
            String name, long pid, int restarts, String health, String log, long peakMemoryKiB, long processorMillis) {}

    /** The state in that file, if there is one and its supervisor is alive. */
    public static Optional<RunState> running(Path file) throws IOException {
        return read(file).filter(state -> ProcessHandle.of(state.pid())
                .map(ProcessHandle::isAlive)
                .orElse(false));
    }

    /** The state in that file, whether or not anything runs. */
    public static Optional<RunState> read(Path file) throws IOException {
        return Files.exists(file) ? Optional.of(MAPPER.readValue(file.toFile(), RunState.class)) : Optional.empty();
    }

    /** Writes the state so that readers see the old or the new one. */
    public void write(Path file) throws IOException {
        Path temporary = file.resolveSibling(file.getFileName() + ".part");
        MAPPER.writerWithDefaultPrettyPrinter().writeValue(temporary.toFile(), this);
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}

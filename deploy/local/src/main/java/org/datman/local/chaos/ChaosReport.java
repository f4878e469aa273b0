package org.datman.local.chaos;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.datman.contracts.event.EventJson;
import org.datman.local.chaos.check.Violation;

/**
 * What became of a run.
 *
 * @param sessions that arrived for each seed
 * @param length of the faults of each seed
 */
public record ChaosReport(int sessions, Duration length, List<Seed> seeds) {

    /**
     * What became of a seed.
     *
     * @param recoverySeconds from the end of the last fault until nothing happened any more
     * @param events in all topics, those of earlier seeds of the run included
     * @param files in the archive, likewise
     */
    public record Seed(
            long seed,
            List<AppliedFault> faults,
            double recoverySeconds,
            int events,
            int files,
            List<Violation> violations) {}

    /** Whether no property was violated. */
    public boolean good() {
        return seeds.stream().allMatch(seed -> seed.violations().isEmpty());
    }

    /** Writes it as JSON. */
    public void write(Path file) throws IOException {
        ObjectNode report = EventJson.mapper().createObjectNode();
        report.put("good", good());
        report.put("sessionsPerSeed", sessions);
        report.put("secondsPerSeed", length.toSeconds());
        ArrayNode all = report.putArray("seeds");
        for (Seed seed : seeds) {
            ObjectNode node = all.addObject();
            node.put("seed", seed.seed());
            node.put("recoverySeconds", Math.round(seed.recoverySeconds()));
            node.put("events", seed.events());
            node.put("files", seed.files());
            ArrayNode faults = node.putArray("faults");
            seed.faults().forEach(one -> faults.addObject()
                    .put("at", one.fault().at().toMillis() / 1000.0)
                    .put("lasts", one.fault().lasts().toMillis() / 1000.0)
                    .put("kind", one.fault().kind().name())
                    .put("target", one.fault().target())
                    .put("how", one.fault().how())
                    .put("outcome", one.outcome()));
            node.set("violations", EventJson.mapper().valueToTree(seed.violations()));
        }
        EventJson.mapper().writerWithDefaultPrettyPrinter().writeValue(file.toFile(), report);
    }
}

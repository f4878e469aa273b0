package org.datman.contracts.provenance;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.datman.contracts.event.EventJson;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.InputSet;
import org.datman.contracts.provenance.ProvenanceGraph.Activity;
import org.datman.contracts.provenance.ProvenanceGraph.Entity;

/** The graph of a run of a tool, from its record {@code provenance.json}: pure. */
public final class RunGraph {

    private static final List<String> FACTS = List.of(
            "runKey",
            "requestEventId",
            "correlationId",
            "configRevision",
            "runner",
            "host",
            "schedulerJob",
            "submitted",
            "wallSeconds",
            "cpuSeconds",
            "peakMemoryBytes",
            "notMeasured",
            "exitCode",
            "attempt");

    private RunGraph() {}

    /** The input files of a run, those of lists and BIDS datasets, too. */
    public static List<FileRef> inputs(JsonNode run) {
        List<FileRef> files = new ArrayList<>();
        for (JsonNode input : run.path("inputs")) {
            if (input.has("files")) {
                files.addAll(
                        EventJson.mapper().convertValue(input, InputSet.class).files());
            } else {
                files.add(file(input));
            }
        }
        return files;
    }

    /** The outputs of a run. */
    public static List<FileRef> outputs(JsonNode run) {
        List<FileRef> files = new ArrayList<>();
        run.path("outputs").forEach(output -> files.add(file(output)));
        return files;
    }

    private static FileRef file(JsonNode node) {
        return EventJson.mapper().convertValue(node, FileRef.class);
    }

    /** Of a run alone. */
    public static ProvenanceGraph of(JsonNode run) {
        GraphBuilder graph = new GraphBuilder();
        add(graph, run, inputs(run), outputs(run));
        return graph.build();
    }

    /**
     * Adds a run.
     *
     * @param inputs those that are asked for
     * @param outputs those that are asked for
     */
    public static void add(GraphBuilder graph, JsonNode run, List<FileRef> inputs, List<FileRef> outputs) {
        Map<String, String> facts = new TreeMap<>();
        for (String fact : FACTS) {
            if (run.has(fact)) {
                facts.put(fact, run.path(fact).asText());
            }
        }
        JsonNode container = run.path("container");
        facts.put("command", words(run.path("commandLine")));
        if (container.has("image")) {
            facts.put("containerImage", container.path("image").asText());
            facts.put("containerProgram", container.path("program").asText());
        }
        run.path("parameters")
                .properties()
                .forEach(parameter -> facts.put(
                        "parameter-" + parameter.getKey(), parameter.getValue().asText()));
        facts.put("descriptorSha256", run.path("tool").path("descriptorSha256").asText(""));
        Set<String> by = new LinkedHashSet<>();
        by.add(graph.software(
                run.path("tool").path("name").asText(""),
                run.path("tool").path("version").asText("")));
        String account = run.path("requestedBy").asText("");
        if (!account.isEmpty()) {
            by.add(graph.account(account));
        }
        graph.activity(
                "pipeline/" + run.path("runKey").asText(""),
                new Activity(
                        "pipeline " + run.path("pipeline").asText(""),
                        Instant.parse(run.path("started").asText()),
                        Instant.parse(run.path("finished").asText()),
                        graph.files(inputs),
                        graph.files(outputs),
                        null,
                        by,
                        facts));
    }

    private static String words(JsonNode line) {
        List<String> words = new ArrayList<>();
        line.forEach(word -> words.add(word.asText()));
        return String.join(" ", words);
    }

    /** The same, with paths as in the folder of the run; what lies elsewhere in the archive has none, and is named by its digest. */
    public static ProvenanceGraph within(String folder, ProvenanceGraph graph) {
        Map<String, Entity> entities = new LinkedHashMap<>();
        graph.entities().forEach((id, entity) -> {
            String path = entity.path() != null && entity.path().startsWith(folder + "/")
                    ? entity.path().substring(folder.length() + 1)
                    : null;
            entities.put(
                    id,
                    new Entity(
                            entity.kind(), path == null ? entity.label() : path, path, entity.sha256(), entity.size()));
        });
        return new ProvenanceGraph(entities, graph.activities(), graph.agents());
    }
}

package org.datman.pipeline.run;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.datman.contracts.event.EventJson;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.FileRole;
import org.datman.contracts.event.PipelineRequested;
import org.datman.contracts.event.Reason;
import org.datman.contracts.provenance.GraphBuilder;
import org.datman.contracts.provenance.ProvJson;
import org.datman.contracts.provenance.ProvenanceGraph;
import org.datman.contracts.provenance.RunCrate;
import org.datman.contracts.provenance.RunGraph;
import org.datman.contracts.study.PipelineRule;
import org.datman.pipeline.boutiques.Descriptor;
import org.datman.platform.archive.Archive;
import org.jspecify.annotations.Nullable;

/**
 * The folder of a run in the archive: {@code <STUDY>/pipelines/<tool>/<version>/<SESSION>/<pipeline>-<first 12 of the run key>/}. Two
 * pipelines that run one tool on the same bytes have one run key, and each its own logs and provenance.
 */
public final class Results {

    private static final int KEY_DIGITS = 12;
    /** What may be done with data of people no program decides. */
    private static final String NO_LICENCE = "No licence is given: ask those who are responsible for the study";

    private final Archive archive;
    private final Attempt.Run run;
    private final String folder;

    Results(Archive archive, Attempt.Run run) {
        this.archive = archive;
        this.run = run;
        PipelineRequested event = run.job().event();
        this.folder = String.join(
                "/",
                segment(event.study()),
                "pipelines",
                segment(event.tool()),
                segment(event.toolVersion()),
                segment(event.sessionName()),
                segment(event.pipeline()) + "-" + event.runKey().substring(0, KEY_DIGITS));
    }

    /** A name as a single safe folder name. */
    public static String segment(String name) {
        String safe = name.replaceAll("[^A-Za-z0-9._+-]+", "-");
        return safe.startsWith(".") ? "-" + safe : safe;
    }

    /** The archive path of a file of this run. */
    String place(String relative) {
        return folder + "/" + relative;
    }

    /** Stores an output, under the path chosen by the tool. */
    FileRef output(Path file) throws IOException {
        String relative = run.workspace().folder().relativize(file).toString().replace('\\', '/');
        return archive.storeCopy(FileRole.OUTPUT, file, place(relative));
    }

    /** Stores the tool's logs; an empty log is not stored. */
    List<FileRef> logs() throws IOException {
        List<FileRef> logs = new ArrayList<>();
        for (Path log : List.of(run.stdout(), run.stderr())) {
            if (Files.exists(log) && Files.size(log) > 0) {
                // A copy, because the stderr tail is still to be read from the log.
                logs.add(archive.write(FileRole.LOG, place("logs/" + log.getFileName()), Files.readAllBytes(log)));
            }
        }
        return logs;
    }

    /** Writes the provenance of a failed attempt, under another name than that of a result: it never overwrites a success. */
    FileRef failed(Instant finished, Reason failure) throws IOException {
        ObjectNode record = record(List.of(), finished, failure);
        return write("logs/attempt-" + run.job().attempt() + ".failed.json", record);
    }

    /**
     * Writes the provenance of this result: as DATMAN's record, as PROV-JSON, and as the metadata that make its folder a crate.
     *
     * @param logs which the crate has, too
     */
    List<FileRef> provenance(List<FileRef> outputs, List<FileRef> logs, Instant finished) throws IOException {
        ObjectNode record = record(outputs, finished, null);
        ProvenanceGraph graph = RunGraph.of(record);
        FileRef own = write("provenance.json", record);
        FileRef prov = write("prov.json", ProvJson.of(graph));
        List<FileRef> further = new ArrayList<>(logs);
        further.addAll(List.of(own, prov));
        return List.of(prov, write(RunCrate.METADATA, crate(graph, further, finished)), own);
    }

    private ObjectNode crate(ProvenanceGraph graph, List<FileRef> further, Instant finished) {
        PipelineRequested event = run.job().event();
        GraphBuilder whole = new GraphBuilder();
        graph.entities().forEach(whole::entity);
        whole.files(further);
        String tool = event.tool() + " " + event.toolVersion();
        return RunCrate.metadata(
                new RunCrate.About(
                        event.pipeline() + " of " + event.sessionName(),
                        "What " + tool + " made of session " + event.sessionName() + ", run by DATMAN as pipeline "
                                + event.pipeline() + " of study " + event.study(),
                        NO_LICENCE,
                        finished),
                RunGraph.within(
                        folder, new ProvenanceGraph(whole.build().entities(), graph.activities(), graph.agents())));
    }

    private FileRef write(String relative, ObjectNode json) throws IOException {
        return archive.write(
                FileRole.PROVENANCE, place(relative), json.toPrettyString().getBytes(StandardCharsets.UTF_8));
    }

    private ObjectNode record(List<FileRef> outputs, Instant finished, @Nullable Reason failure) {
        PipelineRequested event = run.job().event();
        ObjectNode root = EventJson.mapper().createObjectNode();
        root.put("study", event.study());
        root.put("session", event.sessionName());
        root.put("xnatServer", event.session().server());
        root.put("xnatAccession", event.session().accession());
        root.put("pipeline", event.pipeline());
        root.put("runKey", event.runKey());
        root.put("attempt", run.job().attempt());
        ObjectNode tool = root.putObject("tool");
        tool.put("name", event.tool());
        tool.put("version", event.toolVersion());
        tool.put("descriptor", run.tool().descriptor().file());
        tool.put("descriptorSha256", event.descriptorSha256());
        Descriptor.ContainerImage image = run.tool().descriptor().containerImage();
        if (image != null && event.image().isEmpty()) {
            tool.put("containerImageNotUsed", image.image());
        }
        ObjectNode parameters = root.putObject("parameters");
        new TreeMap<>(event.parameters()).forEach(parameters::put);
        ObjectNode inputs = root.putObject("inputs");
        new TreeMap<>(event.inputs())
                .forEach((id, file) -> inputs.set(id, EventJson.mapper().valueToTree(file)));
        new TreeMap<>(event.sets().orElse(Map.of()))
                .forEach((id, set) -> inputs.set(id, EventJson.mapper().valueToTree(set)));
        ArrayNode command = root.putArray("commandLine");
        String here = run.workspace().folder() + "/";
        run.command().forEach(argument -> command.add(argument.replace(here, "")));
        ObjectNode environment = root.putObject("environment");
        new TreeMap<>(run.environment()).forEach((name, value) -> environment.put(name, value.replace(here, "")));
        if (event.image().isPresent()) {
            ObjectNode container = root.putObject("container");
            // On Kubernetes no program of a container is run: the pod is one.
            container.put(
                    "program",
                    run.container() == PipelineRule.Container.NONE
                            ? run.runner()
                            : run.container().name().toLowerCase(Locale.ROOT));
            container.put("image", event.image().get());
            ArrayNode whole = container.putArray("commandLine");
            run.containerCommand().forEach(whole::add);
        }
        root.put("runner", run.runner());
        run.ended().facts().forEach(root::put);
        root.put("started", run.started().toString());
        root.put("finished", finished.toString());
        root.put("wallSeconds", run.ended().wall().toMillis() / 1000.0);
        if (run.ended().usage().cpuSeconds() != null) {
            root.put("cpuSeconds", run.ended().usage().cpuSeconds());
        }
        if (run.ended().usage().peakMemoryBytes() != null) {
            root.put("peakMemoryBytes", run.ended().usage().peakMemoryBytes());
        }
        if (!run.ended().usage().notMeasured().isEmpty()) {
            root.put("notMeasured", run.ended().usage().notMeasured());
        }
        root.put("exitCode", run.ended().exitCode());
        root.put("requestedBy", event.requestedBy());
        root.put("configRevision", event.configRevision());
        root.put("requestEventId", run.job().request().id().toString());
        root.put("correlationId", run.job().request().correlationId());
        if (failure != null) {
            root.set("failure", EventJson.mapper().valueToTree(failure));
        }
        root.set("outputs", EventJson.mapper().valueToTree(outputs));
        return root;
    }
}

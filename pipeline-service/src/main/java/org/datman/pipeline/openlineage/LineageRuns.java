package org.datman.pipeline.openlineage;

import io.openlineage.client.OpenLineage;
import io.openlineage.client.OpenLineage.RunEvent;
import io.openlineage.client.OpenLineage.RunEvent.EventType;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.datman.contracts.event.EventId;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.PipelineUpdated;
import org.datman.contracts.event.PipelineUpdatedBuilder;
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.SeriesExported;
import org.jspecify.annotations.Nullable;

/**
 * The OpenLineage run events of an event: pure. The id of a run is the id of the DATMAN event with which it begins (UUIDv5 of session,
 * scan or pipeline, run key and attempt), so that the same run has the same id however often it is delivered, and the one that
 * provenance records name.
 *
 * <p>OpenLineage has no facet for digests: the version of a data set is {@code sha256:} and the digest of its bytes
 * (DatasetVersionDatasetFacet).
 */
final class LineageRuns {

    /** The {@code producer} of all events. */
    static final URI PRODUCER = URI.create("https://datman.org/datman");

    /** Reason of a running one that another attempt was broken off. */
    private static final String TAKEN_UP = "taken-up-again";

    private final OpenLineage model = new OpenLineage(PRODUCER);
    private final String namespace;
    private final Path archive;

    /**
     * @param namespace of the jobs
     * @param archive absolute: files of the archive are data sets of the name space {@code file}, by their paths
     */
    LineageRuns(String namespace, Path archive) {
        this.namespace = namespace;
        this.archive = archive;
    }

    /**
     * A start and an end; none when nothing was converted: a withdrawn series, or a part of an image that is exported with another
     * series.
     *
     * @param published when the event was published
     */
    List<RunEvent> ofExport(SeriesExported event, Instant published) {
        // A failed renewal: all other fields are about the export before it.
        Reason renewal = event.renewal().orElse(null);
        if (renewal == null
                && (event.outcome() == SeriesExported.Outcome.WITHDRAWN
                        || event.outcome() == SeriesExported.Outcome.COMBINED)) {
            return List.of();
        }
        boolean failed = renewal != null || event.outcome() == SeriesExported.Outcome.FAILED;
        OpenLineage.Job job = job(event.study() + ".export", "EXPORT");
        SeriesExported.Source source = renewal == null ? event.source().orElse(null) : null;
        List<OpenLineage.InputDataset> inputs = List.of(model.newInputDatasetBuilder()
                .namespace("xnat://" + event.session().server())
                .name(event.session().accession() + "/scans/" + event.scan())
                .facets(facets(source == null ? null : source.sha256()))
                .build());
        List<OpenLineage.OutputDataset> outputs = failed
                ? List.of()
                : event.products().stream()
                        .flatMap(product -> product.files().stream())
                        .map(this::output)
                        .toList();
        SeriesExported.Converter converter = event.converter().orElse(null);
        OpenLineage.Run run = run(
                EventId.of(event),
                converter == null ? null : converter.name(),
                converter == null ? "" : converter.version(),
                Map.of("session", event.sessionName(), "scan", event.scan(), "run-key", event.runKey()),
                failed ? event.renewal().or(event::reason).orElse(null) : null);
        Instant begin = renewal == null ? event.started() : published;
        Instant end = renewal == null ? event.finished() : published;
        return List.of(
                model.newRunEvent(at(begin), EventType.START, run, job, inputs, List.of()),
                model.newRunEvent(at(end), failed ? EventType.FAIL : EventType.COMPLETE, run, job, inputs, outputs));
    }

    /**
     * A start, an end, or that an attempt was broken off and the next one waits or begins; none for decisions without a run.
     *
     * @param inputs of the run, by the input of the tool
     */
    List<RunEvent> ofPipeline(PipelineUpdated event, Map<String, FileRef> inputs) {
        Reason reason = event.reason().orElse(null);
        List<RunEvent> events = new ArrayList<>();
        if (event.pipeline().startsWith("datman:")) {
            return events; // No run of a tool: the BIDS datasets.
        }
        switch (event.state()) {
            case QUEUED -> {
                if (reason != null) {
                    events.add(of(event, event.attempt() - 1, EventType.ABORT, inputs));
                }
            }
            case RUNNING -> {
                boolean again = reason != null && reason.code().equals(TAKEN_UP);
                if (again) {
                    events.add(of(event, event.attempt() - 1, EventType.ABORT, inputs));
                }
                if (again || reason == null) {
                    events.add(of(event, event.attempt(), EventType.START, inputs));
                }
                // Else it says what it waits for: it has begun before.
            }
            case SUCCEEDED -> {
                if (reason == null) {
                    events.add(of(event, event.attempt(), EventType.COMPLETE, inputs));
                }
                // Else a known result is used again: that run has ended before.
            }
            case FAILED -> {
                if (reason == null || !reason.code().equals("withdrawn")) {
                    events.add(of(event, event.attempt(), EventType.FAIL, inputs));
                }
                // Else it was taken from the queue: it never began.
            }
            case WAITING, NOT_APPLICABLE -> {}
        }
        return events;
    }

    private RunEvent of(PipelineUpdated event, int attempt, EventType type, Map<String, FileRef> inputs) {
        UUID id = EventId.of(PipelineUpdatedBuilder.from(event)
                .withAttempt(attempt)
                .withState(PipelineUpdated.State.RUNNING)
                .withReason(Optional.empty()));
        boolean ended = type == EventType.COMPLETE || type == EventType.FAIL;
        return model.newRunEvent(
                at(event.time()),
                type,
                run(
                        id,
                        event.tool(),
                        event.toolVersion(),
                        tags(event, attempt),
                        type == EventType.START ? null : event.reason().orElse(null)),
                job(event.study() + "." + event.pipeline(), "PIPELINE"),
                new TreeMap<>(inputs)
                        .values().stream()
                                .map(file -> model.newInputDatasetBuilder()
                                        .namespace("file")
                                        .name(path(file))
                                        .facets(facets(file.sha256()))
                                        .build())
                                .toList(),
                ended ? event.outputs().stream().map(this::output).toList() : List.of());
    }

    private static Map<String, String> tags(PipelineUpdated event, int attempt) {
        Map<String, String> tags = new TreeMap<>();
        tags.put("session", event.sessionName());
        tags.put("attempt", Integer.toString(attempt));
        tags.put("run-key", event.runKey());
        event.usage().ifPresent(usage -> {
            tags.put("runner", usage.runner());
            usage.host().ifPresent(host -> tags.put("host", host));
            usage.schedulerJob().ifPresent(job -> tags.put("scheduler-job", job));
            usage.cpuSeconds().ifPresent(seconds -> tags.put("cpu-seconds", Double.toString(seconds)));
            usage.peakMemoryBytes().ifPresent(bytes -> tags.put("peak-memory-bytes", Long.toString(bytes)));
            usage.notMeasured().ifPresent(why -> tags.put("not-measured", why));
        });
        event.wallSeconds().ifPresent(seconds -> tags.put("wall-seconds", Double.toString(seconds)));
        return tags;
    }

    private OpenLineage.Job job(String name, String type) {
        return model.newJobBuilder()
                .namespace(namespace)
                .name(name)
                .facets(model.newJobFacetsBuilder()
                        .jobType(model.newJobTypeJobFacet("BATCH", "DATMAN", type))
                        .build())
                .build();
    }

    private OpenLineage.Run run(
            UUID id, @Nullable String program, String version, Map<String, String> tags, @Nullable Reason error) {
        OpenLineage.RunFacetsBuilder facets = model.newRunFacetsBuilder()
                .tags(model.newTagsRunFacet(new TreeMap<>(tags)
                        .entrySet().stream()
                                .map(tag -> model.newTagsRunFacetFields(tag.getKey(), tag.getValue(), "DATMAN"))
                                .toList()));
        if (program != null) {
            facets.processing_engine(model.newProcessingEngineRunFacetBuilder()
                    .name(program)
                    .version(version)
                    .build());
        }
        if (error != null) {
            facets.errorMessage(model.newErrorMessageRunFacetBuilder()
                    .message(error.code() + ": " + error.message())
                    .programmingLanguage("Java")
                    .build());
        }
        return model.newRun(id, facets.build());
    }

    private OpenLineage.OutputDataset output(FileRef file) {
        return model.newOutputDatasetBuilder()
                .namespace("file")
                .name(path(file))
                .facets(facets(file.sha256()))
                .outputFacets(model.newOutputDatasetOutputFacetsBuilder()
                        .outputStatistics(model.newOutputStatisticsOutputDatasetFacetBuilder()
                                .size(file.size())
                                .fileCount(1L)
                                .build())
                        .build())
                .build();
    }

    private OpenLineage.DatasetFacets facets(@Nullable String sha256) {
        OpenLineage.DatasetFacetsBuilder facets = model.newDatasetFacetsBuilder();
        if (sha256 != null) {
            facets.version(model.newDatasetVersionDatasetFacet("sha256:" + sha256));
        }
        return facets.build();
    }

    private String path(FileRef file) {
        return archive.resolve(file.path()).toString();
    }

    private static ZonedDateTime at(Instant time) {
        return time.atZone(ZoneOffset.UTC);
    }
}

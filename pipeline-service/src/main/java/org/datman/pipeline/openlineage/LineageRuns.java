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
import org.datman.contracts.event.RunUsage;
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

    /**
     * A check by which a run is judged.
     *
     * @param failed code of the reason that it failed for
     * @param always whether it is made of every run
     */
    private record Check(String name, String failed, boolean always) {}

    private static final Check EXIT_CODE = new Check("exit-code-is-zero", "exit-code", true);

    /** In their order. */
    private static final List<Check> CHECKS = List.of(
            EXIT_CODE,
            new Check("outputs-are-inside-the-folder", "output-outside", true),
            new Check("declared-outputs-exist", "missing-output", true),
            new Check("numbers-can-be-read", "measures-unreadable", false),
            new Check("image-is-defaced", "not-defaced", false));

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
        OpenLineage.Run run = model.newRun(
                EventId.of(event),
                runFacets(
                                converter == null ? null : converter.name(),
                                converter == null ? "" : converter.version(),
                                Map.of("session", event.sessionName(), "scan", event.scan(), "run-key", event.runKey()),
                                failed ? event.renewal().or(event::reason).orElse(null) : null)
                        .build());
        Instant begin = renewal == null ? event.started() : published;
        Instant end = renewal == null ? event.finished() : published;
        return List.of(
                model.newRunEvent(at(begin), EventType.START, run, job, inputs, List.of()),
                model.newRunEvent(at(end), failed ? EventType.FAIL : EventType.COMPLETE, run, job, inputs, outputs));
    }

    /**
     * What a run of a tool was asked for.
     *
     * @param inputs by the input of the tool
     * @param parameters by the input of the tool
     * @param image container image, empty without one
     */
    record Asked(Map<String, FileRef> inputs, Map<String, String> parameters, String image) {}

    /** A start, an end, or that an attempt was broken off and the next one waits or begins; none for decisions without a run. */
    List<RunEvent> ofPipeline(PipelineUpdated event, Asked asked) {
        Reason reason = event.reason().orElse(null);
        List<RunEvent> events = new ArrayList<>();
        if (event.pipeline().startsWith("datman:")) {
            return events; // No run of a tool: the BIDS datasets.
        }
        switch (event.state()) {
            case QUEUED -> {
                if (reason != null) {
                    events.add(of(event, event.attempt() - 1, EventType.ABORT, asked));
                }
            }
            case RUNNING -> {
                boolean again = reason != null && reason.code().equals(TAKEN_UP);
                if (again) {
                    events.add(of(event, event.attempt() - 1, EventType.ABORT, asked));
                }
                if (again || reason == null) {
                    events.add(of(event, event.attempt(), EventType.START, asked));
                }
                // Else it says what it waits for: it has begun before.
            }
            case SUCCEEDED -> {
                if (reason == null) {
                    events.add(of(event, event.attempt(), EventType.COMPLETE, asked));
                }
                // Else a known result is used again: that run has ended before.
            }
            case FAILED -> {
                if (reason == null || !reason.code().equals("withdrawn")) {
                    events.add(of(event, event.attempt(), EventType.FAIL, asked));
                }
                // Else it was taken from the queue: it never began.
            }
            case WAITING, NOT_APPLICABLE -> {}
        }
        return events;
    }

    private RunEvent of(PipelineUpdated event, int attempt, EventType type, Asked asked) {
        UUID id = EventId.of(PipelineUpdatedBuilder.from(event)
                .withAttempt(attempt)
                .withState(PipelineUpdated.State.RUNNING)
                .withReason(Optional.empty()));
        boolean ended = type == EventType.COMPLETE || type == EventType.FAIL;
        // An attempt that was broken off did not run to the end that the event may tell of.
        boolean ran = ended && event.exitCode().isPresent();
        OpenLineage.RunFacetsBuilder facets = runFacets(
                event.tool(),
                event.toolVersion(),
                tags(event, attempt, asked),
                type == EventType.START ? null : event.reason().orElse(null));
        if (!asked.parameters().isEmpty()) {
            facets.executionParameters(model.newExecutionParametersRunFacet(new TreeMap<>(asked.parameters())
                    .entrySet().stream()
                            .map(each -> model.newExecutionParameterBuilder()
                                    .key(each.getKey())
                                    .value(each.getValue())
                                    .build())
                            .toList()));
        }
        event.usage()
                .flatMap(RunUsage::variables)
                .ifPresent(variables ->
                        facets.environmentVariables(model.newEnvironmentVariablesRunFacet(new TreeMap<>(variables)
                                .entrySet().stream()
                                        .map(each -> model.newEnvironmentVariable(each.getKey(), each.getValue()))
                                        .toList())));
        if (ran) {
            facets.test(model.newTestRunFacet(checks(event)));
        }
        return model.newRunEvent(
                at(event.time()),
                type,
                model.newRun(id, facets.build()),
                job(event.study() + "." + event.pipeline(), "PIPELINE"),
                new TreeMap<>(asked.inputs())
                        .values().stream().map(file -> input(file, ran)).toList(),
                ended ? event.outputs().stream().map(this::output).toList() : List.of());
    }

    /** @param ran whether the tool ran on it: only then was it compared with its digest */
    private OpenLineage.InputDataset input(FileRef file, boolean ran) {
        OpenLineage.InputDatasetBuilder input = model.newInputDatasetBuilder()
                .namespace("file")
                .name(path(file))
                .facets(facets(file.sha256()));
        if (ran) {
            input.inputFacets(model.newInputDatasetInputFacetsBuilder()
                    .dataQualityAssertions(model.newDataQualityAssertionsDatasetFacet(
                            List.of(model.newDataQualityAssertionsDatasetFacetAssertionsBuilder()
                                    .assertion("sha256-as-published")
                                    .success(true)
                                    .severity("error")
                                    .build())))
                    .build());
        }
        return input.build();
    }

    /** The checks of a run that ended, as far as they were made: none is after the one that failed. */
    private List<OpenLineage.TestExecution> checks(PipelineUpdated event) {
        String code = event.reason().map(Reason::code).orElse("");
        // A time limit, a lost node: it did not end by itself.
        boolean broken = event.state() == PipelineUpdated.State.FAILED
                && CHECKS.stream().noneMatch(check -> check.failed().equals(code));
        List<OpenLineage.TestExecution> checks = new ArrayList<>();
        if (broken) {
            // Whatever its exit code is: a tool may end with 0 when it is told to.
            checks.add(model.newTestExecutionBuilder()
                    .name("ended-by-itself")
                    .type("process")
                    .status("fail")
                    .severity("error")
                    .actual(code)
                    .build());
            return checks;
        }
        for (Check check : CHECKS) {
            boolean fails = check.failed().equals(code);
            boolean numbers = check.failed().equals("measures-unreadable")
                    && event.measures().isPresent();
            if (!check.always() && !fails && !numbers) {
                continue;
            }
            OpenLineage.TestExecutionBuilder made = model.newTestExecutionBuilder()
                    .name(check.name())
                    .type("output")
                    .status(fails ? "fail" : "pass")
                    .severity("error");
            if (check.equals(EXIT_CODE)) {
                made.type("process")
                        .expected("0")
                        .actual(event.exitCode().map(String::valueOf).orElse(""));
            }
            checks.add(made.build());
            if (fails) {
                break;
            }
        }
        return checks;
    }

    private static Map<String, String> tags(PipelineUpdated event, int attempt, Asked asked) {
        Map<String, String> tags = new TreeMap<>();
        tags.put("session", event.sessionName());
        tags.put("attempt", Integer.toString(attempt));
        tags.put("run-key", event.runKey());
        if (!asked.image().isEmpty()) {
            tags.put("container-image", asked.image());
        }
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

    private OpenLineage.RunFacetsBuilder runFacets(
            @Nullable String program, String version, Map<String, String> tags, @Nullable Reason error) {
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
        return facets;
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

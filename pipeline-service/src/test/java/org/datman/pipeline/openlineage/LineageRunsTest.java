package org.datman.pipeline.openlineage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import io.openlineage.client.OpenLineage.RunEvent;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.datman.contracts.event.EventId;
import org.datman.contracts.event.EventJson;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.FileRole;
import org.datman.contracts.event.PipelineUpdated;
import org.datman.contracts.event.PipelineUpdated.State;
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.SeriesExported;
import org.datman.contracts.testkit.EventFixtures;
import org.datman.pipeline.PythonPackages;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LineageRunsTest {

    private static final EventFixtures SESSION = EventFixtures.of("S1", "SPN01_CMH_0001_01_01");
    private static final FileRef IMAGE =
            new FileRef(FileRole.NIFTI, "SPN01/nii/SPN01_CMH_0001_01_01/a.nii.gz", 12, "ab".repeat(32));
    private static final Instant PUBLISHED = Instant.parse("2026-11-20T12:00:00Z");

    private static final LineageRuns.Asked ASKED =
            new LineageRuns.Asked(Map.of("image", IMAGE), Map.of("bins", "64"), "lab/tool@sha256:0f");
    private static final LineageRuns.Asked NOTHING = new LineageRuns.Asked(Map.of(), Map.of(), "");

    private final LineageRuns runs = new LineageRuns("lab", Path.of("/archive"));

    @TempDir
    Path folder;

    @Test
    void anExportIsOneRunFromItsDicomFilesToItsFilesWithTheirDigests() throws IOException {
        // Given
        SeriesExported event = SESSION.exported("3", 1, "T1", List.of(IMAGE));

        // When
        List<JsonNode> events = json(runs.ofExport(event, PUBLISHED));

        // Then
        String run = EventId.of(event).toString();
        assertThat(events)
                .extracting(
                        e -> e.at("/eventType").textValue(),
                        e -> e.at("/eventTime").textValue(),
                        e -> e.at("/run/runId").textValue(),
                        e -> e.at("/job/namespace").textValue() + " "
                                + e.at("/job/name").textValue())
                .containsExactly(
                        tuple("START", event.started().toString(), run, "lab SPN01.export"),
                        tuple("COMPLETE", event.finished().toString(), run, "lab SPN01.export"));
        JsonNode done = events.get(1);
        assertThat(done.at("/inputs/0/name").textValue()).isEqualTo("S1/scans/3");
        assertThat(done.at("/inputs/0/facets/version/datasetVersion").textValue())
                .isEqualTo("sha256:" + event.source().orElseThrow().sha256());
        assertThat(done.at("/outputs/0/namespace").textValue()).isEqualTo("file");
        assertThat(done.at("/outputs/0/name").textValue()).isEqualTo("/archive/" + IMAGE.path());
        assertThat(done.at("/outputs/0/facets/version/datasetVersion").textValue())
                .isEqualTo("sha256:" + IMAGE.sha256());
        assertThat(done.at("/outputs/0/outputFacets/outputStatistics/size").longValue())
                .isEqualTo(12);
    }

    @Test
    void aFailedExportAndAFailedRenewalFailWithTheirReasonAndWithoutOutputs() throws IOException {
        // Given
        SeriesExported good = SESSION.exported("3", 1, "T1", List.of(IMAGE));
        SeriesExported failed = SESSION.exported("4", 1, "T1", List.of())
                .withOutcome(SeriesExported.Outcome.FAILED)
                .withReason(Optional.of(Reason.of("converter-failed", "dcm2niix ended with 2")));
        SeriesExported kept = good.withRenewal(Optional.of(Reason.of("no-files", "XNAT lists none")));

        // When
        List<JsonNode> events = new ArrayList<>(json(runs.ofExport(failed, PUBLISHED)));
        events.addAll(json(runs.ofExport(kept, PUBLISHED)));

        // Then
        assertThat(events)
                .filteredOn(e -> e.at("/eventType").textValue().equals("FAIL"))
                .extracting(e -> e.at("/run/facets/errorMessage/message").textValue(), e -> e.at("/outputs")
                        .size())
                .containsExactly(
                        tuple("converter-failed: dcm2niix ended with 2", 0), tuple("no-files: XNAT lists none", 0));
        assertThat(events.get(3).at("/run/runId").textValue())
                .isNotEqualTo(EventId.of(good).toString());
        assertThat(events.get(3).at("/eventTime").textValue()).isEqualTo(PUBLISHED.toString());
    }

    @Test
    void whatConvertedNothingIsNoRun() {
        // Given
        SeriesExported event = SESSION.exported("3", 1, "T1", List.of());

        // When
        List<RunEvent> withdrawn = runs.ofExport(event.withOutcome(SeriesExported.Outcome.WITHDRAWN), PUBLISHED);

        // Then
        assertThat(withdrawn).isEmpty();
        assertThat(runs.ofExport(event.withOutcome(SeriesExported.Outcome.COMBINED), PUBLISHED))
                .isEmpty();
    }

    @Test
    void aRunThatWaitsForItsClusterBeginsOnce() throws IOException {
        // Given
        PipelineUpdated begun = SESSION.run(State.RUNNING).withReason(Optional.empty());

        // When
        List<RunEvent> waits =
                runs.ofPipeline(begun.withReason(Optional.of(Reason.of("cluster-full", "It waits"))), ASKED);

        // Then
        assertThat(waits).isEmpty();
        assertThat(runs.ofPipeline(begun, ASKED)).hasSize(1);
    }

    @Test
    void anAttemptThatWasBrokenOffIsAbortedAndTheNextIsAnotherRun() throws IOException {
        // Given
        PipelineUpdated first = SESSION.run(State.RUNNING).withAttempt(1).withReason(Optional.empty());
        PipelineUpdated second = first.withAttempt(2).withReason(Optional.of(Reason.of("taken-up-again", "died")));
        PipelineUpdated done = first.withAttempt(2).withState(State.SUCCEEDED).withOutputs(List.of(IMAGE));

        // When
        List<JsonNode> events = new ArrayList<>();
        for (PipelineUpdated event : List.of(first, second, done)) {
            events.addAll(json(runs.ofPipeline(event, ASKED)));
        }

        // Then
        String one = EventId.of(first).toString();
        String two = events.get(3).at("/run/runId").textValue();
        assertThat(events)
                .extracting(e -> e.at("/eventType").textValue(), e -> e.at("/run/runId")
                        .textValue())
                .containsExactly(tuple("START", one), tuple("ABORT", one), tuple("START", two), tuple("COMPLETE", two));
        assertThat(two).isNotEqualTo(one);
        assertThat(events.get(3).at("/inputs/0/facets/version/datasetVersion").textValue())
                .isEqualTo("sha256:" + IMAGE.sha256());
    }

    @Test
    void whereARunWasAndWhatItUsedAreTags() throws IOException {
        // Given
        PipelineUpdated done = SESSION.run(State.SUCCEEDED);

        // When
        List<JsonNode> events = json(runs.ofPipeline(done, ASKED));

        // Then
        assertThat(events.get(0).at("/run/facets/tags/tags"))
                .extracting(tag ->
                        tag.path("key").textValue() + " " + tag.path("value").textValue())
                .contains(
                        "runner slurm",
                        "host node17",
                        "scheduler-job 48151",
                        "cpu-seconds 7250.0",
                        "peak-memory-bytes 3400000000",
                        "wall-seconds 12.5",
                        "container-image lab/tool@sha256:0f");
        assertThat(events.get(0)
                        .at("/run/facets/executionParameters/parameters/0/value")
                        .textValue())
                .isEqualTo("64");
        assertThat(events.get(0).at("/run/facets/environmentVariables/environmentVariables"))
                .extracting(variable -> variable.path("name").textValue() + "="
                        + variable.path("value").textValue())
                .containsExactly("OMP_NUM_THREADS=4");
    }

    @ParameterizedTest
    @CsvSource({
        "'', 0, exit-code-is-zero pass; outputs-are-inside-the-folder pass; declared-outputs-exist pass",
        "exit-code, 3, exit-code-is-zero fail",
        "walltime, 0, ended-by-itself fail",
        "missing-output, 0, exit-code-is-zero pass; outputs-are-inside-the-folder pass; declared-outputs-exist fail",
        "not-defaced, 0, exit-code-is-zero pass; outputs-are-inside-the-folder pass; declared-outputs-exist pass;"
                + " image-is-defaced fail",
    })
    void theChecksOfARunAreDeliveredAsFarAsTheyWereMade(String code, int exitCode, String expected) throws IOException {
        // Given
        PipelineUpdated ended = SESSION.run(code.isEmpty() ? State.SUCCEEDED : State.FAILED)
                .withExitCode(Optional.of(exitCode))
                .withReason(Optional.of(code).filter(some -> !some.isEmpty()).map(some -> Reason.of(some, "words")));

        // When
        JsonNode event = json(runs.ofPipeline(ended, ASKED)).get(0);

        // Then
        assertThat(event.at("/run/facets/test/tests"))
                .extracting(check -> check.path("name").textValue() + " "
                        + check.path("status").textValue())
                .containsExactly(expected.split("; "));
        assertThat(event.at("/inputs/0/inputFacets/dataQualityAssertions/assertions/0/success")
                        .booleanValue())
                .isTrue();
    }

    @Test
    void ofARunThatDidNotBeginNothingWasChecked() throws IOException {
        // Given
        PipelineUpdated changed = SESSION.run(State.FAILED)
                .withExitCode(Optional.empty())
                .withReason(Optional.of(Reason.of("input-changed", "It has other bytes")));

        // When
        JsonNode event = json(runs.ofPipeline(changed, ASKED)).get(0);

        // Then
        assertThat(event.at("/eventType").textValue()).isEqualTo("FAIL");
        assertThat(event.at("/run/facets/test").isMissingNode()).isTrue();
        assertThat(event.at("/inputs/0/inputFacets").isMissingNode()).isTrue();
    }

    @Test
    void decisionsWithoutARunAreNotDelivered() {
        // Given
        PipelineUpdated run = SESSION.run(State.SUCCEEDED);

        // When
        List<RunEvent> events = new ArrayList<>(
                runs.ofPipeline(run.withReason(Optional.of(Reason.of("known-result", "It had run"))), NOTHING));
        events.addAll(runs.ofPipeline(run.withState(State.WAITING), NOTHING));
        events.addAll(runs.ofPipeline(run.withState(State.NOT_APPLICABLE), NOTHING));
        events.addAll(runs.ofPipeline(run.withState(State.QUEUED).withReason(Optional.empty()), NOTHING));
        events.addAll(runs.ofPipeline(
                run.withState(State.FAILED).withReason(Optional.of(Reason.of("withdrawn", "It waits"))), NOTHING));
        events.addAll(runs.ofPipeline(run.withPipeline("datman:bids").withReason(Optional.empty()), NOTHING));

        // Then
        assertThat(events).isEmpty();
    }

    /** The classes of the client are generated from the official JSON Schema; they refuse what it does not have. */
    @Test
    void theOfficialPythonClientUnderstandsEveryFieldAndNamesTheSameSchemas() throws Exception {
        // Given
        SeriesExported exported = SESSION.exported("3", 1, "T1", List.of(IMAGE));
        List<RunEvent> events = new ArrayList<>(runs.ofExport(exported, PUBLISHED));
        events.addAll(runs.ofExport(exported.withRenewal(Optional.of(Reason.of("a", "b"))), PUBLISHED));
        events.addAll(runs.ofPipeline(SESSION.run(State.RUNNING), ASKED));
        events.addAll(runs.ofPipeline(SESSION.run(State.SUCCEEDED), ASKED));
        LineageTarget file =
                LineageTarget.at(folder.resolve("lineage/events.jsonl").toUri().toString(), null);
        for (RunEvent event : events) {
            file.deliver(LineageConsumer.JSON.writeValueAsString(event));
        }
        Path script = Files.writeString(folder.resolve("check.py"), """
                import json, sys
                from openlineage.client import event_v2 as ol
                from openlineage.client import facet_v2 as f
                FACETS = {
                    "tags": lambda **v: f.tags_run.TagsRunFacet([f.tags_run.TagsRunFacetFields(**t) for t in v["tags"]]),
                    "processing_engine": f.processing_engine_run.ProcessingEngineRunFacet,
                    "errorMessage": f.error_message_run.ErrorMessageRunFacet,
                    "executionParameters": lambda **v: f.execution_parameters_run.ExecutionParametersRunFacet(
                        [f.execution_parameters_run.ExecutionParameter(**p) for p in v["parameters"]]),
                    "environmentVariables": lambda **v: f.environment_variables_run.EnvironmentVariablesRunFacet(
                        [f.environment_variables_run.EnvironmentVariable(**e) for e in v["environmentVariables"]]),
                    "test": lambda **v: f.test_run.TestRunFacet([f.test_run.TestExecution(**t) for t in v["tests"]]),
                    "dataQualityAssertions": lambda **v:
                        f.data_quality_assertions_dataset.DataQualityAssertionsDatasetFacet(
                            [f.data_quality_assertions_dataset.Assertion(**a) for a in v["assertions"]]),
                    "jobType": f.job_type_job.JobTypeJobFacet,
                    "version": f.dataset_version_dataset.DatasetVersionDatasetFacet,
                    "outputStatistics": f.output_statistics_output_dataset.OutputStatisticsOutputDatasetFacet}
                def facets(given):
                    made = {}
                    for name, value in (given or {}).items():
                        fields = {k: v for k, v in value.items() if not k.startswith("_")}
                        made[name] = FACETS[name](**fields)
                        base = lambda url: url.split("#")[0].rsplit("/", 1)[1]
                        assert base(made[name]._schemaURL) == base(value["_schemaURL"]), (made[name]._schemaURL, value)
                        assert value["_producer"].startswith("https://"), value
                    return made
                count = 0
                for line in open(sys.argv[1]):
                    e = json.loads(line)
                    assert e.pop("schemaURL").endswith("OpenLineage.json#/$defs/RunEvent")
                    run, job = e.pop("run"), e.pop("job")
                    ins, outs = e.pop("inputs"), e.pop("outputs")
                    ol.RunEvent(
                        eventType=ol.RunState[e.pop("eventType")],
                        run=ol.Run(run.pop("runId"), facets(run.pop("facets"))),
                        job=ol.Job(job.pop("namespace"), job.pop("name"), facets(job.pop("facets"))),
                        inputs=[ol.InputDataset(**{**d, "facets": facets(d.get("facets")),
                            "inputFacets": facets(d.get("inputFacets"))}) for d in ins],
                        outputs=[ol.OutputDataset(**{**d, "facets": facets(d.get("facets")),
                            "outputFacets": facets(d.get("outputFacets"))}) for d in outs], **e)
                    assert not run and not job
                    count += 1
                print("understood", count)
                """);
        PythonPackages python = PythonPackages.installed(folder, "openlineage-python");

        // When
        byte[] printed = python.python(
                script.toString(), folder.resolve("lineage/events.jsonl").toString());

        // Then
        assertThat(new String(printed, StandardCharsets.UTF_8).strip()).endsWith("understood " + events.size());
    }

    @ParameterizedTest
    @CsvSource({
        "https://user:secret@lineage:5000, https://lineage:5000/api/v1/lineage",
        "https://lineage/taken?token=secret, https://lineage/taken",
        "https://lineage?token=secret, https://lineage/api/v1/lineage",
    })
    void anAddressIsShownWithoutWhatItHoldsOfSecrets(String address, String shown) {
        // When
        LineageTarget target = LineageTarget.at(address, null);

        // Then
        assertThat(target.shown()).isEqualTo(shown);
    }

    @Test
    void aTokenInTheAddressReachesTheServer() throws Exception {
        // Given
        List<String> asked = new CopyOnWriteArrayList<>();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            asked.add(exchange.getRequestURI().toString());
            exchange.sendResponseHeaders(201, -1);
            exchange.close();
        });
        server.start();
        try {
            // When
            LineageTarget.at("http://127.0.0.1:" + server.getAddress().getPort() + "?token=secret", null)
                    .deliver("{}");
        } finally {
            server.stop(0);
        }

        // Then
        assertThat(asked).containsExactly("/api/v1/lineage?token=secret");
    }

    @Test
    void whatIsNoAddressIsRefusedWithoutItsText() {
        // When / Then
        assertThatThrownBy(() -> LineageTarget.at("http://user:secret word@lineage", null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("DATMAN_OPENLINEAGE_URL")
                .hasMessageNotContaining("secret")
                .hasNoCause();
    }

    @Test
    void anAddressOfAnotherKindIsRefusedWithWhatToSet() {
        // Given
        String address = "kafka://user:secret@broker:9092";

        // When / Then
        assertThatThrownBy(() -> LineageTarget.at(address, null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("DATMAN_OPENLINEAGE_URL")
                .hasMessageContaining("http://")
                .hasMessageNotContaining("secret");
    }

    private static List<JsonNode> json(List<RunEvent> events) throws IOException {
        List<JsonNode> all = new ArrayList<>();
        for (RunEvent event : events) {
            all.add(EventJson.mapper().readTree(LineageConsumer.JSON.writeValueAsString(event)));
        }
        return all;
    }
}

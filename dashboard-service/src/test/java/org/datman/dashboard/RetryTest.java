package org.datman.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import org.datman.contracts.event.ReprocessRequested.Stage;
import org.datman.dashboard.failure.Reprocess;
import org.datman.dashboard.failure.Reprocess.Retry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The stage at which a failure is retried: the one that publishes the unprocessed event again. */
class RetryTest {

    @ParameterizedTest
    @CsvSource({
        "ingest, read-session, '', INGEST",
        "tagging, tag, series-discovered.tagging.dlq, TAGGING",
        "export, export, series-tagged.export.dlq, TAGGING",
        "export, export, session-settled.export.dlq, INGEST",
        "export, export-resource, resource-discovered.export.dlq, INGEST",
        "export, export, reprocess-requested.export.dlq, EXPORT",
        "export, export, '', EXPORT",
        "qc, measure, '', QC",
        "qc, measure, series-exported.qc.dlq, QC",
        "qc, check, '', CHECK",
        "qc, check, session-settled.qc.dlq, INGEST",
        "qc, check, series-tagged.qc.dlq, TAGGING",
        "pipeline, decide, session-checked.pipeline.dlq, CHECK",
        "pipeline, decide, qc-complete.pipeline.dlq, TAGGING",
        "pipeline, request, pipeline-requested.pipeline.dlq, PIPELINE",
        // Names that no dead-letter topic of the service has.
        "export, export, .dlq, EXPORT",
        "export, export, x.dlq, EXPORT",
        "pipeline, decide, qc-complete.qc.dlq, PIPELINE"
    })
    void anEventThatWasSetAsideIsPublishedAgainByItsPublisher(
            String service, String stage, String deadLetter, Stage wanted) {
        // Given a failure

        // When
        Retry retry = Reprocess.retryOf(service, stage, deadLetter).orElseThrow();

        // Then
        assertThat(retry).isEqualTo(new Retry(wanted, false));
    }

    @Test
    void anImageThatWaitsForItsPartsNeedsTheWholeSession() {
        // Given
        String stage = "combine";

        // When / Then
        assertThat(Reprocess.retryOf("export", stage, "")).contains(new Retry(Stage.INGEST, true));
    }

    @ParameterizedTest
    @CsvSource({
        "qc, check, qc-reviewed.qc.dlq",
        "qc, gold-standard, gold-standard-set.qc.dlq",
        "ingest, confirm-configuration, configuration-confirmed.ingest.dlq",
        "pipeline, cancel, pipeline-cancelled.pipeline.dlq",
        "pipeline, answer, pipeline-answered.pipeline.dlq",
        "pipeline, pause, pipeline-paused.pipeline.dlq",
        "ingest, outbox, ''",
        "dashboard, show, qc-complete.dashboard.dlq"
    })
    void whatNobodyCanPublishAgainHasNoButton(String service, String stage, String deadLetter) {
        // Given a failure

        // When / Then
        assertThat(Reprocess.retryOf(service, stage, deadLetter)).isEmpty();
    }
}

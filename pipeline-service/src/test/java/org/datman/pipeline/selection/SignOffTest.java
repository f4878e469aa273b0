package org.datman.pipeline.selection;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.QcReviewed;
import org.datman.contracts.event.QcReviewed.Decision;
import org.datman.contracts.event.QcReviewedBuilder;
import org.datman.contracts.event.SeriesExported;
import org.datman.contracts.event.SeriesExportedBuilder;
import org.datman.contracts.event.SessionDiscovered;
import org.datman.contracts.event.SessionDiscoveredBuilder;
import org.datman.contracts.event.SessionRef;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When a sign-off of the session is valid. Digests are written with a blank between them. */
class SignOffTest {

    private static final SessionRef SESSION = new SessionRef("s", "A");
    private static final String NAME = "TST_CMH_0001_01_01";

    @ParameterizedTest(name = "[{index}] images {0}, {1} of {2} -> {3}")
    @CsvSource({
        "'',    SIGNED_OFF, '',    true",
        "a,     SIGNED_OFF, a,     true",
        "a b,   SIGNED_OFF, a b c, true",
        "a b,   SIGNED_OFF, a,     false",
        "a,     SIGNED_OFF, '',    false",
        "a,     WITHDRAWN,  a,     false"
    })
    void aSignOffHoldsWhileEveryImageIsOneThatWasSeen(String images, Decision decision, String seen, boolean holds) {
        // Given
        QcReviewed review = QcReviewedBuilder.builder()
                .session(SESSION)
                .reviewId("r")
                .study("TST")
                .sessionName(NAME)
                .decision(decision)
                .seen(digests(seen))
                .reviewer("rater")
                .time(Instant.EPOCH)
                .build();

        // When
        SessionFacts facts = SessionFacts.of(
                        discovered(), exports(digests(images)), Map.of(), Map.of("", review), Optional.empty())
                .orElseThrow();

        // Then
        assertThat(facts.signedOff()).isEqualTo(holds);
    }

    private static List<String> digests(String text) {
        return Arrays.stream(text.split(" ")).filter(part -> !part.isEmpty()).toList();
    }

    private static SessionDiscovered discovered() {
        return SessionDiscoveredBuilder.builder()
                .session(SESSION)
                .sessionRevision(1)
                .status(SessionDiscovered.Status.PRESENT)
                .project("P")
                .subjectLabel("S")
                .label("L")
                .phantom(false)
                .configRevision("c")
                .study(Optional.of("TST"))
                .site(Optional.of("CMH"))
                .name(Optional.of(NAME))
                .build();
    }

    private static List<SeriesExported> exports(List<String> digests) {
        return digests.stream()
                .map(digest -> SeriesExportedBuilder.builder()
                        .session(SESSION)
                        .seriesRevision(1)
                        .exportRevision(1)
                        .outcome(SeriesExported.Outcome.EXPORTED)
                        .study("TST")
                        .site("CMH")
                        .sessionName(NAME)
                        .phantom(false)
                        .scan(digest)
                        .products(List.of(new SeriesExported.Product(
                                digest,
                                "T1",
                                "anat",
                                List.of(2, 2, 2, 1),
                                List.of(
                                        new FileRef("dicom", digest + ".dcm", 1, "of-" + digest),
                                        new FileRef("nifti", digest + ".nii.gz", 1, digest)))))
                        .runKey("run")
                        .configRevision("c")
                        .started(Instant.EPOCH)
                        .finished(Instant.EPOCH)
                        .seriesNumber(Optional.of(1L))
                        .build())
                .toList();
    }
}

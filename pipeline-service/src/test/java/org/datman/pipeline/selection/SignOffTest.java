package org.datman.pipeline.selection;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.FileRole;
import org.datman.contracts.event.QcReviewed;
import org.datman.contracts.event.QcReviewed.Decision;
import org.datman.contracts.event.SeriesExported;
import org.datman.contracts.testkit.EventFixtures;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When a sign-off of the session is valid. Digests are written with a blank between them. */
class SignOffTest {

    private static final EventFixtures SESSION = EventFixtures.of("A", "TST_CMH_0001_01_01");

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
        QcReviewed review = SESSION.reviewed("", "", "rater", decision, Instant.EPOCH, "r")
                .withSeen(digests(seen))
                .withScan(Optional.empty())
                .withStem(Optional.empty());

        // When
        SessionFacts facts = SessionFacts.of(
                        SESSION.discovered(1, "L"), exports(digests(images)), Map.of(), Map.of("", review), null)
                .orElseThrow();

        // Then
        assertThat(facts.signedOff()).isEqualTo(holds);
    }

    private static List<String> digests(String text) {
        return Arrays.stream(text.split(" ")).filter(part -> !part.isEmpty()).toList();
    }

    private static List<SeriesExported> exports(List<String> digests) {
        return digests.stream()
                .map(digest -> SESSION.exported(
                        digest,
                        1,
                        "T1",
                        List.of(
                                new FileRef(FileRole.DICOM, digest + ".dcm", 1, "of-" + digest),
                                new FileRef(FileRole.NIFTI, digest + ".nii.gz", 1, digest))))
                .toList();
    }
}

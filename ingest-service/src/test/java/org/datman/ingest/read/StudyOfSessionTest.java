package org.datman.ingest.read;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.datman.contracts.study.StudyConfigurations;
import org.datman.xnat.XnatSession;
import org.datman.xnat.XnatSession.Share;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StudyOfSessionTest {

    @TempDir
    Path folder;

    private StudyConfigurations studies;

    @BeforeEach
    void twoStudies() throws IOException {
        for (String code : List.of("AAA01", "BBB01")) {
            Files.writeString(
                    folder.resolve(code + ".yml"),
                    "StudyTag: " + code + "\nXnatProjects: [" + code + "]\nTags:\n"
                            + "  T1: { Pattern: { SeriesDescription: 'T1' }, QcType: anat }\nSites:\n  CMH: {}\n");
        }
        studies = StudyConfigurations.load(folder);
    }

    private static XnatSession session(String project, Share... shares) {
        return new XnatSession(
                "X_E1",
                project,
                "X_S1",
                "",
                "OTHER_LABEL",
                "xnat:mrSessionData",
                null,
                null,
                null,
                List.of(shares),
                List.of());
    }

    @Test
    void aSessionThatIsOnlySharedIntoAStudysProjectIsOfThatStudyUnderItsLabelThere() {
        // Given
        XnatSession session = session("FOREIGN", new Share("UNKNOWN", "x"), new Share("AAA01", "AAA01_CMH_0001_01_01"));

        // When
        StudyOfSession resolved = StudyOfSession.of(session, studies, null);

        // Then
        assertThat(resolved.study()).map(s -> s.code()).contains("AAA01");
        assertThat(resolved.session().project()).isEqualTo("AAA01");
        assertThat(resolved.session().label()).isEqualTo("AAA01_CMH_0001_01_01");
    }

    @Test
    void aShareWithoutALabelKeepsTheSessionsOwn() {
        // Given
        XnatSession session = session("FOREIGN", new Share("AAA01", ""));

        // When
        StudyOfSession resolved = StudyOfSession.of(session, studies, null);

        // Then
        assertThat(resolved.session().label()).isEqualTo("OTHER_LABEL");
    }

    @Test
    void theOwnProjectsStudyComesFirst() {
        // Given
        XnatSession session = session("BBB01", new Share("AAA01", "AAA01_CMH_0001_01_01"));

        // When
        StudyOfSession resolved = StudyOfSession.of(session, studies, "AAA01");

        // Then
        assertThat(resolved.session().project()).isEqualTo("BBB01");
    }

    @Test
    void ofTwoSharesTheOneThatItWasKnownUnderStays() {
        // Given
        XnatSession session = session("FOREIGN", new Share("AAA01", "a"), new Share("BBB01", "b"));

        // When
        StudyOfSession known = StudyOfSession.of(session, studies, "BBB01");

        // Then
        assertThat(known.session().project()).isEqualTo("BBB01");
        assertThat(StudyOfSession.of(session, studies, null).session().project())
                .isEqualTo("AAA01");
    }

    @Test
    void withoutAStudyItStaysWhereItIs() {
        // Given
        XnatSession session = session("FOREIGN", new Share("UNKNOWN", "x"));

        // When
        StudyOfSession resolved = StudyOfSession.of(session, studies, null);

        // Then
        assertThat(resolved.study()).isEmpty();
        assertThat(resolved.session().project()).isEqualTo("FOREIGN");
    }

    @Test
    void anAssessorOfAnImageIsNoSessionThoughItHasAnAccessionId() {
        // Given
        XnatSession session = session("AAA01");

        // When
        XnatSession assessor = new XnatSession(
                "X_E2", "AAA01", "", "", "QC_1", "xnat:qcManualAssessorData", null, null, null, List.of(), List.of());

        // Then
        assertThat(assessor.isImaging()).isFalse();
        assertThat(session.isImaging()).isTrue();
    }
}

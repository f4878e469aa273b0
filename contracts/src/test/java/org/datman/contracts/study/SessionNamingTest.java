package org.datman.contracts.study;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SessionNamingTest {

    private static final StudyConfigurations STUDIES = StudyConfigurations.of(
            List.of(StudyReader.read("SPN.yml", """
                    StudyTag: SPN
                    XnatProjects: [SPN01]
                    IdMap: {Study: {ABC01: SPN}}
                    Sites: {CMH: {}, UTO: {XnatProjects: [SPN01_UTO], SiteTags: [SPINS]}}
                    """.getBytes(StandardCharsets.UTF_8))
                    .findStudy()
                    .orElseThrow()),
            List.of());

    @ParameterizedTest
    @CsvSource({
        "SPN01, SPN_CMH_0001, SPN_CMH_0001_01_01, SPN_CMH_0001_01_01",
        "SPN01, anything, SPN_CMH_0001_01_01, SPN_CMH_0001_01_01",
        "SPN01, SPN_CMH_0001_01, SPN_CMH_0001_01_01, SPN_CMH_0001_01_01",
        "SPN01, XNAT_S00012, SPN_CMH_0001_01_01, SPN_CMH_0001_01_01",
        "SPN01, ABC01_CMH_0001, ABC01_CMH_0001_01_SE02_MR, SPN_CMH_0001_01_02",
        "SPN01, SPN_CMH_PHA_FBN0001, SPN_CMH_PHA_FBN0001, SPN_CMH_PHA_FBN0001",
        "SPN01_UTO, x, SPINS_UTO_0001_01_01, SPINS_UTO_0001_01_01",
        "NOPE, x, SPN_CMH_0001_01_01, unknown-project",
        "SPN01, x, whatever, label-not-in-grammar",
        "SPN01, x, spn_cmh_0001_01_01, label-not-in-grammar",
        "SPN01, x, ../../etc, label-not-in-grammar",
        "SPN01, x, SPN_CMH_0001_01, missing-repeat",
        "SPN01, x, OPT_CMH_0001_01_01, foreign-study-code",
        "SPN01, x, SPN_XYZ_0001_01_01, unknown-site",
        "SPN01, x, SPINS_CMH_0001_01_01, unknown-site",
        "SPN01, x, SPN_UTO_0001_01_01, site-not-of-project",
        "SPN01, SPN_CMH_0002, SPN_CMH_0001_01_01, subject-contradicts"
    })
    void tellsWhatASessionIsOrWhyThatCannotBeReported(String project, String subject, String session, String expected) {
        // Given: the studies

        // When
        SessionNaming.Resolution resolution = SessionNaming.resolve(STUDIES, project, subject, session);

        // Then
        assertThat(describe(resolution)).isEqualTo(expected);
    }

    private static String describe(SessionNaming.Resolution resolution) {
        if (resolution instanceof SessionNaming.Resolved resolved) {
            return resolved.sessionName();
        }
        SessionNaming.Unresolved unresolved = (SessionNaming.Unresolved) resolution;
        assertThat(unresolved.message()).isNotBlank();
        assertThat(unresolved.action()).isNotBlank();
        return unresolved.reason().code();
    }
}

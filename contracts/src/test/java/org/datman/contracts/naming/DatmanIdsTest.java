package org.datman.contracts.naming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DatmanIdsTest {

    private static final Map<String, Set<String>> ANDT = Map.of("ANDT", Set.of("CMH"));

    @Test
    void aPersonHasAllDerivedNames() {
        // Given / When
        DatmanId id = DatmanIds.parse("DTI_CMH_H001_01_02");

        // Then
        assertThat(List.of(id.fullSubject(), id.withTimepoint(), id.sessionName(), id.bidsSubject(), id.bidsSession()))
                .containsExactly("DTI_CMH_H001", "DTI_CMH_H001_01", "DTI_CMH_H001_01_02", "CMHH001", "01r02");
        assertThat(id.numericSession()).isEqualTo(2);
        assertThat(id.xnatSubjectLabel()).isEqualTo("DTI_CMH_H001_01_02");
    }

    @Test
    void aPhantomHasBidsLegalNamesAndSessionOne() {
        // Given / When
        DatmanId id = DatmanIds.parse("DTI_CMH_PHA_ADN0001");

        // Then
        assertThat(List.of(id.sessionName(), id.withTimepoint(), id.bidsSubject(), id.bidsSession()))
                .containsExactly("DTI_CMH_PHA_ADN0001", "DTI_CMH_PHA_ADN0001", "CMHPHAADN0001", "01");
        assertThat(id.numericSession()).isEqualTo(1);
        assertThat(id.isPhantom()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "ABC01_CMH_LEGPHA_0001_MR, ABC01_CMH_LEGPHA, ABCD_CMH_PHA_LEG0001",
        "ABC01_CMH_12345678_01_SE02_MR, ABC01_CMH_12345678, ABCD_CMH_12345678_01_02"
    })
    void labelsOnXnatStayForeignWhenFieldsAreMapped(String text, String subjectLabel, String canonical) {
        // Given
        IdMap map = IdMap.of(Map.of("ABC01", "ABCD"), Map.of());

        // When
        DatmanId id = DatmanIds.parse(text, map);

        // Then
        assertThat(id.xnatSubjectLabel()).isEqualTo(subjectLabel);
        assertThat(id.xnatSessionLabel()).isEqualTo(text);
        assertThat(id).hasToString(canonical);
    }

    @ParameterizedTest
    @CsvSource({"DTI_CMH_H001_01, missing", "DTI_CMH_H001_01_01R, not a number"})
    void aRepeatThatIsNoNumberIsRefusedWhereANumberIsAsked(String text, String problem) {
        // Given
        DatmanId id = DatmanIds.parse(text);

        // When / Then
        assertThatThrownBy(id::numericSession)
                .isInstanceOf(NamingException.class)
                .hasMessageContaining(problem);
    }

    @Test
    void kcniAndDatmanConvertIntoEachOtherThroughAllMaps() {
        // Given
        IdMap map = new IdMap(
                IdType.AUTO,
                Map.of("AND01", "ANDT"),
                Map.of("UTO", "CMH"),
                List.of(SubjectRule.parse("^(0001|0002)->H\\1")),
                List.of(SubjectRule.parse("^H([0-9]+)->\\1")));

        // When
        String back = DatmanIds.toKcni(DatmanIds.parse("ANDT_CMH_H0001_01_01"), map);

        // Then
        assertThat(back).isEqualTo("AND01_UTO_0001_01_SE01_MR");
        assertThat(DatmanIds.parse(back, map)).hasToString("ANDT_CMH_H0001_01_01");
    }

    @ParameterizedTest
    @CsvSource({
        "ABC01_XYZ_0001_01_SE01_MR, '', '', XYZ, DEF, ABC01_DEF_0001_01_01",
        "SPN30_CMH_0001_01_SE01_MR, SPN31, SPN30, CMH, CMP, SPN30_CMH_0001_01_01",
        "XYZ03_CMH_0001_01_SE01_MR, XYZ02, ABC01, CMH, CMP, XYZ03_CMP_0001_01_01"
    })
    void redcapIdsAreMappedOnlyOnce(
            String text, String study, String localStudy, String site, String localSite, String expected) {
        // Given
        IdMap map = IdMap.of(study.isEmpty() ? Map.of() : Map.of(study, localStudy), Map.of(site, localSite));

        // When
        DatmanId id = DatmanIds.parseRedcap(text, map);

        // Then
        assertThat(id).hasToString(expected);
    }

    @ParameterizedTest
    @CsvSource({"ANDT_CMH_0210_01_01", "AND01_CMH_0210_01_SE01_MR"})
    void aStudyAcceptsItsOwnCodesInBothConventions(String text) {
        // Given
        IdMap map = IdMap.of(Map.of("AND01", "ANDT"), Map.of());

        // When
        DatmanId id = DatmanIds.parseFor(text, map, ANDT);

        // Then
        assertThat(id).hasToString("ANDT_CMH_0210_01_01");
    }

    @ParameterizedTest
    @CsvSource({
        "OPT01_CMH_0210_01_01, study",
        "OPT01_CMH_0210_01_SE01_MR, study",
        "ANDT_UFO_0406_01_01, site",
        "AND01_UFO_0408_01_SE01_MR, site"
    })
    void aStudyRefusesForeignCodesAndSites(String text, String field) {
        // Given
        IdMap map = IdMap.of(Map.of("AND01", "ANDT"), Map.of());

        // When / Then
        assertThatThrownBy(() -> DatmanIds.parseFor(text, map, ANDT))
                .isInstanceOfSatisfying(
                        NamingException.class, e -> assertThat(e.field()).isEqualTo(field));
    }

    @Test
    void aRefusalStatesWhatIsWrongWhereAndWhatIsAllowed() {
        // Given
        String text = "dti_CMH_H001_01_02";

        // When / Then
        assertThatThrownBy(() -> DatmanIds.parse(text))
                .hasMessage(
                        "'dti_CMH_H001_01_02': study 'dti' has lower-case letters (did you mean DTI?); allowed: 1 to 32 of A-Z and 0-9");
    }

    @ParameterizedTest
    @CsvSource({"no arrow", "'(->x'", "'^([0-9]+)->H\\2'"})
    void aFaultySubjectRuleIsRefused(String rule) {
        // Given / When / Then
        assertThatThrownBy(() -> SubjectRule.parse(rule)).isInstanceOf(NamingException.class);
    }
}

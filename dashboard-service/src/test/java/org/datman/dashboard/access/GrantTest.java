package org.datman.dashboard.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GrantTest {

    @ParameterizedTest
    @CsvSource({
        "manager,'','', viewer,SPN01,'',   viewer in SPN01",
        "manager,SPN01,'', rater,'','',    rater in SPN01",
        "manager,SPN01,'', rater,SPN01,CMH, rater in SPN01 at CMH",
        "viewer,SPN01,CMH, manager,'','',  viewer in SPN01 at CMH",
        "rater,'','', physicist,'','',     viewer in all studies",
        "viewer,'','', dicom,'','',        viewer in all studies",
        "dicom,'','', dicom,SPN01,'',      dicom in SPN01",
        "manager,'','', dicom,'','',       viewer in all studies",
        "manager,SPN01,'', viewer,PIP01,'', ''",
        "manager,SPN01,CMH, viewer,SPN01,ZHH, ''"
    })
    void ofAGrantATokenHasNoMoreThanBothAllow(
            String role, String study, String site, String mostRole, String mostStudy, String mostSite, String left) {
        // Given
        Grant grant = new Grant(role, study, site);

        // When
        String within = grant.within(new Grant(mostRole, mostStudy, mostSite))
                .map(Grant::toString)
                .orElse("");

        // Then
        assertThat(within).isEqualTo(left);
    }

    @Test
    void aScopeIsWhereOneOfTheRolesIsHeld() {
        // Given
        List<Grant> grants =
                List.of(new Grant("viewer", "A", ""), new Grant("manager", "B", "X"), new Grant("rater", "C", ""));

        // When
        AccessScope scope = AccessScope.of(grants, Set.of("rater"));

        // Then
        assertThat(scope.wholeStudies()).containsExactly("C");
        assertThat(scope.sites()).containsExactly("B/X");
        assertThat(scope.study("B")).isTrue();
        assertThat(scope.site("B", "X")).isTrue();
        assertThat(scope.site("B", "Y")).isFalse();
        assertThat(scope.study("A")).isFalse();
        assertThat(scope.study("")).isFalse();
    }

    @Test
    void aRoleForAllStudiesIsEverythingAndNoRoleIsNothing() {
        // Given
        List<Grant> grants = List.of(Grant.everywhere("manager"));

        // When
        List<AccessScope> scopes = List.of(
                AccessScope.of(grants, Set.of("viewer")),
                AccessScope.of(grants, Set.of("dicom")),
                AccessScope.of(List.of(), Set.of("viewer")));

        // Then
        assertThat(scopes).containsExactly(AccessScope.EVERYTHING, AccessScope.NOTHING, AccessScope.NOTHING);
    }
}

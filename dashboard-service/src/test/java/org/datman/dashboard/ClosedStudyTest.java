package org.datman.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import org.datman.platform.testkit.KafkaAndPostgres;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.Test;

/** Values of the study file are on the study's pages. */
@QuarkusTest
@QuarkusTestResource(KafkaAndPostgres.class)
class ClosedStudyTest {

    @Test
    void aClosedStudyIsShownAsSuchWithWhatItIsAndWhomToAsk() {
        // Given
        String row = "tbody tr:has(th:contains(CLO01))";

        // When
        Document studies = Dashboard.page("/studies");
        Document closed = Dashboard.page("/studies/CLO01");

        // Then
        assertThat(studies.select(row).text()).contains("Follow-up of stroke", "closed");
        assertThat(studies.select("tbody tr:has(th:contains(SPN01))").text()).doesNotContain("closed");
        assertThat(closed.select("h1").text()).isEqualTo("CLO01 closed");
        assertThat(closed.select(".about").text())
                .contains("Follow-up of stroke", "Ended after the last follow-up", "Contact: the data manager");
        assertThat(closed.select(".problem").text()).contains("This study is closed (IsOpen: false)");
        assertThat(Dashboard.page("/studies/SPN01").select("main > div > .problem"))
                .isEmpty();
    }
}

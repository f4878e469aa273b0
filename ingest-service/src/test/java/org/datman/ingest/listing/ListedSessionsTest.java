package org.datman.ingest.listing;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.TestTransaction;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.List;
import org.datman.contracts.event.SessionRef;
import org.datman.ingest.Lab;
import org.datman.platform.testkit.KafkaAndPostgres;
import org.datman.xnat.XnatListed;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(KafkaAndPostgres.class)
@QuarkusTestResource(Lab.class)
class ListedSessionsTest {

    @Inject
    ListedSessions listings;

    private static XnatListed listed(String accession) {
        return new XnatListed(accession, "TWO01", "TWO01_CMH_0001_01_01", "S", "xnat:mrSessionData", null, null, "");
    }

    @Test
    @TestTransaction
    void aListingSaysNothingAboutTheSessionsOfAnotherServer() {
        // Given
        listings.store("TWO01", "earlier-server", List.of(listed("E1")));
        listings.store("TWO01", "x", List.of(listed("E2")));
        listings.store("TWO01", "xnat", List.of(listed("E3")));

        // When
        ListingDiff diff = listings.store("TWO01", "xnat", List.of(listed("E1")));

        // Then
        assertThat(diff.fresh()).extracting(XnatListed::accession).containsExactly("E1");
        assertThat(diff.missing()).containsExactly("E3");
        assertThat(listings.of(new SessionRef("earlier-server", "E1")))
                .extracting(ListedSession::missed)
                .containsExactly(0);
    }
}

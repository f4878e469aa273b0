package org.datman.ingest.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.datman.xnat.XnatListed;
import org.junit.jupiter.api.Test;

class ListingComparisonTest {

    private static XnatListed listed(String accession, String label) {
        return new XnatListed(accession, "P", label, "S", "xnat:mrSessionData", Optional.empty(), Optional.empty());
    }

    @Test
    void tellsNewChangedAndMissingFromTheRest() {
        // Given
        Map<String, String> before = Map.of(
                "same", ListingComparison.signature(listed("same", "a")),
                "renamed", ListingComparison.signature(listed("renamed", "old")),
                "expected", "",
                "missing", ListingComparison.signature(listed("missing", "m")));
        List<XnatListed> now =
                List.of(listed("same", "a"), listed("renamed", "new"), listed("expected", "e"), listed("new", "n"));

        // When
        ListingComparison news = ListingComparison.of(before, now);

        // Then
        assertThat(news.fresh()).extracting(XnatListed::accession).containsExactly("renamed", "expected", "new");
        assertThat(news.missing()).containsExactly("missing");
    }
}

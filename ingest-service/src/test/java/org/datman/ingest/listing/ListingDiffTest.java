package org.datman.ingest.listing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.datman.xnat.XnatListed;
import org.junit.jupiter.api.Test;

class ListingDiffTest {

    private static XnatListed listed(String accession, String label) {
        return new XnatListed(accession, "P", label, "S", "xnat:mrSessionData", null, null, "");
    }

    @Test
    void tellsNewChangedAndMissingFromTheRest() {
        // Given
        Map<String, String> before = Map.of(
                "same", ListingDiff.signature(listed("same", "a")),
                "renamed", ListingDiff.signature(listed("renamed", "old")),
                "expected", "",
                "missing", ListingDiff.signature(listed("missing", "m")));
        List<XnatListed> now =
                List.of(listed("same", "a"), listed("renamed", "new"), listed("expected", "e"), listed("new", "n"));

        // When
        ListingDiff news = ListingDiff.of(before, now);

        // Then
        assertThat(news.fresh()).extracting(XnatListed::accession).containsExactly("renamed", "expected", "new");
        assertThat(news.missing()).containsExactly("missing");
    }
}

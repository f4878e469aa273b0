package org.datman.local.provenance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.datman.contracts.event.SeriesTagged.Clause;
import org.datman.contracts.event.SeriesTagged.TagExplanation;
import org.junit.jupiter.api.Test;

class StudyTextTest {

    @Test
    void theRuleIsWhereItsPatternIsAndAppliesToIsBesideIt() {
        // Given
        byte[] text = """
                StudyTag: SPN01
                Sites:
                  CMH:
                    Tags:
                      T1: {Count: 2}
                Tags:
                  T1:
                    AppliesTo: people
                    Pattern:
                      SeriesDescription: 'T1'
                """.getBytes(StandardCharsets.UTF_8);
        TagExplanation matched = new TagExplanation(
                "T1",
                true,
                List.of(
                        new Clause("AppliesTo", "people", "a person", true),
                        new Clause("SeriesDescription", "'T1'", "Sag T1", true)));

        // When
        List<StudyText.Rule> rules = StudyText.rules(text, "CMH", List.of(matched));

        // Then
        assertThat(rules).extracting(StudyText.Rule::line).containsExactly(7);
        assertThat(rules.get(0).clauses()).extracting(StudyText.Clause::line).containsExactly(8, 10);
    }
}

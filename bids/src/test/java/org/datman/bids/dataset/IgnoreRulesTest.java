package org.datman.bids.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IgnoreRulesTest {

    /** As git does it (gitignore(5)), but without regard to case. */
    @ParameterizedTest
    @CsvSource({
        "extra/, /extra/x.txt, true",
        "extra/, /sub-01/extra/x.txt, true",
        "extra/, /extra, false",
        "extra/, /extra/, true",
        "/extra, /sub-01/extra, false",
        "*.txt, /sub-01/a.txt, true",
        "*.txt, /sub-01/a.txt.gz, false",
        "*_T2W.nii.gz, /sub-01/sub-01_T2w.nii.gz, true",
        "**/notes, /a/b/notes, true",
        "**/notes, /notes, true",
        "sub-*/anat, /sub-01/anat/x, true",
        "sub-*/anat, /a/sub-01/anat/x, false",
        "a/**/z, /a/z, true",
        "a/**/z, /a/b/c/z, true",
        "a/**, /a/b/c, true",
        "a/**, /a, false",
        "sub-0[12], /sub-02/x, true",
        "sub-0[!12], /sub-02/x, false",
        "sub-0?, /sub-03/x, true",
        "[]x], /], true",
        "[!]x], /], false",
        "[!]x], /y, true",
        "[a&&b], /&, true",
        "[a&&b], /a, true",
        "[a-c], /B, true",
        "[a-], /-, true",
        "[\\]x], /], true",
        "[x^], /^, true",
        "a[!b]c, /a/c, false",
        "\\!odd, /!odd, true",
        "#comment, /#comment, false",
        "nothing, /sourcedata/x, true",
        "nothing, /sub-01/sourcedata/x, false",
    })
    void aPatternIgnoresPaths(String pattern, String path, boolean ignored) {
        assertThat(new IgnoreRules(pattern + "\n").ignores(path)).isEqualTo(ignored);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[z-a]", "[!]x", "[abc", "x[[:digit:]]"})
    void aLineThatIsNoPatternIsLeftOutAndNamed(String line) {
        // When
        IgnoreRules rules = new IgnoreRules("*.txt\n" + line + "\n*.dat\n");

        // Then
        assertThat(rules.leftOut()).containsExactly(line);
        assertThat(rules.ignores("/a.dat")).isTrue();
        assertThat(rules.ignores("/" + line)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"/a.txt, true", "/b.txt, false", "/x/b.txt, true"})
    void theLastPatternDecidesButNotInsideAnIgnoredFolder(String path, boolean ignored) {
        // Given
        IgnoreRules rules = new IgnoreRules("*.txt\nx/\n!b.txt\n");

        // When
        boolean result = rules.ignores(path);

        // Then
        assertThat(result).isEqualTo(ignored);
    }
}

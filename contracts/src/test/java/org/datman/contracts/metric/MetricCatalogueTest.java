package org.datman.contracts.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MetricCatalogueTest {

    private static final Set<QcKind> KINDS = EnumSet.complementOf(EnumSet.of(QcKind.FMAP, QcKind.IGNORE));

    @ParameterizedTest
    @CsvSource({
        "tsnr, true",
        "fd_power_max, true",
        "fd_power_perc, true",
        "tsnrr, false",
        "fd_power_most, false",
        "_max, false",
        "'', false"
    })
    void aKeyIsThatOfARowOrOfASummary(String key, boolean known) {
        // When
        boolean found = MetricCatalogue.find(key).isPresent();

        // Then
        assertThat(found).isEqualTo(known);
    }

    @Test
    void everySummaryOfACourseHasADefinition() {
        // When
        MetricDefinition perc = MetricCatalogue.get("fd_power_perc");

        // Then
        assertThat(perc.unit()).isEqualTo("%");
        assertThat(perc.label()).startsWith("fd_power_perc (perc over volumes of: framewise displacement");
        assertThatThrownBy(() -> MetricCatalogue.get("invented_max")).hasMessageContaining("metrics.tsv");
    }

    @Test
    void aSummaryMayHaveALabelAndLimitsOfItsOwn() {
        // When
        MetricDefinition mean = MetricCatalogue.get("fd_power_mean");

        // Then
        assertThat(mean.label()).isEqualTo("mean head motion (framewise displacement)");
        assertThat(mean.unit()).isEqualTo("mm");
        assertThat(mean.limits())
                .isEqualTo(Map.of(
                        QcKind.BOLD,
                        new Limits(
                                OptionalDouble.empty(),
                                OptionalDouble.of(0.3),
                                OptionalDouble.empty(),
                                OptionalDouble.of(0.5))));
        assertThat(MetricCatalogue.keys()).doesNotContain("fd_power_mean");
    }

    @Test
    void limitsOfAKindAreThoseOfItsRows() {
        // When
        Map<String, Limits> limits = MetricCatalogue.limits(QcKind.DWI);

        // Then
        assertThat(limits)
                .containsOnlyKeys(
                        "bad_slices_max", "fd_b0_max", "ndc", "nonfinite_ppm", "pct_bad_slices", "spikes_fft_per_1000");
        assertThat(limits.get("ndc")).isEqualTo(Limits.flagBelow(0.4));
    }

    @Test
    void everyCellNamesAKindThatTheRowIsFor() {
        // Given
        List<MetricDefinition> rows = List.copyOf(MetricCatalogue.all());

        // When
        Set<String> strange = new TreeSet<>();
        for (MetricDefinition row : rows) {
            Set<QcKind> own = row.kinds().isEmpty() ? KINDS : row.kinds();
            own.stream().filter(kind -> !KINDS.contains(kind)).forEach(kind -> strange.add(row.key() + " of " + kind));
            Stream.of(row.limits().keySet(), row.trended(), row.fewestVolumes().keySet())
                    .flatMap(Set::stream)
                    .filter(kind -> !own.contains(kind))
                    .forEach(kind -> strange.add(row.key() + " for " + kind));
        }

        // Then
        assertThat(strange).isEmpty();
    }

    @Test
    void headlinesAreFewAndEachHasItsPlace() {
        // When
        List<Integer> places = MetricCatalogue.all().stream()
                .flatMap(row -> row.findHeadline().stream())
                .toList();

        // Then
        assertThat(places).doesNotHaveDuplicates().hasSizeBetween(10, 30);
    }

    @Test
    void aLimitThatIsNoneIsRefused() {
        // When, Then
        assertThatThrownBy(() -> Limits.parse("warn=3")).hasMessageContaining("warn>0.3");
    }

    @Test
    void aKindThatIsNoneIsRefused() {
        // When, Then
        assertThatThrownBy(() -> QcKind.of("diffusion")).hasMessageContainingAll("'diffusion'", "dti-phantom");
    }
}

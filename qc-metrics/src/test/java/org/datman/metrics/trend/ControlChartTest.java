package org.datman.metrics.trend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.datman.contracts.metric.MetricDefinition.Good;
import org.datman.metrics.trend.Alarm.Rule;
import org.datman.metrics.trend.Alarm.Side;
import org.junit.jupiter.api.Test;

/** Scenarios <a href="{@docRoot}/../docs/qc-specification.md#F100">F100</a> to <a href="{@docRoot}/../docs/qc-specification.md#F103">F103</a> of the qc specification: weekly SFNR 250 ± 8 of a phantom over three years. */
class ControlChartTest {

    private static final LocalDate START = LocalDate.of(2023, 1, 2);
    private static final int STEP = 80;

    @Test
    void aStepOfFivePercentIsNoticedWithinFiveWeeksInNineOfTenRuns() {
        // Given
        int runs = 1000;

        // When
        long noticed = IntStream.range(0, runs)
                .filter(run -> alarmedWithin(course(run, 156, week -> week >= STEP ? 0.95 : 1), 5))
                .count();

        // Then
        assertThat(noticed / (double) runs).isGreaterThanOrEqualTo(0.90);
    }

    @Test
    void aScannerThatDoesNotChangeIsLeftAloneForFiveYearsOnAverage() {
        // Given
        int runs = 100;

        // When
        double weeks = IntStream.range(0, runs)
                .map(run -> firstTrend(course(10_000 + run, 1500, week -> 1)))
                .average()
                .orElseThrow();

        // Then
        assertThat(weeks).isGreaterThanOrEqualTo(250);
    }

    @Test
    void aSlowDeclineOfTenPercentAYearIsNoticedWithinTwentyWeeks() {
        // Given
        int runs = 400;

        // When
        long noticed = IntStream.range(0, runs)
                .filter(run -> alarmedWithin(
                        course(20_000 + run, 156, week -> week < STEP ? 1 : 1 - 0.1 * (week - STEP + 1) / 52), 20))
                .count();

        // Then
        assertThat(noticed / (double) runs).isGreaterThanOrEqualTo(0.8);
    }

    @Test
    void missingWeeksOutliersAndDuplicatesDoNotMoveTheLimits() {
        // Given
        List<Reading> clean = course(1, 60, week -> 1);
        List<Reading> messy = new ArrayList<>();
        for (int week = 0; week < clean.size(); week++) {
            Reading reading = clean.get(week);
            messy.add(reading);
            messy.add(new Reading(
                    "again-" + reading.image(), reading.content(), reading.day().plusDays(400), 1, true));
        }
        messy.set(2 * 7, with(messy.get(2 * 7), 25));
        messy.set(2 * 15, with(messy.get(2 * 15), 900));
        Collections.shuffle(messy, new Random(5));

        // When
        ControlChart chart = ControlChart.of(messy, Good.HIGH);

        // Then
        Baseline expected = ControlChart.of(clean, Good.HIGH).baseline().orElseThrow();
        Baseline actual = chart.baseline().orElseThrow();
        assertThat(chart.points()).hasSize(60);
        assertThat(actual.median()).isCloseTo(expected.median(), org.assertj.core.data.Offset.offset(2.0));
        assertThat(actual.low()).isCloseTo(expected.low(), org.assertj.core.data.Offset.offset(6.0));
        assertThat(chart.alarms()).allMatch(alarm -> alarm.rule() == Rule.LIMIT);
    }

    @Test
    void aMetricThatIsMostlyNoneHasLimitsAndIsJudged() {
        // Given a ghost that is none in two of three scans, then one that grows
        List<Reading> readings = new ArrayList<>();
        for (int scan = 0; scan < 34; scan++) {
            double value = scan >= 30 ? 0.02 + 0.001 * scan : scan % 3 == 0 ? 0.0003 : 0;
            readings.add(new Reading(
                    "image " + scan, "content " + scan, LocalDate.of(2026, 1, 1).plusDays(10 * scan), value, true));
        }

        // When
        ControlChart chart = ControlChart.of(readings, Good.LOW);

        // Then the standard deviation of ten of 0.0003 and twenty of none
        assertThat(chart.baseline().orElseThrow().spread()).isCloseTo(0.0003 * Math.sqrt(20.0 / 87), within(1e-12));
        assertThat(chart.points().subList(20, 30)).allMatch(point -> point.judged() && !point.outside());
        assertThat(chart.alarms())
                .filteredOn(alarm -> alarm.until().isEmpty())
                .singleElement()
                .satisfies(alarm -> {
                    assertThat(alarm.rule()).isEqualTo(Alarm.Rule.CUSUM);
                    assertThat(alarm.at().image()).isEqualTo("image 31");
                });
    }

    @Test
    void aSingleOutlierIsAnOutlierAndNoTrend() {
        // Given
        List<Reading> readings = new ArrayList<>(course(2, 60, week -> 1));
        readings.set(50, with(readings.get(50), 100));

        // When
        List<Alarm> alarms = ControlChart.of(readings, Good.HIGH).alarms();

        // Then
        assertThat(alarms).singleElement().satisfies(alarm -> {
            assertThat(alarm.rule()).isEqualTo(Rule.LIMIT);
            assertThat(alarm.at()).isEqualTo(readings.get(50));
        });
    }

    @Test
    void theAlarmStatesSinceWhenAndHowFarAndEndsWhenAllIsWellAgain() {
        // Given
        List<Reading> readings = course(3, 120, week -> week >= 60 && week < 80 ? 0.92 : 1);

        // When
        ControlChart chart = ControlChart.of(readings, Good.HIGH);

        // Then
        Alarm alarm = chart.alarms().stream()
                .filter(found -> found.rule() != Rule.LIMIT)
                .findFirst()
                .orElseThrow();
        assertThat(alarm.side()).isEqualTo(Side.LOWER);
        assertThat(alarm.since()).isBetween(START.plusWeeks(57), START.plusWeeks(61));
        assertThat(alarm.sigmas()).isBetween(-4.0, -1.5);
        assertThat(alarm.until().orElseThrow()).isBetween(START.plusWeeks(81), START.plusWeeks(110));
        assertThat(AlarmText.of("fbirn_sfnr", alarm)).contains("lower since " + alarm.since(), "30 good scans");
    }

    @Test
    void onlyTheBadSideOfAMetricIsAnAlarm() {
        // Given
        List<Reading> better = course(8, 120, week -> week >= 60 ? 1.1 : 1);

        // When
        List<List<Alarm>> alarms = Arrays.stream(Good.values())
                .map(good -> ControlChart.of(better, good).alarms())
                .toList();

        // Then
        assertThat(alarms.get(Good.HIGH.ordinal())).isEmpty();
        assertThat(alarms.get(Good.LOW.ordinal())).isNotEmpty();
        assertThat(alarms.get(Good.STABLE.ordinal())).isNotEmpty();
    }

    @Test
    void badImagesMakeNoBaselineAndFewOnesNeither() {
        // Given
        List<Reading> readings = course(6, 40, week -> 1).stream()
                .map(r -> new Reading(
                        r.image(), r.content(), r.day(), r.value(), r.day().isAfter(START.plusWeeks(20))))
                .toList();

        // When
        ControlChart chart = ControlChart.of(readings, Good.HIGH);

        // Then
        assertThat(chart.good()).isEqualTo(19);
        assertThat(chart.baseline()).isEmpty();
        assertThat(chart.points()).noneMatch(ControlChart.Point::judged);
    }

    @Test
    void changesOfLevelAreFoundLookingBack() {
        // Given
        double[] values = course(7, 150, week -> week < 50 ? 1 : week < 100 ? 0.93 : 1.05).stream()
                .mapToDouble(Reading::value)
                .toArray();

        // When
        List<Integer> changes = ChangePoints.of(values);

        // Then
        assertThat(changes).hasSize(2);
        assertThat(changes.get(0)).isBetween(48, 52);
        assertThat(changes.get(1)).isBetween(98, 102);
    }

    @Test
    void aCourseWithoutAChangeHasNone() {
        // Given
        int runs = 200;

        // When
        long changed = IntStream.range(0, runs)
                .filter(run -> !ChangePoints.of(course(30_000 + run, 200, week -> 1).stream()
                                .mapToDouble(Reading::value)
                                .toArray())
                        .isEmpty())
                .count();

        // Then
        assertThat(changed / (double) runs).isLessThan(0.05);
    }

    /** Whether the chart has an alarm within so many weeks after the week of the step. */
    private static boolean alarmedWithin(List<Reading> course, int weeks) {
        return ControlChart.of(course, Good.HIGH).points().subList(STEP, STEP + weeks + 1).stream()
                .anyMatch(point -> point.off() || point.outside());
    }

    private static int firstTrend(List<Reading> course) {
        return ControlChart.of(course, Good.HIGH).alarms().stream()
                        .filter(alarm -> alarm.rule() != Rule.LIMIT)
                        .findFirst()
                        .map(alarm -> course.indexOf(alarm.at()))
                        .orElse(course.size())
                - Baseline.FEWEST;
    }

    private static List<Reading> course(long seed, int weeks, java.util.function.IntToDoubleFunction factor) {
        Random random = new Random(seed);
        List<Reading> readings = new ArrayList<>();
        for (int week = 0; week < weeks; week++) {
            double value = 250 * factor.applyAsDouble(week) + 8 * random.nextGaussian();
            readings.add(new Reading("s" + (10_000 + week), "c" + week, START.plusWeeks(week), value, true));
        }
        return readings;
    }

    private static Reading with(Reading reading, double value) {
        return new Reading(reading.image(), reading.content(), reading.day(), value, reading.good());
    }
}

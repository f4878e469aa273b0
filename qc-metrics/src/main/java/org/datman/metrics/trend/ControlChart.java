package org.datman.metrics.trend;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.datman.analysis.stats.Statistics;
import org.datman.contracts.metric.MetricDefinition.Good;
import org.datman.metrics.trend.Alarm.Rule;
import org.datman.metrics.trend.Alarm.Side;
import org.jspecify.annotations.Nullable;

/**
 * The readings of one stratum in order of time, each evaluated against the readings before it.
 *
 * <p>EWMA and CUSUM standardise with mean and standard deviation of the good readings within the limits, which are more precise than
 * median and spread, and learn from up to {@value #LEARN} of them: with {@value Baseline#MOST} the level alone is known to a fifth
 * of a standard deviation only. A single reading counts at most as {@value Baseline#WIDTH} deviations, so that an outlier is an
 * outlier and no trend.
 *
 * @param usual the usual range; null with too few good readings
 * @param good how many readings the baseline was or will be made of
 * @param points all readings, none twice
 * @param alarms in order of time
 */
public record ControlChart(@Nullable Baseline usual, int good, List<Point> points, List<Alarm> alarms) {

    /** Weight of the newest reading in the EWMA (qc specification, <a href="{@docRoot}/../docs/qc-specification.md#G">section G</a>). */
    static final double LAMBDA = 0.2;
    /**
     * Limit of the EWMA in its own standard deviations. Of steps of 5 % in 250 ± 8 the CUSUM alone finds 7 of 10 within five weeks, and
     * no CUSUM of this slack and limit can find more than 8 even if the level is known; with this EWMA beside it 9 of 10 are found, and a
     * scanner that does not change is still left alone for 250 readings on average.
     */
    static final double EWMA_LIMIT = 2.3 * Math.sqrt(LAMBDA / (2 - LAMBDA));
    /** Slack and limit of the CUSUM in standard deviations (qc specification, <a href="{@docRoot}/../docs/qc-specification.md#G">section G</a>). */
    static final double SLACK = 0.5;

    static final double CUSUM_LIMIT = 5;
    /** Number of good readings that the charts learn from. */
    static final int LEARN = 60;

    public ControlChart {
        points = List.copyOf(points);
        alarms = List.copyOf(alarms);
    }

    /**
     * An evaluated reading.
     *
     * @param reading the reading
     * @param judged whether there were enough readings to evaluate it
     * @param outside whether it is outside the limits, on a bad side
     * @param ewma weighted mean of it and those before, in the metric's unit; the reading itself if it was not evaluated
     * @param falling CUSUM of low deviations, in standard deviations
     * @param rising CUSUM of high deviations
     * @param off whether an alarm of EWMA or CUSUM lasts here
     */
    public record Point(
            Reading reading,
            boolean judged,
            boolean outside,
            double ewma,
            double falling,
            double rising,
            boolean off) {}

    /** The chart of all readings of a stratum, in any order. */
    public static ControlChart of(Collection<Reading> readings, Good good) {
        Run run = new Run(good);
        distinct(readings).forEach(run::add);
        return new ControlChart(run.limits, run.first.size(), run.points, run.alarms());
    }

    /** In order of time; of readings of the same bytes, or the same image, the first. */
    static List<Reading> distinct(Collection<Reading> readings) {
        Set<String> contents = new HashSet<>();
        Set<String> images = new HashSet<>();
        return readings.stream()
                .sorted()
                .filter(reading -> images.add(reading.image()) && contents.add(reading.content()))
                .toList();
    }

    /** The usual range; empty with too few good readings. */
    public Optional<Baseline> baseline() {
        return Optional.ofNullable(usual);
    }

    /** The point of an image. */
    public Optional<Point> point(String image) {
        return points.stream()
                .filter(point -> point.reading().image().equals(image))
                .findFirst();
    }

    /** The pass over the readings. */
    private static final class Run {
        private final List<Arm> arms = new ArrayList<>();
        private final List<Reading> first = new ArrayList<>();
        private final List<Reading> learned = new ArrayList<>();
        private final List<Point> points = new ArrayList<>();
        private final List<Alarm> outliers = new ArrayList<>();
        private @Nullable Baseline limits;
        private double mean;
        private double sd;
        private double ewma;

        Run(Good good) {
            if (good != Good.LOW) {
                arms.add(new Arm(Side.LOWER, -1));
            }
            if (good != Good.HIGH) {
                arms.add(new Arm(Side.HIGHER, 1));
            }
        }

        List<Alarm> alarms() {
            List<Alarm> all = new ArrayList<>(outliers);
            arms.forEach(arm -> all.addAll(arm.alarms()));
            all.sort(java.util.Comparator.comparing(Alarm::at).thenComparing(Alarm::side));
            return all;
        }

        void add(Reading reading) {
            Baseline usual = sd > 0 ? limits : null;
            boolean judged = usual != null;
            boolean outside = false;
            boolean off = false;
            if (usual != null) {
                double sigmas = (reading.value() - mean) / sd;
                double capped = Math.max(-Baseline.WIDTH, Math.min(Baseline.WIDTH, sigmas));
                ewma = first.size() < Baseline.MOST ? 0 : LAMBDA * capped + (1 - LAMBDA) * ewma;
                for (Arm arm : arms) {
                    if (first.size() == Baseline.MOST) {
                        arm.add(reading, capped, ewma, mean, sd, usual);
                    }
                    off |= arm.off();
                    if (arm.beyond(reading.value(), usual)) {
                        outside = true;
                        if (!arm.off()) {
                            outliers.add(outlier(reading, arm.side, sigmas, usual));
                        }
                    }
                }
            }
            points.add(new Point(
                    reading,
                    judged,
                    outside,
                    judged ? mean + ewma * sd : reading.value(),
                    sum(Side.LOWER),
                    sum(Side.HIGHER),
                    off));
            if (reading.good() && !off && !outside) {
                learn(reading);
            }
        }

        private static Alarm outlier(Reading reading, Side side, double sigmas, Baseline usual) {
            return new Alarm(Rule.LIMIT, side, reading, reading.day(), reading.value(), sigmas, usual, reading.day());
        }

        private double sum(Side side) {
            return arms.stream()
                    .filter(arm -> arm.side == side)
                    .mapToDouble(arm -> arm.sum)
                    .findFirst()
                    .orElse(0);
        }

        private void learn(Reading reading) {
            if (first.size() < Baseline.MOST) {
                first.add(reading);
                limits = first.size() < Baseline.FEWEST ? null : Baseline.of(first);
            }
            if (learned.size() < LEARN) {
                learned.add(reading);
                Baseline usual = limits;
                if (usual != null) {
                    double[] values = learned.stream()
                            .mapToDouble(Reading::value)
                            .filter(value -> value >= usual.low() && value <= usual.high())
                            .toArray();
                    mean = Statistics.mean(values);
                    sd = Statistics.sd(values, 1);
                }
            }
        }
    }

    /** CUSUM and EWMA to one side, and the episodes in which they were off. */
    private static final class Arm {
        private final Side side;
        private final int sign;
        private final List<Alarm> over = new ArrayList<>();
        private final List<Reading> since = new ArrayList<>();
        private double sum;
        private @Nullable Alarm open;

        Arm(Side side, int sign) {
            this.side = side;
            this.sign = sign;
        }

        boolean off() {
            return open != null;
        }

        boolean beyond(double value, Baseline limits) {
            return side == Side.LOWER ? value < limits.low() : value > limits.high();
        }

        List<Alarm> alarms() {
            List<Alarm> all = new ArrayList<>(over);
            if (open != null) {
                all.add(open);
            }
            return all;
        }

        void add(Reading reading, double sigmas, double ewma, double mean, double sd, Baseline usual) {
            sum = Math.max(0, sum + sign * sigmas - SLACK);
            boolean summed = sum > CUSUM_LIMIT;
            boolean averaged = sign * ewma > EWMA_LIMIT;
            if (open != null) {
                if (sign * ewma < EWMA_LIMIT / 2) {
                    sum = 0;
                    over.add(new Alarm(
                            open.rule(),
                            side,
                            open.at(),
                            open.since(),
                            open.level(),
                            open.sigmas(),
                            open.usual(),
                            reading.day()));
                    open = null;
                    since.clear();
                }
                return;
            }
            if (sum == 0) {
                since.clear();
            } else {
                since.add(reading);
            }
            if (summed || averaged) {
                List<Reading> changed = since.isEmpty() ? List.of(reading) : since;
                double level = Statistics.mean(
                        changed.stream().mapToDouble(Reading::value).toArray());
                LocalDate began = changed.get(0).day();
                open = new Alarm(
                        summed ? Rule.CUSUM : Rule.EWMA, side, reading, began, level, (level - mean) / sd, usual, null);
            }
        }
    }
}

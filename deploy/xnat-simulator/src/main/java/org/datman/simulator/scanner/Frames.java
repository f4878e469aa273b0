package org.datman.simulator.scanner;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.datman.simulator.scanner.Scenario.Fault;
import org.datman.simulator.scanner.SeriesProtocol.SeriesKind;
import org.datman.simulator.scanner.SeriesProtocol.Shell;
import org.datman.synthetic.Anatomy;
import org.datman.synthetic.Body;
import org.datman.synthetic.Contrast;
import org.datman.synthetic.Directions;
import org.datman.synthetic.Dropout;
import org.datman.synthetic.DwiSeries;
import org.datman.synthetic.EpiSeries;
import org.datman.synthetic.FieldMap;
import org.datman.synthetic.Grid;
import org.datman.synthetic.Head;
import org.datman.synthetic.KSpaceSpike;
import org.datman.synthetic.Localizer;
import org.datman.synthetic.Motion;
import org.datman.synthetic.Rigid;
import org.datman.synthetic.SliceSpike;
import org.datman.synthetic.Sphere;

/** The volumes of a series, made one at a time from the analytic head or sphere, with the faults that live in pixels. */
interface Frames {
    /** Noise of one channel and quadrature, in the units of {@link Contrast}. */
    double SIGMA = 8;

    /** Number of volumes (echoes of a field map, planes of a localizer). */
    int count();

    Grid grid(int frame);

    float[] volume(int frame);

    /** Index into the protocol's echo times. */
    default int echo(int frame) {
        return 0;
    }

    /** b-value; 0 where there is no weighting. */
    default int bValue(int frame) {
        return 0;
    }

    /** Unit vector of the diffusion gradient in R, A, S; zeros where there is no weighting. */
    default double[] gradient(int frame) {
        return new double[3];
    }

    static Frames of(SeriesPlan plan) {
        SeriesProtocol p = plan.protocol();
        long seed = Uids.seed(plan.seriesUid());
        Body body = plan.phantom() ? Sphere.fbirn() : head(plan);
        Grid grid = grid(p);
        return switch (p.kind()) {
            case T1 -> anatomy(plan, grid, body, Contrast.T1, seed);
            case T2 -> anatomy(plan, grid, body, Contrast.T2, seed);
            case BOLD, PHANTOM_EPI -> epi(plan, grid, body, seed);
            case DWI -> new Diffusion(plan, grid, body, seed);
            case SE_EPI -> spinEcho(plan, grid, seed);
            case GRE_MAGNITUDE -> new Echoes(grid, FieldMap.of(grid, head(plan), SIGMA, seed));
            case GRE_PHASE ->
                single(
                        grid,
                        () -> FieldMap.of(grid, head(plan), SIGMA, seed)
                                .phaseDifference((p.echoTimes()[1] - p.echoTimes()[0]) / 1000),
                        p.echoTimes().length - 1);
            case LOCALIZER -> new Planes(Localizer.of(body, p.columns(), p.slices(), SIGMA, seed));
        };
    }

    /** The same head in all sessions of a subject. */
    private static Head head(SeriesPlan plan) {
        return Head.of(
                Uids.seed(plan.seed(), plan.project(), plan.subjectLabel().replaceAll("_[0-9]+_[0-9]+$", "")) & 0xFFFF);
    }

    static Grid grid(SeriesProtocol p) {
        double quarter = Math.PI / 2;
        Rigid plane =
                switch (p.orientation()) {
                    case AXIAL -> new Rigid(0, 0, 0, Math.toRadians(p.tilt()), 0, 0);
                    case SAGITTAL -> new Rigid(0, 0, 0, quarter, 0, quarter);
                    case CORONAL -> new Rigid(0, 0, 0, quarter, 0, 0);
                };
        return Grid.axial(p.columns(), p.rows(), p.slices(), p.spacing()[0], p.spacing()[1], p.sliceStep())
                .posed(plane);
    }

    private static Frames anatomy(SeriesPlan plan, Grid grid, Body body, Contrast contrast, long seed) {
        Anatomy anatomy =
                Anatomy.of(grid).body(body).contrast(contrast).sigma(SIGMA).seed(seed);
        for (Fault f : plan.faults()) {
            anatomy.ghost(f.number("level"), phaseAxis(plan));
        }
        return single(grid, anatomy::volume, 0);
    }

    private static int phaseAxis(SeriesPlan plan) {
        return plan.phaseAlongColumns() ? 1 : 0;
    }

    private static Frames epi(SeriesPlan plan, Grid grid, Body body, long seed) {
        SeriesProtocol p = plan.protocol();
        int volumes = p.volumes();
        boolean phantom = plan.phantom() || p.kind() == SeriesKind.PHANTOM_EPI;
        EpiSeries series = EpiSeries.of(grid, volumes)
                .body(phantom ? Sphere.fbirn() : body)
                .trSeconds(p.repetitionTime() / 1000)
                .sigma(SIGMA)
                .fluctuation(phantom ? 0.05 : 0.15)
                .motion(course(plan, volumes, phantom, seed))
                .seed(seed);
        for (Fault f : plan.faults()) {
            switch (f.kind()) {
                case GHOST -> series.ghost(f.number("level"), phaseAxis(plan));
                case SPIKE -> series.spike(spike(f));
                case SLICE_DROPOUT ->
                    series.sliceSpike(new SliceSpike(f.integer("volume"), f.integer("slice"), -100 * f.number("loss")));
                default -> { // motion is in the course
                }
            }
        }
        return new Volumes(grid, plan.acquired(), 0, series::volume);
    }

    /** A plane wave well outside the object's own spectrum. */
    static KSpaceSpike spike(Fault f) {
        return new KSpaceSpike(f.integer("volume"), f.integer("slice"), 11, 17, f.number("amplitude"), 0.7);
    }

    /** A quiet participant settles by hundredths of a millimetre every few volumes; the faults of the scenario are added. */
    private static Rigid[] course(SeriesPlan plan, int volumes, boolean phantom, long seed) {
        Rigid[] course = Motion.still(volumes);
        if (!phantom) {
            Rigid[] steps = Motion.walk(volumes / 12 + 1, 0.03, 0.02, seed);
            for (int t = 0; t < volumes; t++) {
                course[t] = steps[t / 12];
            }
        }
        for (Fault f : plan.faults()) {
            if (f.kind() == FaultKind.MOTION) {
                course = moved(course, f);
            }
        }
        return course;
    }

    /** The course with the planted movement: a step, a linear drift to the end, or a nod (sine of 8 volumes). */
    static Rigid[] moved(Rigid[] course, Fault f) {
        double[] mm = f.vector("translation");
        double[] degrees = f.vector("rotation");
        int from = f.integer("volume");
        Rigid[] out = course;
        for (int t = from; t < course.length; t++) {
            double share =
                    switch (f.text("course")) {
                        case "step" -> 1;
                        case "drift" -> (t - from + 1.0) / (course.length - from);
                        default -> Math.sin(2 * Math.PI * (t - from + 1) / 8);
                    };
            Rigid at = new Rigid(
                    share * mm[0],
                    share * mm[1],
                    share * mm[2],
                    Math.toRadians(share * degrees[0]),
                    Math.toRadians(share * degrees[1]),
                    Math.toRadians(share * degrees[2]));
            out = Motion.plus(out, t, t + 1, at);
        }
        return out;
    }

    private static Frames spinEcho(SeriesPlan plan, Grid grid, long seed) {
        double readout = plan.protocol().echoSpacing() / 1000 * (plan.phaseSteps() - 1);
        // A grid's j axis points to A, so phase encoding towards P (AP) has the negative polarity.
        int polarity = plan.phasePositive() ? -1 : 1;
        return new Volumes(grid, plan.acquired(), 0, frame -> FieldMap.of(grid, head(plan), SIGMA, seed + frame)
                .epi(polarity, readout));
    }

    /** A series of one volume. */
    private static Frames single(Grid grid, Supplier<float[]> volume, int echo) {
        return new Volumes(grid, 1, echo, frame -> volume.get());
    }

    /**
     * Volumes on one grid.
     *
     * @param echo index into the protocol's echo times
     */
    record Volumes(Grid image, int count, int echo, IntFunction<float[]> volumes) implements Frames {
        @Override
        public Grid grid(int frame) {
            return image;
        }

        @Override
        public float[] volume(int frame) {
            return volumes.apply(frame);
        }

        @Override
        public int echo(int frame) {
            return echo;
        }
    }

    /** Two gradient echoes in one series. */
    record Echoes(Grid image, FieldMap map) implements Frames {
        @Override
        public int count() {
            return 2;
        }

        @Override
        public Grid grid(int frame) {
            return image;
        }

        @Override
        public float[] volume(int frame) {
            return map.magnitude(frame + 1);
        }

        @Override
        public int echo(int frame) {
            return frame;
        }
    }

    /** Three short stacks, one per plane. */
    record Planes(List<Localizer.Stack> stacks) implements Frames {
        @Override
        public int count() {
            return stacks.size();
        }

        @Override
        public Grid grid(int frame) {
            return stacks.get(frame).grid();
        }

        @Override
        public float[] volume(int frame) {
            return stacks.get(frame).volume();
        }
    }

    /** Diffusion: unweighted volumes spread over the run, the directions of the shells taking turns. */
    final class Diffusion implements Frames {
        private final SeriesPlan plan;
        private final Grid grid;
        private final DwiSeries series;

        Diffusion(SeriesPlan plan, Grid grid, Body body, long seed) {
            this.plan = plan;
            this.grid = grid;
            SeriesProtocol p = plan.protocol();
            this.series = DwiSeries.of(grid)
                    .body(body)
                    .trSeconds(p.repetitionTime() / 1000)
                    .sigma(SIGMA)
                    .seed(seed);
            gradients(p).forEach(g -> series.gradient(g[0], g[1], g[2], g[3]));
            Rigid[] course = Motion.still(p.volumes());
            for (Fault f : plan.faults()) {
                switch (f.kind()) {
                    case SPIKE -> series.spike(spike(f));
                    case SLICE_DROPOUT ->
                        series.dropout(Dropout.whole(f.integer("volume"), f.integer("slice"), 100 * f.number("loss")));
                    case MOTION -> course = moved(course, f);
                    default -> throw new IllegalStateException(f.kind() + " is not a fault of diffusion images");
                }
            }
            series.motion(course);
        }

        /** b-value and direction (R, A, S) per volume, in the order of the scan: the same for every run of the protocol. */
        static List<double[]> gradients(SeriesProtocol p) {
            List<double[]> weighted = new ArrayList<>();
            List<double[][]> shells = new ArrayList<>();
            for (Shell shell : p.shells()) {
                shells.add(Directions.spread(shell.directions(), shell.bValue()));
            }
            for (int n = 0; shells.stream().anyMatch(hasMore(n)); n++) {
                for (int s = 0; s < shells.size(); s++) {
                    if (n < shells.get(s).length) {
                        double[] g = shells.get(s)[n];
                        weighted.add(new double[] {p.shells().get(s).bValue(), g[0], g[1], g[2]});
                    }
                }
            }
            List<double[]> all = new ArrayList<>();
            for (int b = 0, w = 0; b < p.b0(); b++) {
                all.add(new double[4]);
                int until = (b + 1) * weighted.size() / p.b0();
                all.addAll(weighted.subList(w, until));
                w = until;
            }
            return all;
        }

        private static Predicate<double[][]> hasMore(int n) {
            return shell -> n < shell.length;
        }

        @Override
        public int count() {
            return plan.acquired();
        }

        @Override
        public Grid grid(int frame) {
            return grid;
        }

        @Override
        public float[] volume(int frame) {
            return series.volume(frame);
        }

        @Override
        public int bValue(int frame) {
            return (int) Math.round(series.bvals()[frame]);
        }

        @Override
        public double[] gradient(int frame) {
            return series.directions()[frame];
        }
    }
}

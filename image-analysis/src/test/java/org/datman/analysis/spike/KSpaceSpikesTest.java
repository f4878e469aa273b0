package org.datman.analysis.spike;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.datman.analysis.image.Series;
import org.datman.analysis.testkit.Fixtures;
import org.datman.synthetic.EpiSeries;
import org.datman.synthetic.Grid;
import org.datman.synthetic.KSpaceSpike;
import org.datman.synthetic.Motion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Scenario <a href="{@docRoot}/../docs/qc-specification.md#F40">F40</a>. */
class KSpaceSpikesTest {

    private static final Grid GRID = Grid.axial(64, 64, 24, 3.4, 3.4, 4);
    private static final double SIGMA = 8;
    private static final int VOLUMES = 40;

    private static TreeMap<Integer, KSpaceSpike> plan(double sigmas) {
        SplittableRandom random = new SplittableRandom(5);
        TreeMap<Integer, KSpaceSpike> planned = new TreeMap<>();
        for (int n = 0; n < 12; n++) {
            int slice = random.nextInt(24);
            KSpaceSpike spike = new KSpaceSpike(
                    1 + 3 * n, slice, 8 + random.nextInt(20), random.nextInt(50) - 25, sigmas * SIGMA, n);
            planned.put(100 * spike.volume() + slice, spike);
        }
        return planned;
    }

    /** The run with stripes added to the finished images. */
    private static Series striped(EpiSeries run, TreeMap<Integer, KSpaceSpike> planned) {
        List<float[]> volumes = new ArrayList<>();
        run.stream().forEach(v -> volumes.add(v.clone()));
        for (KSpaceSpike s : planned.values()) {
            for (int j = 0; j < 64; j++) {
                for (int i = 0; i < 64; i++) {
                    volumes.get(s.volume())[GRID.index(i, j, s.slice())] += (float)
                            (s.amplitude() * Math.cos(2 * Math.PI * (s.kx() * i + s.ky() * j) / 64 + s.phase()));
                }
            }
        }
        return Series.of(Fixtures.grid(GRID), volumes);
    }

    private static int found(KSpaceSpikes spikes, TreeMap<Integer, KSpaceSpike> planned) {
        return (int) spikes.spikes().stream()
                .filter(s -> {
                    KSpaceSpike p = planned.get(100 * s.volume() + s.slice());
                    return p != null
                            && ((Math.abs(p.kx() - s.kx()) <= 1 && Math.abs(p.ky() - s.ky()) <= 1)
                                    || (Math.abs(p.kx() + s.kx()) <= 1 && Math.abs(p.ky() + s.ky()) <= 1));
                })
                .map(s -> 100 * s.volume() + s.slice())
                .distinct()
                .count();
    }

    @ParameterizedTest
    @ValueSource(doubles = {.25, .5, 1, 2.5})
    void stripesOfAQuarterSigmaAreFound(double sigmas) {
        // Given a still head and twelve spikes
        TreeMap<Integer, KSpaceSpike> planned = plan(sigmas);
        Series series = striped(EpiSeries.of(GRID, VOLUMES).sigma(SIGMA), planned);

        // When spikes are searched
        KSpaceSpikes spikes = KSpaceSpikes.of(series);

        // Then all are found where they are, and nothing else is
        assertThat(found(spikes, planned)).isGreaterThanOrEqualTo(12);
        assertThat(spikes.spikes()).hasSize(12);
        assertThat(spikes.spikes().get(0).imageAmplitude()).isCloseTo(sigmas * SIGMA, within(.25 * sigmas * SIGMA));
    }

    @Test
    void stripesOfAQuarterSigmaAreFoundInAMovingHead() {
        // Given a head that walks by 0.03 mm and degree per volume, and twelve spikes
        TreeMap<Integer, KSpaceSpike> planned = plan(.25);
        Series series =
                striped(EpiSeries.of(GRID, VOLUMES).sigma(SIGMA).motion(Motion.walk(VOLUMES, .03, .03, 3)), planned);

        // When spikes are searched
        KSpaceSpikes spikes = KSpaceSpikes.of(series);

        // Then all are found where they are, and at most one other
        assertThat(found(spikes, planned)).isEqualTo(12);
        assertThat(spikes.spikes().size()).isLessThanOrEqualTo(13);
    }

    @Test
    void aMovingHeadIsNotFullOfSpikes() {
        // Given a head that walks by a tenth of a millimetre and degree per volume
        EpiSeries run = EpiSeries.of(GRID, VOLUMES).sigma(SIGMA).motion(Motion.walk(VOLUMES, .1, .1, 3));

        // When spikes are searched
        KSpaceSpikes spikes = KSpaceSpikes.of(Fixtures.series(run));

        // Then at most one in a thousand slices is taken for one
        assertThat(spikes.spikes().size()).isLessThanOrEqualTo(1);
        assertThat(spikes.tested()).isEqualTo(VOLUMES * 24);
    }

    @Test
    void sparksOfHalfASigmaBeforeTheMagnitudeAreFound() {
        // Given a still head and spikes in the complex signal: in air they leave no stripes, only the object, two
        // fifths of the
        // slice, carries them, so that the evidence is that of stripes of a quarter sigma in the image or less
        TreeMap<Integer, KSpaceSpike> planned = plan(.5);
        EpiSeries run = EpiSeries.of(GRID, VOLUMES).sigma(SIGMA);
        planned.values().forEach(run::spike);

        // When spikes are searched
        KSpaceSpikes spikes = KSpaceSpikes.of(Fixtures.series(run));

        // Then all are found, and nothing else is
        assertThat(found(spikes, planned)).isGreaterThanOrEqualTo(11);
        assertThat(spikes.spikes()).allMatch(s -> planned.containsKey(100 * s.volume() + s.slice()));
    }

    @Test
    void sparksBeforeTheMagnitudeIsTakenAreFoundToo() {
        // Given spikes of one sigma in the complex signal, and a head that moves a little
        TreeMap<Integer, KSpaceSpike> planned = plan(1);
        EpiSeries run = EpiSeries.of(GRID, VOLUMES).sigma(SIGMA).motion(Motion.walk(VOLUMES, .03, .03, 3));
        planned.values().forEach(run::spike);

        // When spikes are searched
        KSpaceSpikes spikes = KSpaceSpikes.of(Fixtures.series(run));

        // Then nearly all are found
        assertThat(found(spikes, planned)).isGreaterThanOrEqualTo(10);
    }

    @Test
    void theNoiseOfParallelImagingIsNotTakenForSpikes() {
        // Given noise that is the same again half a field of view further, as an acceleration of two leaves it: every
        // second line of
        // k-space is bright, the others are dark
        List<float[]> volumes = new ArrayList<>();
        SplittableRandom random = new SplittableRandom(11);
        for (int t = 0; t < 12; t++) {
            float[] noise = new float[64 * 64 * 10];
            for (int v = 0; v < noise.length; v++) {
                noise[v] = (float) random.nextGaussian();
            }
            float[] volume = new float[noise.length];
            for (int v = 0; v < noise.length; v++) {
                int plane = v / 4096 * 4096;
                volume[v] = 1000 + noise[v] + 0.9f * noise[plane + (v - plane + 2048) % 4096];
            }
            volumes.add(volume);
        }
        Grid grid = Grid.axial(64, 64, 10, 3.4, 3.4, 4);

        // When spikes are searched
        KSpaceSpikes spikes = KSpaceSpikes.of(Series.of(Fixtures.grid(grid), volumes));

        // Then
        assertThat(spikes.tested()).isEqualTo(120);
        assertThat(spikes.spikes()).isEmpty();
    }

    @Test
    void whatTheNextSlicesHaveTooIsNoSpike() {
        // Given a change of one volume that all slices have, as anatomy or a 3-D readout makes it
        EpiSeries run = EpiSeries.of(GRID, VOLUMES).sigma(SIGMA);
        TreeMap<Integer, KSpaceSpike> everywhere = new TreeMap<>();
        for (int slice = 0; slice < 24; slice++) {
            everywhere.put(100 * 9 + slice, new KSpaceSpike(9, slice, 15, 8, .5 * SIGMA, 1));
        }

        // When spikes are searched
        KSpaceSpikes spikes = KSpaceSpikes.of(striped(run, everywhere));

        // Then it is reported, though not as spikes
        assertThat(spikes.spikes()).isEmpty();
        assertThat(spikes.shared().stream().map(KSpaceSpikes.Spike::slice).distinct())
                .hasSize(24);
        assertThat(spikes.shared()).allMatch(s -> s.volume() == 9 && s.kx() == 15 && s.ky() == 8);
    }

    @Test
    void aLongRunIsNotHeldInMemoryOnceMore() {
        // Given one slice of 8,000 volumes, 131 MB, with a spike
        int volumes = 8000;
        Series series = new NoiseSeries(Fixtures.grid(Grid.axial(64, 64, 1, 3.4, 3.4, 4)), volumes);
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();

        // When
        KSpaceSpikes spikes = KSpaceSpikes.of(series);

        // Then
        long megabytes = (threads.getCurrentThreadAllocatedBytes() - before) >> 20;
        assertThat(spikes.spikes()).singleElement().satisfies(s -> assertThat(s.volume())
                .isEqualTo(NoiseSeries.SPIKE));
        assertThat(megabytes).isLessThan(60);
    }

    /** White noise, made when it is read, with stripes in one volume. */
    private record NoiseSeries(org.datman.analysis.image.Grid grid, int volumes) implements Series {

        static final int SPIKE = 4000;

        @Override
        public void read(int t, int from, int length, float[] into, int at) {
            SplittableRandom random = new SplittableRandom(t);
            for (int v = 0; v < length; v++) {
                // Uniform noise of sd 1 is quick to make; its transform is Gaussian.
                into[at + v] = 100 + (float) (Math.sqrt(12) * (random.nextDouble() - 0.5));
                if (t == SPIKE) {
                    int i = (from + v) % 64;
                    int j = (from + v) / 64;
                    into[at + v] += (float) (0.5 * Math.cos(2 * Math.PI * (15 * i + 8 * j) / 64));
                }
            }
        }

        @Override
        public long nonFinite() {
            return 0;
        }
    }
}

package org.datman.metrics.common;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.datman.analysis.spike.KSpaceSpikes;
import org.datman.analysis.spike.KSpaceSpikes.Spike;
import org.datman.contracts.study.Severity;
import org.datman.metrics.model.Findings;
import org.datman.plots.report.Flag;
import org.jspecify.annotations.Nullable;

/** Findings from spikes in k-space for a run of any kind: metrics and one flag per slice with spikes. */
public final class SpikeFindings {

    /** Keys of the metrics. */
    public static final List<String> KEYS = List.of("spikes_fft_num", "spikes_fft_shared_num", "spikes_fft_per_1000");

    /** Stripes as strong as the noise are visible without searching. */
    private static final double STRONG_SIGMA = 1;

    private SpikeFindings() {}

    /**
     * Adds spikes_fft_num, spikes_fft_shared_num, spikes_fft_per_1000 and a flag {@code kspace-spike} per slice. A flag is severe where the
     * stripes are at least as strong as the noise of the image ({@code sigma_img}); weaker ones, and all where the noise is unknown, are
     * warnings. {@code same_place} is the number of slices with a spike at that place of k-space. Spikes that neighbouring slices share are counted.
     */
    public static void put(KSpaceSpikes found, Findings findings) {
        findings.put("spikes_fft_num", found.spikes().size());
        findings.put("spikes_fft_shared_num", found.shared().size());
        OptionalDouble rate = found.perThousand();
        if (rate.isPresent()) {
            findings.put("spikes_fft_per_1000", rate.getAsDouble());
        } else {
            findings.unknown("spikes_fft_per_1000", "run_too_short_for_a_rate");
        }
        Double sigma = findings.value("sigma_img");
        Map<List<Integer>, Spike> strongest = new LinkedHashMap<>();
        Map<List<Integer>, Integer> samples = new LinkedHashMap<>();
        for (Spike spike : found.spikes()) {
            List<Integer> place = List.of(spike.volume(), spike.slice());
            samples.merge(place, 1, Integer::sum);
            strongest.merge(place, spike, (a, b) -> b.imageAmplitude() > a.imageAmplitude() ? b : a);
        }
        strongest.forEach((place, spike) ->
                findings.flag(flag(spike, samples.getOrDefault(place, 0), found.atPlaceOf(spike), sigma)));
    }

    /**
     * A warning {@code kspace-shared} per volume in which neighbouring slices share samples that would be spikes: interference that lasts
     * longer than a slice. For runs of one contrast only, where a head that moves leaves none; between diffusion directions anatomy does.
     */
    public static void flagShared(KSpaceSpikes found, Findings findings) {
        Map<Integer, List<Spike>> byVolume = new TreeMap<>();
        found.shared().forEach(spike -> byVolume.computeIfAbsent(spike.volume(), volume -> new ArrayList<>())
                .add(spike));
        byVolume.forEach((volume, spikes) -> {
            Spike strongest = spikes.stream()
                    .max(Comparator.comparingDouble(Spike::imageAmplitude))
                    .orElseThrow();
            Map<String, Object> evidence = new TreeMap<>();
            evidence.put("samples", spikes.size());
            evidence.put("slices", spikes.stream().map(Spike::slice).distinct().count());
            evidence.put("kx", strongest.kx());
            evidence.put("ky", strongest.ky());
            evidence.put("image_amplitude", strongest.imageAmplitude());
            findings.flag(new Flag("kspace-shared", null, volume, Severity.WARN, evidence));
        });
    }

    private static Flag flag(Spike spike, int samples, int samePlace, @Nullable Double sigma) {
        Map<String, Object> evidence = new TreeMap<>();
        evidence.put("kx", spike.kx());
        evidence.put("ky", spike.ky());
        evidence.put("score", spike.score());
        evidence.put("samples", samples);
        evidence.put("same_place", samePlace);
        evidence.put("image_amplitude", spike.imageAmplitude());
        boolean strong = false;
        if (sigma != null) {
            double sigmas = spike.imageAmplitude() / sigma;
            evidence.put("amplitude_sigma", sigmas);
            strong = sigmas >= STRONG_SIGMA;
        }
        return new Flag(
                "kspace-spike", spike.slice(), spike.volume(), strong ? Severity.FLAG : Severity.WARN, evidence);
    }
}

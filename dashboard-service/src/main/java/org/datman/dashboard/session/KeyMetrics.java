package org.datman.dashboard.session;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The most informative metrics of an image, the most important first. The others are one click away. */
final class KeyMetrics {

    static final List<String> KEYS = List.of(
            "tsnr",
            "sfnr",
            "fd_power",
            "n_jumps",
            "minutes_clean",
            "ghost_pe",
            "n_bad_slices",
            "n_dropout_events",
            "ndc",
            "snr_b0",
            "spikes_fft_num",
            "n_volumes",
            "n_shells",
            "b_max",
            "snr_core",
            "snrd_total",
            "cjv",
            "efc",
            "fwhm_avg");

    static final Map<String, Integer> ORDER =
            IntStream.range(0, KEYS.size()).boxed().collect(Collectors.toUnmodifiableMap(KEYS::get, i -> i));

    private KeyMetrics() {}
}

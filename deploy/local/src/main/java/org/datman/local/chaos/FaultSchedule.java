package org.datman.local.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/** Which faults strike when: a pure function of the seed and the length. */
public final class FaultSchedule {

    private static final Duration FIRST = Duration.ofSeconds(2);
    private static final int MOST_BETWEEN_MILLIS = 9_000;
    private static final int LEAST_BETWEEN_MILLIS = 2_000;
    private static final int MOST_SKEW_SECONDS = 600;

    private FaultSchedule() {}

    /** Faults in order of their time; all are over at the end of {@code length}. All kinds come in turn. */
    public static List<PlannedFault> of(long seed, Duration length) {
        // Its sequence of numbers is specified, so a seed gives the same faults everywhere.
        Random random = new Random(seed);
        List<PlannedFault> faults = new ArrayList<>();
        List<ChaosFault> kinds = new ArrayList<>();
        Duration archiveFree = Duration.ZERO;
        for (Duration at = FIRST; at.compareTo(length) < 0; at = at.plusMillis(between(random))) {
            if (kinds.isEmpty()) {
                kinds.addAll(Arrays.asList(ChaosFault.values()));
                Collections.shuffle(kinds, random);
            }
            Duration free = archiveFree;
            Duration now = at;
            // One archive has one fault at a time.
            ChaosFault kind = kinds.stream()
                    .filter(one -> !one.ofArchive() || now.compareTo(free) > 0)
                    .findFirst()
                    .orElse(ChaosFault.KILL);
            kinds.remove(kind);
            PlannedFault fault = fault(kind, at, length, random);
            faults.add(fault);
            if (kind.ofArchive()) {
                archiveFree = at.plus(fault.lasts());
            }
        }
        return List.copyOf(faults);
    }

    private static int between(Random random) {
        return LEAST_BETWEEN_MILLIS + random.nextInt(MOST_BETWEEN_MILLIS - LEAST_BETWEEN_MILLIS);
    }

    private static PlannedFault fault(ChaosFault kind, Duration at, Duration length, Random random) {
        int range = (kind.longest() - kind.shortest()) * 1000;
        Duration lasts = kind.longest() == 0
                ? Duration.ZERO
                : Duration.ofMillis(kind.shortest() * 1000L + random.nextInt(range));
        Duration left = length.minus(at);
        String target = pick(kind.targets(), random);
        return new PlannedFault(at, lasts.compareTo(left) > 0 ? left : lasts, kind, target, how(kind, target, random));
    }

    private static String how(ChaosFault kind, String target, Random random) {
        return switch (kind) {
            case PARTITION -> (random.nextBoolean() ? "drop" : "reset") + " " + pick(serversOf(target), random);
            case CLOCK_SKEW -> {
                int seconds = 30 + random.nextInt(MOST_SKEW_SECONDS - 30 + 1);
                yield (random.nextBoolean() ? "+" : "-") + seconds;
            }
            case XNAT -> pick(List.of(XnatTrouble.values()), random).name().toLowerCase(Locale.ROOT);
            case KILL, RESTART, PAUSE, ARCHIVE_READ_ONLY, ARCHIVE_AWAY, ARCHIVE_FULL -> "";
        };
    }

    /** The servers to which a service connects. */
    private static List<String> serversOf(String service) {
        return switch (service) {
            case "ingest" -> List.of(ChaosFault.KAFKA, ChaosFault.POSTGRES, ChaosFault.SERVER);
            case "tagging" -> List.of(ChaosFault.KAFKA);
            case "export" -> List.of(ChaosFault.KAFKA, ChaosFault.SERVER);
            default -> List.of(ChaosFault.KAFKA, ChaosFault.POSTGRES);
        };
    }

    private static <T> T pick(List<T> from, Random random) {
        return from.get(random.nextInt(from.size()));
    }
}

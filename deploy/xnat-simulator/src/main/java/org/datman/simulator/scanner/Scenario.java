package org.datman.simulator.scanner;

import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A scenario as read from its file, with protocols resolved for the scanners that run them.
 *
 * @param name of the file, without folder
 * @param seed determines noise, heads and UIDs
 * @param date of the first session; each further session is a day later, except those with their own date
 * @param sessions in order of the file
 */
record Scenario(String name, long seed, LocalDate date, List<Session> sessions) {

    /** The vendor of a scanner. */
    enum Vendor {
        SIEMENS,
        GE,
        PHILIPS
    }

    /** A scanner of a site. */
    record Scanner(
            String key,
            Vendor vendor,
            String model,
            String station,
            String serialNumber,
            String software,
            String institution,
            String coil) {}

    /** One visit. {@code phantom} puts the fBIRN sphere where the head would be; {@code date} is null where the scenario's rule counts. */
    record Session(
            String label,
            String subject,
            String project,
            Scanner scanner,
            boolean phantom,
            @Nullable LocalDate date,
            Duration arriveAfter,
            List<SeriesProtocol> series,
            List<Resource> resources,
            List<Fault> faults) {}

    /** Paired data of a session: a folder with one text file. */
    record Resource(String label, String file, String content) {}

    /**
     * A fault as planned.
     *
     * @param series key of the series' protocol; null when it is about the session
     * @param details typed values: whole numbers, numbers, text, durations, lists of numbers
     */
    record Fault(FaultKind kind, @Nullable String series, Map<String, Object> details) {
        int integer(String key) {
            return value(key, Integer.class);
        }

        double number(String key) {
            return value(key, Double.class);
        }

        String text(String key) {
            return value(key, String.class);
        }

        Duration duration(String key) {
            return value(key, Duration.class);
        }

        private <T> T value(String key, Class<T> type) {
            return type.cast(Objects.requireNonNull(details.get(key), key));
        }

        /** Three numbers, zeros when not given. */
        double[] vector(String key) {
            Object value = details.get(key);
            return value == null
                    ? new double[3]
                    : ((List<?>) value).stream().mapToDouble(v -> (Double) v).toArray();
        }
    }
}

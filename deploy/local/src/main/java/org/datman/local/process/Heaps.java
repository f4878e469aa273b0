package org.datman.local.process;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The maximum heap sizes of the services: from the environment ({@code DATMAN_QC_HEAP=3g}), else the defaults. */
public final class Heaps {

    private static final Map<String, String> USUAL = Map.of("qc", "1500m", "export", "384m", "dashboard", "384m");
    private static final String USUAL_OF_OTHERS = "256m";

    private static final Pattern SIZE = Pattern.compile("(\\d{1,6})([mg])");
    /** With less no service starts. */
    private static final long LEAST_MIB = 128;

    private Heaps() {}

    /** Name of the setting of a service: {@code DATMAN_QC_HEAP}. */
    public static String variable(String service) {
        return "DATMAN_" + service.toUpperCase(Locale.ROOT) + "_HEAP";
    }

    /**
     * The largest heap of each service, as a value of {@code -Xmx}.
     *
     * @throws IOException when a variable is no size, or too small
     */
    public static Map<String, String> of(List<String> services, Map<String, String> environment) throws IOException {
        Map<String, String> heaps = new TreeMap<>();
        for (String service : services) {
            String value = environment.getOrDefault(variable(service), "").strip();
            if (!value.isEmpty()) {
                check(variable(service), value);
            }
            heaps.put(service, value.isEmpty() ? USUAL.getOrDefault(service, USUAL_OF_OTHERS) : value);
        }
        return heaps;
    }

    private static void check(String variable, String value) throws IOException {
        Matcher size = SIZE.matcher(value);
        if (!size.matches() || Long.parseLong(size.group(1)) * (size.group(2).equals("g") ? 1024 : 1) < LEAST_MIB) {
            throw new IOException(variable + " is '" + value + "'; it must be a whole number of MiB or GiB, at least "
                    + LEAST_MIB + "m, written as 2048m or 3g");
        }
    }
}

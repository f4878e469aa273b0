package org.datman.simulator.http;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** XNAT's ways to write times; the simulated server uses UTC. */
public final class Times {
    private static final DateTimeFormatter SECONDS =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter JAVA_DATE = DateTimeFormatter.ofPattern(
                    "EEE MMM dd HH:mm:ss 'UTC' yyyy", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter ISO_LOCAL =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.S", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter FOLDER =
            DateTimeFormatter.ofPattern("yyyyMMdd_HHmmssSSS", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter PREARCHIVE =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter HTTP = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    private Times() {}

    /** {@code 2024-03-05 18:22:09.48}: fraction without trailing zeros, absent when zero. */
    public static String cell(Instant time) {
        long micros = time.getNano() / 1000;
        if (micros == 0) {
            return SECONDS.format(time);
        }
        String fraction = String.format(Locale.ROOT, "%06d", micros).replaceAll("0+$", "");
        return SECONDS.format(time) + "." + fraction;
    }

    /** {@code Tue Mar 05 18:22:09 UTC 2024}. */
    public static String startDate(Instant time) {
        return JAVA_DATE.format(time);
    }

    /** {@code 2024-03-05T18:30:00.0}. */
    public static String catalog(Instant time) {
        return ISO_LOCAL.format(time);
    }

    /** {@code 20240305_182209123}, the name of a prearchive folder. */
    public static String prearchive(Instant time) {
        return FOLDER.format(time);
    }

    /** {@code 2024-03-05 18:22:09.480}: the prearchive's table always writes the fraction. */
    public static String prearchiveCell(Instant time) {
        return PREARCHIVE.format(time);
    }

    /** For {@code Last-Modified}. */
    public static String http(Instant time) {
        return HTTP.format(time);
    }

    /** Reads {@code If-Modified-Since}, null when it is no date. */
    public static @Nullable Instant parseHttp(String text) {
        try {
            return DateTimeFormatter.RFC_1123_DATE_TIME.parse(text, Instant::from);
        } catch (DateTimeParseException notADate) {
            return null;
        }
    }
}

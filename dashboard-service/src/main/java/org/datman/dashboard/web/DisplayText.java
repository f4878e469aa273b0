package org.datman.dashboard.web;

import io.quarkus.qute.RawString;
import io.quarkus.qute.TemplateExtension;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import org.datman.contracts.event.SessionRef;

/** Display texts of codes, times and sizes, for the templates. */
@TemplateExtension
public final class DisplayText {

    private static final DateTimeFormatter MINUTE =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm", Locale.ROOT).withZone(ZoneOffset.UTC);

    private static final Map<String, String> MARKS = Map.ofEntries(
            Map.entry("WORKING", "◔"),
            Map.entry("DONE", "●"),
            Map.entry("IGNORED", "○"),
            Map.entry("ATTENTION", "▲"),
            Map.entry("FAILED", "✖"),
            Map.entry("REMOVED", "–"),
            Map.entry("PASS", "●"),
            Map.entry("WARN", "◆"),
            Map.entry("FLAG", "▲"),
            Map.entry("NOTE", "○"),
            Map.entry("ERROR", "✖"),
            Map.entry("NEW", "○"),
            Map.entry("REVIEWED", "✔"),
            Map.entry("SIGNED_OFF", "✔"),
            Map.entry("STALE", "↻"),
            Map.entry("FLAGGED", "▲"),
            Map.entry("BLACKLISTED", "✖"),
            Map.entry("COMPLETE", "●"),
            Map.entry("MISSING", "✖"),
            Map.entry("REPEATED", "▲"),
            Map.entry("UNEXPECTED", "◆"),
            Map.entry("INCOMPLETE", "▲"),
            Map.entry("PLANNED", "○"),
            Map.entry("DUE", "◔"),
            Map.entry("OVERDUE", "✖"),
            Map.entry("ARRIVED", "●"),
            Map.entry("UNPLANNED", "◆"),
            Map.entry("UNREADABLE", "✖"),
            Map.entry("RECORDED", "◔"),
            Map.entry("SCANS_MISSING", "✖"),
            Map.entry("FORM_MISSING", "✖"),
            Map.entry("DIFFERENT_DAY", "▲"),
            Map.entry("TAGGED", "●"),
            Map.entry("UNMATCHED", "▲"),
            Map.entry("AMBIGUOUS", "▲"),
            Map.entry("UNNAMED", "▲"),
            Map.entry("EXPORTED", "●"),
            Map.entry("PARTIAL", "▲"),
            Map.entry("SUCCEEDED", "●"),
            Map.entry("RUNNING", "◔"),
            Map.entry("QUEUED", "◔"),
            Map.entry("WAITING", "◔"),
            Map.entry("NOT_APPLICABLE", "○"),
            Map.entry("PERMANENT", "✖"),
            Map.entry("POISON", "✖"),
            Map.entry("TRANSIENT", "◔"));

    private static final Map<String, String> WORDS = Map.ofEntries(
            Map.entry("ATTENTION", "needs attention"),
            Map.entry("WORKING", "processing"),
            Map.entry("POISON", "unreadable message"),
            Map.entry("WITHDRAWN", "undone"),
            Map.entry("NEW", "not reviewed"),
            Map.entry("STALE", "changed since review"),
            Map.entry("FLAG", "flag"),
            Map.entry("LIMIT", "limit"),
            Map.entry("EWMA", "EWMA"),
            Map.entry("CUSUM", "CUSUM"),
            Map.entry("PASS", "pass"));

    private DisplayText() {}

    /** The symbol of a state, so that colour is not needed. */
    static String mark(String code) {
        return MARKS.getOrDefault(code, "·");
    }

    /** The display text of a state. */
    static String words(String code) {
        return WORDS.getOrDefault(code, code.toLowerCase(Locale.ROOT).replace('_', ' '));
    }

    static String words(Enum<?> value) {
        return words(value.name());
    }

    /** To the minute, in UTC; the page turns it into an age. */
    static String minute(Instant time) {
        return MINUTE.format(time);
    }

    /** A duration for people. */
    static String duration(Double seconds) {
        long s = Math.round(seconds);
        if (s < 120) {
            return s < 10 ? String.format(Locale.ROOT, "%.1f s", seconds) : s + " s";
        }
        return s < 7200 ? (s / 60) + " min" : s < 172_800 ? (s / 3600) + " h" : (s / 86_400) + " d";
    }

    /** A size for people. */
    static String bytes(Long size) {
        if (size < 1000) {
            return size + " B";
        }
        double value = size;
        for (String unit : new String[] {"kB", "MB", "GB"}) {
            value /= 1000;
            if (value < 1000) {
                return String.format(Locale.ROOT, value < 10 ? "%.1f %s" : "%.0f %s", value, unit);
            }
        }
        return String.format(Locale.ROOT, "%.1f TB", value / 1000);
    }

    /** Four significant digits. */
    static String shortly(Double value) {
        if (value == Math.rint(value) && Math.abs(value) < 1e7) {
            return String.format(Locale.ROOT, "%.0f", value);
        }
        return String.format(Locale.ROOT, "%.4g", value);
    }

    /** The last part of a path. */
    static String fileName(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /** A name that may be broken only after its separators, never in the middle of a part. */
    static RawString breakable(String name) {
        StringBuilder html = new StringBuilder();
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            switch (c) {
                case '&' -> html.append("&amp;");
                case '<' -> html.append("&lt;");
                case '>' -> html.append("&gt;");
                case '"' -> html.append("&quot;");
                case '\'' -> html.append("&#39;");
                default -> html.append(c);
            }
            if (c == '_' || c == '/' || c == '.') {
                html.append("<wbr>");
            }
        }
        return new RawString(html.toString());
    }

    static String first12(String digest) {
        return digest.length() <= 12 ? digest : digest.substring(0, 12);
    }

    /** The address of a session's page. */
    static String page(SessionRef session) {
        return Links.session(session.identity());
    }
}

package org.datman.imaging.dicom;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Decodes text by {@code SpecificCharacterSet} (0008,0005): the single-byte sets, UTF-8, GB18030, and ISO 2022 code extensions
 * with their escape sequences (DICOM PS3.3 C.12.1.1.2, PS3.5 chapter 6). Bytes without meaning become U+FFFD.
 */
final class CharacterSets {

    /** No {@code SpecificCharacterSet}: ASCII by the standard; Latin-1 here, which many scanners write without declaring it. */
    static final CharacterSets DEFAULT = new CharacterSets(G0.ASCII, StandardCharsets.ISO_8859_1, false, false);

    private static final byte ESC = 0x1b;

    /** What bytes below 0x80 mean. */
    private enum G0 {
        ASCII,
        JIS_X_0208,
        JIS_X_0212
    }

    private static final Charset EUC_JP = Charset.forName("EUC-JP");
    private static final Charset KATAKANA = Charset.forName("JIS_X0201");
    private static final Charset KOREAN = Charset.forName("EUC-KR");
    private static final Charset CHINESE = Charset.forName("GB2312");

    /** Sets for bytes from 0x80, by the number in "ISO_IR n" and "ISO 2022 IR n". */
    private static final Map<Integer, Charset> G1_BY_NUMBER = Map.ofEntries(
            Map.entry(6, StandardCharsets.ISO_8859_1),
            Map.entry(100, StandardCharsets.ISO_8859_1),
            Map.entry(101, Charset.forName("ISO-8859-2")),
            Map.entry(109, Charset.forName("ISO-8859-3")),
            Map.entry(110, Charset.forName("ISO-8859-4")),
            Map.entry(144, Charset.forName("ISO-8859-5")),
            Map.entry(127, Charset.forName("ISO-8859-6")),
            Map.entry(126, Charset.forName("ISO-8859-7")),
            Map.entry(138, Charset.forName("ISO-8859-8")),
            Map.entry(148, Charset.forName("ISO-8859-9")),
            Map.entry(203, Charset.forName("ISO-8859-15")),
            Map.entry(166, Charset.forName("TIS-620")),
            Map.entry(13, KATAKANA),
            Map.entry(149, KOREAN),
            Map.entry(58, CHINESE));

    /** Sets for bytes from 0x80, by the last letter of "ESC - letter". */
    private static final Map<Character, Integer> G1_BY_ESCAPE =
            Map.of('A', 100, 'B', 101, 'C', 109, 'D', 110, 'L', 144, 'G', 127, 'F', 126, 'H', 138, 'M', 148, 'T', 166);

    private final G0 g0;
    private final Charset g1;
    /** {@link #g1} replaces both halves (UTF-8, GB18030). */
    private final boolean whole;

    private final boolean extensions;

    private CharacterSets(G0 g0, Charset g1, boolean whole, boolean extensions) {
        this.g0 = g0;
        this.g1 = g1;
        this.whole = whole;
        this.extensions = extensions;
    }

    /** The sets that the values of (0008,0005) name; {@code null} if the first is none that DICOM defines. */
    static @Nullable CharacterSets of(List<String> names) {
        if (names.isEmpty()) {
            return DEFAULT;
        }
        String first = names.get(0).strip();
        boolean extensions = names.size() > 1 || first.startsWith("ISO 2022");
        switch (first) {
            case "ISO_IR 192":
                return new CharacterSets(G0.ASCII, StandardCharsets.UTF_8, true, false);
            case "GB18030":
                return new CharacterSets(G0.ASCII, Charset.forName("GB18030"), true, false);
            case "GBK":
                return new CharacterSets(G0.ASCII, Charset.forName("GBK"), true, false);
            case "", "ISO 2022 IR 87", "ISO 2022 IR 159":
                return new CharacterSets(G0.ASCII, StandardCharsets.ISO_8859_1, false, extensions);
            default:
                Charset high = G1_BY_NUMBER.get(number(first));
                return high == null ? null : new CharacterSets(G0.ASCII, high, false, extensions);
        }
    }

    private static int number(String name) {
        String digits = name.startsWith("ISO_IR ") ? name.substring(7) : name.replaceFirst("^ISO 2022 IR ", "");
        return digits.matches("\\d{1,4}") ? Integer.parseInt(digits) : -1;
    }

    /** The set to encode text with; null if that needs escape sequences, which are only read, never written. */
    @Nullable
    Charset encoding() {
        if (extensions) {
            return null;
        }
        return g1;
    }

    String decode(byte[] bytes, boolean personName) {
        if (whole) {
            return new String(bytes, g1);
        }
        if (!extensions || indexOfEscape(bytes, 0) < 0) {
            return g1.equals(KATAKANA) ? segment(bytes, 0, bytes.length, G0.ASCII, g1) : new String(bytes, g1);
        }
        return decodeEscapes(bytes, personName);
    }

    private String decodeEscapes(byte[] bytes, boolean personName) {
        StringBuilder text = new StringBuilder(bytes.length);
        G0 low = g0;
        Charset high = g1;
        int from = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == ESC) {
                text.append(segment(bytes, from, i, low, high));
                String escape =
                        new String(bytes, i + 1, Math.min(3, bytes.length - i - 1), StandardCharsets.ISO_8859_1);
                Charset named = escape.startsWith("-") && escape.length() > 1
                        ? G1_BY_NUMBER.get(G1_BY_ESCAPE.getOrDefault(escape.charAt(1), -1))
                        : null;
                int length = 2;
                if (escape.startsWith("(B") || escape.startsWith("(J")) {
                    low = G0.ASCII;
                } else if (escape.startsWith("$B") || escape.startsWith("$@")) {
                    low = G0.JIS_X_0208;
                } else if (escape.startsWith("$(D")) {
                    low = G0.JIS_X_0212;
                    length = 3;
                } else if (escape.startsWith(")I")) {
                    high = KATAKANA;
                } else if (escape.startsWith("$)C")) {
                    high = KOREAN;
                    length = 3;
                } else if (escape.startsWith("$)A")) {
                    high = CHINESE;
                    length = 3;
                } else if (named != null) {
                    high = named;
                } else {
                    text.append('\uFFFD');
                    length = 0;
                }
                i += length;
                from = i + 1;
            } else if (low == G0.ASCII && resets(bytes[i], personName)) {
                text.append(segment(bytes, from, i + 1, low, high));
                from = i + 1;
                high = g1;
            }
        }
        return text.append(segment(bytes, from, bytes.length, low, high)).toString();
    }

    /** Delimiters end the scope of an escape (PS3.5 6.1.2.5.3). */
    private static boolean resets(byte value, boolean personName) {
        return switch (value) {
            case '\\', '\r', '\n', '\f', '\t' -> true;
            case '^', '=' -> personName;
            default -> false;
        };
    }

    private static String segment(byte[] bytes, int from, int to, G0 low, Charset high) {
        if (from >= to) {
            return "";
        }
        StringBuilder text = new StringBuilder(to - from);
        int at = from;
        while (at < to) {
            boolean isHigh = bytes[at] < 0;
            int end = at;
            while (end < to && bytes[end] < 0 == isHigh) {
                end++;
            }
            if (isHigh) {
                text.append(new String(bytes, at, end - at, high));
            } else if (low == G0.ASCII) {
                text.append(new String(bytes, at, end - at, StandardCharsets.US_ASCII));
            } else {
                text.append(japanese(bytes, at, end, low == G0.JIS_X_0212));
            }
            at = end;
        }
        return text.toString();
    }

    /** Two 7-bit bytes per character are EUC-JP with the high bits missing. */
    private static String japanese(byte[] bytes, int from, int to, boolean supplementary) {
        byte[] euc = new byte[(to - from) * 2];
        int n = 0;
        for (int i = from; i < to; i++) {
            boolean pair = bytes[i] > 0x20 && i + 1 < to && bytes[i + 1] > 0x20;
            if (pair) {
                if (supplementary) {
                    euc[n++] = (byte) 0x8f;
                }
                euc[n++] = (byte) (bytes[i] | 0x80);
                euc[n++] = (byte) (bytes[++i] | 0x80);
            } else {
                euc[n++] = bytes[i];
            }
        }
        return new String(euc, 0, n, EUC_JP);
    }

    private static int indexOfEscape(byte[] bytes, int from) {
        for (int i = from; i < bytes.length; i++) {
            if (bytes[i] == ESC) {
                return i;
            }
        }
        return -1;
    }
}

package org.datman.imaging.dicom;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** The public data elements of DICOM PS3.6: VR and keyword of a tag, tag of a keyword. */
public final class Dictionary {

    /** VR is US or SS; {@code PixelRepresentation} decides. */
    private static final String SIGN_DEPENDENT = "XS";

    private static final String RESOURCE = "dictionary.txt";
    private static final Map<Integer, Entry> BY_TAG = new HashMap<>(8192);
    private static final Map<String, Integer> BY_KEYWORD = new HashMap<>(8192);

    private record Entry(Vr vr, boolean signDependent, String keyword) {}

    static {
        try (InputStream in = Dictionary.class.getResourceAsStream(RESOURCE);
                BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (!line.startsWith("#")) {
                    add(line);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the data dictionary is missing from the jar", e);
        }
    }

    private Dictionary() {}

    private static void add(String line) {
        String tag = line.substring(0, 8);
        boolean signDependent = line.startsWith(SIGN_DEPENDENT, 9);
        Vr vr = signDependent ? Vr.US : Vr.valueOf(line.substring(9, 11));
        String keyword = line.substring(12);
        int number = Integer.parseUnsignedInt(tag.replace("xx", "00"), 16);
        BY_TAG.put(number, new Entry(vr, signDependent, keyword));
        BY_KEYWORD.putIfAbsent(keyword, number);
    }

    /** The keyword of a public tag, for example {@code SeriesDescription}. */
    public static Optional<String> keyword(int tag) {
        return entry(tag).map(Entry::keyword);
    }

    /** The VR of a public tag; where the standard allows US or SS, it is US. */
    public static Optional<Vr> vr(int tag) {
        return entry(tag).map(Entry::vr);
    }

    /** The tag of a keyword; repeating groups give their first one. */
    public static OptionalInt tag(String keyword) {
        Integer tag = BY_KEYWORD.get(keyword);
        return tag == null ? OptionalInt.empty() : OptionalInt.of(tag);
    }

    /**
     * The tag of a keyword that is known to exist.
     *
     * @throws IllegalArgumentException if it does not: a typing error of the caller
     */
    public static int tagOf(String keyword) {
        return tag(keyword)
                .orElseThrow(() -> new IllegalArgumentException(
                        "DICOM has no element with keyword \"" + keyword + "\"; keywords are case-sensitive"));
    }

    /** The VR that implicit VR coding gives to a tag. */
    static Vr implicitVr(int tag, boolean signedPixels) {
        Entry entry = find(tag);
        if (entry != null) {
            return entry.signDependent && signedPixels ? Vr.SS : entry.vr;
        }
        if (Tag.element(tag) == 0) {
            return Vr.UL;
        }
        return Tag.isPrivateCreator(tag) ? Vr.LO : Vr.UN;
    }

    private static Optional<Entry> entry(int tag) {
        return Optional.ofNullable(find(tag));
    }

    private static @Nullable Entry find(int tag) {
        Entry entry = BY_TAG.get(tag);
        if (entry != null) {
            return entry;
        }
        int group = Tag.group(tag);
        boolean repeating = (group & 0xff00) == 0x5000 || (group & 0xff00) == 0x6000;
        return repeating && !Tag.isPrivate(tag) ? BY_TAG.get(tag & 0xff00ffff) : null;
    }
}

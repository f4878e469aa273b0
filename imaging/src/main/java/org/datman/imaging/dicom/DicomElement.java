package org.datman.imaging.dicom;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One data element: tag, VR, and its value as bytes, as nested data sets, or, when it was too large to keep, as the place in the file
 * where it is.
 */
public final class DicomElement {

    /** {@link #length()} of a sequence or of encapsulated pixel data whose end is marked instead. */
    public static final long UNDEFINED_LENGTH = 0xFFFFFFFFL;

    /** {@link #offset()} of an element that was not read from a file. */
    public static final long NO_OFFSET = -1;

    private static final int LONGEST_PLAIN = 16;
    private static final Pattern NUMBER = Pattern.compile("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?");

    private final int tag;
    private final Vr vr;
    private final boolean bigEndian;
    private final long length;
    private final long offset;
    private final byte @Nullable [] value;
    private final @Nullable List<DicomDataset> items;
    private final CharacterSets characterSets;

    DicomElement(
            int tag,
            Vr vr,
            boolean bigEndian,
            long length,
            long offset,
            byte @Nullable [] value,
            @Nullable List<DicomDataset> items,
            CharacterSets characterSets) {
        this.tag = tag;
        this.vr = vr;
        this.bigEndian = bigEndian;
        this.length = length;
        this.offset = offset;
        this.value = value;
        this.items = items;
        this.characterSets = characterSets;
    }

    /** The tag; see {@link Tag}. */
    public int tag() {
        return tag;
    }

    /** The VR as stored; by the dictionary where the file has implicit VR. */
    public Vr vr() {
        return vr;
    }

    /** Bytes of the value as the file declares them, or {@link #UNDEFINED_LENGTH}. */
    public long length() {
        return length;
    }

    /**
     * Byte offset of the value in the file, or {@link #NO_OFFSET}. In a deflated file it counts inflated bytes after the file meta
     * information.
     */
    public long offset() {
        return offset;
    }

    /** Whether {@link #bytes()} or {@link #items()} hold the value; false for pixel data and for large binary values. */
    public boolean isKept() {
        return value != null || items != null;
    }

    /** The value as stored, in the file's byte order; empty if it is nested data sets or was not kept. */
    public Optional<byte[]> bytes() {
        return Optional.ofNullable(value).map(byte[]::clone);
    }

    /** Nested data sets; none if this is not a sequence. */
    public List<DicomDataset> items() {
        return items == null ? List.of() : items;
    }

    /** Whether the value is nested data sets. */
    public boolean isSequence() {
        return items != null;
    }

    /** The first value as text, trimmed; empty if there is no value. Numbers are written in decimal. */
    public Optional<String> string() {
        List<String> all = strings();
        return all.isEmpty() ? Optional.empty() : Optional.of(all.get(0)).filter(text -> !text.isEmpty());
    }

    /** All values as text, trimmed; numbers in decimal, tags as {@code (gggg,eeee)}; none for bulk bytes and sequences. */
    public List<String> strings() {
        if (value == null || value.length == 0) {
            return List.of();
        }
        Vr coded = codedVr();
        return switch (coded.kind()) {
            case STRING -> split(new String(value, StandardCharsets.ISO_8859_1));
            case LOCALISED -> split(characterSets.decode(value, coded == Vr.PN));
            case TEXT -> List.of(stripEnd(characterSets.decode(value, false)));
            case BINARY -> numbersAsText(coded, value);
            case BULK, SEQUENCE -> List.of();
        };
    }

    /** As {@link #strings()}, numbers by value: {@code 1.50} and {@code +1.5} are {@code 1.5}. */
    List<String> values() {
        Vr coded = codedVr();
        return coded == Vr.DS || coded == Vr.IS
                ? strings().stream().map(DicomElement::byValue).toList()
                : strings();
    }

    private static String byValue(String text) {
        double number = NUMBER.matcher(text).matches() ? Double.parseDouble(text) : Double.NaN;
        if (!Double.isFinite(number)) {
            return text;
        }
        BigDecimal value = BigDecimal.valueOf(number).stripTrailingZeros();
        return Math.abs(value.scale()) <= LONGEST_PLAIN ? value.toPlainString() : value.toString();
    }

    /** All values as numbers, from numeric VRs and number strings; {@code NaN} for a text that is no number. */
    public double[] doubles() {
        Vr coded = codedVr();
        if (coded == Vr.DS || coded == Vr.IS) {
            List<String> texts = strings();
            double[] numbers = new double[texts.size()];
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = parse(texts.get(i));
            }
            return numbers;
        }
        if (value == null || !isNumeric(coded)) {
            return new double[0];
        }
        ByteBuffer in = ByteBuffer.wrap(value).order(order());
        double[] numbers = new double[value.length / coded.wordBytes()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = number(coded, in, i);
        }
        return numbers;
    }

    /** All values as whole numbers; none at all if one of them is not a whole number that an int can hold. */
    public int[] ints() {
        double[] numbers = doubles();
        int[] whole = new int[numbers.length];
        for (int i = 0; i < numbers.length; i++) {
            whole[i] = (int) numbers[i];
            if (whole[i] != numbers[i]) {
                return new int[0];
            }
        }
        return whole;
    }

    /** UN hides the VR of elements that a forwarding system did not know; the dictionary may have them. */
    private Vr codedVr() {
        return vr == Vr.UN ? Dictionary.vr(tag).orElse(Vr.UN) : vr;
    }

    private ByteOrder order() {
        return bigEndian && vr != Vr.UN ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    }

    private static boolean isNumeric(Vr coded) {
        return coded.kind() == Vr.Kind.BINARY || coded == Vr.OF || coded == Vr.OD || coded == Vr.OL || coded == Vr.OV;
    }

    private List<String> numbersAsText(Vr coded, byte[] value) {
        ByteBuffer in = ByteBuffer.wrap(value).order(order());
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < value.length / (coded == Vr.AT ? 4 : coded.wordBytes()); i++) {
            texts.add(
                    switch (coded) {
                        case FL -> Float.toString(in.getFloat(4 * i));
                        case FD -> Double.toString(in.getDouble(8 * i));
                        case AT -> Tag.format(Tag.of(in.getShort(4 * i) & 0xffff, in.getShort(4 * i + 2)));
                        case SV -> Long.toString(in.getLong(8 * i));
                        case UV -> Long.toUnsignedString(in.getLong(8 * i));
                        default -> Long.toString((long) number(coded, in, i));
                    });
        }
        return List.copyOf(texts);
    }

    private static double number(Vr coded, ByteBuffer in, int i) {
        return switch (coded) {
            case US, AT -> in.getShort(2 * i) & 0xffff;
            case SS -> in.getShort(2 * i);
            case UL, OL -> in.getInt(4 * i) & 0xffffffffL;
            case SL -> in.getInt(4 * i);
            case FL, OF -> in.getFloat(4 * i);
            case FD, OD -> in.getDouble(8 * i);
            case UV, OV -> {
                long bits = in.getLong(8 * i);
                yield bits >= 0 ? bits : (bits >>> 1) * 2.0;
            }
            default -> in.getLong(8 * i);
        };
    }

    private static double parse(String text) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            return Double.NaN;
        }
    }

    private static List<String> split(String text) {
        int end = text.indexOf('\\');
        if (end < 0) {
            return List.of(trim(text));
        }
        List<String> values = new ArrayList<>();
        int from = 0;
        for (; end >= 0; end = text.indexOf('\\', from)) {
            values.add(trim(text.substring(from, end)));
            from = end + 1;
        }
        values.add(trim(text.substring(from)));
        return List.copyOf(values);
    }

    private static String trim(String text) {
        int from = 0;
        while (from < text.length() && text.charAt(from) == ' ') {
            from++;
        }
        return stripEnd(text.substring(from));
    }

    private static String stripEnd(String text) {
        int end = text.length();
        while (end > 0 && (text.charAt(end - 1) == ' ' || text.charAt(end - 1) == 0)) {
            end--;
        }
        return text.substring(0, end);
    }

    /** The value in little-endian order, without a copy where it is already so; null if it is nested data sets or was not kept. */
    byte @Nullable [] littleEndianValue() {
        int word = vr.wordBytes();
        if (value == null || !bigEndian || word == 1 || vr == Vr.UN) {
            return value;
        }
        return swapped(value, word);
    }

    static byte[] swapped(byte[] bytes, int word) {
        byte[] swapped = bytes.clone();
        for (int at = 0; at + word <= bytes.length; at += word) {
            for (int i = 0; i < word; i++) {
                swapped[at + i] = bytes[at + word - 1 - i];
            }
        }
        return swapped;
    }

    /** Tag, VR and length, never the value: safe to log. */
    @Override
    public String toString() {
        String size = length == UNDEFINED_LENGTH ? "undefined length" : length + " bytes";
        return Tag.format(tag) + " " + vr + " " + Dictionary.keyword(tag).orElse("?") + ", " + size;
    }
}

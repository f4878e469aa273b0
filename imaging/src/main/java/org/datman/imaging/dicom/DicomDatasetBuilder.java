package org.datman.imaging.dicom;

import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;

/**
 * Makes data sets: elements by keyword with the dictionary's VR, or by tag and VR. Setting an element again replaces it. Text is encoded
 * by the data set's own {@code SpecificCharacterSet}, which must be set before text that is not ASCII.
 */
public final class DicomDatasetBuilder {

    private final TreeMap<Integer, DicomElement> elements = new TreeMap<>(Integer::compareUnsigned);
    private CharacterSets characterSets = CharacterSets.DEFAULT;
    private Charset encoding = StandardCharsets.US_ASCII;

    DicomDatasetBuilder() {}

    /** Starts from all elements of another data set. */
    public DicomDatasetBuilder setAll(DicomDataset other) {
        for (DicomElement element : other) {
            elements.put(element.tag(), element);
        }
        return this;
    }

    /** Sets an element of another data set, as it is. */
    public DicomDatasetBuilder set(DicomElement element) {
        return put(element);
    }

    /** Sets only the first bytes of an element whose value was read without being kept, such as fewer frames of pixel data. */
    public DicomDatasetBuilder setBeginning(DicomElement element, long bytes) {
        if (element.isKept() || bytes > element.length() || element.length() == DicomElement.UNDEFINED_LENGTH) {
            throw new IllegalArgumentException(Tag.format(element.tag()) + " has no such beginning in a file");
        }
        return put(new DicomElement(
                element.tag(), element.vr(), false, bytes, element.offset(), null, null, characterSets));
    }

    /** Sets text values (or numbers written as text); none gives an empty element. */
    public DicomDatasetBuilder set(String keyword, String... values) {
        int tag = Dictionary.tagOf(keyword);
        return set(tag, vrOf(keyword, tag), values);
    }

    /** Sets whole numbers. */
    public DicomDatasetBuilder set(String keyword, int... values) {
        int tag = Dictionary.tagOf(keyword);
        return set(
                tag, vrOf(keyword, tag), Arrays.stream(values).asDoubleStream().toArray());
    }

    /** Sets numbers; decimal strings get the 16 characters that DICOM allows. */
    public DicomDatasetBuilder set(String keyword, double... values) {
        int tag = Dictionary.tagOf(keyword);
        return set(tag, vrOf(keyword, tag), values);
    }

    /** Sets nested data sets; none gives an empty sequence. */
    public DicomDatasetBuilder set(String keyword, DicomDataset... items) {
        return set(Dictionary.tagOf(keyword), items);
    }

    /** Sets nested data sets; none gives an empty sequence. */
    public DicomDatasetBuilder set(int tag, DicomDataset... items) {
        return put(new DicomElement(tag, Vr.SQ, false, 0, DicomElement.NO_OFFSET, null, List.of(items), characterSets));
    }

    /** Sets text values of a text VR, or numbers written as text. */
    public DicomDatasetBuilder set(int tag, Vr vr, String... values) {
        if (!vr.isText()) {
            return set(
                    tag,
                    vr,
                    Arrays.stream(values).mapToDouble(Double::parseDouble).toArray());
        }
        if (tag == Tag.SPECIFIC_CHARACTER_SET) {
            CharacterSets named = CharacterSets.of(List.of(values));
            Charset writable = named == null ? null : named.encoding();
            if (named == null || writable == null || values.length > 1) {
                throw new IllegalArgumentException(
                        "text cannot be written in the character set " + Arrays.toString(values));
            }
            characterSets = named;
            encoding = writable;
        }
        String text = String.join("\\", values);
        boolean localised = vr.kind() != Vr.Kind.STRING;
        Charset charset = localised ? encoding : StandardCharsets.US_ASCII;
        if (!charset.newEncoder().canEncode(text)) {
            throw new IllegalArgumentException(Tag.format(tag) + " has characters that " + charset
                    + " cannot write; set SpecificCharacterSet to ISO_IR 192 first");
        }
        return set(tag, vr, text.getBytes(charset));
    }

    /** Sets numbers of a numeric VR or a number string. */
    public DicomDatasetBuilder set(int tag, Vr vr, double... values) {
        if (vr == Vr.DS || vr == Vr.IS || vr.isText()) {
            List<String> texts = new ArrayList<>();
            for (double value : values) {
                texts.add(decimal(value));
            }
            return set(tag, vr, texts.toArray(String[]::new));
        }
        int width = vr.wordBytes();
        ByteBuffer out = ByteBuffer.allocate(values.length * width).order(ByteOrder.LITTLE_ENDIAN);
        for (double value : values) {
            switch (vr) {
                case US -> out.putShort((short) whole(tag, value, 0, 0xffff));
                case SS -> out.putShort((short) whole(tag, value, Short.MIN_VALUE, Short.MAX_VALUE));
                case UL, OL -> out.putInt((int) whole(tag, value, 0, 0xffffffffL));
                case SL -> out.putInt((int) whole(tag, value, Integer.MIN_VALUE, Integer.MAX_VALUE));
                case SV, UV, OV -> out.putLong(whole(tag, value, Long.MIN_VALUE, Long.MAX_VALUE));
                case FL, OF -> out.putFloat((float) value);
                case FD, OD -> out.putDouble(value);
                default -> throw new IllegalArgumentException(Tag.format(tag) + ": " + vr + " does not hold numbers");
            }
        }
        return set(tag, vr, out.array());
    }

    /** Sets a value as bytes, little-endian, padded to even length. */
    public DicomDatasetBuilder set(int tag, Vr vr, byte[] value) {
        byte[] even = value;
        if (value.length % 2 != 0) {
            even = Arrays.copyOf(value, value.length + 1);
            even[value.length] = vr.padding();
        }
        return put(new DicomElement(tag, vr, false, even.length, DicomElement.NO_OFFSET, even, null, characterSets));
    }

    /** Sets words, as OW pixel data. */
    public DicomDatasetBuilder set(int tag, Vr vr, short[] words) {
        ByteBuffer out = ByteBuffer.allocate(words.length * 2).order(ByteOrder.LITTLE_ENDIAN);
        out.asShortBuffer().put(words);
        return set(tag, vr, out.array());
    }

    /**
     * Reserves the first free private block for a creator, or finds the one it has.
     *
     * @return the tag of its element {@code elementByte}, to be set
     */
    public int privateTag(int group, String creator, int elementByte) {
        for (int block = 0x10; block <= 0xff; block++) {
            int tag = Tag.of(group, block);
            DicomElement holder = elements.get(tag);
            if (holder == null) {
                set(tag, Vr.LO, creator);
            }
            if (holder == null || holder.string().filter(creator::equals).isPresent()) {
                return Tag.of(group, block << 8 | elementByte & 0xff);
            }
        }
        throw new IllegalArgumentException("all private blocks of the group are taken");
    }

    /** Removes an element. */
    public DicomDatasetBuilder remove(int tag) {
        elements.remove(tag);
        return this;
    }

    /** The data set. */
    public DicomDataset build() {
        return DicomDataset.ofFile(new ArrayList<>(elements.values()), new ArrayList<>());
    }

    private DicomDatasetBuilder put(DicomElement element) {
        elements.put(element.tag(), element);
        return this;
    }

    private static Vr vrOf(String keyword, int tag) {
        return Dictionary.vr(tag).orElseThrow(() -> new IllegalArgumentException("no VR for " + keyword));
    }

    private static long whole(int tag, double value, long min, long max) {
        if (value != Math.rint(value) || value < min || value > max) {
            throw new IllegalArgumentException(Tag.format(tag) + " cannot hold " + value);
        }
        return (long) value;
    }

    /** A decimal string of at most 16 characters, as exact as fits. */
    static String decimal(double value) {
        if (value == Math.rint(value) && Math.abs(value) < 1e15) {
            return Long.toString((long) value);
        }
        for (int digits = 17; digits > 0; digits--) {
            BigDecimal rounded =
                    new BigDecimal(value).round(new MathContext(digits)).stripTrailingZeros();
            String text = rounded.toString();
            String plain = rounded.toPlainString();
            String shorter = plain.length() <= text.length() ? plain : text;
            if (shorter.length() <= 16) {
                return shorter;
            }
        }
        throw new IllegalArgumentException("no decimal string for " + value);
    }
}

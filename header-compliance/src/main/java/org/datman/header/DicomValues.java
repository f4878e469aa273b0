package org.datman.header;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.datman.imaging.ImageFormatException;
import org.datman.imaging.dicom.DicomDataset;
import org.datman.imaging.dicom.DicomElement;
import org.datman.imaging.dicom.Dictionary;
import org.datman.imaging.dicom.SiemensCsa;
import org.datman.imaging.dicom.Tag;
import org.datman.imaging.dicom.Vr;

/**
 * Looks values up in a DICOM object: at the top, in the shared functional groups, in those of the first frame. Vendor headers that are
 * damaged count as absent here; {@link #remarks()} lists them.
 */
final class DicomValues {

    private static final int DEEPEST = 6;

    private final DicomDataset dataset;
    private final List<String> remarks = new ArrayList<>();
    private final Map<String, String> protocol;
    private final Map<String, List<String>> csa;

    /** A value with its place. */
    record Found(Value value, String where) {
        Parameter parameter() {
            return new Parameter(value, List.of(where));
        }
    }

    DicomValues(DicomDataset dataset) {
        this.dataset = dataset;
        this.protocol = vendorHeader("Siemens protocol", () -> SiemensCsa.protocol(dataset), Map.of());
        this.csa = vendorHeader(
                "CSA image header", () -> SiemensCsa.imageHeader(dataset).orElse(Map.of()), Map.of());
    }

    private interface Reading<T> {
        T read() throws ImageFormatException;
    }

    private <T> T vendorHeader(String what, Reading<T> reading, T otherwise) {
        try {
            return reading.read();
        } catch (ImageFormatException e) {
            remarks.add(what + " cannot be read: " + e.getMessage());
            return otherwise;
        }
    }

    /** What could not be read, for people. */
    List<String> remarks() {
        return List.copyOf(remarks);
    }

    boolean enhanced() {
        return dataset.contains(Tag.SHARED_FUNCTIONAL_GROUPS) || dataset.contains(Tag.PER_FRAME_FUNCTIONAL_GROUPS);
    }

    List<DicomDataset> frames() {
        return dataset.sequence(Tag.PER_FRAME_FUNCTIONAL_GROUPS);
    }

    DicomDataset dataset() {
        return dataset;
    }

    Optional<String> protocol(String key) {
        return Optional.ofNullable(protocol.get(key));
    }

    /** First text of a public element. */
    Optional<String> text(String keyword) {
        return dataset.findFirst(keyword).flatMap(DicomElement::string);
    }

    /** The value of a source for a field; empty if this object does not have it. */
    Optional<Found> find(Field field, Source source) {
        boolean numeric = field.compare().numeric();
        if (source instanceof Source.Public element) {
            return findPublic(element.keyword(), numeric, field.compare() == Comparator.NUMBER_SET);
        }
        if (source instanceof Source.Private element) {
            return findPrivate(element, numeric);
        }
        if (source instanceof Source.Csa key) {
            return Optional.ofNullable(csa.get(key.key()))
                    .flatMap(texts -> value(texts, numeric))
                    .map(value -> new Found(value, "CSA " + key.key()));
        }
        if (source instanceof Source.Protocol key) {
            return protocol(key.key())
                    .flatMap(text -> value(List.of(text), numeric))
                    .map(value -> new Found(value, "protocol " + key.key()));
        }
        return Optional.empty();
    }

    private Optional<Found> findPublic(String keyword, boolean numeric, boolean overFrames) {
        int tag = Dictionary.tagOf(keyword);
        String where = Tag.format(tag) + " " + keyword;
        if (overFrames && !dataset.contains(tag)) {
            double[] all = frames().stream()
                    .flatMap(frame -> deep(frame, tag, 0).stream())
                    .flatMapToDouble(element -> Arrays.stream(element.doubles()))
                    .filter(Double::isFinite)
                    .distinct()
                    .toArray();
            if (all.length > 0) {
                return Optional.of(new Found(Value.of(all), where + ", all frames"));
            }
        }
        String place = dataset.contains(tag) ? where : where + ", functional groups";
        return dataset.findFirst(tag)
                .flatMap(element -> value(element, numeric))
                .map(value -> new Found(value, place));
    }

    private static Optional<DicomElement> deep(DicomDataset in, int tag, int depth) {
        Optional<DicomElement> here = in.element(tag);
        if (here.isPresent() || depth == DEEPEST) {
            return here;
        }
        for (DicomElement element : in) {
            if (!element.items().isEmpty()) {
                Optional<DicomElement> below = deep(element.items().get(0), tag, depth + 1);
                if (below.isPresent()) {
                    return below;
                }
            }
        }
        return Optional.empty();
    }

    /** A manufacturer's element wherever classic and enhanced objects keep it. */
    Optional<DicomElement> privateElement(int group, String creator, int elementByte) {
        Optional<DicomElement> top = dataset.privateElement(group, creator, elementByte);
        if (top.isPresent()) {
            return top;
        }
        for (int groups : new int[] {Tag.SHARED_FUNCTIONAL_GROUPS, Tag.PER_FRAME_FUNCTIONAL_GROUPS}) {
            List<DicomDataset> items = dataset.sequence(groups);
            if (!items.isEmpty()) {
                Optional<DicomElement> below = deepPrivate(items.get(0), group, creator, elementByte, 0);
                if (below.isPresent()) {
                    return below;
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<DicomElement> deepPrivate(
            DicomDataset in, int group, String creator, int elementByte, int depth) {
        Optional<DicomElement> here = in.privateElement(group, creator, elementByte);
        if (here.isPresent() || depth == DEEPEST) {
            return here;
        }
        for (DicomElement element : in) {
            if (!element.items().isEmpty()) {
                Optional<DicomElement> below =
                        deepPrivate(element.items().get(0), group, creator, elementByte, depth + 1);
                if (below.isPresent()) {
                    return below;
                }
            }
        }
        return Optional.empty();
    }

    private Optional<Found> findPrivate(Source.Private source, boolean numeric) {
        String where = "(%04X,%s,%02X)".formatted(source.group(), source.creator(), source.elementByte());
        return privateElement(source.group(), source.creator(), source.elementByte())
                .flatMap(element -> value(readable(element, source.vr()), numeric))
                .flatMap(value -> scaled(value, source.index(), source.factor()))
                .map(value -> new Found(value, where));
    }

    /** Files in implicit VR do not state the VR of a private element; then the table does, or it is text. */
    private static DicomElement readable(DicomElement element, String vr) {
        if (element.vr() != Vr.UN || element.bytes().isEmpty()) {
            return element;
        }
        byte[] bytes = element.bytes().get();
        if (vr.isEmpty() || Vr.valueOf(vr).isText()) {
            String text = new String(bytes, StandardCharsets.ISO_8859_1)
                    .replace("\0", "")
                    .strip();
            boolean printable = text.chars().allMatch(c -> c >= 0x20 && c < 0x7f);
            return printable ? rebuilt(element.tag(), numbersOrText(vr), text.split("\\\\", -1)) : element;
        }
        return rebuilt(element.tag(), Vr.valueOf(vr), bytes);
    }

    private static Vr numbersOrText(String vr) {
        return vr.isEmpty() ? Vr.LO : Vr.valueOf(vr);
    }

    private static DicomElement rebuilt(int tag, Vr vr, String... texts) {
        return DicomDataset.builder().set(tag, vr, texts).build().element(tag).orElseThrow();
    }

    private static DicomElement rebuilt(int tag, Vr vr, byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        double[] numbers =
                switch (vr) {
                    case SS -> new double[bytes.length / 2];
                    case FL, SL -> new double[bytes.length / 4];
                    default -> new double[bytes.length / 8];
                };
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = switch (vr) {
                case SS -> in.getShort();
                case SL -> in.getInt();
                case FL -> in.getFloat();
                default -> in.getDouble();
            };
        }
        return DicomDataset.builder().set(tag, vr, numbers).build().element(tag).orElseThrow();
    }

    private static Optional<Value> scaled(Value value, int index, double factor) {
        if (!(value instanceof Value.Numbers numbers)) {
            return Optional.of(value);
        }
        List<Double> all = numbers.all();
        if (index >= 0) {
            if (index >= all.size()) {
                return Optional.empty();
            }
            all = List.of(all.get(index));
        }
        return Optional.of(
                new Value.Numbers(all.stream().map(number -> number * factor).toList()));
    }

    private static Optional<Value> value(DicomElement element, boolean numeric) {
        if (numeric) {
            double[] numbers = element.doubles();
            if (numbers.length > 0 && Arrays.stream(numbers).allMatch(Double::isFinite)) {
                return Optional.of(Value.of(numbers));
            }
        }
        return value(element.strings(), numeric);
    }

    private static Optional<Value> value(List<String> raw, boolean numeric) {
        List<String> texts =
                raw.stream().map(String::strip).filter(text -> !text.isEmpty()).toList();
        if (texts.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(numeric ? numbersIn(texts) : new Value.Texts(texts));
    }

    /** Numbers where all texts are numbers, else the texts: an invalid number must be reported unchanged. */
    static Value numbersIn(List<String> texts) {
        List<Double> numbers = new ArrayList<>();
        for (String text : texts) {
            try {
                numbers.add(Double.valueOf(text));
            } catch (NumberFormatException notANumber) {
                return new Value.Texts(texts);
            }
        }
        return new Value.Numbers(numbers);
    }
}

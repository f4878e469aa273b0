package org.datman.imaging.dicom;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.datman.imaging.ImageFormatException;

/**
 * Siemens' private headers: the CSA image and series headers of (0029,xx10) and (0029,xx20) (a table of named values, as written by
 * syngo MR A to E), and the text of the measurement protocol (MrPhoenixProtocol) that the series header carries; XA software keeps
 * that text in (0021,xx19) of {@code SIEMENS MR SDS 01}.
 */
public final class SiemensCsa {

    private static final String CREATOR = "SIEMENS CSA HEADER";
    private static final int MAX_TAGS = 1000;
    private static final int NAME_BYTES = 64;
    private static final String PROTOCOL_BEGIN = "### ASCCONV BEGIN";
    private static final String PROTOCOL_END = "### ASCCONV END ###";
    private static final String CORRUPT = "the CSA header was damaged, perhaps by de-identification";

    private SiemensCsa() {}

    /** The image header (per volume: MosaicRefAcqTimes, B_value …) of a data set; empty if it has none. */
    public static Optional<Map<String, List<String>>> imageHeader(DicomDataset dataset) throws ImageFormatException {
        return header(dataset, 0x10);
    }

    /** The series header (per series: MrPhoenixProtocol …) of a data set; empty if it has none. */
    public static Optional<Map<String, List<String>>> seriesHeader(DicomDataset dataset) throws ImageFormatException {
        return header(dataset, 0x20);
    }

    private static Optional<Map<String, List<String>>> header(DicomDataset dataset, int element)
            throws ImageFormatException {
        byte[] bytes = dataset.privateElement(0x29, CREATOR, element)
                .flatMap(DicomElement::bytes)
                .orElse(new byte[0]);
        return bytes.length == 0 ? Optional.empty() : Optional.of(parse(bytes));
    }

    /**
     * The measurement protocol of a series as key and value, in file order, for example {@code sSliceArray.lSize} = {@code 35};
     * quotes around texts are removed. Found in classic (CSA series header) and in XA objects; empty if there is none.
     */
    public static Map<String, String> protocol(DicomDataset dataset) throws ImageFormatException {
        Optional<Map<String, List<String>>> series = seriesHeader(dataset);
        if (series.isPresent()) {
            for (String name : List.of("MrPhoenixProtocol", "MrProtocol")) {
                List<String> values = series.get().getOrDefault(name, List.of());
                if (!values.isEmpty()) {
                    return parseProtocol(values.get(0));
                }
            }
        }
        return xaProtocol(dataset).map(SiemensCsa::parseProtocol).orElse(Map.of());
    }

    private static Optional<String> xaProtocol(DicomDataset dataset) {
        Optional<String> here = dataset.privateElement(0x21, "SIEMENS MR SDS 01", 0x19)
                .flatMap(DicomElement::bytes)
                .map(bytes -> new String(bytes, StandardCharsets.ISO_8859_1));
        if (here.isPresent()) {
            return here;
        }
        for (int groups : new int[] {Tag.SHARED_FUNCTIONAL_GROUPS, 0}) {
            DicomDataset holder = groups == 0
                    ? dataset
                    : dataset.sequence(groups).stream().findFirst().orElse(null);
            if (holder != null) {
                Optional<String> nested = holder.privateElement(0x21, "SIEMENS MR SDS 01", 0xFE).stream()
                        .flatMap(element -> element.items().stream())
                        .flatMap(item -> item.privateElement(0x21, "SIEMENS MR SDS 01", 0x19).stream())
                        .flatMap(element -> element.bytes().stream())
                        .map(bytes -> new String(bytes, StandardCharsets.ISO_8859_1))
                        .findFirst();
                if (nested.isPresent()) {
                    return nested;
                }
            }
        }
        return Optional.empty();
    }

    /** Key and value of each line of the ASCII protocol block in a text; empty if the text has no such block. */
    public static Map<String, String> parseProtocol(String text) {
        int begin = text.indexOf(PROTOCOL_BEGIN);
        int firstLine = begin < 0 ? -1 : text.indexOf('\n', begin);
        if (firstLine < 0) {
            return Map.of();
        }
        int end = text.indexOf(PROTOCOL_END, firstLine);
        Map<String, String> protocol = new LinkedHashMap<>();
        text.substring(firstLine, end < 0 ? text.length() : end).lines().forEach(line -> {
            int equals = line.indexOf('=');
            if (equals > 0) {
                String value = line.substring(equals + 1).strip();
                protocol.put(line.substring(0, equals).strip(), unquoted(value));
            }
        });
        return protocol;
    }

    private static String unquoted(String value) {
        int quotes = 0;
        while (quotes < value.length() - 1 - quotes
                && value.charAt(quotes) == '"'
                && value.charAt(value.length() - 1 - quotes) == '"') {
            quotes++;
        }
        return value.substring(quotes, value.length() - quotes);
    }

    /**
     * Names and values of a CSA header, trimmed; values without content are left out.
     *
     * @param csa the element's bytes: the "SV10" form or the older one without a mark
     */
    public static Map<String, List<String>> parse(byte[] csa) throws ImageFormatException {
        ByteBuffer in = ByteBuffer.wrap(csa).order(ByteOrder.LITTLE_ENDIAN);
        boolean marked = csa.length >= 8 && csa[0] == 'S' && csa[1] == 'V' && csa[2] == '1' && csa[3] == '0';
        in.position(marked ? 8 : 0);
        int count = positive(in, "number of tags", MAX_TAGS);
        positive(in, "check number", Integer.MAX_VALUE);
        Map<String, List<String>> header = new LinkedHashMap<>();
        int itemsOfFirstTag = -1;
        for (int i = 0; i < count; i++) {
            need(in, NAME_BYTES + 20, "tag " + i);
            String name = text(csa, in.position(), NAME_BYTES);
            in.position(in.position() + NAME_BYTES + 4 + 4 + 4);
            int items = positive(in, name, Integer.MAX_VALUE);
            in.getInt();
            itemsOfFirstTag = i == 0 ? items : itemsOfFirstTag;
            List<String> values = new ArrayList<>();
            for (int item = 0; item < items; item++) {
                need(in, 16, name);
                int[] lengths = {in.getInt(), in.getInt(), in.getInt(), in.getInt()};
                // The older form codes the length plus the number of items of the very first tag (found by the makers
                // of SPM).
                int length = marked ? lengths[1] : lengths[0] - itemsOfFirstTag;
                if (!marked && (length < 0 || length > in.remaining())) {
                    break;
                }
                need(in, length, name);
                String value = text(csa, in.position(), length);
                if (!value.isEmpty()) {
                    values.add(value);
                }
                in.position(Math.min(csa.length, in.position() + (length + 3) / 4 * 4));
            }
            header.put(name, List.copyOf(values));
        }
        return header;
    }

    private static int positive(ByteBuffer in, String what, int most) throws ImageFormatException {
        need(in, 4, what);
        int at = in.position();
        int value = in.getInt();
        if (value < 0 || value > most) {
            throw new ImageFormatException("CSA header, " + what, at, "the count " + value + " is absurd", CORRUPT);
        }
        return value;
    }

    private static void need(ByteBuffer in, int bytes, String what) throws ImageFormatException {
        if (bytes < 0 || in.remaining() < bytes) {
            throw new ImageFormatException(
                    "CSA header, " + what, in.position(), "ends within the value (" + bytes + " bytes)", CORRUPT);
        }
    }

    private static String text(byte[] bytes, int from, int length) {
        int end = from;
        while (end < from + length && bytes[end] != 0) {
            end++;
        }
        return new String(bytes, from, end - from, StandardCharsets.ISO_8859_1).strip();
    }
}

package org.datman.simulator.scanner;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;

/**
 * A Siemens CSA header of type SV10, as found in (0029,1010) and (0029,1020): a count, then per element a 64-byte name, VM, VR, type code,
 * number of items and a mark, and per item four lengths and the text, padded to four bytes. Elements always come with at least six items,
 * of which the unused are empty.
 */
final class CsaHeader {
    private static final int MARK_USED = 77;
    private static final int MARK_EMPTY = 205;
    private static final int ITEMS = 6;

    private record Element(String name, int vm, String vr, List<String> items) {}

    private final List<Element> elements = new ArrayList<>();

    CsaHeader integer(String name, long... values) {
        return add(
                name,
                values.length,
                "IS",
                Arrays.stream(values)
                        .mapToObj(v -> String.format(Locale.ROOT, "%-8d", v))
                        .toList());
    }

    CsaHeader count(String name, int value) {
        return add(name, 1, "US", List.of(String.format(Locale.ROOT, "%-8d", value)));
    }

    CsaHeader real(String name, double... values) {
        return add(name, values.length, "FD", format(values));
    }

    CsaHeader decimal(String name, double... values) {
        return add(name, values.length, "DS", format(values));
    }

    /** A list of any length: the VM is 0. */
    CsaHeader reals(String name, double... values) {
        return add(name, 0, "FD", format(values));
    }

    CsaHeader text(String name, String vr, String value) {
        return add(name, 1, vr, List.of(value));
    }

    /** Known to the scanner, but without a value here. */
    CsaHeader empty(String name, int vm, String vr) {
        return add(name, vm, vr, List.of());
    }

    private static List<String> format(double... values) {
        return DoubleStream.of(values)
                .mapToObj(v -> String.format(Locale.ROOT, "%.8f", v))
                .toList();
    }

    private CsaHeader add(String name, int vm, String vr, List<String> items) {
        elements.add(new Element(name, vm, vr, items));
        return this;
    }

    byte[] bytes() {
        int size = 16 + 4;
        for (Element e : elements) {
            int items = itemCount(e);
            size += 84 + 16 * items;
            for (String item : e.items) {
                size += padded(item.length() + 1);
            }
        }
        ByteBuffer out = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        out.put("SV10".getBytes(StandardCharsets.US_ASCII)).put(new byte[] {4, 3, 2, 1});
        out.putInt(elements.size()).putInt(MARK_USED);
        for (Element e : elements) {
            write(out, e);
        }
        return out.array();
    }

    private static void write(ByteBuffer out, Element e) {
        int start = out.position();
        out.put(e.name.getBytes(StandardCharsets.US_ASCII)).position(start + 64);
        out.putInt(e.vm)
                .put(Arrays.copyOf(e.vr.getBytes(StandardCharsets.US_ASCII), 4))
                .putInt(typeCode(e.vr));
        out.putInt(itemCount(e)).putInt(e.items.isEmpty() ? MARK_EMPTY : MARK_USED);
        for (int i = 0; i < itemCount(e); i++) {
            if (i >= e.items.size()) {
                out.putInt(0).putInt(0).putInt(MARK_EMPTY).putInt(0);
                continue;
            }
            byte[] text = e.items.get(i).getBytes(StandardCharsets.ISO_8859_1);
            int length = text.length + 1;
            out.putInt(length).putInt(length).putInt(MARK_USED).putInt(length);
            int begin = out.position();
            out.put(text).position(begin + padded(length));
        }
    }

    private static int itemCount(Element e) {
        return e.items.isEmpty() ? 0 : Math.max(ITEMS, e.items.size());
    }

    private static int padded(int length) {
        return (length + 3) / 4 * 4;
    }

    private static int typeCode(String vr) {
        return switch (vr) {
            case "DS" -> 3;
            case "FD" -> 4;
            case "IS" -> 6;
            case "SL" -> 7;
            case "US" -> 10;
            case "CS" -> 16;
            case "LO" -> 19;
            case "SH" -> 22;
            case "UT" -> 27;
            case "UN" -> 0;
            default -> throw new IllegalArgumentException("no CSA type code for VR " + vr);
        };
    }
}

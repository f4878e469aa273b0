package org.datman.simulator.dicomweb;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HexFormat;
import java.util.Locale;
import org.datman.imaging.dicom.DicomDataset;
import org.datman.imaging.dicom.DicomElement;
import org.datman.imaging.dicom.Vr;

/**
 * DICOM JSON (PS3.18 annex F) as the plug-in writes it: numbers of DS and IS are JSON numbers, so that their text in the file is lost;
 * all bytes and words, of any length, are an address instead.
 */
final class DicomJsonWriter {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    /** Address of the instance, below which its bulk data would be. */
    private final String instance;

    DicomJsonWriter(String instance) {
        this.instance = instance;
    }

    static String name(int tag) {
        return HexFormat.of().withUpperCase().toHexDigits(tag);
    }

    ObjectNode write(DicomDataset dataset) {
        ObjectNode object = NODES.objectNode();
        for (DicomElement element : dataset) {
            object.set(name(element.tag()), write(element));
        }
        return object;
    }

    private ObjectNode write(DicomElement element) {
        Vr vr = element.vr();
        ObjectNode node = NODES.objectNode().put("vr", vr.name());
        boolean isBulk =
                switch (vr) {
                    case OB, OD, OF, OL, OV, OW, UC, UN, UT -> true;
                    default -> !element.isKept();
                };
        if (isBulk) {
            if (element.length() > 0) {
                node.put("BulkDataURI", instance + "/bulkdata/" + name(element.tag()));
            }
            return node;
        }
        ArrayNode values = NODES.arrayNode();
        if (element.isSequence()) {
            element.items().forEach(item -> values.add(write(item)));
        } else {
            element.strings().forEach(text -> add(values, vr, text));
        }
        if (!values.isEmpty()) {
            node.set("Value", values);
        }
        return node;
    }

    private static void add(ArrayNode values, Vr vr, String text) {
        if (text.isEmpty()) {
            values.addNull();
            return;
        }
        switch (vr) {
            case DS, FL, FD -> number(values, text, false);
            case IS, SL, SS, SV, UL, US, UV -> number(values, text, true);
            case PN -> values.addObject().put("Alphabetic", text);
            case AT -> values.add(text.replaceAll("[(),]", "").toUpperCase(Locale.ROOT));
            default -> values.add(text);
        }
    }

    /** A number string that is no number stays a text. */
    private static void number(ArrayNode values, String text, boolean whole) {
        try {
            if (whole) {
                values.add(Long.parseLong(text));
            } else {
                double number = Double.parseDouble(text);
                if (!Double.isFinite(number)) {
                    throw new NumberFormatException(text);
                }
                values.add(number);
            }
        } catch (NumberFormatException noNumber) {
            values.add(text);
        }
    }
}

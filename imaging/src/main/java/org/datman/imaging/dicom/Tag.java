package org.datman.imaging.dicom;

import java.util.HexFormat;

/** DICOM tags as ints: group in the high half, element in the low half, compared unsigned. */
public final class Tag {

    public static final int TRANSFER_SYNTAX_UID = 0x00020010;
    public static final int SPECIFIC_CHARACTER_SET = 0x00080005;
    public static final int SOP_CLASS_UID = 0x00080016;
    public static final int SOP_INSTANCE_UID = 0x00080018;
    public static final int PIXEL_REPRESENTATION = 0x00280103;
    public static final int SHARED_FUNCTIONAL_GROUPS = 0x52009229;
    public static final int PER_FRAME_FUNCTIONAL_GROUPS = 0x52009230;
    public static final int FLOAT_PIXEL_DATA = 0x7FE00008;
    public static final int DOUBLE_FLOAT_PIXEL_DATA = 0x7FE00009;
    public static final int PIXEL_DATA = 0x7FE00010;

    static final int ITEM = 0xFFFEE000;
    static final int ITEM_DELIMITATION = 0xFFFEE00D;
    static final int SEQUENCE_DELIMITATION = 0xFFFEE0DD;

    // The parser names every element that it enters: a format string parsed each time was a seventh of an export.
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private Tag() {}

    /** The tag of a group and an element number, each 0 to 0xFFFF. */
    public static int of(int group, int element) {
        return group << 16 | element & 0xffff;
    }

    /** Group number. */
    public static int group(int tag) {
        return tag >>> 16;
    }

    /** Element number. */
    public static int element(int tag) {
        return tag & 0xffff;
    }

    /** Whether the tag belongs to a manufacturer: odd groups. */
    public static boolean isPrivate(int tag) {
        return (tag & 0x10000) != 0;
    }

    /** Whether the element reserves a block of private elements by naming its creator. */
    static boolean isPrivateCreator(int tag) {
        return isPrivate(tag) && element(tag) >= 0x10 && element(tag) <= 0xff;
    }

    static boolean isPixelData(int tag) {
        return tag == PIXEL_DATA || tag == FLOAT_PIXEL_DATA || tag == DOUBLE_FLOAT_PIXEL_DATA;
    }

    /** The tag as the standard writes it: {@code (0008,103E)}. */
    public static String format(int tag) {
        return "(" + HEX.toHexDigits((short) group(tag)) + "," + HEX.toHexDigits((short) element(tag)) + ")";
    }
}

package org.datman.imaging.dicom;

import org.jspecify.annotations.Nullable;

/** The value representations of DICOM PS3.5. */
public enum Vr {
    AE(Kind.STRING, 1),
    AS(Kind.STRING, 1),
    AT(Kind.BINARY, 2),
    CS(Kind.STRING, 1),
    DA(Kind.STRING, 1),
    DS(Kind.STRING, 1),
    DT(Kind.STRING, 1),
    FL(Kind.BINARY, 4),
    FD(Kind.BINARY, 8),
    IS(Kind.STRING, 1),
    LO(Kind.LOCALISED, 1),
    LT(Kind.TEXT, 1),
    OB(Kind.BULK, 1),
    OD(Kind.BULK, 8),
    OF(Kind.BULK, 4),
    OL(Kind.BULK, 4),
    OV(Kind.BULK, 8),
    OW(Kind.BULK, 2),
    PN(Kind.LOCALISED, 1),
    SH(Kind.LOCALISED, 1),
    SL(Kind.BINARY, 4),
    SQ(Kind.SEQUENCE, 1),
    SS(Kind.BINARY, 2),
    ST(Kind.TEXT, 1),
    SV(Kind.BINARY, 8),
    TM(Kind.STRING, 1),
    UC(Kind.LOCALISED, 1),
    UI(Kind.STRING, 1),
    UL(Kind.BINARY, 4),
    UN(Kind.BULK, 1),
    UR(Kind.STRING, 1),
    US(Kind.BINARY, 2),
    UT(Kind.TEXT, 1),
    UV(Kind.BINARY, 8);

    /** How a value is coded. */
    enum Kind {
        /** ASCII, several values separated by backslashes. */
        STRING,
        /** In the data set's character set, several values separated by backslashes. */
        LOCALISED,
        /** In the data set's character set, one value that may contain backslashes. */
        TEXT,
        /** Fixed-width numbers or tags. */
        BINARY,
        /** Bytes or words of any amount. */
        BULK,
        /** Nested data sets. */
        SEQUENCE
    }

    private static final int LETTERS = 26;

    /** By both letters: looked up for every element of every file. */
    private static final Vr[] BY_LETTERS = new Vr[LETTERS * LETTERS];

    static {
        for (Vr vr : values()) {
            BY_LETTERS[(vr.name().charAt(0) - 'A') * LETTERS + vr.name().charAt(1) - 'A'] = vr;
        }
    }

    private final Kind kind;
    private final int wordBytes;

    Vr(Kind kind, int wordBytes) {
        this.kind = kind;
        this.wordBytes = wordBytes;
    }

    /** The VR with these two letters (first letter in the high byte), or null if there is none. */
    static @Nullable Vr ofCode(int code) {
        int first = (code >> 8) - 'A';
        int second = (code & 0xff) - 'A';
        return first < 0 || first >= LETTERS || second < 0 || second >= LETTERS
                ? null
                : BY_LETTERS[first * LETTERS + second];
    }

    Kind kind() {
        return kind;
    }

    /** Bytes of the unit that byte order applies to. */
    int wordBytes() {
        return wordBytes;
    }

    /** Whether explicit VR codes the length in four bytes after two reserved ones. */
    boolean longLength() {
        return kind == Kind.BULK
                || switch (this) {
                    case SQ, SV, UC, UR, UT, UV -> true;
                    default -> false;
                };
    }

    /** Whether the value is text of any kind. */
    public boolean isText() {
        return kind == Kind.STRING || kind == Kind.LOCALISED || kind == Kind.TEXT;
    }

    /** The byte that makes an odd value even. */
    byte padding() {
        return (byte) (isText() && this != UI ? ' ' : 0);
    }
}

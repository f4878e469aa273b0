package org.datman.imaging.dicom;

/**
 * How a data set is coded. All compressed syntaxes code everything but the pixel data in explicit VR little endian.
 *
 * @param uid transfer syntax UID
 * @param explicitVr whether elements carry their VR
 * @param bigEndian byte order
 * @param deflated whether the data set is compressed as a whole
 */
public record TransferSyntax(String uid, boolean explicitVr, boolean bigEndian, boolean deflated) {

    public static final TransferSyntax IMPLICIT_VR_LITTLE_ENDIAN =
            new TransferSyntax("1.2.840.10008.1.2", false, false, false);
    public static final TransferSyntax EXPLICIT_VR_LITTLE_ENDIAN =
            new TransferSyntax("1.2.840.10008.1.2.1", true, false, false);
    public static final TransferSyntax DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN =
            new TransferSyntax("1.2.840.10008.1.2.1.99", true, false, true);
    public static final TransferSyntax EXPLICIT_VR_BIG_ENDIAN =
            new TransferSyntax("1.2.840.10008.1.2.2", true, true, false);

    /** GE's private syntax: as implicit VR little endian, but for pixel data. */
    private static final String GE_IMPLICIT_BIG_ENDIAN_PIXELS = "1.2.840.113619.5.2";

    /** The syntax with this UID. */
    public static TransferSyntax of(String uid) {
        return switch (uid) {
            case "1.2.840.10008.1.2" -> IMPLICIT_VR_LITTLE_ENDIAN;
            case "1.2.840.10008.1.2.1" -> EXPLICIT_VR_LITTLE_ENDIAN;
            case "1.2.840.10008.1.2.1.99" -> DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN;
            case "1.2.840.10008.1.2.2" -> EXPLICIT_VR_BIG_ENDIAN;
            case GE_IMPLICIT_BIG_ENDIAN_PIXELS -> new TransferSyntax(uid, false, false, false);
            case "1.2.840.10008.1.2.4.95" -> new TransferSyntax(uid, true, false, true);
            default -> new TransferSyntax(uid, true, false, false);
        };
    }

    /** Whether pixel data are compressed, and therefore in fragments. */
    public boolean encapsulated() {
        return !uid.equals(IMPLICIT_VR_LITTLE_ENDIAN.uid)
                && !uid.equals(EXPLICIT_VR_LITTLE_ENDIAN.uid)
                && !uid.equals(DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN.uid)
                && !uid.equals(EXPLICIT_VR_BIG_ENDIAN.uid)
                && !uid.equals(GE_IMPLICIT_BIG_ENDIAN_PIXELS);
    }
}

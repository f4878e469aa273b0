package org.datman.xnat;

import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A folder of files at a session or one of its scans.
 *
 * @param ref how it is addressed
 * @param label may be empty
 * @param format {@code DICOM}, {@code GIF} … as XNAT has it
 * @param content {@code RAW}, {@code SNAPSHOTS} … as on XNAT; RAW proves nothing
 * @param fileCount as in the catalogue of XNAT's database; may be stale
 * @param byteCount the same
 */
public record XnatResource(
        ResourceRef ref, String label, String format, String content, OptionalLong fileCount, OptionalLong byteCount) {

    /** Pictures that XNAT generates some time after archiving: no change of the session. */
    public boolean isSnapshots() {
        return label.toUpperCase(Locale.ROOT).equals("SNAPSHOTS")
                || content.toUpperCase(Locale.ROOT).equals("SNAPSHOTS");
    }

    /** Whether label or format mark the files as the scanner's images. */
    public boolean isDicom() {
        return label.equalsIgnoreCase("DICOM") || format.equalsIgnoreCase("DICOM");
    }

    /** The scan that it belongs to; empty for one of the session itself. */
    public Optional<String> scan() {
        return ref.findScan();
    }
}

package org.datman.local.provenance;

/**
 * A file of a release with the inputs that determine it: a row of the list of a release.
 *
 * @param item what it belongs to: the stem of an image, or the path of an associated file
 * @param path in the archive
 * @param role what it is to its series
 * @param sha256 of its bytes as published
 * @param size in bytes
 * @param source digest over the DICOM files; for metrics that of the measured image; empty for an associated file
 * @param rule digest of the clauses that matched; for metrics of the limits
 * @param revision of the study text
 * @param program that made it, and its version
 * @param options of that program
 * @param software DATMAN's service and version; empty in records of earlier versions
 */
record ReleaseFile(
        String item,
        String path,
        String role,
        String sha256,
        String size,
        String source,
        String rule,
        String revision,
        String program,
        String options,
        String software) {

    /** First line of a list. */
    static final String HEADER =
            "#datman-release-1\titem\tpath\trole\tsha256\tsize\tsource\trule\trevision\tprogram\toptions\tsoftware";

    private static final int COLUMNS = 11;

    /** The row of a line. */
    static ReleaseFile read(String line) {
        String[] cells = line.split("\t", -1);
        if (cells.length != COLUMNS) {
            throw new IllegalArgumentException(
                    "a line has " + cells.length + " columns instead of " + COLUMNS + ": " + line);
        }
        return new ReleaseFile(
                cells[0], cells[1], cells[2], cells[3], cells[4], cells[5], cells[6], cells[7], cells[8], cells[9],
                cells[10]);
    }

    /** Its line. */
    String line() {
        return String.join(
                "\t",
                clean(item),
                clean(path),
                role,
                sha256,
                size,
                source,
                rule,
                revision,
                clean(program),
                clean(options),
                clean(software));
    }

    private static String clean(String text) {
        return text.replaceAll("[\\t\\r\\n]", " ");
    }
}

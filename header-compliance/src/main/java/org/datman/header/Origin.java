package org.datman.header;

/** Type of a record's source; decides which fields it can have at all. */
public enum Origin {
    /** A classic DICOM object, one image each. */
    CLASSIC,
    /** An enhanced multi-frame DICOM object. */
    ENHANCED,
    /** All DICOM objects of a series, so that they could be counted. */
    SERIES,
    /** dcm2niix's JSON. */
    SIDECAR
}

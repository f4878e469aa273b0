package org.datman.contracts.event;

/** How the one DICOM file of a series is kept in the archive. XNAT has all of them as they were received. */
public enum KeptDicom {
    /** Without what identifies the person: the basic profile of DICOM PS3.15 Annex E. */
    BLANKED,
    /** As it was received. */
    ORIGINAL
}

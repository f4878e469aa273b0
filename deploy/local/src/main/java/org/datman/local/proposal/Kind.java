package org.datman.local.proposal;

/** What a series is, as far as its description and header show it. */
enum Kind {
    T1("T1", "anat", "anat", "T1w"),
    T2("T2", "anat", "anat", "T2w"),
    FLAIR("FLAIR", "anat", "anat", "FLAIR"),
    PD("PD", "anat", "anat", "PDw"),
    BOLD("FMRI", "bold", "func", "bold"),
    SBREF("SBREF", "ignore", "func", "sbref"),
    DWI("DTI", "dwi", "dwi", "dwi"),
    ASL("ASL", "ignore", "perf", "asl"),
    FIELD_MAP_EPI("FMAP", "fmap", "fmap", "epi"),
    FIELD_MAP_MAGNITUDE("MAG", "fmap", "fmap", "magnitude"),
    FIELD_MAP_PHASE("PHASEDIFF", "fmap", "fmap", "phasediff"),
    /** Places the other series; not kept. */
    LOCALIZER("Localizers only place the other series"),
    /** Not kept. */
    DERIVED("Computed by the scanner, not measured"),
    /** Reports and raw data; not kept. */
    NO_IMAGE("Holds no image"),
    UNKNOWN("");

    private final String tag;
    private final String qcType;
    private final String datatype;
    private final String suffix;
    private final String ignored;

    Kind(String tag, String qcType, String datatype, String suffix) {
        this.tag = tag;
        this.qcType = qcType;
        this.datatype = datatype;
        this.suffix = suffix;
        this.ignored = "";
    }

    Kind(String ignored) {
        this.tag = "";
        this.qcType = "";
        this.datatype = "";
        this.suffix = "";
        this.ignored = ignored;
    }

    /** Whether its series are kept under a tag. */
    boolean isKept() {
        return !tag.isEmpty();
    }

    /** Why its series are not kept; empty for kept ones and unknown ones. */
    String ignored() {
        return ignored;
    }

    /** Usual tag. */
    String tag() {
        return tag;
    }

    /** How its images are measured. */
    String qcType() {
        return qcType;
    }

    /** BIDS datatype. */
    String datatype() {
        return datatype;
    }

    /** BIDS suffix. */
    String suffix() {
        return suffix;
    }
}

package org.datman.contracts.study;

import org.datman.contracts.tree.Words;

/** How an image is measured: {@code QcType} for people, {@code QcPha} for phantoms. */
public enum QcKind {
    ANAT,
    BOLD,
    DWI,
    FBIRN,
    ADNI,
    DTI_PHANTOM,
    ACR,
    FMAP,
    IGNORE;

    /** As written in YAML and in events: {@code dti-phantom}. */
    public String key() {
        return Words.key(this);
    }
}

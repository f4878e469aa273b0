package org.datman.contracts.naming;

import java.util.List;
import java.util.Optional;

/** The file extensions that the grammar knows. They are case-sensitive and end the name. */
final class Extension {

    /** Longest first, so that {@code .nii.gz} is not taken for {@code .gz} after something else. */
    static final List<String> KNOWN =
            List.of(".nii.gz", ".tar.gz", ".json", ".bvec", ".bval", ".nrrd", ".nii", ".tar", ".dcm", ".IMA", ".mnc");

    /** What may not follow a dot within a description, whatever its case. */
    static final String ALTERNATIVES = "nii|json|bvec|bval|nrrd|tar|dcm|ima|mnc";

    private Extension() {}

    static Optional<String> of(String name) {
        return KNOWN.stream().filter(name::endsWith).findFirst();
    }
}

package org.datman.export.publish;

import java.util.Map;

/** Archive paths of the files of a stem, relative to the archive. */
public final class Paths {

    private static final Map<String, String> EXTENSIONS =
            Map.of("nifti", ".nii.gz", "sidecar", ".json", "bval", ".bval", "bvec", ".bvec", "dicom", ".dcm");

    private Paths() {}

    /** Path of a file by its role. */
    public static String of(String role, String study, String session, String stem) {
        return switch (role) {
            case "nifti", "sidecar", "bval", "bvec" -> study + "/nii/" + session + "/" + stem + EXTENSIONS.get(role);
            case "dicom" -> study + "/dcm/" + session + "/" + stem + EXTENSIONS.get(role);
            case "provenance" -> study + "/provenance/" + session + "/" + stem + ".prov.json";
            case "log" -> study + "/provenance/" + session + "/" + stem + ".dcm2niix.log";
            default -> throw new IllegalArgumentException("No place for files of role " + role);
        };
    }
}

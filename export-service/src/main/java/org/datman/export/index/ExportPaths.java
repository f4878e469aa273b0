package org.datman.export.index;

import java.util.Map;
import org.datman.contracts.event.FileRole;
import org.datman.contracts.event.SeriesTagged;

/** Archive paths of the files of a stem, relative to the archive. */
public final class ExportPaths {

    private static final Map<FileRole, String> EXTENSIONS = Map.of(
            FileRole.NIFTI,
            ".nii.gz",
            FileRole.SIDECAR,
            ".json",
            FileRole.BVAL,
            ".bval",
            FileRole.BVEC,
            ".bvec",
            FileRole.DICOM,
            ".dcm");

    private ExportPaths() {}

    /** Path of a file of a tagged series by its role. */
    public static String of(FileRole role, SeriesTagged tagged, String stem) {
        return of(role, tagged.study().orElseThrow(), tagged.sessionName().orElseThrow(), stem);
    }

    /** Path of a file by its role. */
    public static String of(FileRole role, String study, String session, String stem) {
        return switch (role) {
            case NIFTI, SIDECAR, BVAL, BVEC -> study + "/nii/" + session + "/" + stem + EXTENSIONS.get(role);
            case DICOM -> study + "/dcm/" + session + "/" + stem + EXTENSIONS.get(role);
            case PROVENANCE -> study + "/provenance/" + session + "/" + stem + ".prov.json";
            case LOG -> study + "/provenance/" + session + "/" + stem + ".dcm2niix.log";
            default -> throw new IllegalArgumentException("No place for files of role " + role);
        };
    }
}

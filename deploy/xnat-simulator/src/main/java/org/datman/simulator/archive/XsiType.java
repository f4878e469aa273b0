package org.datman.simulator.archive;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** XNAT's names for kinds of sessions and scans, by DICOM modality. */
public final class XsiType {
    private static final Map<String, String> STEM = Map.of("MR", "mr", "PT", "pet", "CT", "ct");

    private XsiType() {}

    /** The session type of a leading modality; XNAT calls an unknown one "other DICOM". */
    public static String session(String modality) {
        String stem = STEM.get(modality);
        return "xnat:" + (stem == null ? "otherDicom" : stem) + "SessionData";
    }

    /** The modality of a session type that can be made; empty for another. */
    public static Optional<String> modality(String sessionType) {
        return Stream.of("MR", "PT", "CT", "OT")
                .filter(modality -> session(modality).equalsIgnoreCase(sessionType))
                .findFirst();
    }

    /** Whether a type is one of image assessors; its definition is not checked. */
    public static boolean isAssessor(String type) {
        return type.matches("\\w+:\\w*Assess(or|ment)\\w*");
    }

    /** The scan type of a series; secondary capture goes before the modality that it claims. */
    public static String scan(String modality, boolean secondaryCapture) {
        if (secondaryCapture) {
            return "xnat:scScanData";
        }
        if ("SR".equals(modality)) {
            return "xnat:srScanData";
        }
        if ("SEG".equals(modality)) {
            return "xnat:segScanData";
        }
        String stem = STEM.get(modality);
        return "xnat:" + (stem == null ? "otherDicom" : stem) + "ScanData";
    }

    /** The modality that determines the type of a session: the first present of MR, PT, CT, else the most specific of the others. */
    public static String leadingModality(List<String> modalities) {
        for (String leading : List.of("MR", "PT", "CT")) {
            if (modalities.contains(leading)) {
                return leading;
            }
        }
        return modalities.stream().filter(m -> !m.isEmpty()).findFirst().orElse("OT");
    }

    /** Whether {@code type} is {@code root} or one of its sub-types; a null root accepts everything. */
    public static boolean isA(String type, String root) {
        if (root == null || root.isEmpty() || type.equalsIgnoreCase(root)) {
            return true;
        }
        return switch (root.toLowerCase(Locale.ROOT)) {
            case "xnat:imagesessiondata", "xnat:subjectassessordata", "xnat:experimentdata" ->
                type.endsWith("SessionData");
            case "xnat:imageassessordata" -> isAssessor(type);
            case "xnat:imagescandata" -> type.endsWith("ScanData");
            default -> false;
        };
    }
}

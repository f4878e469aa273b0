package org.datman.contracts.study;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * How a series' header is compared with its gold standard. Field names are those of dcm2niix' sidecar, case-sensitive.
 *
 * @param ignored fields that are not compared
 * @param tolerances numeric tolerance by field; for fields that are not listed the field table of qc-metrics decides
 * @param severities weight of a difference by field; for fields that are not listed the field table decides
 * @param named those of the ignored that the study, the site or the tag lists itself, not by default
 */
public record HeaderRules(
        Set<String> ignored, Map<String, Tolerance> tolerances, Map<String, Severity> severities, Set<String> named) {

    /** The defaults: fields that differ between two good sessions are not compared. */
    public static final HeaderRules USUAL = new HeaderRules(
            Set.of(
                    "AcquisitionTime",
                    "SeriesNumber",
                    "ProtocolName",
                    "SeriesDescription",
                    "WipMemBlock",
                    "SAR",
                    "ShimSetting",
                    "ConversionSoftwareVersion",
                    "ImageOrientationPatientDICOM",
                    "TxRefAmp",
                    "ProcedureStepDescription",
                    "SoftwareVersions",
                    "ScanOptions"),
            Map.of(),
            Map.of(),
            Set.of());

    public HeaderRules {
        ignored = Set.copyOf(ignored);
        tolerances = Map.copyOf(tolerances);
        severities = Map.copyOf(severities);
        named = Set.copyOf(named);
    }

    /** Rules whose ignored fields are all named explicitly. */
    public HeaderRules(Set<String> ignored, Map<String, Tolerance> tolerances, Map<String, Severity> severities) {
        this(ignored, tolerances, severities, ignored);
    }

    /** These rules with others added; where both have a field, the others win. */
    HeaderRules plus(HeaderRules more) {
        Set<String> allIgnored = new HashSet<>(ignored);
        allIgnored.addAll(more.ignored);
        Set<String> allNamed = new HashSet<>(named);
        allNamed.addAll(more.named);
        return new HeaderRules(
                allIgnored, Maps.plus(tolerances, more.tolerances), Maps.plus(severities, more.severities), allNamed);
    }
}

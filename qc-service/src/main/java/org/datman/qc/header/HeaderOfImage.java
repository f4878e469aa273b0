package org.datman.qc.header;

import java.util.List;
import org.datman.contracts.event.QcComplete;
import org.datman.contracts.event.QcComplete.Acquisition;
import org.datman.contracts.study.HeaderRules;
import org.datman.contracts.study.Severity;
import org.datman.header.Comparator;
import org.datman.header.ParameterRecord;
import org.datman.header.Value;
import org.jspecify.annotations.Nullable;

/**
 * How an image was scanned, by its sidecar and kept DICOM.
 *
 * @param dicom content of the DICOM, or null when there is none that can be read
 * @param all both merged, the sidecar before the DICOM; null when there is neither
 */
public record HeaderOfImage(
        @Nullable ParameterRecord dicom, @Nullable ParameterRecord all) {

    /** What it was scanned with. */
    public Acquisition acquisition() {
        return new Acquisition(text("DeviceSerialNumber"), text("SoftwareVersions"), text("ReceiveCoilName"));
    }

    private String text(String field) {
        return all == null ? "" : all.value(field).map(Value::text).orElse("");
    }

    /**
     * Images or sources of one series with different values.
     *
     * @param field the field
     * @param severity how much it matters
     * @param text for a rater
     */
    public record Contradiction(String field, Severity severity, String text) {}

    /**
     * Where images or sources of one series contradict each other in a protocol field, or in a field that the study names a
     * severity for. The image type is left out: the converter writes its own values.
     *
     * @param rules fields that the study ignores, and severities that it sets: as for a gold standard
     */
    public List<Contradiction> contradictions(HeaderRules rules) {
        return (all == null ? List.<ParameterRecord.Conflict>of() : all.conflicts())
                .stream()
                        .filter(conflict -> conflict.field().compare() != Comparator.IMAGE_TYPE)
                        .filter(conflict ->
                                !rules.ignored().contains(conflict.field().name()))
                        .map(conflict -> new Contradiction(
                                conflict.field().name(),
                                severity(conflict, rules),
                                QcComplete.Verdict.CONTRADICTION
                                        + conflict.field().name() + ": " + String.join("; ", conflict.statements())))
                        .toList();
    }

    /** The study's severity; else a warning for a protocol field: which of the sources is right is unknown. */
    private static Severity severity(ParameterRecord.Conflict conflict, HeaderRules rules) {
        Severity preset = conflict.field().severity() == Severity.FLAG ? Severity.WARN : Severity.NOTE;
        return rules.severities().getOrDefault(conflict.field().name(), preset);
    }
}

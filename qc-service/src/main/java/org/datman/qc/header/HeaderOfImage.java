package org.datman.qc.header;

import java.util.List;
import java.util.Optional;
import org.datman.contracts.event.QcComplete;
import org.datman.contracts.event.QcComplete.Acquisition;
import org.datman.contracts.study.HeaderRules;
import org.datman.contracts.study.Severity;
import org.datman.metrics.header.Comparator;
import org.datman.metrics.header.ParameterRecord;
import org.datman.metrics.header.Value;
import org.datman.metrics.header.Weight;

/**
 * What sidecar and kept DICOM of an image say of how it was scanned.
 *
 * @param dicom what the DICOM says, if there is one that can be read
 * @param all both together, the sidecar's word before the DICOM's; empty if there is neither
 */
public record HeaderOfImage(Optional<ParameterRecord> dicom, Optional<ParameterRecord> all) {

    /** What it was scanned with. */
    public Acquisition acquisition() {
        return new Acquisition(text("DeviceSerialNumber"), text("SoftwareVersions"), text("ReceiveCoilName"));
    }

    private String text(String field) {
        return all.flatMap(header -> header.value(field)).map(Value::text).orElse("");
    }

    /**
     * Images or sources of the one series that say different things.
     *
     * @param field the field
     * @param severity how much it matters
     * @param sentence for a rater
     */
    public record Contradiction(String field, Severity severity, String sentence) {}

    /**
     * Where images or sources of the one series contradict each other in what a protocol is made of, or in what the study names a
     * severity for. The image type is left out: the converter writes it in words of its own.
     *
     * @param rules fields that the study ignores, and severities that it gives: what holds against a gold standard holds here
     */
    public List<Contradiction> contradictions(HeaderRules rules) {
        return all.map(ParameterRecord::conflicts).orElse(List.of()).stream()
                .filter(conflict -> conflict.field().compare() != Comparator.IMAGE_TYPE)
                .filter(conflict -> !rules.ignored().contains(conflict.field().name()))
                .map(conflict -> new Contradiction(
                        conflict.field().name(),
                        severity(conflict, rules),
                        QcComplete.Verdict.CONTRADICTION + conflict.field().name() + ": "
                                + String.join("; ", conflict.statements())))
                .toList();
    }

    /** The study's word; else a warning where a protocol is concerned: which of the sources is right, nobody knows. */
    private static Severity severity(ParameterRecord.Conflict conflict, HeaderRules rules) {
        Severity preset = conflict.field().weight() == Weight.BLOCK ? Severity.WARN : Severity.NOTE;
        return rules.severities().getOrDefault(conflict.field().name(), preset);
    }
}

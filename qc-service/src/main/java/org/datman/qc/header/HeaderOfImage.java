package org.datman.qc.header;

import java.util.List;
import java.util.Optional;
import org.datman.contracts.event.QcComplete.Acquisition;
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
     * Where images or sources of the one series contradict each other in what a protocol is made of. The image type is left out: the
     * converter writes it in words of its own.
     */
    public List<String> contradictions() {
        return all.map(ParameterRecord::conflicts).orElse(List.of()).stream()
                .filter(conflict -> conflict.field().weight() == Weight.BLOCK)
                .filter(conflict -> conflict.field().compare() != Comparator.IMAGE_TYPE)
                .map(conflict -> "The header contradicts itself in "
                        + conflict.field().name() + ": " + String.join("; ", conflict.statements()))
                .toList();
    }
}

package org.datman.contracts.study;

import java.util.List;

/**
 * The DICOM elements that {@code series-discovered} carries, by keyword, and therefore all that a {@code Header} rule can
 * use. Only technical elements: what describes a person, names one or is written by one about one is not among them.
 */
public final class HeaderKeywords {

    public static final List<String> CARRIED = List.of(
            "SOPClassUID",
            "Modality",
            "StudyDate",
            "SeriesNumber",
            "SeriesDescription",
            "ProtocolName",
            "SequenceName",
            "ScanningSequence",
            "SequenceVariant",
            "ScanOptions",
            "MRAcquisitionType",
            "ImageType",
            "RepetitionTime",
            "EchoTime",
            "EchoNumbers",
            "InversionTime",
            "FlipAngle",
            "EchoTrainLength",
            "PixelBandwidth",
            "SliceThickness",
            "SpacingBetweenSlices",
            "Rows",
            "Columns",
            "NumberOfFrames",
            "MagneticFieldStrength",
            "Manufacturer",
            "ManufacturerModelName",
            "DeviceSerialNumber",
            "StationName",
            "SoftwareVersions",
            "ReceiveCoilName",
            "InPlanePhaseEncodingDirection");

    private HeaderKeywords() {}
}

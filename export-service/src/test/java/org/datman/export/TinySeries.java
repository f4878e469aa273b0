package org.datman.export;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.datman.imaging.dicom.DicomDataset;
import org.datman.imaging.dicom.DicomWriter;
import org.datman.imaging.dicom.Tag;
import org.datman.imaging.dicom.Vr;

/** Writes small but valid MR series that dcm2niix converts, so that tests need no real scans. */
public final class TinySeries {

    private static final int SIZE = 16;

    private TinySeries() {}

    /** A 16×16 series of some slices and echoes, its voxels generated from a seed. */
    public static Path write(Path folder, int series, String description, int slices, int echoes, int seed)
            throws IOException {
        return write(folder, series, series, description, slices, echoes, seed);
    }

    /** The same with the SeriesInstanceUID of another series. */
    public static Path write(Path folder, int series, int uidOf, String description, int slices, int echoes, int seed)
            throws IOException {
        return write(folder, 1, series, uidOf, description, slices, echoes, seed);
    }

    /** A series of one of several exams (StudyInstanceUID). */
    public static Path ofExam(Path folder, int exam, int series, int slices) throws IOException {
        return write(folder, exam, series, series, "Sag T1", slices, 1, series);
    }

    private static Path write(
            Path folder, int exam, int series, int uidOf, String description, int slices, int echoes, int seed)
            throws IOException {
        Files.createDirectories(folder);
        for (int echo = 1; echo <= echoes; echo++) {
            for (int slice = 0; slice < slices; slice++) {
                int instance = (echo - 1) * slices + slice + 1;
                DicomWriter.write(
                        folder.resolve(String.format(java.util.Locale.ROOT, "IM%04d.dcm", instance)),
                        slice(exam, series, uidOf, description, slice, echo, echoes, instance, seed));
            }
        }
        return folder;
    }

    private static DicomDataset slice(
            int exam,
            int series,
            int uidOf,
            String description,
            int slice,
            int echo,
            int echoes,
            int instance,
            int seed) {
        short[] pixels = new short[SIZE * SIZE];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (short) (100 + (i * 7 + slice * 31 + echo * 101 + seed * 1009) % 900);
        }
        String study = "1.2.826.0.1.3680043.10.999." + exam;
        return DicomDataset.builder()
                .set("SOPClassUID", "1.2.840.10008.5.1.4.1.1.4")
                .set("SOPInstanceUID", study + "." + series + "." + instance)
                .set("StudyInstanceUID", study)
                .set("SeriesInstanceUID", study + "." + uidOf)
                .set("FrameOfReferenceUID", study + ".9")
                .set("Modality", "MR")
                .set("Manufacturer", "TINY")
                .set("ImageType", "ORIGINAL", "PRIMARY", "M")
                .set("PatientName", "Hidden^Person")
                .set("PatientID", "SPN01_CMH_0001_01_01")
                .set("StudyDate", "20260305")
                .set("SeriesDate", "20260305")
                .set("AcquisitionDate", "20260305")
                .set("StudyTime", "100000")
                .set("SeriesTime", "100000")
                .set("AcquisitionTime", "100000")
                .set("ContentTime", "100000")
                .set("SeriesDescription", description)
                .set("ProtocolName", description)
                .set("SeriesNumber", Integer.toString(series))
                .set("AcquisitionNumber", "1")
                .set("InstanceNumber", Integer.toString(instance))
                .set("EchoTime", Integer.toString(5 * echo))
                .set("RepetitionTime", "500")
                .set("EchoNumbers", Integer.toString(echo))
                .set("EchoTrainLength", Integer.toString(echoes))
                .set("MagneticFieldStrength", "3")
                .set("SliceThickness", "3")
                .set("PixelSpacing", "2", "2")
                .set("ImagePositionPatient", "-16", "-16", Integer.toString(slice * 3))
                .set("ImageOrientationPatient", "1", "0", "0", "0", "1", "0")
                .set("SamplesPerPixel", 1)
                .set("PhotometricInterpretation", "MONOCHROME2")
                .set("Rows", SIZE)
                .set("Columns", SIZE)
                .set("BitsAllocated", 16)
                .set("BitsStored", 16)
                .set("HighBit", 15)
                .set("PixelRepresentation", 0)
                .set(Tag.PIXEL_DATA, Vr.OW, pixels)
                .build();
    }
}

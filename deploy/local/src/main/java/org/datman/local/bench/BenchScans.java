package org.datman.local.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.datman.imaging.dicom.DicomDataset;
import org.datman.imaging.dicom.DicomDatasetBuilder;
import org.datman.imaging.dicom.DicomWriter;
import org.datman.imaging.dicom.Tag;
import org.datman.imaging.dicom.Vr;

/**
 * Series of single-slice DICOM as a scanner sends them: a bright ellipsoid with noise, so that its voxels compress about as those of a
 * head do.
 *
 * @param number its SeriesNumber
 * @param size rows and columns
 * @param slices slices of each volume
 * @param volumes one for an anatomical image
 */
record BenchScans(int number, String description, int size, int slices, int volumes) {

    private static final String ROOT = "1.2.826.0.1.3680043.10.999.4.";
    private static final int TISSUE = 900;
    private static final int NOISE_INSIDE = 160;
    private static final int NOISE_OUTSIDE = 24;

    int files() {
        return slices * volumes;
    }

    /** Writes its files into a folder; the same series always has the same bytes. */
    void write(Path folder) throws IOException {
        Files.createDirectories(folder);
        Random random = new Random(number);
        for (int volume = 0; volume < volumes; volume++) {
            for (int slice = 0; slice < slices; slice++) {
                int instance = volume * slices + slice + 1;
                DicomWriter.write(
                        folder.resolve("s%d-%06d.dcm".formatted(number, instance)),
                        image(volume, slice, instance, random));
            }
        }
    }

    private DicomDataset image(int volume, int slice, int instance, Random random) {
        double voxel = 224.0 / size;
        String time = "10%02d%02d".formatted(volume / 30 % 60, volume * 2 % 60);
        String corner = Double.toString(-size * voxel / 2);
        DicomDatasetBuilder image = DicomDataset.builder()
                .set("SOPClassUID", "1.2.840.10008.5.1.4.1.1.4")
                .set("SOPInstanceUID", ROOT + number + "." + instance)
                .set("StudyInstanceUID", ROOT + "0")
                .set("SeriesInstanceUID", ROOT + number)
                .set("FrameOfReferenceUID", ROOT + "9")
                .set("Modality", "MR")
                .set("Manufacturer", "BENCH")
                .set("ImageType", "ORIGINAL", "PRIMARY", "M")
                .set("PatientID", "BEN01_CMH_0001_01_01")
                .set("StudyDate", "20261102")
                .set("SeriesDate", "20261102")
                .set("AcquisitionDate", "20261102")
                .set("StudyTime", "100000")
                .set("SeriesTime", "100000")
                .set("AcquisitionTime", time)
                .set("ContentTime", time)
                .set("SeriesDescription", description)
                .set("ProtocolName", description)
                .set("SeriesNumber", Integer.toString(number))
                .set("AcquisitionNumber", Integer.toString(volume + 1))
                .set("InstanceNumber", Integer.toString(instance))
                .set("EchoTime", "30")
                .set("RepetitionTime", "2000")
                .set("MagneticFieldStrength", "3")
                .set("SliceThickness", "3")
                .set("PixelSpacing", Double.toString(voxel), Double.toString(voxel))
                .set("ImagePositionPatient", corner, corner, Integer.toString(slice * 3))
                .set("ImageOrientationPatient", "1", "0", "0", "0", "1", "0")
                .set("SamplesPerPixel", 1)
                .set("PhotometricInterpretation", "MONOCHROME2")
                .set("Rows", size)
                .set("Columns", size)
                .set("BitsAllocated", 16)
                .set("BitsStored", 16)
                .set("HighBit", 15)
                .set("PixelRepresentation", 0)
                .set(Tag.PIXEL_DATA, Vr.OW, pixels(slice, random));
        if (volumes > 1) {
            image.set("TemporalPositionIdentifier", Integer.toString(volume + 1))
                    .set("NumberOfTemporalPositions", Integer.toString(volumes));
        }
        return image.build();
    }

    private short[] pixels(int slice, Random random) {
        short[] pixels = new short[size * size];
        double z = (2.0 * slice + 1) / slices - 1;
        for (int row = 0; row < size; row++) {
            double y = (2.0 * row + 1) / size - 1;
            for (int column = 0; column < size; column++) {
                double x = (2.0 * column + 1) / size - 1;
                double radius = x * x / 0.5 + y * y / 0.7 + z * z;
                pixels[row * size + column] = (short)
                        (radius < 1
                                ? TISSUE + 300 * (1 - radius) + random.nextInt(NOISE_INSIDE)
                                : random.nextInt(NOISE_OUTSIDE));
            }
        }
        return pixels;
    }
}

package org.datman.export.series;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.datman.contracts.event.FileRole;
import org.datman.contracts.event.SeriesExported;
import org.datman.contracts.event.SeriesTagged;
import org.datman.contracts.event.SeriesTagged.Assignment;
import org.datman.contracts.event.SeriesTaggedAssignmentBuilder;
import org.datman.imaging.dicom.DicomDataset;
import org.datman.imaging.dicom.DicomDatasetBuilder;
import org.datman.imaging.dicom.DicomReader;
import org.datman.imaging.dicom.DicomWriter;
import org.datman.imaging.dicom.Tag;
import org.datman.imaging.dicom.Vr;
import org.datman.imaging.nifti.NiftiReader;
import org.datman.simulator.archive.Session;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A series whose volumes alternate in readout polarity: GE's research sequence epi_pepolar reverses every second volume, and dcm2niix
 * (1.0.20220720 and 1.0.20260724) creates two images from it, the reversed volumes under the series number plus 1000.
 */
class BothPolaritiesTest {

    private static final int SIZE = 16;
    private static final int SLICES = 4;
    private static final int VOLUMES = 4;

    @TempDir
    Path folder;

    @AutoClose
    private ExportFixture fixture;

    @BeforeEach
    void build() throws IOException {
        fixture = new ExportFixture(folder);
    }

    @Test
    void eachImageKeepsADicomOfItsOwn() throws IOException {
        // Given
        write(folder.resolve("dicom"));
        Session session = fixture.load(folder.resolve("dicom"));
        SeriesTagged tagged =
                fixture.tagged(session, session.scans().get(0), direction("PA", "j"), direction("AP", "j-"));

        // When
        SeriesExported exported = fixture.export(tagged);

        // Then
        assertThat(exported.products())
                .as("%s", exported.reason())
                .extracting(SeriesExported.Product::tag)
                .containsExactly("PA", "AP");
        List<Integer> volumes =
                exported.products().stream().map(this::volumeOfDicom).toList();
        // LINEAR is j, and every second volume is reversed.
        assertThat(volumes).containsExactly(1, 2);
        for (int i = 0; i < 2; i++) {
            float first = firstVoxels(exported.products().get(i));
            // Voxels of volume v are 1000 v and a little.
            assertThat(Math.round(first / 1000)).isEqualTo(volumes.get(i));
        }
    }

    private static Assignment direction(String tag, String direction) {
        Assignment plain = ExportFixture.tag(tag, "08", "pepolar");
        return SeriesTaggedAssignmentBuilder.builder()
                .tag(plain.tag())
                .stem(plain.stem())
                .qcKind("fmap")
                .formats(plain.formats())
                .phaseEncodingDirection(Optional.of(direction))
                .build();
    }

    private int volumeOfDicom(SeriesExported.Product product) {
        try {
            return DicomReader.read(fixture.archive.resolve(
                            product.file(FileRole.DICOM).orElseThrow().path()))
                    .integer("TemporalPositionIdentifier")
                    .orElseThrow();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private float firstVoxels(SeriesExported.Product product) throws IOException {
        try (NiftiReader reader = org.datman.imaging.nifti.NiftiReader.open(fixture.archive.resolve(
                product.file(FileRole.NIFTI).orElseThrow().path()))) {
            float[] volume = reader.readVolume();
            float least = Float.MAX_VALUE;
            for (float voxel : volume) {
                least = Math.min(least, voxel);
            }
            return least;
        }
    }

    static void write(Path folder) throws IOException {
        Files.createDirectories(folder);
        for (int volume = 1; volume <= VOLUMES; volume++) {
            for (int slice = 0; slice < SLICES; slice++) {
                int instance = (volume - 1) * SLICES + slice + 1;
                DicomWriter.write(folder.resolve("IM" + (100 + instance) + ".dcm"), slice(volume, slice, instance));
            }
        }
    }

    private static DicomDataset slice(int volume, int slice, int instance) {
        short[] pixels = new short[SIZE * SIZE];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (short) (1000 * volume + (i * 7 + slice * 31) % 200);
        }
        String study = "1.2.826.0.1.3680043.10.999.8";
        DicomDatasetBuilder builder = DicomDataset.builder()
                .set("SOPClassUID", "1.2.840.10008.5.1.4.1.1.4")
                .set("SOPInstanceUID", study + ".8." + instance)
                .set("StudyInstanceUID", study)
                .set("SeriesInstanceUID", study + ".8")
                .set("Modality", "MR")
                .set("Manufacturer", "GE MEDICAL SYSTEMS")
                .set("ManufacturerModelName", "SIGNA Premier")
                .set("ImageType", "ORIGINAL", "PRIMARY", "OTHER")
                .set("StudyDate", "20260305")
                .set("SeriesDate", "20260305")
                .set("StudyTime", "100000")
                .set("SeriesTime", "100000")
                .set("ContentTime", "100000")
                .set("SeriesDescription", "pepolar")
                .set("SeriesNumber", "8")
                .set("AcquisitionNumber", "1")
                .set("InstanceNumber", Integer.toString(instance))
                .set("ScanningSequence", "EP", "SE")
                .set("SequenceVariant", "SS")
                .set("ScanOptions", "EPI_GEMS", "PFF")
                .set("MRAcquisitionType", "2D")
                .set("InPlanePhaseEncodingDirection", "COL")
                .set("RectilinearPhaseEncodeReordering", "LINEAR")
                .set("EchoTime", "80")
                .set("RepetitionTime", "6000")
                .set("EchoTrainLength", "1")
                .set("MagneticFieldStrength", "3")
                .set("SliceThickness", "3")
                .set("SpacingBetweenSlices", "3")
                .set("PixelSpacing", "2", "2")
                .set("NumberOfTemporalPositions", Integer.toString(VOLUMES))
                .set("TemporalPositionIdentifier", Integer.toString(volume))
                .set("ImagesInAcquisition", Integer.toString(SLICES * VOLUMES))
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
                .set(Tag.PIXEL_DATA, Vr.OW, pixels);
        builder.set(builder.privateTag(0x0019, "GEMS_ACQU_01", 0x9C), Vr.LO, "research/ABCD/epi_pepolar");
        builder.set(builder.privateTag(0x0019, "GEMS_ACQU_01", 0x9E), Vr.LO, "EPI2");
        builder.set(builder.privateTag(0x0019, "GEMS_ACQU_01", 0xB3), Vr.DS, "3");
        return builder.build();
    }
}

package org.datman.export.series;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.datman.contracts.event.FileRole;
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.SeriesExported;
import org.datman.contracts.event.SeriesExported.Outcome;
import org.datman.imaging.dicom.DicomDataset;
import org.datman.imaging.dicom.DicomDatasetBuilder;
import org.datman.imaging.dicom.DicomWriter;
import org.datman.imaging.dicom.Tag;
import org.datman.imaging.dicom.Vr;
import org.datman.imaging.nifti.NiftiImage;
import org.datman.simulator.archive.Session;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A run that was stopped within a volume, in one multi-frame file. */
class PartialFramesTest {

    private static final int SIZE = 16;
    private static final int SLICES = 5;

    @TempDir
    Path folder;

    @Test
    void itsCompleteVolumesAreKept() throws IOException {
        try (ExportFixture fixture = new ExportFixture(folder)) {
            // Given three complete volumes and three slices of a fourth
            Path scans = Files.createDirectories(folder.resolve("scans"));
            DicomWriter.write(scans.resolve("run.dcm"), run(3 * SLICES + 3, 0));
            Session session = fixture.load(scans);

            // When
            SeriesExported exported = fixture.export(
                    fixture.tagged(session, session.scans().get(0), ExportFixture.tag("RST", "05", "Run")));

            // Then
            assertThat(exported.outcome()).isEqualTo(Outcome.PARTIAL);
            assertThat(exported.reason().map(Reason::message).orElse(""))
                    .contains("3 of 4 volumes are complete, only these are for conversion: volume 4 has 3 of 5 slices");
            SeriesExported.Product product = exported.products().get(0);
            assertThat(product.dimensions()).containsExactly(SIZE, SIZE, SLICES, 3);
            NiftiImage image = NiftiImage.read(fixture.archive.resolve(
                    product.file(FileRole.NIFTI).orElseThrow().path()));
            for (int volume = 0; volume < 3; volume++) {
                for (int slice = 0; slice < SLICES; slice++) {
                    assertThat(image.volumes()[volume][slice * SIZE * SIZE]).isEqualTo(value(volume * SLICES + slice));
                }
            }
            assertThat(fixture.archive.resolve(
                            product.file(FileRole.DICOM).orElseThrow().path()))
                    .as("the received file, whole")
                    .satisfies(kept -> assertThat(Files.size(kept)).isGreaterThan(18L * SIZE * SIZE * Short.BYTES));
        }
    }

    /** More pixels than the header states, by which the frames cannot be found; and so many more that the division has no rest. */
    @ParameterizedTest
    @ValueSource(ints = {32, 3 * SLICES + 3})
    void whatCannotBeCutIsNotConvertedAndTheDicomIsKept(int surplusWords) throws IOException {
        try (ExportFixture fixture = new ExportFixture(folder)) {
            // Given a file whose incomplete volume cannot be taken out
            Path scans = Files.createDirectories(folder.resolve("scans"));
            DicomWriter.write(scans.resolve("run.dcm"), run(3 * SLICES + 3, surplusWords));
            Session session = fixture.load(scans);

            // When
            SeriesExported exported = fixture.export(
                    fixture.tagged(session, session.scans().get(0), ExportFixture.tag("RST", "05", "Run")));

            // Then
            assertThat(exported.outcome()).isEqualTo(Outcome.PARTIAL);
            assertThat(exported.reason().map(Reason::message).orElse(""))
                    .contains("dcm2niix created no image", "3 frames of incomplete volumes cannot be taken out");
            assertThat(exported.reason().map(Reason::code)).contains("not-converted");
            assertThat(exported.reason().map(Reason::action).orElse("")).contains("whole volumes only");
            assertThat(exported.products()).hasSize(1);
            SeriesExported.Product product = exported.products().get(0);
            assertThat(product.file(FileRole.NIFTI)).isEmpty();
            assertThat(fixture.archive.resolve(
                            product.file(FileRole.DICOM).orElseThrow().path()))
                    .exists();
        }
    }

    private static float value(int frame) {
        return 100 + 10 * frame;
    }

    /** Frames in the order of time, each of one value. */
    private static DicomDataset run(int frames, int surplusWords) {
        List<DicomDataset> items = new ArrayList<>();
        short[] pixels = new short[frames * SIZE * SIZE + surplusWords];
        for (int frame = 0; frame < frames; frame++) {
            Arrays.fill(pixels, frame * SIZE * SIZE, (frame + 1) * SIZE * SIZE, (short) value(frame));
            int slice = frame % SLICES;
            int point = frame / SLICES + 1;
            items.add(DicomDataset.builder()
                    .set(
                            "FrameContentSequence",
                            DicomDataset.builder()
                                    .set("StackID", "1")
                                    .set("InStackPositionNumber", slice + 1)
                                    .set("TemporalPositionIndex", point)
                                    .set("DimensionIndexValues", 1, slice + 1, point)
                                    .build())
                    .set(
                            "PlanePositionSequence",
                            DicomDataset.builder()
                                    .set("ImagePositionPatient", -16, -16, slice * 3)
                                    .build())
                    .build());
        }
        DicomDatasetBuilder builder = DicomDataset.builder()
                .set("SOPClassUID", "1.2.840.10008.5.1.4.1.1.4.1")
                .set("SOPInstanceUID", "1.2.826.0.1.3680043.10.999.7.1")
                .set("StudyInstanceUID", "1.2.826.0.1.3680043.10.999.7")
                .set("SeriesInstanceUID", "1.2.826.0.1.3680043.10.999.7.5")
                .set("Modality", "MR")
                .set("Manufacturer", "Philips")
                .set("ImageType", "ORIGINAL", "PRIMARY", "M")
                .set("PatientID", "SPN01_CMH_0001_01_01")
                .set("StudyDate", "20260305")
                .set("SeriesDescription", "Run")
                .set("SeriesNumber", "5")
                .set("AcquisitionNumber", "1")
                .set("InstanceNumber", "1")
                .set("SamplesPerPixel", 1)
                .set("PhotometricInterpretation", "MONOCHROME2")
                .set("NumberOfFrames", Integer.toString(frames))
                .set("Rows", SIZE)
                .set("Columns", SIZE)
                .set("BitsAllocated", 16)
                .set("BitsStored", 16)
                .set("HighBit", 15)
                .set("PixelRepresentation", 0)
                // StackID, InStackPositionNumber, TemporalPositionIndex.
                .set("DimensionIndexSequence", pointer(0x56), pointer(0x57), pointer(0x28))
                .set(
                        "SharedFunctionalGroupsSequence",
                        DicomDataset.builder()
                                .set(
                                        "PixelMeasuresSequence",
                                        DicomDataset.builder()
                                                .set("SliceThickness", 3)
                                                .set("PixelSpacing", 2, 2)
                                                .build())
                                .set(
                                        "PlaneOrientationSequence",
                                        DicomDataset.builder()
                                                .set("ImageOrientationPatient", 1, 0, 0, 0, 1, 0)
                                                .build())
                                .set(
                                        "MREchoSequence",
                                        DicomDataset.builder()
                                                .set("EffectiveEchoTime", 30.0)
                                                .build())
                                .set(
                                        "MRTimingAndRelatedParametersSequence",
                                        DicomDataset.builder()
                                                .set("RepetitionTime", 2000)
                                                .build())
                                .build())
                .set("PerFrameFunctionalGroupsSequence", items.toArray(DicomDataset[]::new));
        return builder.set(Tag.PIXEL_DATA, Vr.OW, pixels).build();
    }

    private static DicomDataset pointer(int element) {
        byte high = (byte) (element == 0x28 ? 0x91 : 0x90);
        return DicomDataset.builder()
                .set(Tag.of(0x20, 0x9165), Vr.AT, new byte[] {0x20, 0, (byte) element, high})
                .set(Tag.of(0x20, 0x9167), Vr.AT, new byte[] {0x20, 0, 0x11, (byte) 0x91})
                .build();
    }
}

package org.datman.export.completeness;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.datman.contracts.event.BurnedInText;
import org.datman.export.dicom.DicomImage;
import org.datman.export.dicom.ImageHeader;
import org.datman.export.dicom.SourceFiles;
import org.datman.export.download.VerifiedDownload;
import org.datman.export.download.VerifiedFile;
import org.datman.imaging.dicom.DicomDataset;
import org.datman.imaging.dicom.DicomWriter;
import org.datman.imaging.dicom.Tag;
import org.datman.imaging.dicom.Vr;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Seconds from the files of a large series to what is expected of it and what arrived: headers read, images counted. {@code ./datman
 * bench completeness} runs it and prints what it found.
 */
class CompletenessBench {

    private static final int SLICES = 50;
    private static final int ROUNDS = 3;
    private static final double GOAL_SECONDS = 2;

    @TempDir
    Path folder;

    @Test
    void secondsOfALargeSeries() throws IOException {
        // Given a run whose last volume is incomplete
        int instances = Integer.getInteger("datman.bench.instances", 10_000);
        int volumes = instances / SLICES + 1;
        List<VerifiedFile> files = new ArrayList<>();
        for (int i = 0; i < instances - 1; i++) {
            Path file = folder.resolve("IM" + i + ".dcm");
            DicomWriter.write(file, image(i, volumes));
            files.add(new VerifiedFile(
                    file.getFileName().toString(), file, Files.size(file), Integer.toString(i), "", true));
        }
        ThreadMXBean thread = ManagementFactory.getThreadMXBean();
        List<Double> seconds = new ArrayList<>();
        List<Double> processor = new ArrayList<>();
        SeriesCount count = null;

        // When
        for (int round = 0; round < ROUNDS; round++) {
            long begin = System.nanoTime();
            long computed = thread.getCurrentThreadCpuTime();
            List<ImageHeader> headers = SourceFiles.read(new VerifiedDownload(files, "", List.of()), BurnedInText.WITHHELD).images().stream()
                    .map(DicomImage::header)
                    .toList();
            count = SeriesCount.of(headers, false);
            seconds.add((System.nanoTime() - begin) / 1e9);
            processor.add((thread.getCurrentThreadCpuTime() - computed) / 1e9);
        }

        // Then
        System.out.printf(
                "Completeness of %,d instances: %.2f s, of which %.2f s of processor time (fastest of %d rounds; goal: at most %.0f s)%n%s%n",
                files.size(), fastest(seconds), fastest(processor), ROUNDS, GOAL_SECONDS, count.completeness());
        assertThat(count.completeness().volumesArrived()).isEqualTo(volumes - 1);
        assertThat(count.completeness().volumesComplete()).isEqualTo(volumes - 2);
    }

    private static double fastest(List<Double> rounds) {
        return rounds.stream().mapToDouble(Double::doubleValue).min().orElseThrow();
    }

    private static DicomDataset image(int index, int volumes) {
        int slice = index % SLICES;
        return DicomDataset.builder()
                .set("SOPClassUID", "1.2.840.10008.5.1.4.1.1.4")
                .set("SOPInstanceUID", "1.2.826.0.1.3680043.10.999." + index)
                .set("StudyInstanceUID", "1.2.826.0.1.3680043.10.999")
                .set("SeriesInstanceUID", "1.2.826.0.1.3680043.10.999.0")
                .set("ImageType", "ORIGINAL", "PRIMARY", "M")
                .set("Manufacturer", "BENCH")
                .set("SeriesNumber", "5")
                .set("AcquisitionNumber", "1")
                .set("InstanceNumber", Integer.toString(index + 1))
                .set("EchoTime", "30")
                .set("NumberOfTemporalPositions", Integer.toString(volumes))
                .set("TemporalPositionIdentifier", Integer.toString(index / SLICES + 1))
                .set("ImagePositionPatient", "-100", "-100", Integer.toString(slice * 3))
                .set("ImageOrientationPatient", "1", "0", "0", "0", "1", "0")
                .set("PixelSpacing", "3", "3")
                .set("SamplesPerPixel", 1)
                .set("Rows", 64)
                .set("Columns", 64)
                .set("BitsAllocated", 16)
                .set("BitsStored", 16)
                .set("HighBit", 15)
                .set("PixelRepresentation", 0)
                .set(Tag.PIXEL_DATA, Vr.OW, new short[64 * 64])
                .build();
    }
}

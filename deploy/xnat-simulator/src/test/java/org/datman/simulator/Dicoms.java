package org.datman.simulator;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.datman.imaging.dicom.DicomDataset;
import org.datman.imaging.dicom.DicomDatasetBuilder;
import org.datman.imaging.dicom.DicomWriter;

/** Tiny DICOM files for tests. */
public final class Dicoms {
    public static final String STUDY = "1.2.826.0.1.1";

    private Dicoms() {}

    /** Writes instances 1..n of a series into {@code folder} as {@code <uid>-<n>.dcm}. */
    public static void series(Path folder, String study, String uid, String number, String description, int n)
            throws IOException {
        Files.createDirectories(folder);
        for (int i = 1; i <= n; i++) {
            DicomWriter.write(
                    folder.resolve(uid + "-" + i + ".dcm"),
                    dataset(study, uid, number, description, i, "1.2.840.10008.5.1.4.1.1.4"));
        }
    }

    /** A secondary capture. */
    public static void capture(Path folder, String study, String uid, String number) throws IOException {
        Files.createDirectories(folder);
        DicomWriter.write(
                folder.resolve(uid + "-1.dcm"),
                dataset(study, uid, number, "Screen Save", 1, "1.2.840.10008.5.1.4.1.1.7"));
    }

    private static DicomDataset dataset(
            String study, String uid, String number, String description, int instance, String sopClass) {
        DicomDatasetBuilder builder = DicomDataset.builder()
                .set("SOPClassUID", sopClass)
                .set("SOPInstanceUID", uid + "." + instance)
                .set("StudyDate", "20240305")
                .set("StudyTime", "170122")
                .set("SeriesTime", "170500")
                .set("Modality", "MR")
                .set("Manufacturer", "SIEMENS")
                .set("StationName", "SITE-A")
                .set("SeriesDescription", description)
                .set("ManufacturerModelName", "Prisma")
                .set("PatientID", "CMH_0001")
                .set("MagneticFieldStrength", "3")
                .set("RepetitionTime", "2000")
                .set("EchoTime", instance == 2 && description.contains("echo") ? "20.5" : "10.5")
                .set("FlipAngle", "90")
                .set("ImageType", "ORIGINAL", "PRIMARY", "M", "NORM")
                .set("StudyInstanceUID", study)
                .set("SeriesInstanceUID", uid)
                .set("InstanceNumber", Integer.toString(instance))
                .set("Rows", 4)
                .set("Columns", 4);
        if (!number.isEmpty()) {
            builder.set("SeriesNumber", number);
        }
        return builder.build();
    }

    /** A session folder: T1 (series 2, 3 files), BOLD (series 3, 2 files, deeper), and notes for a session resource. */
    public static Path session(Path folder) throws IOException {
        series(folder.resolve("a/T1"), STUDY, "1.2.3.2", "2", "Sag T1 MPRAGE", 3);
        series(folder.resolve("b/c/BOLD"), STUDY, "1.2.3.3", "3", "rest/BOLD", 2);
        Files.createDirectories(folder.resolve("behav/run 1"));
        Files.writeString(folder.resolve("behav/run 1/task #1+2 (ü).csv"), "onset,duration\n1,2\n");
        Files.writeString(folder.resolve("notes.txt"), "all well");
        return folder;
    }

    /** A folder as the bytes of a zip. */
    public static byte[] zip(Path folder) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes, StandardCharsets.UTF_8);
                Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                zip.putNextEntry(new ZipEntry(folder.relativize(file).toString().replace('\\', '/')));
                Files.copy(file, zip);
                zip.closeEntry();
            }
        }
        return bytes.toByteArray();
    }
}

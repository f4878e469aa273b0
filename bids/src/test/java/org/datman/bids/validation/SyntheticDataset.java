package org.datman.bids.validation;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/** A raw MRI dataset without a fault: anatomical, functional, diffusion, field map and perfusion images of small size. */
final class SyntheticDataset {

    private static final String BOLD = """
            {"RepetitionTime": 2.0, "TaskName": "rest", "SliceTiming": [0.0, 0.5, 1.0, 1.5]}
            """;

    private final Path root;
    private final List<String> subjects = new ArrayList<>();

    SyntheticDataset(Path root) throws IOException {
        this.root = root;
        write("dataset_description.json", """
                {"Name": "synthetic", "BIDSVersion": "1.11.1", "DatasetType": "raw", "License": "CC0", "Authors": ["A", "B"]}
                """);
        write("README", "A dataset that is written by a test, to be validated. ".repeat(5));
        write("task-rest_bold.json", BOLD);
        write("participants.json", """
                {"group": {"Description": "arm of the study", "Levels": {"a": "first", "b": "second"}}}
                """);
    }

    Path root() {
        return root;
    }

    List<String> subjects() {
        return subjects;
    }

    /** Adds a subject with sessions; without any label its files lie in the subject's own folder. */
    void addSubject(String label, String... sessions) throws IOException {
        subjects.add("sub-" + label);
        if (sessions.length == 0) {
            addFiles("sub-" + label + "/", "sub-" + label + "_");
        }
        for (String session : sessions) {
            addFiles("sub-" + label + "/ses-" + session + "/", "sub-" + label + "_ses-" + session + "_");
        }
        StringBuilder rows = new StringBuilder("participant_id\tage\tgroup\n");
        subjects.forEach(subject -> rows.append(subject).append("\t34\ta\n"));
        write("participants.tsv", rows.toString());
    }

    private void addFiles(String folder, String prefix) throws IOException {
        image(folder + "anat/" + prefix + "T1w.nii.gz", 3, 4, 4, 4);
        write(folder + "anat/" + prefix + "T1w.json", """
                {"EchoTime": 0.003, "RepetitionTime": 2.3, "FlipAngle": 9}
                """);
        image(folder + "func/" + prefix + "task-rest_bold.nii.gz", 4, 4, 4, 4, 10);
        write(
                folder + "func/" + prefix + "task-rest_events.tsv",
                "onset\tduration\ttrial_type\n1.0\t0.5\tgo\n12.0\t0.5\tstop\n");
        write(folder + "func/" + prefix + "task-rest_events.json", """
                {"trial_type": {"Description": "what is asked", "Levels": {"go": "press", "stop": "wait"}},
                 "StimulusPresentation": {"OperatingSystem": "Linux", "SoftwareName": "x", "SoftwareRRID": "RRID:SCR_1", "SoftwareVersion": "1"}}
                """);
        image(folder + "dwi/" + prefix + "dwi.nii.gz", 4, 4, 4, 4, 3);
        write(folder + "dwi/" + prefix + "dwi.json", "{\"EchoTime\": 0.08}");
        write(folder + "dwi/" + prefix + "dwi.bval", "0 1000 1000\n");
        write(folder + "dwi/" + prefix + "dwi.bvec", "0 1 0\n0 0 1\n0 0 0\n");
        image(folder + "fmap/" + prefix + "phasediff.nii.gz", 3, 4, 4, 4);
        image(folder + "fmap/" + prefix + "magnitude1.nii.gz", 3, 4, 4, 4);
        String inSubject = folder.substring(folder.indexOf('/') + 1);
        write(
                folder + "fmap/" + prefix + "phasediff.json",
                "{\"EchoTime1\": 0.00492, \"EchoTime2\": 0.00738, \"IntendedFor\": \"" + inSubject + "func/" + prefix
                        + "task-rest_bold.nii.gz\", \"B0FieldIdentifier\": \"field\"}");
        image(folder + "perf/" + prefix + "asl.nii.gz", 4, 4, 4, 4, 2);
        write(folder + "perf/" + prefix + "aslcontext.tsv", "volume_type\ncontrol\nlabel\n");
        write(folder + "perf/" + prefix + "asl.json", """
                {"MagneticFieldStrength": 3, "MRAcquisitionType": "3D", "EchoTime": 0.012, "RepetitionTimePreparation": 4.0,
                 "ArterialSpinLabelingType": "PCASL", "PostLabelingDelay": 1.8, "BackgroundSuppression": false,
                 "M0Type": "Absent", "TotalAcquiredPairs": 1, "LabelingDuration": 1.8}
                """);
        write(
                folder + prefix + "scans.tsv",
                "filename\tacq_time\nanat/" + prefix + "T1w.nii.gz\t2026-11-02T10:00:00\nfunc/" + prefix
                        + "task-rest_bold.nii.gz\t2026-11-02T10:10:00\n");
    }

    void write(String path, String text) throws IOException {
        write(path, text.getBytes(StandardCharsets.UTF_8));
    }

    void write(String path, byte[] bytes) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.write(file, bytes);
    }

    void delete(String path) throws IOException {
        Files.delete(root.resolve(path));
    }

    void rename(String from, String to) throws IOException {
        Files.createDirectories(root.resolve(to).getParent());
        Files.move(root.resolve(from), root.resolve(to));
    }

    /** A NIfTI-1 image of zeros, 2 mm voxels, 2 s between volumes, in RAS orientation. */
    void image(String path, int dimensions, int... sizes) throws IOException {
        ByteBuffer header = header(dimensions, sizes);
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        try (OutputStream stream = path.endsWith(".gz")
                ? new GZIPOutputStream(Files.newOutputStream(file))
                : Files.newOutputStream(file)) {
            stream.write(header.array());
        }
    }

    static ByteBuffer header(int dimensions, int... sizes) {
        int voxels = 1;
        ByteBuffer header = ByteBuffer.allocate(352).order(ByteOrder.LITTLE_ENDIAN);
        header.putInt(0, 348);
        header.putShort(40, (short) dimensions);
        for (int i = 0; i < 7; i++) {
            header.putShort(42 + 2 * i, (short) (i < sizes.length ? sizes[i] : 1));
            voxels *= i < sizes.length ? sizes[i] : 1;
        }
        for (int i = 1; i <= 4; i++) {
            header.putFloat(76 + 4 * i, 2);
        }
        header.putFloat(76, 1).putShort(70, (short) 2).putShort(72, (short) 8).putFloat(108, 352);
        header.put(123, (byte) (2 | 8)).putShort(254, (short) 1);
        for (int i = 0; i < 3; i++) {
            header.putFloat(280 + 20 * i, 2);
        }
        header.put(344, (byte) 'n').put(345, (byte) '+').put(346, (byte) '1');
        byte[] whole = new byte[352 + voxels];
        header.get(0, whole, 0, 352);
        return ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN);
    }
}

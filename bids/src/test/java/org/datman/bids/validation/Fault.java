package org.datman.bids.validation;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/** Faults that are planted in a subject without sessions, each with the code of the official validator that it must have. */
enum Fault {
    EMPTY_IMAGE("EMPTY_FILE", s -> s.write("anat/", "T1w.nii.gz", "")),
    NO_NIFTI("NIFTI_HEADER_UNREADABLE", s -> s.write("anat/", "T1w.nii.gz", "this is no image")),
    BAD_AFFINE("AMBIGUOUS_AFFINE", s -> {
        ByteBuffer header = SyntheticDataset.header(3, 4, 4, 4);
        header.putFloat(280, Float.NaN);
        s.gzip("anat/", "T1w.nii.gz", header.array());
    }),
    FOUR_DIMENSIONS("T1W_FILE_WITH_TOO_MANY_DIMENSIONS", s -> s.image("anat/", "T1w.nii.gz", 4, 4, 4, 4, 2)),
    NO_UNITS("NIFTI_UNIT", s -> {
        ByteBuffer header = SyntheticDataset.header(3, 4, 4, 4);
        header.put(123, (byte) 0);
        s.gzip("anat/", "T1w.nii.gz", header.array());
    }),
    NOTES("NOT_INCLUDED", s -> s.write("anat/", "notes.txt", "quiet")),
    STRANGE_FOLDER("NOT_INCLUDED", s -> s.dataset().write(s.subject() + "/pictures/x.txt", "x")),
    NO_LABEL("ENTITY_WITH_NO_LABEL", s -> s.image("anat/", "acq_T2w.nii.gz", 3, 4, 4, 4)),
    BAD_LABEL("INVALID_ENTITY_LABEL", s -> s.image("anat/", "acq-a-b_T2w.nii.gz", 3, 4, 4, 4)),
    NO_TASK("MISSING_REQUIRED_ENTITY", s -> s.image("func/", "bold.nii.gz", 4, 4, 4, 4, 10)),
    ENTITY_TOO_MUCH("ENTITY_NOT_IN_RULE", s -> s.image("anat/", "flip-1_T1w.nii.gz", 3, 4, 4, 4)),
    UNKNOWN_ENTITY("FILENAME_MISMATCH", s -> s.image("anat/", "foo-1_T1w.nii.gz", 3, 4, 4, 4)),
    WRONG_FOLDER("DATATYPE_MISMATCH", s -> s.image("anat/", "task-rest_bold.nii.gz", 4, 4, 4, 4, 10)),
    WRONG_EXTENSION("EXTENSION_MISMATCH", s -> s.write("anat/", "T2w.mgz", "x")),
    OTHER_SUBJECT("INVALID_LOCATION", s -> s.dataset().image(s.subject() + "/anat/sub-other_T1w.nii.gz", 3, 4, 4, 4)),
    WRONG_ORDER("FILENAME_MISMATCH", s -> s.image("anat/", "run-1_acq-a_T2w.nii.gz", 3, 4, 4, 4)),
    CASE("CASE_COLLISION", s -> {
        s.image("anat/", "T2w.nii.gz", 3, 4, 4, 4);
        s.image("anat/", "T2W.nii.gz", 3, 4, 4, 4);
    }),
    NO_JSON("JSON_INVALID", s -> s.write("anat/", "T1w.json", "{\"EchoTime\": 0.003,}")),
    JSON_WITH_TAIL("JSON_INVALID", s -> s.write("anat/", "T1w.json", "{} {}")),
    JSON_LATIN1(
            "INVALID_JSON_ENCODING",
            s -> s.write("anat/", "T1w.json", new byte[] {'{', '"', (byte) 0xE9, '"', ':', '1', '}'})),
    JSON_BOM("INVALID_JSON_ENCODING", s -> s.write("anat/", "T1w.json", "\uFEFF{}")),
    JSON_LIST("JSON_NOT_AN_OBJECT", s -> s.write("anat/", "T1w.json", "[1, 2]")),
    ECHO_TIME_TEXT("JSON_SCHEMA_VALIDATION_ERROR", s -> s.write("anat/", "T1w.json", "{\"EchoTime\": \"short\"}")),
    NEGATIVE_TIME(
            "JSON_SCHEMA_VALIDATION_ERROR", s -> s.write("func/", "task-rest_bold.json", "{\"RepetitionTime\": -1}")),
    WRONG_DIRECTION(
            "JSON_SCHEMA_VALIDATION_ERROR",
            s -> s.write("func/", "task-rest_bold.json", "{\"PhaseEncodingDirection\": \"AP\"}")),
    NULL_VALUE("JSON_SCHEMA_VALIDATION_ERROR", s -> s.write("anat/", "T1w.json", "{\"EchoTime\": null}")),
    NO_TIMES("SIDECAR_KEY_REQUIRED", s -> s.image("func/", "task-other_bold.nii.gz", 4, 4, 4, 4, 10)),
    LONELY_SIDECAR("SIDECAR_WITHOUT_DATAFILE", s -> s.write("anat/", "T2w.json", "{}")),
    TWO_SIDECARS("MULTIPLE_INHERITABLE_FILES", s -> {
        s.image("anat/", "acq-a_run-1_T2w.nii.gz", 3, 4, 4, 4);
        s.write("anat/", "acq-a_T2w.json", "{}");
        s.write("anat/", "run-1_T2w.json", "{}");
    }),
    OVERRIDE("SIDECAR_FIELD_OVERRIDE", s -> s.write("func/", "task-rest_bold.json", "{\"RepetitionTime\": 2.5}")),
    SAME_LIST_TWICE(
            "SIDECAR_FIELD_OVERRIDE",
            s -> s.write("func/", "task-rest_bold.json", "{\"SliceTiming\": [0.0, 0.5, 1.0, 1.5]}")),
    REPETITION_TIME(
            "REPETITION_TIME_MISMATCH",
            s -> s.write(
                    "func/", "task-rest_bold.json", "{\"RepetitionTime\": 1.0, \"SliceTiming\": [0, 0.1, 0.2, 0.3]}")),
    SLICE_TIMES("SLICETIMING_ELEMENTS", s -> s.write("func/", "task-rest_bold.json", "{\"SliceTiming\": [0.0, 1.0]}")),
    SLICE_TIMES_LATE(
            "SLICETIMING_VALUES_GREATER_THAN_REPETITION_TIME",
            s -> s.write("func/", "task-rest_bold.json", "{\"SliceTiming\": [0.0, 1.0, 2.0, 3.0]}")),
    NO_EVENTS("EVENTS_TSV_MISSING", s -> {
        s.image("func/", "task-work_bold.nii.gz", 4, 4, 4, 4, 10);
        s.write("func/", "task-work_bold.json", "{\"RepetitionTime\": 2.0, \"TaskName\": \"work\"}");
    }),
    SAME_HEADER(
            "TSV_COLUMN_HEADER_DUPLICATE",
            s -> s.write("func/", "task-rest_events.tsv", "onset\tduration\tonset\n1\t1\t1\n")),
    EMPTY_LINE("TSV_EMPTY_LINE", s -> s.write("func/", "task-rest_events.tsv", "onset\tduration\n1\t1\n\n2\t1\n")),
    SHORT_ROW("TSV_EQUAL_ROWS", s -> s.write("func/", "task-rest_events.tsv", "onset\tduration\n1\t1\n2\n")),
    NO_ONSET("TSV_COLUMN_MISSING", s -> s.write("func/", "task-rest_events.tsv", "duration\ttrial_type\n1\tgo\n")),
    COLUMNS_SWAPPED(
            "TSV_COLUMN_ORDER_INCORRECT", s -> s.write("func/", "task-rest_events.tsv", "duration\tonset\n1\t1\n")),
    NO_NUMBER("TSV_VALUE_INCORRECT_TYPE", s -> s.write("func/", "task-rest_events.tsv", "onset\tduration\n1\tlong\n")),
    UNKNOWN_LEVEL(
            "TSV_VALUE_INCORRECT_TYPE",
            s -> s.write("func/", "task-rest_events.tsv", "onset\tduration\ttrial_type\n1\t1\tjump\n")),
    TABLE_LATIN1(
            "INVALID_FILE_ENCODING",
            s -> s.write(
                    "func/",
                    "task-rest_events.tsv",
                    "onset\tduration\ttrial_type\n1\t1\t\u00e9\n".getBytes(StandardCharsets.ISO_8859_1))),
    COLUMN_NOT_DESCRIBED(
            "TSV_ADDITIONAL_COLUMNS_UNDEFINED",
            s -> s.write("func/", "task-rest_events.tsv", "onset\tduration\tmood\n1\t1\tgood\n")),
    COLUMN_REDEFINED(
            "TSV_COLUMN_TYPE_REDEFINED",
            s -> s.write("func/", "task-rest_events.json", "{\"onset\": {\"Units\": \"ms\"}}")),
    ONSETS_UNORDERED(
            "EVENT_ONSET_ORDER", s -> s.write("func/", "task-rest_events.tsv", "onset\tduration\n9\t1\n3\t1\n")),
    SCAN_TWICE("TSV_INDEX_VALUE_NOT_UNIQUE", s -> s.dataset()
            .write(
                    s.subject() + "/" + s.subject() + "_scans.tsv",
                    ("filename\n" + ("anat/" + s.subject() + "_T1w.nii.gz\n").repeat(2)))),
    SCAN_NOT_THERE("SCANS_FILENAME_NOT_MATCH_DATASET", s -> s.dataset()
            .write(s.subject() + "/" + s.subject() + "_scans.tsv", "filename\nanat/none.nii.gz\n")),
    BVAL_ROWS("BVAL_MULTIPLE_ROWS", s -> s.write("dwi/", "dwi.bval", "0 1000 1000\n0 1000 1000\n")),
    BVEC_ROWS("BVEC_NUMBER_ROWS", s -> s.write("dwi/", "dwi.bvec", "0 1 0\n0 0 1\n")),
    BVEC_RAGGED("VOLUME_COUNT_MISMATCH", s -> s.write("dwi/", "dwi.bvec", "0 1 0\n0 0\n0 0 0\n")),
    VOLUMES("VOLUME_COUNT_MISMATCH", s -> s.write("dwi/", "dwi.bval", "0 1000\n")),
    NO_BVAL("DWI_MISSING_BVAL", s -> s.dataset().delete(s.path("dwi/", "dwi.bval"))),
    NOT_INTENDED(
            "INTENDED_FOR",
            s -> s.write(
                    "fmap/",
                    "phasediff.json",
                    "{\"EchoTime1\": 0.00492, \"EchoTime2\": 0.00738, \"IntendedFor\": [\"func/none.nii.gz\"]}")),
    ECHO_TIMES(
            "ECHOTIME1_2_DIFFERENCE_UNREASONABLE",
            s -> s.write("fmap/", "phasediff.json", "{\"EchoTime1\": 0.00738, \"EchoTime2\": 0.00492}")),
    NO_MAGNITUDE("MISSING_MAGNITUDE1_FILE", s -> s.dataset().delete(s.path("fmap/", "magnitude1.nii.gz"))),
    GZIP_NAME("GZIP_HEADER_FILENAME", s -> s.gzipWithName("anat/", "T1w.nii.gz")),
    ASL_CONTEXT(
            "ASLCONTEXT_TSV_NOT_CONSISTENT",
            s -> s.write("perf/", "aslcontext.tsv", "volume_type\ncontrol\nlabel\ncontrol\n")),
    ASL_VOLUME_TYPE(
            "TSV_VALUE_INCORRECT_TYPE", s -> s.write("perf/", "aslcontext.tsv", "volume_type\ncontrol\nother\n")),
    LINK_TO_NOTHING(
            "SYMLINK_BROKEN",
            s -> Files.createSymbolicLink(
                    s.dataset().root().resolve(s.path("anat/", "T2w.nii.gz")), Path.of("nothing.nii.gz"))),
    PHYSIO_NO_GZIP("INVALID_GZIP", s -> {
        s.write("func/", "task-rest_physio.tsv.gz", "1\t2\n");
        s.write(
                "func/",
                "task-rest_physio.json",
                "{\"Columns\": [\"a\", \"b\"], \"SamplingFrequency\": 10, \"StartTime\": 0}");
    }),
    PHYSIO_COLUMNS("TSV_EQUAL_ROWS", s -> {
        s.gzip("func/", "task-rest_physio.tsv.gz", "1\t2\n".getBytes(StandardCharsets.UTF_8));
        s.write(
                "func/",
                "task-rest_physio.json",
                "{\"Columns\": [\"a\", \"b\", \"c\"], \"SamplingFrequency\": 10, \"StartTime\": 0}");
    });

    private final String code;
    private final Planting planting;

    Fault(String code, Planting planting) {
        this.code = code;
        this.planting = planting;
    }

    /** What the official validator calls it. */
    String code() {
        return code;
    }

    /** The label of the subject that has it. */
    String label() {
        return "f" + ordinal();
    }

    void plant(SyntheticDataset dataset) throws IOException {
        dataset.addSubject(label());
        planting.plant(new Place(dataset, "sub-" + label()));
    }

    /** A dataset with one subject for each of these faults. */
    static SyntheticDataset all(Path root, List<Fault> faults) throws IOException {
        SyntheticDataset dataset = new SyntheticDataset(root);
        for (Fault fault : faults) {
            fault.plant(dataset);
        }
        return dataset;
    }

    private interface Planting {
        void plant(Place place) throws IOException;
    }

    private record Place(SyntheticDataset dataset, String subject) {

        String path(String folder, String name) {
            return subject + "/" + folder + subject + "_" + name;
        }

        void write(String folder, String name, String text) throws IOException {
            dataset.write(path(folder, name), text);
        }

        void write(String folder, String name, byte[] bytes) throws IOException {
            dataset.write(path(folder, name), bytes);
        }

        void image(String folder, String name, int dimensions, int... sizes) throws IOException {
            dataset.image(path(folder, name), dimensions, sizes);
        }

        void gzip(String folder, String name, byte[] bytes) throws IOException {
            try (OutputStream stream =
                    new GZIPOutputStream(Files.newOutputStream(dataset.root().resolve(path(folder, name))))) {
                stream.write(bytes);
            }
        }

        /** A gzip file whose header has a name, as the program gzip writes it (RFC 1952). */
        void gzipWithName(String folder, String name) throws IOException {
            gzip(folder, name, SyntheticDataset.header(3, 4, 4, 4).array());
            Path file = dataset.root().resolve(path(folder, name));
            byte[] bytes = Files.readAllBytes(file);
            byte[] label = "scan.nii\0".getBytes(StandardCharsets.US_ASCII);
            byte[] named = new byte[bytes.length + label.length];
            System.arraycopy(bytes, 0, named, 0, 10);
            named[3] |= 8;
            System.arraycopy(label, 0, named, 10, label.length);
            System.arraycopy(bytes, 10, named, 10 + label.length, bytes.length - 10);
            Files.write(file, named);
        }
    }
}

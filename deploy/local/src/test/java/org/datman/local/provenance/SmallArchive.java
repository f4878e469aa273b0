package org.datman.local.provenance;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.apache.commons.codec.digest.DigestUtils;
import org.datman.contracts.archive.ArchiveMark;
import org.datman.contracts.event.EventJson;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.FileRole;
import org.datman.contracts.event.QcComplete;
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.SeriesTagged;
import org.datman.contracts.event.SessionRef;
import org.datman.contracts.metric.Limits;
import org.datman.contracts.provenance.Provenance;
import org.datman.contracts.provenance.Provenance.SourceFile;
import org.datman.contracts.provenance.QcProvenance;

/** An archive with one study, whose files, digests and records are as the services write them. */
public final class SmallArchive {

    public static final String STUDY = "SPN01";
    public static final String SESSION = "SPN01_CMH_0001_01_01";
    public static final String TEXT = """
            StudyTag: SPN01
            XnatProjects: [SPN01]
            Sites:
              CMH:
                Tags:
                  T1: {Pattern: {SeriesDescription: 'Sag'}}
            Tags:
              T1:
                Pattern:
                  SeriesDescription: 'T1'
                  Header:
                    Manufacturer: 'SIEMENS'
                QcType: anat
            """;
    public static final String REVISION = sha256(TEXT).substring(0, 12);

    private static final SessionRef XNAT = new SessionRef("xnat", "SIM_E00001");
    private static final Instant START = Instant.parse("2026-03-05T10:00:00Z");
    private static final Instant END = Instant.parse("2026-03-05T10:01:00Z");

    private final Path root;

    public SmallArchive(Path root) throws IOException {
        this.root = root;
        ArchiveMark.create(root);
        write(".datman/studies/history/" + STUDY + "." + REVISION + ".yml", TEXT);
    }

    public Path root() {
        return root;
    }

    public Path write(String path, String content) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, content);
    }

    static String sha256(String text) {
        return HexFormat.of().formatHex(DigestUtils.sha256(text.getBytes(StandardCharsets.UTF_8)));
    }

    private FileRef file(FileRole role, String path, String content) throws IOException {
        write(path, content);
        return new FileRef(role, path, content.length(), sha256(content));
    }

    /** The stem of a scan. */
    public static String stem(int scan) {
        return SESSION + "_T1_0" + scan + "_Sag-T1";
    }

    /** The content of a DICOM file of a scan. */
    static String instance(int scan, int number) {
        return "dicom " + scan + "." + number;
    }

    /** Publishes a scan with the usual converter. */
    public Provenance publish(int scan) throws IOException {
        return publish(scan, "pixels of " + scan, "v1.0.20260416", 5);
    }

    /** Publishes a scan. */
    public Provenance publish(int scan, String pixels, String converter, int instances) throws IOException {
        String stem = stem(scan);
        String log = STUDY + "/provenance/" + SESSION + "/" + stem + ".dcm2niix.log";
        List<FileRef> files = List.of(
                file(FileRole.NIFTI, STUDY + "/nii/" + SESSION + "/" + stem + ".nii.gz", pixels),
                file(FileRole.SIDECAR, STUDY + "/nii/" + SESSION + "/" + stem + ".json", "{\"EchoTime\": 0.003}"),
                file(FileRole.DICOM, STUDY + "/dcm/" + SESSION + "/" + stem + ".dcm", instance(scan, 1)));
        List<SourceFile> source = new ArrayList<>();
        for (int number = 1; number <= instances; number++) {
            source.add(new SourceFile(
                    number + ".dcm",
                    9,
                    DigestUtils.md5Hex(instance(scan, number)),
                    sha256(instance(scan, number)),
                    true,
                    Provenance.IMAGE,
                    "00000" + number + ".dcm",
                    Optional.empty()));
        }
        source.add(new SourceFile(
                "notes.txt",
                3,
                DigestUtils.md5Hex("hm\n"),
                sha256("hm\n"),
                true,
                Provenance.NOT_DICOM,
                "x",
                Optional.empty()));
        Provenance record = new Provenance(
                stem,
                files,
                Optional.of("echo 1, magnitude"),
                new Provenance.Origin(
                        XNAT,
                        Integer.toString(scan),
                        Optional.of("1001"),
                        Optional.of((long) scan),
                        Optional.of("1.2.3." + scan),
                        "Sag T1",
                        Optional.of(LocalDate.parse("2026-03-04")),
                        1),
                Optional.empty(),
                new Provenance.Naming(
                        STUDY,
                        "CMH",
                        SESSION,
                        "T1",
                        REVISION,
                        Reason.of("tagged", "T1 matched"),
                        List.of(new SeriesTagged.TagExplanation(
                                "T1",
                                true,
                                List.of(
                                        new SeriesTagged.Clause("SeriesDescription", "'T1'", "Sag T1", true),
                                        new SeriesTagged.Clause(
                                                "Header.Manufacturer", "'SIEMENS'", "SIEMENS", true))))),
                new Provenance.Source(
                        sha256("all of " + scan + " " + instances),
                        "print",
                        source,
                        List.of(),
                        Optional.empty(),
                        Optional.empty()),
                Optional.of(new Provenance.Conversion(
                        "dcm2niix",
                        converter,
                        List.of("-b", "y", "in"),
                        "-b y gzip=4",
                        0,
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of("SliceTiming is that of the DICOM headers"),
                        log)),
                Optional.of(new Provenance.KeptFile("blanked", "1.dcm", sha256("original of " + scan))),
                new Provenance.Run(
                        sha256("run of " + scan + converter + instances),
                        "cf08d5d9-1e4a-5f91-8ef5-662412cc1594",
                        "191a22f5-9b4d-4fa7-9299-45c33e5815c0",
                        1,
                        START,
                        END,
                        "machine",
                        "datman",
                        Optional.of("datman-export 0.1.0")));
        List<FileRef> published = new ArrayList<>(files);
        published.add(file(
                FileRole.PROVENANCE,
                STUDY + "/provenance/" + SESSION + "/" + stem + ".prov.json",
                EventJson.mapper().writeValueAsString(record)));
        published.add(file(FileRole.LOG, log, "Convert 5 DICOM"));
        ObjectNode state = EventJson.mapper().createObjectNode();
        ObjectNode exported = state.putObject("exported");
        exported.set("session", EventJson.mapper().valueToTree(XNAT));
        exported.put("scan", Integer.toString(scan));
        exported.put("study", STUDY);
        exported.putArray("products")
                .addObject()
                .set("files", EventJson.mapper().valueToTree(published));
        write(".datman/series/xnat/SIM_E00001/" + scan + ".json", state.toString());
        return record;
    }

    /** The result of quality control of a published scan. */
    public void measure(Provenance record) throws IOException {
        String folder = STUDY + "/qc/" + SESSION + "/" + record.stem() + "/";
        String input = record.files().get(0).sha256();
        List<FileRef> outputs = List.of(file(FileRole.METRICS, folder + "metrics.json", """
                {"series": "x", "kind": "anat", "input": {"sha256": "%s"}, "flags": [], "timeseries": {},
                 "metrics": {"snr": {"value": 12.5, "unit": "1", "version": 3},
                             "cnr": {"value": null, "reason": "no brain", "unit": "1", "version": 1}},
                 "verdict": {"level": "WARN", "reasons": ["snr is 12.5"]}}""".formatted(input)));
        QcProvenance qc = new QcProvenance(
                record.stem(),
                XNAT,
                record.origin().scan(),
                1,
                "anat",
                List.of(record.files().get(0), record.files().get(1)),
                input,
                "datman-qc 0.1.0",
                sha256("qc of " + record.stem()),
                REVISION,
                Map.of(
                        "snr",
                        new Limits(
                                OptionalDouble.of(15),
                                OptionalDouble.empty(),
                                OptionalDouble.of(9.5),
                                OptionalDouble.empty())),
                new QcComplete.Verdict(QcComplete.Level.WARN, List.of("snr is 12.5")),
                Optional.empty(),
                outputs);
        write(folder + QcProvenance.FILE_NAME, EventJson.mapper().writeValueAsString(qc));
    }
}

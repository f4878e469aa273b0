package org.datman.pipeline.bids;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.commons.codec.digest.DigestUtils;
import org.datman.contracts.event.EventJson;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.FileRole;
import org.datman.contracts.event.QcComplete;
import org.datman.contracts.event.QcReviewed;
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.ScanId;
import org.datman.contracts.event.SessionRef;
import org.datman.contracts.naming.DatmanIds;
import org.datman.contracts.provenance.Provenance;
import org.datman.contracts.study.BidsRule;
import org.datman.imaging.nifti.NiftiDataType;
import org.datman.imaging.nifti.NiftiHeader;
import org.datman.imaging.nifti.NiftiWriter;
import org.datman.platform.archive.Archive;

/** A session for tests: images with rules and sidecars, in memory and, when asked for, in an archive. */
final class Visit {

    static final double TR = 2.0;
    private static final double[][] RAS = {{3, 0, 0, -6}, {0, 3, 0, -6}, {0, 0, 3, -6}, {0, 0, 0, 1}};

    private final String name;
    private final List<BidsImage> images = new ArrayList<>();
    private final List<TaskEvents> events = new ArrayList<>();
    private boolean signedOff;

    Visit(String name) {
        this.name = name;
    }

    Visit signedOff() {
        signedOff = true;
        return this;
    }

    /** Adds an image. */
    Visit with(int scan, String tag, String rule, String sidecar) {
        return with(scan, tag, tag, rule, sidecar);
    }

    /**
     * Adds an image.
     *
     * @param rule {@code func/bold task=rest for=RST}: where it goes, its entities, tags that it is intended for
     * @param sidecar JSON with single quotes
     */
    Visit with(int scan, String tag, String ending, String rule, String sidecar) {
        String[] words = rule.split(" ");
        Map<String, String> entities = new HashMap<>();
        List<String> intended = List.of();
        for (String word : List.of(words).subList(1, words.length)) {
            String[] pair = word.split("=", 2);
            if (pair[0].equals("for")) {
                intended = List.of(pair[1].split(","));
            } else {
                entities.put(pair[0], pair[1]);
            }
        }
        String[] place = words[0].split("/");
        boolean course = List.of("bold", "dwi", "asl").contains(place[1]);
        NiftiHeader header =
                NiftiHeader.of(NiftiDataType.INT16, RAS, course ? new int[] {4, 4, 4, 3} : new int[] {4, 4, 4});
        images.add(new BidsImage(
                new ScanId(Integer.toString(scan)),
                name + "_" + tag + "_" + (scan < 10 ? "0" : "") + scan + "_" + ending,
                tag,
                new BidsRule(place[0], place[1], entities, intended),
                true,
                List.of(),
                json(sidecar),
                course ? header.withRepetitionTime(TR) : header,
                null,
                true,
                new QcComplete.Verdict(QcComplete.Level.PASS, List.of()),
                null,
                Map.of("n_volumes", course ? 3.0 : 1.0),
                null));
        return this;
    }

    /** The same with a decision of a person about the image that was added last. */
    Visit reviewed(QcReviewed.Decision decision) {
        BidsImage last = images.remove(images.size() - 1);
        images.add(copy(last, last.files(), last.acquired(), decision, last.verdict()));
        return this;
    }

    /** The same with another verdict about the image that was added last. */
    Visit verdict(QcComplete.Level level, String... reasons) {
        BidsImage last = images.remove(images.size() - 1);
        images.add(copy(
                last, last.files(), last.acquired(), last.review(), new QcComplete.Verdict(level, List.of(reasons))));
        return this;
    }

    /** The same with the time of the image that was added last. */
    Visit at(String time) {
        BidsImage last = images.remove(images.size() - 1);
        images.add(copy(last, last.files(), LocalDateTime.parse(time), last.review(), last.verdict()));
        return this;
    }

    /** The same with events of the image that was added last. */
    Visit events(String tsv) {
        BidsImage last = images.get(images.size() - 1);
        FileRef file = new FileRef(FileRole.RESOURCE, "STU/resources/" + name + "/x.tsv", 1, "0".repeat(64));
        events.add(new TaskEvents(last.scan(), last.tag(), file, new EventsTable(tsv, "{}\n")));
        return this;
    }

    /** The same with another rule for the image that was added last. */
    Visit rule(UnaryOperator<BidsRule> change) {
        BidsImage last = images.remove(images.size() - 1);
        images.add(new BidsImage(
                last.scan(),
                last.stem(),
                last.tag(),
                change.apply(last.rule()),
                last.whole(),
                last.files(),
                last.sidecar(),
                last.header(),
                last.acquired(),
                last.measured(),
                last.verdict(),
                last.review(),
                last.metrics(),
                last.absent()));
        return this;
    }

    /** The same with a damaged file of the image that was added last. */
    Visit damaged() {
        BidsImage last = images.remove(images.size() - 1);
        images.add(new BidsImage(
                last.scan(),
                last.stem(),
                last.tag(),
                last.rule(),
                last.whole(),
                last.files(),
                json("{}"),
                null,
                null,
                last.measured(),
                last.verdict(),
                last.review(),
                last.metrics(),
                LeftOut.fault(last.stem(), "not-as-published", "its size differs")));
        return this;
    }

    BidsSession session() {
        var id = DatmanIds.parse(name);
        return new BidsSession(
                id.study(), id, id.site(), signedOff, images, List.of(), events, List.of(), SuppliedSession.NONE);
    }

    SessionPlan plan() {
        return BidsPlanner.plan(session(), Map.of());
    }

    /** The session with its files in an archive. */
    BidsSession storedIn(Archive archive) throws IOException {
        List<BidsImage> stored = new ArrayList<>();
        for (BidsImage image : images) {
            List<FileRef> files = new ArrayList<>();
            String stem = "STU/nii/" + name + "/" + image.stem();
            Path temporary = Files.createTempFile("image", ".nii.gz");
            NiftiHeader header = Objects.requireNonNull(image.header());
            List<float[]> volumes = Stream.generate(() -> new float[64])
                    .limit(header.volumeCount())
                    .toList();
            NiftiWriter.write(temporary, header, volumes);
            files.add(archive.store(FileRole.NIFTI, temporary, stem + ".nii.gz"));
            files.add(archive.write(
                    FileRole.SIDECAR, stem + ".json", image.sidecar().toString().getBytes(StandardCharsets.UTF_8)));
            if (image.rule().suffix().equals("dwi")) {
                files.add(archive.write(FileRole.BVAL, stem + ".bval", bytes("0 1000 1000\n")));
                files.add(archive.write(FileRole.BVEC, stem + ".bvec", bytes("0 1 0\n0 0 1\n0 0 0\n")));
            }
            files.add(archive.write(
                    FileRole.PROVENANCE,
                    "STU/provenance/" + name + "/" + image.stem() + ".prov.json",
                    EventJson.mapper().writeValueAsBytes(record(image, files))));
            stored.add(copy(image, files, image.acquired(), image.review(), image.verdict()));
        }
        BidsSession session = session();
        return new BidsSession(
                "STU",
                session.id(),
                session.site(),
                signedOff,
                stored,
                session.leftOut(),
                events,
                List.of(),
                SuppliedSession.NONE);
    }

    /** The record of the export, of a series of three files. */
    private Provenance record(BidsImage image, List<FileRef> files) {
        Instant start = Instant.parse("2026-11-20T09:00:00Z");
        String scan = image.scan().text();
        return new Provenance(
                image.stem(),
                List.copyOf(files),
                Optional.empty(),
                new Provenance.Origin(
                        new SessionRef("xnat", "E1"),
                        scan,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        image.tag(),
                        Optional.empty(),
                        1),
                Optional.empty(),
                new Provenance.Naming("STU", "CMH", name, image.tag(), "r", Reason.of("tagged", ""), List.of()),
                new Provenance.Source(
                        DigestUtils.sha256Hex(name + scan),
                        "",
                        List.of(),
                        List.of(),
                        Optional.empty(),
                        Optional.empty()),
                Optional.of(new Provenance.Conversion(
                        "dcm2niix",
                        "v1.0.20260416",
                        List.of("-b", "y"),
                        "",
                        0,
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of(),
                        "")),
                Optional.empty(),
                new Provenance.Run(
                        DigestUtils.sha256Hex("run" + name + scan),
                        "",
                        "",
                        1,
                        start,
                        start.plusSeconds(9),
                        "",
                        "",
                        Optional.of("datman-export 0.1.0")));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static BidsImage copy(
            BidsImage image,
            List<FileRef> files,
            LocalDateTime time,
            QcReviewed.Decision decision,
            QcComplete.Verdict verdict) {
        return new BidsImage(
                image.scan(),
                image.stem(),
                image.tag(),
                image.rule(),
                image.whole(),
                files,
                image.sidecar(),
                image.header(),
                time,
                image.measured(),
                verdict,
                decision,
                image.metrics(),
                image.absent());
    }

    static ObjectNode json(String text) {
        try {
            return (ObjectNode) EventJson.mapper().readTree(text.replace('\'', '"'));
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}

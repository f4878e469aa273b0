package org.datman.pipeline.bids;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.datman.contracts.event.EventJson;
import org.datman.contracts.event.FileRole;
import org.datman.contracts.event.QcReviewed.Decision;
import org.datman.contracts.metric.MetricCatalogue;
import org.datman.contracts.metric.MetricDefinition;

/** From a session to the files of its folder in BIDS. Pure: reads and writes nothing. */
final class BidsPlanner {

    private BidsPlanner() {}

    /**
     * The files of a session.
     *
     * @param refused images by stem, behavioural files by path, and under {@link SuppliedSession#LABEL} what came as BIDS, that the validator
     *     refused, with what it found
     */
    static SessionPlan plan(BidsSession session, Map<String, String> refused) {
        List<BidsImage> inOrder = BidsImage.inOrder(session.images());
        Map<String, BidsPath> names = BidsNames.of(session.prefix(), inOrder);
        List<LeftOut> leftOut = new ArrayList<>(session.leftOut());
        List<String> problems = new ArrayList<>(session.supplied().problems());
        Optional.ofNullable(refused.get(SuppliedSession.LABEL)).ifPresent(problems::add);
        if (problems.isEmpty()) {
            problems.addAll(inherited(session, inOrder, names, refused));
        }
        SuppliedSession supplied = problems.isEmpty() ? session.supplied() : SuppliedSession.NONE;
        List<PlannedImage> repaired = new ArrayList<>();
        for (BidsImage image : inOrder) {
            Optional<LeftOut> refusal = refusal(image, refused);
            BidsPath path = names.get(image.stem());
            if (refusal.isPresent() || path == null) {
                refusal.ifPresent(leftOut::add);
            } else {
                SidecarRepairs.Repaired sidecar = SidecarRepairs.of(image, path);
                PlannedImage planned = new PlannedImage(
                        image.withSidecar(sidecar.sidecar()), path, sidecar.changes(), sidecar.contradictions());
                if (supplied.files().stream().anyMatch(file -> planned.owns(file.path()))) {
                    leftOut.add(LeftOut.fault(
                            image.stem(),
                            LeftOut.CAME_AS_BIDS,
                            planned.imagePath() + " came as BIDS, which is in the dataset instead"));
                } else {
                    repaired.add(planned);
                }
            }
        }
        FieldMaps maps = new FieldMaps(
                session.folder().replace("sub-", "").replace("/ses-", "_"),
                repaired.stream().map(PlannedImage::image).toList());
        List<PlannedImage> images = withFieldMaps(session, maps, repaired);
        List<LeftOut> files = new ArrayList<>(session.files());
        List<TaskEvents> events = new ArrayList<>();
        for (TaskEvents each : session.events()) {
            String path = each.source().path();
            String why = refused.get(path);
            if (why == null
                    && images.stream().filter(each::isOf).anyMatch(run -> supplied.begins(run.events() + "."))) {
                files.add(LeftOut.fault(
                        path,
                        LeftOut.CAME_AS_BIDS,
                        "The events of its run came as BIDS, and are in the dataset instead"));
            } else if (why == null) {
                events.add(each);
            } else {
                files.add(LeftOut.fault(path, "not-valid-bids", why));
            }
        }
        List<PlannedFile> raw = new ArrayList<>(raw(images));
        String table = session.prefix() + "scans.tsv";
        if (!images.isEmpty() || !supplied.files().isEmpty() && !supplied.has(table)) {
            raw.add(PlannedFile.written(table, ScansTable.write(images, supplied.recordings(), session.signedOff())));
        }
        raw.addAll(written(events, images, files));
        List<PlannedFile> placed = placed(supplied, raw, files);
        raw.addAll(placed);
        raw.sort(Comparator.comparing(PlannedFile::path));
        return new SessionPlan(
                session, raw, qc(images), images, maps, List.copyOf(leftOut), files, placed, List.copyOf(problems));
    }

    /** Files that came as BIDS and would describe images of DATMAN: by the inheritance principle of BIDS, those of fewer entities do. */
    private static List<String> inherited(
            BidsSession session, List<BidsImage> inOrder, Map<String, BidsPath> names, Map<String, String> refused) {
        List<PlannedFile> supplied = session.supplied().files();
        Set<String> problems = new LinkedHashSet<>();
        for (BidsImage image : inOrder) {
            BidsPath path = names.get(image.stem());
            if (path == null
                    || refusal(image, refused).isPresent()
                    || supplied.stream().anyMatch(file -> path.owns(file.path()))) {
                continue;
            }
            Stream.concat(Stream.of(path), tables(session, image, path))
                    .filter(own -> !session.supplied().begins(own + "."))
                    .forEach(own -> supplied.stream()
                            .filter(file -> own.inherits(file.path()))
                            .forEach(file -> problems.add(file.path() + " would describe " + own
                                    + ", which DATMAN made, too: it has no entity that tells them apart")));
        }
        return List.copyOf(problems);
    }

    /** What DATMAN writes of an image beside it. */
    private static Stream<BidsPath> tables(BidsSession session, BidsImage image, BidsPath path) {
        Stream<BidsPath> context =
                image.rule().aslContext().isEmpty() ? Stream.empty() : Stream.of(path.withSuffix("aslcontext"));
        return session.events().stream().anyMatch(events -> events.isOf(image))
                ? Stream.concat(context, Stream.of(path.events()))
                : context;
    }

    /** What came as BIDS, without the files that DATMAN writes for the images of its own. */
    private static List<PlannedFile> placed(SuppliedSession supplied, List<PlannedFile> own, List<LeftOut> files) {
        List<PlannedFile> placed = new ArrayList<>();
        for (PlannedFile file : supplied.files()) {
            if (own.stream().anyMatch(other -> other.path().equals(file.path()))) {
                files.add(LeftOut.wanted(
                        file.path(),
                        "written-by-datman",
                        "It came as BIDS; DATMAN writes it, for it has images of the session, too"));
            } else {
                placed.add(file);
            }
        }
        supplied.above()
                .forEach(path -> files.add(LeftOut.wanted(
                        path,
                        "above-the-sessions",
                        "It came as BIDS; DATMAN writes what describes the whole dataset")));
        return placed;
    }

    /** The events of the runs. Two tags of echoes of one run have one table: the second is left out. */
    private static List<PlannedFile> written(List<TaskEvents> events, List<PlannedImage> images, List<LeftOut> files) {
        Map<String, PlannedFile> written = new TreeMap<>();
        for (TaskEvents each : events) {
            images.stream().filter(each::isOf).findFirst().ifPresent(run -> {
                PlannedFile table =
                        PlannedFile.written(run.events() + ".tsv", each.table().tsv());
                PlannedFile other = written.putIfAbsent(table.path(), table);
                if (other == null) {
                    String description = run.events() + ".json";
                    written.put(
                            description,
                            PlannedFile.written(description, each.table().json()));
                } else if (!other.equals(table)) {
                    files.add(LeftOut.fault(
                            each.source().path(),
                            "several-events",
                            "Other events of the same run are in the dataset as " + table.path()));
                }
            });
        }
        return List.copyOf(written.values());
    }

    private static Optional<LeftOut> refusal(BidsImage image, Map<String, String> refused) {
        String why = refused.get(image.stem());
        if (image.review() == Decision.BLACKLISTED) {
            return Optional.of(LeftOut.wanted(image.stem(), "blacklisted", "It was blacklisted by a person"));
        } else if (image.absent() != null) {
            return image.findAbsent();
        } else if (!image.rule().aslContext().isEmpty()
                && image.rule().volumeTypes(image.volumes()).isEmpty()) {
            return Optional.of(LeftOut.fault(
                    image.stem(),
                    "asl-context-does-not-fit",
                    "It has " + image.volumes() + " volumes, which AslContext "
                            + image.rule().aslContext() + " of its tag cannot be repeated to"));
        }
        return why == null ? Optional.empty() : Optional.of(LeftOut.fault(image.stem(), "not-valid-bids", why));
    }

    private static List<PlannedImage> withFieldMaps(BidsSession session, FieldMaps maps, List<PlannedImage> images) {
        List<PlannedImage> complete = new ArrayList<>();
        for (PlannedImage planned : images) {
            BidsImage image = planned.image();
            ObjectNode sidecar = image.sidecar().deepCopy();
            List<String> changes = new ArrayList<>(planned.changes());
            maps.identifier(image).ifPresent(identifier -> sidecar.put("B0FieldIdentifier", identifier));
            maps.groupOf(image).ifPresent(group -> echoTimes(image, group, sidecar, changes));
            maps.source(image).ifPresent(identifier -> sidecar.put("B0FieldSource", identifier));
            List<String> targets = images.stream()
                    .filter(other ->
                            maps.isIntended(image, other.image()) || isScanOfM0For(images, image, other.image()))
                    .map(other -> "bids::" + session.folder() + "/" + other.imagePath())
                    .toList();
            if (!targets.isEmpty()) {
                ArrayNode intended = sidecar.putArray("IntendedFor");
                targets.forEach(intended::add);
            }
            complete.add(planned.with(sidecar, changes));
        }
        return List.copyOf(complete);
    }

    /** Whether it is the M0 scan that was acquired last before an ASL series, or else first after it, among those for its tag. */
    private static boolean isScanOfM0For(List<PlannedImage> inOrder, BidsImage scan, BidsImage target) {
        if (!scan.rule().suffix().equals("m0scan") || !scan.rule().intendedFor().contains(target.tag())) {
            return false;
        }
        BidsImage chosen = null;
        boolean before = true;
        for (PlannedImage each : inOrder) {
            before &= !each.image().stem().equals(target.stem());
            boolean fits = each.image().rule().suffix().equals("m0scan")
                    && each.image().rule().intendedFor().contains(target.tag());
            if (fits && (before || chosen == null)) {
                chosen = each.image();
            }
        }
        return chosen != null && chosen.stem().equals(scan.stem());
    }

    /** A phase difference needs both echo times; where the converter gave it one, the magnitude images have them. */
    private static void echoTimes(BidsImage image, FieldMaps.Group group, ObjectNode sidecar, List<String> changes) {
        if (!image.rule().suffix().equals("phasediff")) {
            return;
        }
        for (String echo : List.of("1", "2")) {
            if (!sidecar.has("EchoTime" + echo)) {
                group.images().stream()
                        .filter(other -> other.rule().suffix().equals("magnitude" + echo))
                        .findFirst()
                        .flatMap(other -> other.positive("EchoTime"))
                        .ifPresent(time -> {
                            sidecar.put("EchoTime" + echo, time);
                            changes.add("EchoTime" + echo + " is EchoTime of magnitude" + echo);
                        });
            }
        }
    }

    private static List<PlannedFile> raw(List<PlannedImage> images) {
        List<PlannedFile> files = new ArrayList<>();
        for (PlannedImage planned : images) {
            BidsImage image = planned.image();
            Map.of(FileRole.NIFTI, planned.extension(), FileRole.BVAL, ".bval", FileRole.BVEC, ".bvec")
                    .forEach((role, extension) -> image.file(role)
                            .ifPresent(file ->
                                    files.add(PlannedFile.of(planned.path().withExtension(extension), file))));
            files.add(PlannedFile.written(planned.path().withExtension(".json"), json(image.sidecar())));
            if (!image.rule().aslContext().isEmpty()) {
                List<String> types = image.rule().volumeTypes(image.volumes()).orElseThrow();
                files.add(PlannedFile.written(
                        planned.aslContext() + ".tsv", "volume_type\n" + String.join("\n", types) + "\n"));
            }
        }
        return files;
    }

    private static List<PlannedFile> qc(List<PlannedImage> images) {
        return images.stream()
                .map(planned ->
                        PlannedFile.written(planned.path().withExtension("_qc.json"), json(qc(planned.image()))))
                .toList();
    }

    /** What QC and people found about an image, with the meaning of each number. */
    private static ObjectNode qc(BidsImage image) {
        ObjectNode root = EventJson.mapper().createObjectNode();
        root.put("DatmanName", image.stem());
        root.put("SeriesComplete", image.whole());
        root.put(
                "Verdict",
                image.verdict() == null ? null : image.verdict().level().name());
        ArrayNode reasons = root.putArray("Reasons");
        if (image.verdict() != null) {
            image.verdict().reasons().forEach(reasons::add);
        }
        root.put("Review", image.review() == null ? null : image.review().name());
        ObjectNode metrics = root.putObject("Metrics");
        new TreeMap<>(image.metrics()).forEach((key, value) -> {
            ObjectNode metric = metrics.putObject(key);
            metric.put("Value", value);
            MetricCatalogue.find(key).ifPresent(definition -> describe(metric, definition));
        });
        return root;
    }

    private static void describe(ObjectNode metric, MetricDefinition definition) {
        metric.put("Units", definition.unit());
        metric.put("Version", definition.version());
        metric.put("Description", definition.meaning());
    }

    /** JSON as people read it, with the same line ends everywhere. */
    static String json(ObjectNode node) {
        return node.toPrettyString().replace("\r\n", "\n") + "\n";
    }

    /** The provenance of a session: where each file comes from, what was changed, and what is left out. */
    static String provenance(SessionPlan plan, String configRevision, String version) {
        BidsSession session = plan.session();
        ObjectNode root = EventJson.mapper().createObjectNode();
        root.put("session", session.id().sessionName());
        root.put("configRevision", configRevision);
        root.put("datman", version);
        ArrayNode images = root.putArray("images");
        for (PlannedImage planned : plan.images()) {
            ObjectNode image = images.addObject();
            image.put("path", session.folder() + "/" + planned.imagePath());
            image.put("tag", planned.image().tag());
            Map<String, String> sources = new HashMap<>();
            planned.image().files().forEach(file -> sources.put(file.path(), file.sha256()));
            image.set("sources", EventJson.mapper().valueToTree(new TreeMap<>(sources)));
            image.set("sidecarChanges", EventJson.mapper().valueToTree(planned.changes()));
            if (!planned.contradictions().isEmpty()) {
                image.set("contradictions", EventJson.mapper().valueToTree(planned.contradictions()));
            }
        }
        ArrayNode events = root.putArray("events");
        session.events().forEach(each -> plan.run(each)
                .filter(run -> plan.raw()
                        .contains(PlannedFile.written(
                                run.events() + ".tsv", each.table().tsv())))
                .ifPresent(run -> events.addObject()
                        .put("path", session.folder() + "/" + run.events() + ".tsv")
                        .putObject("sources")
                        .put(each.source().path(), each.source().sha256())));
        ArrayNode supplied = root.putArray("cameAsBids");
        plan.supplied().forEach(file -> supplied.addObject()
                .put("path", session.folder() + "/" + file.path())
                .putObject("sources")
                .put(file.findSource().orElseThrow().path(), file.sha256()));
        root.set("cameAsBidsRefused", EventJson.mapper().valueToTree(plan.refused()));
        ArrayNode files = root.putArray("filesLeftOut");
        plan.files().forEach(each -> files.addObject()
                .put("file", each.stem())
                .put("code", each.reason().code())
                .put("reason", each.reason().message()));
        ArrayNode leftOut = root.putArray("leftOut");
        for (LeftOut each : plan.leftOut()) {
            ObjectNode image = leftOut.addObject();
            image.put("image", each.stem());
            image.put("code", each.reason().code());
            image.put("reason", each.reason().message());
        }
        return json(root);
    }
}

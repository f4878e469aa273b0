package org.datman.pipeline.bids;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.commons.codec.digest.DigestUtils;
import org.datman.contracts.event.EventJson;
import org.datman.contracts.event.FileRole;
import org.datman.contracts.provenance.Provenance;
import org.datman.platform.archive.Archive;

/**
 * The provenance files of a session in the raw dataset, as BIDS Extension Proposal 28 has them: conversions ({@code act}), programs
 * ({@code soft}), files and the DICOM series that they are of ({@code ent}), from the provenance records of the archive. The form is that of
 * <a href="https://github.com/bids-standard/bids-specification/blob/master/src/modality-agnostic-files/provenance.md">the text of the
 * specification that follows BIDS 1.11</a>.
 *
 * <p>In one thing BIDS 1.11 does not allow what the proposal recommends: {@code GeneratedBy} of a sidecar may not be an identifier. So the
 * files of the dataset are described in {@code ent}, too.
 */
final class ProvenanceObjects {

    private static final int UID = 12;

    private final Map<String, ObjectNode> activities = new TreeMap<>();
    private final Map<String, ObjectNode> software = new TreeMap<>();
    private final Map<String, ObjectNode> entities = new TreeMap<>();

    private ProvenanceObjects() {}

    /** Their paths in the raw dataset. */
    static Set<String> paths(String folder) {
        // A "+" is the one character between two labels that no label of an XNAT session gives, and a label may hold.
        String label = "prov-" + folder.replace("sub-", "").replace("/ses-", "+");
        Set<String> paths = new TreeSet<>();
        for (String suffix : new String[] {"act", "ent", "soft"}) {
            paths.add("prov/" + label + "/" + label + "_" + suffix + ".json");
        }
        return paths;
    }

    /** Text by path in the raw dataset. */
    static Map<String, String> of(SessionPlan plan, Archive archive) throws IOException {
        ProvenanceObjects objects = new ProvenanceObjects();
        for (PlannedImage image : plan.images()) {
            objects.add(
                    plan, image, record(image, archive).map(objects::activity).orElse(""));
        }
        plan.supplied().forEach(file -> objects.file(plan, file, "")
                .put("Description", "As it came, in the folder " + SuppliedSession.LABEL + " of the session"));
        Map<String, String> files = new TreeMap<>();
        for (String path : paths(plan.session().folder())) {
            files.put(
                    path,
                    path.endsWith("_act.json")
                            ? text("Activities", objects.activities)
                            : path.endsWith("_ent.json")
                                    ? text("ProvEntities", objects.entities)
                                    : text("Software", objects.software));
        }
        return files;
    }

    /** Empty for an image that was exported before there were records. */
    private static Optional<Provenance> record(PlannedImage image, Archive archive) throws IOException {
        var file = image.image().file(FileRole.PROVENANCE);
        return file.isEmpty()
                ? Optional.empty()
                : Optional.of(EventJson.mapper()
                        .readValue(archive.resolve(file.get().path()).toFile(), Provenance.class));
    }

    /** @param activity that made it; empty when there is no record */
    private void add(SessionPlan plan, PlannedImage image, String activity) {
        for (PlannedFile file : plan.raw()) {
            if (file.path().startsWith(image.path().withExtension("."))) {
                file(plan, file, activity);
            }
        }
    }

    private ObjectNode file(SessionPlan plan, PlannedFile file, String activity) {
        String path = plan.session().folder() + "/" + file.path();
        ObjectNode entity = entity("bids::" + path, path.substring(path.lastIndexOf('/') + 1), path);
        if (!activity.isEmpty()) {
            entity.put("GeneratedBy", activity);
        }
        entity.putObject("Digest").put("sha256", file.sha256());
        return entity;
    }

    private String activity(Provenance record) {
        Provenance.Run run = record.run();
        String id = "bids::prov#conversion-"
                + run.runKey().substring(0, Math.min(UID, run.runKey().length()));
        ObjectNode activity = object(activities, id);
        activity.put("Label", "Conversion of DICOM by DATMAN");
        ArrayNode by = activity.putArray("AssociatedWith");
        record.conversion().ifPresent(conversion -> {
            activity.put("Command", conversion.program() + " " + String.join(" ", conversion.arguments()));
            by.add(program(conversion.program(), conversion.version()));
        });
        run.software().ifPresent(name -> {
            String[] words = name.split(" ", 2);
            by.add(program(words[0], words.length > 1 ? words[1] : ""));
        });
        String series = "bids::prov#provEntity-" + record.source().sha256();
        Provenance.Origin origin = record.origin();
        entity(
                series,
                "DICOM series of " + record.source().files().size()
                        + " files; the identifier ends with a SHA-256 over their sorted SHA-256",
                "xnat://" + origin.session().identity() + "/scans/" + origin.scan());
        activity.putArray("Used").add(series);
        activity.put("StartedAtTime", run.started().toString());
        activity.put("EndedAtTime", run.finished().toString());
        return id;
    }

    private String program(String name, String version) {
        String id = "bids::prov#" + name + "-"
                + DigestUtils.sha256Hex(name + "\n" + version).substring(0, UID);
        object(software, id).put("Label", name).put("Version", version);
        return id;
    }

    private ObjectNode entity(String id, String label, String location) {
        return object(entities, id).put("Label", label).put("AtLocation", location);
    }

    private static ObjectNode object(Map<String, ObjectNode> of, String id) {
        ObjectNode made = EventJson.mapper().createObjectNode().put("Id", id);
        of.put(id, made);
        return made;
    }

    private static String text(String key, Map<String, ObjectNode> objects) {
        ObjectNode root = EventJson.mapper().createObjectNode();
        root.putArray(key).addAll(objects.values());
        return BidsPlanner.json(root);
    }
}

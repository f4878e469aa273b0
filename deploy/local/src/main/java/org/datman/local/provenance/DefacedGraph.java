package org.datman.local.provenance;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.datman.contracts.archive.Defaced;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.FileRole;
import org.datman.contracts.provenance.ProvenanceGraph;
import org.datman.contracts.provenance.ProvenanceGraph.Activity;
import org.datman.contracts.provenance.ProvenanceGraph.Agent;
import org.datman.contracts.provenance.ProvenanceGraph.Entity;
import org.jspecify.annotations.Nullable;

/**
 * A graph for what leaves the lab: of tags that the study defaces the image without the face stands in place of the original. An image
 * whose defacing failed or is pending is not in it at all. Of everything else only what is known to name and show nobody is in it.
 *
 * @param graph of the images that may leave
 * @param images how many they are
 * @param refused stems of images without a usable defaced form, with the reason
 * @param withheld ids of files, nodes and facts that are not in the graph, or in it without their content; several graphs may share some
 */
public record DefacedGraph(ProvenanceGraph graph, int images, Map<String, String> refused, Set<String> withheld) {

    /** Roles of which digest and name in the archive leave, and the content does not: it may show a face, or name accounts and machines. */
    private static final Set<String> NAMED = Set.of(
            FileRole.DICOM.key(),
            FileRole.PICTURE.key(),
            FileRole.REFERENCE.key(),
            FileRole.REPORT.key(),
            FileRole.PROVENANCE.key(),
            FileRole.LOG.key());

    /** A file on XNAT, whose name anybody may have given. */
    private static final String INSTANCE = "dicom-instance";

    private static final String STUDY_TEXT = "study-text";

    /** Facts that DATMAN computed. Not commands and hosts, which name folders, machines and accounts. */
    private static final Set<String> FACTS = Set.of(
            "runKey",
            "eventId",
            "exportRevision",
            "sourceDigest",
            "tag",
            "exitCode",
            "verdict",
            "configRevision",
            "descriptorSha256");

    public DefacedGraph {
        refused = new TreeMap<>(refused);
        withheld = Set.copyOf(withheld);
    }

    /**
     * Chooses.
     *
     * @throws IOException when a study has no rule that defaces: every image would leave as it is
     */
    public static DefacedGraph of(Path archive, List<? extends Lineage> lineages) throws IOException {
        Map<String, String> refused = new TreeMap<>();
        List<Lineage> taken = new ArrayList<>();
        Map<String, Defaced> byPath = new TreeMap<>();
        Set<String> hidden = new TreeSet<>();
        DefacedImages images = new DefacedImages(archive);
        for (Lineage lineage : lineages) {
            if (!(lineage instanceof Lineage.OfImage image)) {
                continue;
            }
            if (images.shows(image.record())) {
                Optional<Defaced> defaced = images.find(image.record());
                if (defaced.isEmpty()) {
                    refused.put(image.record().stem(), DefacedImages.NOT_DEFACED);
                    continue;
                }
                image.record().files().forEach(file -> hide(file, hidden));
                image.files().forEach(file -> hide(file.published(), hidden));
                byPath.put(defaced.get().original().path(), defaced.get());
            }
            taken.add(image);
        }
        Set<String> withheld = new TreeSet<>();
        ProvenanceGraph graph = known(replaced(LineageGraph.of(taken), byPath, hidden, withheld), withheld);
        return new DefacedGraph(graph, taken.size(), refused, withheld);
    }

    private static void hide(@Nullable FileRef file, Set<String> hidden) {
        if (file != null && file.role() == FileRole.NIFTI) {
            hidden.add(file.path());
        }
    }

    private static ProvenanceGraph replaced(
            ProvenanceGraph graph, Map<String, Defaced> byPath, Set<String> hidden, Set<String> withheld) {
        Map<String, Entity> entities = new LinkedHashMap<>();
        graph.entities().forEach((id, entity) -> {
            boolean hide = entity.path() != null && hidden.contains(entity.path());
            if (hide) {
                withheld.add(id);
            }
            entities.put(
                    id,
                    hide ? new Entity(entity.kind(), entity.label(), null, entity.sha256(), entity.size()) : entity);
        });
        Map<String, Activity> activities = new LinkedHashMap<>(graph.activities());
        Map<String, Agent> agents = new LinkedHashMap<>(graph.agents());
        byPath.forEach((path, record) -> {
            FileRef file = record.defaced();
            String tool = "software/" + record.tool() + "/" + record.toolVersion();
            agents.putIfAbsent(tool, new Agent(record.tool(), true, record.toolVersion()));
            entities.put(
                    "file/" + file.path(),
                    new Entity(FileRole.NIFTI.key(), file.path(), file.path(), file.sha256(), file.size()));
            activities.put(
                    "deface/" + record.runKey(),
                    new Activity(
                            "defacing of " + path,
                            null,
                            null,
                            Set.of("file/" + path),
                            Set.of("file/" + file.path()),
                            null,
                            Set.of(tool),
                            Map.of("runKey", record.runKey(), "descriptorSha256", record.descriptorSha256())));
        });
        return new ProvenanceGraph(entities, activities, agents);
    }

    /** What is known to be safe, of a graph in which the originals have no content. */
    private static ProvenanceGraph known(ProvenanceGraph graph, Set<String> withheld) {
        Map<String, Entity> entities = new LinkedHashMap<>();
        graph.entities().forEach((id, entity) -> {
            Entity safe = safe(entity);
            if (safe != null) {
                entities.put(id, safe);
            }
            if (safe == null || !safe.equals(entity)) {
                withheld.add(id);
            }
        });
        Map<String, Agent> agents = new LinkedHashMap<>();
        graph.agents().forEach((id, agent) -> {
            if (agent.software()) {
                agents.put(id, agent);
            } else {
                withheld.add(id);
            }
        });
        Map<String, Activity> activities = new LinkedHashMap<>();
        graph.activities().forEach((id, activity) -> {
            Map<String, String> facts = new TreeMap<>(activity.facts());
            facts.keySet().retainAll(FACTS);
            activity.facts().keySet().stream()
                    .filter(fact -> !facts.containsKey(fact))
                    .forEach(fact -> withheld.add(id + " " + fact));
            String plan = activity.plan();
            activities.put(
                    id,
                    new Activity(
                            activity.label(),
                            activity.started(),
                            activity.ended(),
                            those(activity.used(), entities.keySet()),
                            those(activity.generated(), entities.keySet()),
                            plan != null && entities.containsKey(plan) ? plan : null,
                            those(activity.agents(), agents.keySet()),
                            facts));
        });
        return new ProvenanceGraph(entities, activities, agents);
    }

    private static @Nullable Entity safe(Entity entity) {
        if (DefacedImages.FILES.contains(FileRole.of(entity.kind()))) {
            return entity;
        }
        if (NAMED.contains(entity.kind()) || entity.kind().equals(STUDY_TEXT)) {
            return new Entity(entity.kind(), entity.label(), null, entity.sha256(), entity.size());
        }
        return entity.kind().equals(INSTANCE)
                ? new Entity(entity.kind(), "a DICOM file of the series", null, entity.sha256(), entity.size())
                : null;
    }

    private static Set<String> those(Set<String> ids, Set<String> there) {
        Set<String> kept = new LinkedHashSet<>(ids);
        kept.retainAll(there);
        return kept;
    }
}

package org.datman.local.provenance;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.datman.contracts.archive.Defaced;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.FileRole;
import org.datman.contracts.study.AcceptedStudies;
import org.datman.contracts.study.PipelineRule;
import org.datman.local.provenance.ProvenanceGraph.Activity;
import org.datman.local.provenance.ProvenanceGraph.Agent;
import org.datman.local.provenance.ProvenanceGraph.Entity;
import org.jspecify.annotations.Nullable;

/**
 * A graph for what leaves the lab: of tags that the study defaces the image without the face stands in place of the original, whose
 * bytes, kept DICOM and pictures are named and not there. An image whose defacing failed or is pending is not in it at all.
 *
 * @param graph of the images that may leave
 * @param images how many they are
 * @param refused stems of images without a usable defaced form, with the reason
 */
public record DefacedGraph(ProvenanceGraph graph, int images, Map<String, String> refused) {

    /** What shows the face, or may. */
    private static final Set<String> SHOW_THE_FACE = Set.of(
            FileRole.NIFTI.key(),
            FileRole.DICOM.key(),
            FileRole.PICTURE.key(),
            FileRole.REFERENCE.key(),
            FileRole.REPORT.key());

    public DefacedGraph {
        refused = new TreeMap<>(refused);
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
        Map<String, Set<String>> tagsOf = new TreeMap<>();
        for (Lineage lineage : lineages) {
            if (!(lineage instanceof Lineage.OfImage image)) {
                continue;
            }
            String study = image.record().naming().study();
            Set<String> tags = tagsOf.get(study);
            if (tags == null) {
                tags = tags(archive, study);
                tagsOf.put(study, tags);
            }
            FileRef nifti = image.record().files().stream()
                    .filter(file -> file.role() == FileRole.NIFTI)
                    .findFirst()
                    .orElse(null);
            if (tags.contains(image.record().naming().tag())) {
                Defaced defaced =
                        nifti == null ? null : Defaced.find(archive, nifti).orElse(null);
                if (nifti == null || defaced == null) {
                    refused.put(
                            image.record().stem(),
                            "there is no defaced image of these bytes; the page of the session shows why");
                    continue;
                }
                hide(image, hidden);
                byPath.put(nifti.path(), defaced);
            }
            taken.add(image);
        }
        return new DefacedGraph(replaced(ProvenanceGraph.of(taken), byPath, hidden), taken.size(), refused);
    }

    private static void hide(Lineage.OfImage image, Set<String> hidden) {
        image.record().files().forEach(file -> hide(file, hidden));
        image.files().forEach(file -> hide(file.published(), hidden));
        MeasuredImage qc = image.qc();
        if (qc != null) {
            qc.files().forEach(file -> hide(file.published(), hidden));
        }
    }

    private static void hide(@Nullable FileRef file, Set<String> hidden) {
        if (file != null && SHOW_THE_FACE.contains(file.role().key())) {
            hidden.add(file.path());
        }
    }

    private static Set<String> tags(Path archive, String study) throws IOException {
        Set<String> tags = new TreeSet<>();
        AcceptedStudies.read(archive.resolve(AcceptedStudies.PATH))
                .flatMap(accepted -> accepted.configurations().study(study))
                .ifPresent(configuration -> configuration.pipelines().stream()
                        .filter(PipelineRule::defaces)
                        .forEach(rule -> tags.addAll(rule.tags())));
        if (tags.isEmpty()) {
            throw new IOException("Study " + study
                    + " has no pipeline with Defaced in its study file; nothing says which images show a face");
        }
        return tags;
    }

    private static ProvenanceGraph replaced(ProvenanceGraph graph, Map<String, Defaced> byPath, Set<String> hidden) {
        Map<String, Entity> entities = new LinkedHashMap<>();
        graph.entities().forEach((id, entity) -> {
            boolean hide = entity.path() != null && hidden.contains(entity.path());
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
}

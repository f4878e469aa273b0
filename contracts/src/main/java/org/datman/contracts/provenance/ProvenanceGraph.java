package org.datman.contracts.provenance;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What files came from, as the three classes of the <a href="https://www.w3.org/TR/prov-dm/">W3C PROV data model</a>: what there is, what was
 * done, and who or what did it. PROV-JSON and RO-Crate are written from it.
 *
 * @param entities by id
 * @param activities by id
 * @param agents by id
 */
public record ProvenanceGraph(
        Map<String, Entity> entities, Map<String, Activity> activities, Map<String, Agent> agents) {

    public ProvenanceGraph {
        entities = Collections.unmodifiableMap(new LinkedHashMap<>(entities));
        activities = Collections.unmodifiableMap(new LinkedHashMap<>(activities));
        agents = Collections.unmodifiableMap(new LinkedHashMap<>(agents));
    }

    /**
     * A file, or a text.
     *
     * @param kind its role, {@code dicom-instance}, {@code xnat-file} or {@code study-text}
     * @param label for people
     * @param path in the archive; null for what is on XNAT, and for bytes that are no longer there under their name
     * @param sha256 null where it is not recorded
     * @param size in bytes; null where it is not recorded
     */
    public record Entity(
            String kind,
            String label,
            @Nullable String path,
            @Nullable String sha256,
            @Nullable Long size) {}

    /**
     * A run of a program.
     *
     * @param used ids of entities
     * @param generated ids of entities
     * @param plan id of the text of the rules that it followed; null where there is none
     * @param agents ids
     * @param facts further facts, by name
     */
    public record Activity(
            String label,
            @Nullable Instant started,
            @Nullable Instant ended,
            Set<String> used,
            Set<String> generated,
            @Nullable String plan,
            Set<String> agents,
            Map<String, String> facts) {

        Activity and(Activity other) {
            Set<String> allUsed = new LinkedHashSet<>(used);
            allUsed.addAll(other.used);
            Set<String> allGenerated = new LinkedHashSet<>(generated);
            allGenerated.addAll(other.generated);
            return new Activity(label, started, ended, allUsed, allGenerated, plan, agents, facts);
        }
    }

    /**
     * A program or an account.
     *
     * @param version of a program; null for an account
     */
    public record Agent(
            String label, boolean software, @Nullable String version) {}
}

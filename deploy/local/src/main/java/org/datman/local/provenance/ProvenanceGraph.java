package org.datman.local.provenance;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.ResourceDiscovered;
import org.datman.contracts.provenance.Provenance;
import org.datman.contracts.provenance.Provenance.SourceFile;
import org.datman.contracts.provenance.QcProvenance;
import org.jspecify.annotations.Nullable;

/**
 * Lineages as the three classes of the <a href="https://www.w3.org/TR/prov-dm/">W3C PROV data model</a>: what there is, what was
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

        private Activity and(Activity other) {
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

    /** The graph of lineages. */
    public static ProvenanceGraph of(Collection<? extends Lineage> lineages) {
        Building building = new Building();
        for (Lineage lineage : lineages) {
            if (lineage instanceof Lineage.OfImage image) {
                building.add(image);
            } else if (lineage instanceof Lineage.OfResource resource) {
                building.add(resource);
            } else if (lineage instanceof Lineage.OfPipeline pipeline) {
                building.add(pipeline);
            } else if (lineage instanceof Lineage.OfWithdrawn withdrawn) {
                building.add(withdrawn);
            }
        }
        return new ProvenanceGraph(building.entities, building.activities, building.agents);
    }

    private static final class Building {

        private static final String EXPORT = "datman-export";

        private final Map<String, Entity> entities = new LinkedHashMap<>();
        private final Map<String, Activity> activities = new LinkedHashMap<>();
        private final Map<String, Agent> agents = new LinkedHashMap<>();

        void add(Lineage.OfImage image) {
            Provenance record = image.record();
            Set<String> instances = new LinkedHashSet<>();
            for (SourceFile file : record.source().files()) {
                String id = "instance/" + file.sha256();
                entities.putIfAbsent(
                        id,
                        new Entity(
                                "dicom-instance",
                                "scan " + record.origin().scan() + ", " + file.path() + " (" + file.use() + ")",
                                null,
                                file.sha256(),
                                file.size()));
                if (file.use().equals(Provenance.IMAGE)) {
                    instances.add(id);
                }
            }
            String text = text(image.study());
            Map<String, String> facts = new TreeMap<>();
            Provenance.Run run = record.run();
            facts.put("runKey", run.runKey());
            facts.put("eventId", run.eventId());
            facts.put("correlationId", run.correlationId());
            facts.put("exportRevision", Long.toString(run.exportRevision()));
            facts.put("host", run.host());
            facts.put("xnat", xnat(record.origin()));
            facts.put("sourceDigest", record.source().sha256());
            facts.put("tag", record.naming().tag());
            record.dicom()
                    .ifPresent(kept -> facts.put(
                            "keptDicom", kept.form() + " of " + kept.path() + ", SHA-256 " + kept.originalSha256()));
            Set<String> by = new LinkedHashSet<>();
            record.conversion().ifPresent(conversion -> {
                by.add(software(conversion.program(), conversion.version()));
                facts.put("command", conversion.program() + " " + String.join(" ", conversion.arguments()));
                facts.put("exitCode", Integer.toString(conversion.exitCode()));
                if (!conversion.prepared().isEmpty()) {
                    facts.put("prepared", String.join("; ", conversion.prepared()));
                }
                if (!conversion.corrections().isEmpty()) {
                    facts.put("corrections", String.join("; ", conversion.corrections()));
                }
            });
            run.software().ifPresent(software -> by.add(software(software)));
            if (by.isEmpty()) {
                by.add(software(EXPORT));
            }
            if (!run.actor().isEmpty()) {
                by.add(account(run.actor()));
            }
            Set<String> made = new LinkedHashSet<>(files(record.files()));
            image.files().stream()
                    .map(CheckedFile::published)
                    .filter(file -> ArchivePlace.of(file.path())
                            .filter(place -> place.kind() == ArchivePlace.Kind.SERIES)
                            .isPresent())
                    .forEach(file -> made.add(file(file)));
            activity(
                    "export/" + run.runKey(),
                    new Activity(
                            "export of scan " + record.origin().scan() + " as "
                                    + record.naming().tag(),
                            run.started(),
                            run.finished(),
                            instances,
                            made,
                            text,
                            by,
                            facts));
            MeasuredImage qc = image.qc();
            if (qc != null && qc.record() != null) {
                add(qc.record(), Set.copyOf(record.files()));
            }
        }

        void add(Lineage.OfWithdrawn withdrawn) {
            String path = withdrawn.asked();
            entities.putIfAbsent("file/" + path, new Entity("withdrawn", path, path, withdrawn.sha256(), null));
        }

        private void add(QcProvenance qc, Set<FileRef> image) {
            Set<String> measured = new LinkedHashSet<>();
            for (FileRef input : qc.inputs()) {
                measured.add(image.contains(input) ? file(input) : earlier(input));
            }
            Map<String, String> facts = new TreeMap<>();
            facts.put("runKey", qc.runKey());
            facts.put("verdict", qc.verdict().level().name());
            facts.put("configRevision", qc.configRevision());
            qc.headerComparison().ifPresent(comparison -> facts.put("headerComparison", comparison));
            activity(
                    "qc/" + qc.runKey(),
                    new Activity(
                            "quality control of " + qc.stem() + " as " + qc.kind(),
                            null,
                            null,
                            measured,
                            files(qc.outputs()),
                            null,
                            Set.of(software(qc.tool())),
                            facts));
        }

        void add(Lineage.OfResource resource) {
            ResourceDiscovered discovered = resource.discovered();
            String id = "xnat/" + discovered.session().identity() + "/resources/" + discovered.resource() + "/"
                    + discovered.path();
            entities.putIfAbsent(
                    id,
                    new Entity(
                            "xnat-file",
                            discovered.label() + "/" + discovered.path(),
                            null,
                            null,
                            resource.current() ? discovered.size() : null));
            Map<String, String> facts = new TreeMap<>();
            if (resource.current()) {
                discovered.md5().ifPresent(md5 -> facts.put("md5OnXnat", md5));
                facts.put("resourceRevision", Long.toString(discovered.resourceRevision()));
            }
            activity(
                    "copy/" + discovered.identity() + "/"
                            + (resource.current() ? discovered.resourceRevision() : "earlier"),
                    new Activity(
                            "copy of " + discovered.label() + "/" + discovered.path(),
                            null,
                            null,
                            Set.of(id),
                            files(resource.files().stream()
                                    .map(CheckedFile::published)
                                    .toList()),
                            null,
                            Set.of(software(EXPORT)),
                            facts));
        }

        void add(Lineage.OfPipeline pipeline) {
            JsonNode run = pipeline.record();
            Map<String, String> facts = new TreeMap<>();
            for (String fact :
                    List.of("runKey", "requestEventId", "correlationId", "configRevision", "host", "exitCode")) {
                facts.put(fact, run.path(fact).asText(""));
            }
            List<String> command = new ArrayList<>();
            run.path("commandLine").forEach(word -> command.add(word.asText()));
            facts.put("command", String.join(" ", command));
            facts.put(
                    "descriptorSha256",
                    run.path("tool").path("descriptorSha256").asText(""));
            Set<String> by = new LinkedHashSet<>();
            by.add(software(
                    run.path("tool").path("name").asText(""),
                    run.path("tool").path("version").asText("")));
            if (!run.path("requestedBy").asText("").isEmpty()) {
                by.add(account(run.path("requestedBy").asText("")));
            }
            activity(
                    "pipeline/" + run.path("runKey").asText(""),
                    new Activity(
                            "pipeline " + run.path("pipeline").asText(""),
                            Instant.parse(run.path("started").asText()),
                            Instant.parse(run.path("finished").asText()),
                            files(pipeline.inputs().stream()
                                    .map(CheckedFile::published)
                                    .toList()),
                            files(pipeline.files().stream()
                                    .map(CheckedFile::published)
                                    .toList()),
                            null,
                            by,
                            facts));
        }

        private void activity(String id, Activity activity) {
            activities.merge(id, activity, Activity::and);
        }

        private Set<String> files(List<FileRef> files) {
            Set<String> ids = new LinkedHashSet<>();
            files.forEach(file -> ids.add(file(file)));
            return ids;
        }

        private String file(FileRef file) {
            String id = "file/" + file.path();
            Entity known = entities.putIfAbsent(
                    id, new Entity(file.role().key(), file.path(), file.path(), file.sha256(), file.size()));
            return known == null || file.sha256().equals(known.sha256()) ? id : earlier(file);
        }

        /** A file that is not known to be there as it was: there is no path of it. */
        private String earlier(FileRef file) {
            String id = "file/" + file.path() + "@" + file.sha256();
            entities.putIfAbsent(id, new Entity(file.role().key(), file.path(), null, file.sha256(), file.size()));
            return id;
        }

        private String text(StudyText study) {
            String id = "study/" + study.code() + "@" + study.revision();
            entities.putIfAbsent(
                    id,
                    new Entity(
                            "study-text",
                            "study " + study.code() + ", revision " + study.revision(),
                            // The file of all current studies is not one study's.
                            study.file() != null && study.file().startsWith(StudyText.HISTORY) ? study.file() : null,
                            study.sha256(),
                            null));
            return id;
        }

        private String software(String nameAndVersion) {
            int space = nameAndVersion.indexOf(' ');
            return space < 0
                    ? software(nameAndVersion, "")
                    : software(nameAndVersion.substring(0, space), nameAndVersion.substring(space + 1));
        }

        private String software(String name, String version) {
            String id = "software/" + name + (version.isEmpty() ? "" : "/" + version);
            agents.putIfAbsent(id, new Agent(name, true, version));
            return id;
        }

        private String account(String name) {
            String id = "account/" + name;
            agents.putIfAbsent(id, new Agent(name, false, null));
            return id;
        }

        private static String xnat(Provenance.Origin origin) {
            return origin.session().identity() + "/scans/" + origin.scan()
                    + origin.resource()
                            .map(resource -> "/resources/" + resource)
                            .orElse("");
        }
    }
}

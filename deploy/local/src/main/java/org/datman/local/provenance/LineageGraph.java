package org.datman.local.provenance;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.ResourceDiscovered;
import org.datman.contracts.provenance.GraphBuilder;
import org.datman.contracts.provenance.Provenance;
import org.datman.contracts.provenance.Provenance.SourceFile;
import org.datman.contracts.provenance.ProvenanceGraph;
import org.datman.contracts.provenance.ProvenanceGraph.Activity;
import org.datman.contracts.provenance.ProvenanceGraph.Entity;
import org.datman.contracts.provenance.QcProvenance;
import org.datman.contracts.provenance.RunGraph;

/** The graph of what the archive records: PROV-JSON and RO-Crate are written from it. */
public final class LineageGraph {

    private LineageGraph() {}

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
        return building.graph.build();
    }

    private static final class Building {

        private static final String EXPORT = "datman-export";

        private final GraphBuilder graph = new GraphBuilder();

        void add(Lineage.OfImage image) {
            Provenance record = image.record();
            Set<String> instances = new LinkedHashSet<>();
            for (SourceFile file : record.source().files()) {
                String id = "instance/" + file.sha256();
                graph.entity(
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
                by.add(graph.software(conversion.program(), conversion.version()));
                facts.put("command", conversion.program() + " " + String.join(" ", conversion.arguments()));
                facts.put("exitCode", Integer.toString(conversion.exitCode()));
                if (!conversion.prepared().isEmpty()) {
                    facts.put("prepared", String.join("; ", conversion.prepared()));
                }
                if (!conversion.corrections().isEmpty()) {
                    facts.put("corrections", String.join("; ", conversion.corrections()));
                }
            });
            run.software().ifPresent(software -> by.add(graph.software(software)));
            if (by.isEmpty()) {
                by.add(graph.software(EXPORT));
            }
            if (!run.actor().isEmpty()) {
                by.add(graph.account(run.actor()));
            }
            Set<String> made = new LinkedHashSet<>(graph.files(record.files()));
            image.files().stream()
                    .map(CheckedFile::published)
                    .filter(file -> ArchivePlace.of(file.path())
                            .filter(place -> place.kind() == ArchivePlace.Kind.SERIES)
                            .isPresent())
                    .forEach(file -> made.add(graph.file(file)));
            graph.activity(
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
            graph.entity("file/" + path, new Entity("withdrawn", path, path, withdrawn.sha256(), null));
        }

        private void add(QcProvenance qc, Set<FileRef> image) {
            Set<String> measured = new LinkedHashSet<>();
            for (FileRef input : qc.inputs()) {
                measured.add(image.contains(input) ? graph.file(input) : graph.earlier(input));
            }
            Map<String, String> facts = new TreeMap<>();
            facts.put("runKey", qc.runKey());
            facts.put("verdict", qc.verdict().level().name());
            facts.put("configRevision", qc.configRevision());
            qc.headerComparison().ifPresent(comparison -> facts.put("headerComparison", comparison));
            graph.activity(
                    "qc/" + qc.runKey(),
                    new Activity(
                            "quality control of " + qc.stem() + " as " + qc.kind(),
                            null,
                            null,
                            measured,
                            graph.files(qc.outputs()),
                            null,
                            Set.of(graph.software(qc.tool())),
                            facts));
        }

        void add(Lineage.OfResource resource) {
            ResourceDiscovered discovered = resource.discovered();
            String id = "xnat/" + discovered.session().identity() + "/resources/" + discovered.resource() + "/"
                    + discovered.path();
            graph.entity(
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
            graph.activity(
                    "copy/" + discovered.identity() + "/"
                            + (resource.current() ? discovered.resourceRevision() : "earlier"),
                    new Activity(
                            "copy of " + discovered.label() + "/" + discovered.path(),
                            null,
                            null,
                            Set.of(id),
                            graph.files(resource.files().stream()
                                    .map(CheckedFile::published)
                                    .toList()),
                            null,
                            Set.of(graph.software(EXPORT)),
                            facts));
        }

        void add(Lineage.OfPipeline pipeline) {
            RunGraph.add(
                    graph,
                    pipeline.record(),
                    pipeline.inputs().stream().map(CheckedFile::published).toList(),
                    pipeline.files().stream().map(CheckedFile::published).toList());
        }

        private String text(StudyText study) {
            String id = "study/" + study.code() + "@" + study.revision();
            graph.entity(
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

        private static String xnat(Provenance.Origin origin) {
            return origin.session().identity() + "/scans/" + origin.scan()
                    + origin.resource()
                            .map(resource -> "/resources/" + resource)
                            .orElse("");
        }
    }
}

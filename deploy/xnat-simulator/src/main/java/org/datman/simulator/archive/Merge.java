package org.datman.simulator.archive;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * How a study joins a session (XNAT's merge rules): the same scan id and series UID means more files for that scan; the
 * same id with another UID means a new scan {@code <id>-MR1}, {@code -MR2} … Pure but for the numbers it draws.
 */
final class Merge {
    private final LongSupplier ids;
    private final Instant now;
    private final boolean replaceFiles;

    /** @param replaceFiles whether a file of the same name replaces the old one; otherwise it is rejected (409) */
    Merge(LongSupplier ids, Instant now, boolean replaceFiles) {
        this.ids = ids;
        this.now = now;
        this.replaceFiles = replaceFiles;
    }

    Session into(Session session, Incoming incoming) {
        List<Scan> scans = new ArrayList<>(session.scans());
        for (Incoming.Series series : incoming.series()) {
            addSeries(scans, series);
        }
        List<Resource> resources = new ArrayList<>(session.resources());
        for (Incoming.Other other : incoming.others()) {
            addFiles(resources, other.label(), "", "", other.files());
        }
        return session.withScans(scans).withResources(resources);
    }

    private void addSeries(List<Scan> scans, Incoming.Series series) {
        for (int i = 0; i < scans.size(); i++) {
            Scan scan = scans.get(i);
            if (scan.uid().equals(series.uid()) && isIdOf(scan.id(), clean(series.id()))) {
                List<Resource> resources = new ArrayList<>(scan.resources());
                int before = count(resources);
                addFiles(resources, series.resource(), "DICOM", content(series), series.files());
                int added = count(resources) - before;
                int frames = series.files().isEmpty()
                        ? scan.frames()
                        : scan.frames()
                                + (int) ((long) series.frames()
                                        * added
                                        / series.files().size());
                scans.set(i, scan.withResources(resources).withFrames(frames));
                return;
            }
        }
        scans.add(newScan(freeId(scans, series), series));
    }

    private static boolean isIdOf(String scanId, String wanted) {
        return scanId.equals(wanted) || scanId.startsWith(wanted + "-");
    }

    private static int count(List<Resource> resources) {
        return resources.stream().mapToInt(r -> r.files().size()).sum();
    }

    private static String freeId(List<Scan> scans, Incoming.Series series) {
        return freeId(scans.stream().map(Scan::id).collect(Collectors.toSet()), series);
    }

    /** The id of a new scan, different from those in use. */
    static String freeId(Set<String> taken, Incoming.Series series) {
        String wanted = clean(series.id());
        String id = wanted;
        for (int n = 1; taken.contains(id); n++) {
            id = wanted + "-" + (series.modality().isEmpty() ? "OT" : series.modality()) + n;
        }
        return id;
    }

    /** Characters that XNAT does not allow in scan ids become {@code _}. */
    static String clean(String id) {
        return id.replaceAll("[^A-Za-z0-9_-]", "_");
    }

    private Scan newScan(String id, Incoming.Series series) {
        List<Resource> resources = new ArrayList<>();
        addFiles(resources, series.resource(), "DICOM", content(series), series.files());
        return new Scan(
                id,
                ids.getAsLong(),
                series.uid(),
                series.modality(),
                series.xsiType(),
                series.type(),
                series.description(),
                "usable",
                "",
                series.frames(),
                series.fields(),
                series.addParams(),
                resources,
                now);
    }

    private static String content(Incoming.Series series) {
        return series.resource().equals("secondary") ? "secondary" : "RAW";
    }

    private void addFiles(
            List<Resource> resources, String label, String format, String content, List<ArchivedFile> files) {
        for (int i = 0; i < resources.size(); i++) {
            Resource resource = resources.get(i);
            if (resource.label().equals(label)) {
                resources.set(i, resource.withFiles(join(resource.files(), files)));
                return;
            }
        }
        resources.add(Resource.of(ids.getAsLong(), label, format, content, join(List.of(), files)));
    }

    private List<ArchivedFile> join(List<ArchivedFile> old, List<ArchivedFile> added) {
        Map<String, ArchivedFile> byPath = new LinkedHashMap<>();
        for (ArchivedFile file : old) {
            byPath.put(file.path(), file);
        }
        for (ArchivedFile file : added) {
            if (byPath.put(file.path(), file) != null && !replaceFiles) {
                throw new ArchiveException(
                        409,
                        "Session already exists with matching file " + file.path() + ", retry with overwrite enabled");
            }
        }
        return List.copyOf(byPath.values());
    }
}

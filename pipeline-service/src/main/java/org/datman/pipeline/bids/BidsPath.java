package org.datman.pipeline.bids;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The name of an image in its session: {@code func/sub-CMH0001_ses-01_task-rest_run-01_bold}, without extension.
 *
 * @param prefix {@code sub-CMH0001_ses-01_}
 * @param entities after the session, by short name
 */
record BidsPath(String datatype, String prefix, Map<String, String> entities, String suffix) {

    /** The entities of MRI in the order of BIDS 1.11. */
    static final List<String> ORDER = List.of("task", "acq", "ce", "rec", "dir", "run", "echo", "part");

    private static final Set<String> INHERITED = Set.of(".json", ".bval", ".bvec", ".tsv");

    BidsPath {
        entities = Map.copyOf(entities);
    }

    BidsPath with(String entity, String label) {
        Map<String, String> more = new TreeMap<>(entities);
        more.put(entity, label);
        return new BidsPath(datatype, prefix, more, suffix);
    }

    BidsPath without(String entity) {
        Map<String, String> fewer = new TreeMap<>(entities);
        fewer.remove(entity);
        return new BidsPath(datatype, prefix, fewer, suffix);
    }

    /** The file of the same name that the standard calls otherwise. */
    BidsPath withSuffix(String other) {
        return new BidsPath(datatype, prefix, entities, other);
    }

    /** The events of the run, which all its echoes and parts have in common. */
    BidsPath events() {
        return without("echo").without("part").withSuffix("events");
    }

    /** The entities in the order of the standard. */
    Map<String, String> ordered() {
        Map<String, String> ordered = new LinkedHashMap<>();
        for (String entity : ORDER) {
            String label = entities.get(entity);
            if (label != null) {
                ordered.put(entity, label);
            }
        }
        return ordered;
    }

    /** Whether a file of the session folder belongs to the image. */
    boolean owns(String file) {
        return file.startsWith(withExtension(".")) || file.startsWith(withSuffix("aslcontext") + ".");
    }

    /**
     * Whether a sidecar or table of another name describes the file by the inheritance principle: it lies in its folder or that of
     * the session, and has its suffix and no entity that it lacks.
     *
     * @param file in the session folder
     */
    boolean inherits(String file) {
        int slash = file.lastIndexOf('/');
        String folder = slash < 0 ? "" : file.substring(0, slash);
        String name = file.substring(slash + 1);
        int dot = name.indexOf('.');
        if (owns(file)
                || dot < 0
                || !INHERITED.contains(name.substring(dot))
                || !folder.isEmpty() && !folder.equals(datatype)
                || !name.startsWith(prefix)) {
            return false;
        }
        List<String> parts = List.of(name.substring(prefix.length(), dot).split("_"));
        return parts.get(parts.size() - 1).equals(suffix)
                && parts.subList(0, parts.size() - 1).stream().allMatch(this::has);
    }

    private boolean has(String entity) {
        int dash = entity.indexOf('-');
        return dash > 0 && entity.substring(dash + 1).equals(entities.get(entity.substring(0, dash)));
    }

    String withExtension(String extension) {
        return this + extension;
    }

    @Override
    public String toString() {
        StringBuilder name = new StringBuilder(datatype).append('/').append(prefix);
        ordered()
                .forEach((entity, label) ->
                        name.append(entity).append('-').append(label).append('_'));
        return name.append(suffix).toString();
    }
}

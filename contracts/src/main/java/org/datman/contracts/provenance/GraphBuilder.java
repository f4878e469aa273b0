package org.datman.contracts.provenance;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.provenance.ProvenanceGraph.Activity;
import org.datman.contracts.provenance.ProvenanceGraph.Agent;
import org.datman.contracts.provenance.ProvenanceGraph.Entity;

/** Puts a {@link ProvenanceGraph} together. Each method returns the id of what it adds. */
public final class GraphBuilder {

    private final Map<String, Entity> entities = new LinkedHashMap<>();
    private final Map<String, Activity> activities = new LinkedHashMap<>();
    private final Map<String, Agent> agents = new LinkedHashMap<>();

    /** The graph of all that was added. */
    public ProvenanceGraph build() {
        return new ProvenanceGraph(entities, activities, agents);
    }

    /** Adds one; the first of an id stays. */
    public String entity(String id, Entity entity) {
        entities.putIfAbsent(id, entity);
        return id;
    }

    /** Adds one; what two of an id used and made is put together. */
    public String activity(String id, Activity activity) {
        activities.merge(id, activity, Activity::and);
        return id;
    }

    /** Files of the archive. */
    public Set<String> files(List<FileRef> files) {
        Set<String> ids = new LinkedHashSet<>();
        files.forEach(file -> ids.add(file(file)));
        return ids;
    }

    /** A file of the archive. */
    public String file(FileRef file) {
        String id = "file/" + file.path();
        Entity known = entities.putIfAbsent(
                id, new Entity(file.role().key(), file.path(), file.path(), file.sha256(), file.size()));
        return known == null || file.sha256().equals(known.sha256()) ? id : earlier(file);
    }

    /** A file that is not known to be there as it was: there is no path of it. */
    public String earlier(FileRef file) {
        return entity(
                "file/" + file.path() + "@" + file.sha256(),
                new Entity(file.role().key(), file.path(), null, file.sha256(), file.size()));
    }

    /** A program, by its name and, after a blank, its version. */
    public String software(String nameAndVersion) {
        int space = nameAndVersion.indexOf(' ');
        return space < 0
                ? software(nameAndVersion, "")
                : software(nameAndVersion.substring(0, space), nameAndVersion.substring(space + 1));
    }

    /** A program. */
    public String software(String name, String version) {
        String id = "software/" + name + (version.isEmpty() ? "" : "/" + version);
        agents.putIfAbsent(id, new Agent(name, true, version));
        return id;
    }

    /** An account. */
    public String account(String name) {
        String id = "account/" + name;
        agents.putIfAbsent(id, new Agent(name, false, null));
        return id;
    }
}

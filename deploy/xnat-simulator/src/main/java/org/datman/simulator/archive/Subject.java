package org.datman.simulator.archive;

import io.soabase.recordbuilder.core.RecordBuilder;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A participant or phantom of a project.
 *
 * @param id accession id
 * @param label the name that people use
 * @param fields further values by XNAT's short names ({@code gender}, {@code yob} …)
 */
@RecordBuilder
public record Subject(
        String id,
        String label,
        String project,
        List<Share> shares,
        List<Resource> resources,
        Instant inserted,
        Map<String, String> fields)
        implements SubjectBuilder.With {

    public Subject {
        shares = List.copyOf(shares);
        resources = List.copyOf(resources);
        // State files of earlier builds have no such values.
        fields = fields == null ? Map.of() : new TreeMap<>(fields);
    }

    public Subject withShare(Share share) {
        return withShares(Lists.plus(shares, share));
    }

    public Subject withField(String name, String value) {
        TreeMap<String, String> changed = new TreeMap<>(fields);
        changed.put(name, value);
        return withFields(changed);
    }

    /** The label this subject has in a project, null when it is not visible there. */
    public @Nullable String labelIn(String otherProject) {
        return project.equals(otherProject) ? label : Share.labelIn(shares, otherProject);
    }
}

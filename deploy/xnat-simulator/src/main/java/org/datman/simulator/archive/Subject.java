package org.datman.simulator.archive;

import java.time.Instant;
import java.util.List;

/** A participant or phantom of a project; `id` is the accession id, `label` what people call it. */
public record Subject(
        String id, String label, String project, List<Share> shares, List<Resource> resources, Instant inserted) {

    public Subject {
        shares = List.copyOf(shares);
        resources = List.copyOf(resources);
    }

    public Subject withLabel(String newLabel) {
        return new Subject(id, newLabel, project, shares, resources, inserted);
    }

    public Subject withProject(String newProject) {
        return new Subject(id, label, newProject, shares, resources, inserted);
    }

    public Subject withShare(Share share) {
        return new Subject(id, label, project, Lists.plus(shares, share), resources, inserted);
    }

    public Subject withResources(List<Resource> newResources) {
        return new Subject(id, label, project, shares, newResources, inserted);
    }

    /** The label this subject has in a project, null when it is not visible there. */
    public String labelIn(String otherProject) {
        if (project.equals(otherProject)) return label;
        return shares.stream()
                .filter(s -> s.project().equals(otherProject))
                .map(Share::label)
                .findFirst()
                .orElse(null);
    }
}

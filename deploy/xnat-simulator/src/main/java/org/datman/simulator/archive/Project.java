package org.datman.simulator.archive;

import java.time.Instant;
import java.util.List;

/** A project: the top of XNAT's tree. */
public record Project(
        String id, String name, String secondaryId, String description, List<Resource> resources, Instant inserted) {

    public Project {
        resources = List.copyOf(resources);
    }

    public Project withResources(List<Resource> newResources) {
        return new Project(id, name, secondaryId, description, newResources, inserted);
    }
}

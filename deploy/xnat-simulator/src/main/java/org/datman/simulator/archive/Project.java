package org.datman.simulator.archive;

import io.soabase.recordbuilder.core.RecordBuilder;
import java.time.Instant;
import java.util.List;

/** A project: the top of XNAT's tree. */
@RecordBuilder
public record Project(
        String id, String name, String secondaryId, String description, List<Resource> resources, Instant inserted)
        implements ProjectBuilder.With {

    public Project {
        resources = List.copyOf(resources);
    }
}

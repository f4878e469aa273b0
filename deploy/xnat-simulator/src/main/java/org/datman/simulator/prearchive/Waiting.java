package org.datman.simulator.prearchive;

import java.nio.file.Path;
import java.time.Instant;
import org.datman.simulator.archive.Incoming;
import org.jspecify.annotations.Nullable;

/**
 * A study in the prearchive.
 *
 * @param study its attributes; while it is received, only those of its first object
 * @param project where it waits, {@code Unassigned} when no project claims it
 * @param timestamp name of its folder's parent, from the time when it began
 * @param received folder of objects received one by one, null for a complete upload
 * @param changed time of its last change
 */
public record Waiting(
        Incoming study,
        String project,
        String timestamp,
        String folder,
        Status status,
        @Nullable Path received,
        Instant uploaded,
        Instant changed) {
    public static final String UNASSIGNED = "Unassigned";

    /** XNAT's states, as far as the simulator has them. */
    public enum Status {
        /** Objects are received one by one; it cannot be read before it is built. */
        RECEIVING,
        READY,
        /** The archive rejected it. */
        CONFLICT
    }

    /** Path below {@code /data}. */
    public String url() {
        return "/prearchive/projects/" + project + "/" + timestamp + "/" + folder;
    }

    Waiting in(String newProject, Instant now) {
        return new Waiting(
                study.to(newProject, study.subject(), study.label()),
                newProject,
                timestamp,
                folder,
                status,
                received,
                uploaded,
                now);
    }

    Waiting as(Status newStatus, Incoming newStudy, Instant now) {
        return new Waiting(newStudy, project, timestamp, folder, newStatus, received, uploaded, now);
    }
}

package org.datman.simulator.archive;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A session or subject shared with another project, where it may have another label. */
public record Share(String project, String label) {
    /** The label among these shares in a project, null when it is not shared there. */
    static @Nullable String labelIn(List<Share> shares, String project) {
        return shares.stream()
                .filter(share -> share.project().equals(project))
                .map(Share::label)
                .findFirst()
                .orElse(null);
    }
}

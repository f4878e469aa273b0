package org.datman.dashboard.projection;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The running rebuild, or the last: the only row of its table. */
@Entity
@Table(name = "rebuild")
class RebuildState {

    @Id
    private boolean one;

    private boolean wanted;
    private @Nullable Instant started;
    private @Nullable Instant ended;
    private long events;

    /** For Hibernate: the row is there from the first migration on. */
    protected RebuildState() {}

    void start(Instant now) {
        wanted = true;
        started = now;
        ended = null;
        events = 0;
    }

    void read(long total) {
        events = total;
    }

    void end(Instant now, long total) {
        wanted = false;
        ended = now;
        events = total;
    }

    Rebuild.Progress progress() {
        return new Rebuild.Progress(wanted, started, ended, events);
    }
}

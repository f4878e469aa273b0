package org.datman.pipeline.state;

import org.datman.contracts.event.Event;
import org.datman.contracts.event.QcComplete;
import org.datman.contracts.event.QcReviewed;
import org.datman.contracts.event.SeriesExported;
import org.datman.contracts.event.SessionChecked;
import org.datman.contracts.event.SessionDiscovered;

/** Decides which of two events with the same identity is newer. */
final class Revisions {

    private Revisions() {}

    private record Rank(long major, long minor) implements Comparable<Rank> {
        @Override
        public int compareTo(Rank other) {
            int majors = Long.compare(major, other.major);
            return majors != 0 ? majors : Long.compare(minor, other.minor);
        }
    }

    /** Whether {@code known} is newer than {@code received}, which then is outdated. */
    static boolean isNewer(Event known, Event received) {
        return rank(known).compareTo(rank(received)) > 0;
    }

    private static Rank rank(Event event) {
        if (event instanceof SessionDiscovered e) {
            return new Rank(e.sessionRevision(), 0);
        } else if (event instanceof SeriesExported e) {
            return new Rank(e.seriesRevision(), e.exportRevision());
        } else if (event instanceof QcComplete e) {
            return new Rank(e.seriesRevision(), e.finished().toEpochMilli());
        } else if (event instanceof SessionChecked e) {
            return new Rank(e.settleRevision(), e.checkRevision());
        } else if (event instanceof QcReviewed e) {
            return new Rank(e.time().toEpochMilli(), 0);
        }
        throw new IllegalArgumentException(event.type() + " is not stored by pipeline");
    }
}

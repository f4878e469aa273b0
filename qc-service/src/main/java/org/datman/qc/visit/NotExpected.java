package org.datman.qc.visit;

/**
 * What the file of {@code VisitPlan} says will not come.
 *
 * @param name of a session, of a timepoint, or of a subject of whom nothing more comes
 * @param timepoint of the session, or the timepoint; empty for a subject
 * @param source the file
 * @param where its line, as {@code visits.csv line 3}; empty when it is known from what was published only
 */
record NotExpected(String name, String timepoint, String source, String where) {

    boolean isSubject() {
        return timepoint.isEmpty();
    }

    /** Whether the visit will not come. A session that is named in full stands for its timepoint where that is all that is planned. */
    boolean drops(PlannedVisit visit) {
        if (isSubject()) {
            return visit.timepoint().startsWith(name + "_");
        }
        return name.equals(visit.name())
                || name.equals(visit.timepoint())
                || visit.anyRepeat() && timepoint.equals(visit.timepoint());
    }

    /** Whether it says that no session of the timepoint will come. */
    boolean denies(String wholeTimepoint) {
        return isSubject() ? wholeTimepoint.startsWith(name + "_") : timepoint.equals(wholeTimepoint);
    }

    /** Whether the session is one of which it says that it will not come; what came of a subject who left is right. */
    boolean denies(ArrivedSession session) {
        return !isSubject()
                && (name.equals(session.name()) || name.equals(timepoint) && name.equals(session.timepoint()));
    }
}

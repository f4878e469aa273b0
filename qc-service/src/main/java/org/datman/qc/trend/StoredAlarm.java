package org.datman.qc.trend;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** An alarm as it was last published. */
@Entity
@Table(name = "alarm")
@SuppressWarnings("UnusedVariable") // a column that only queries compare
class StoredAlarm {

    @Id
    private String identity;

    /** What was judged: one history of one metric, or the header of one image. */
    private String about;

    private long revision;

    /** As JSON. */
    private String event;

    /** For Hibernate. */
    protected StoredAlarm() {}

    StoredAlarm(String about, History.PublishedAlarm alarm) {
        this.identity = alarm.identity();
        replace(about, alarm);
    }

    final void replace(String judged, History.PublishedAlarm alarm) {
        about = judged;
        revision = alarm.revision();
        event = alarm.event();
    }

    long revision() {
        return revision;
    }

    History.PublishedAlarm published() {
        return new History.PublishedAlarm(identity, revision, event);
    }
}

package org.datman.dashboard.projection;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.time.LocalDate;
import org.datman.contracts.event.QcAlarm;
import org.jspecify.annotations.Nullable;

/** An alarm as it was last published; open or not. */
@Entity
@Table(name = "alarm")
@SuppressWarnings("UnusedVariable") // columns that only queries read
class ReportedAlarm {

    @Id
    private String identity;

    private long revision;
    private String session;
    private String scan;
    private String stem;
    private String study;
    private String site;
    private String tag;
    private String name;
    private boolean phantom;
    private String subject;
    private String version;
    private String rule;
    private String severity;
    private String state;
    private LocalDate since;
    private LocalDate noticed;
    private @Nullable LocalDate until;
    private String usual;
    private String now;
    private String message;
    private String action;
    private Instant published;
    private String scanner;
    private String software;

    /** Computed by {@link ReportedAlarms#updateOpen}. */
    private boolean open = true;

    /** For Hibernate. */
    protected ReportedAlarm() {}

    ReportedAlarm(QcAlarm event, Instant published) {
        identity = event.identity();
        session = event.session().identity();
        scan = event.scan();
        stem = event.stem();
        phantom = event.phantom();
        subject = event.subject();
        version = event.version();
        rule = event.rule().name();
        update(event, published);
    }

    /** Takes over what differs between revisions. */
    final void update(QcAlarm event, Instant at) {
        revision = event.alarmRevision();
        study = event.study();
        site = event.site();
        tag = event.tag();
        name = event.sessionName();
        severity = event.severity();
        state = event.state().name();
        since = event.since();
        noticed = event.noticed();
        until = event.until().orElse(null);
        usual = event.usual();
        now = event.now();
        message = event.reason().message();
        action = event.reason().action();
        published = at;
        scanner = event.acquisition().scanner();
        software = event.acquisition().software();
    }

    String session() {
        return session;
    }

    long revision() {
        return revision;
    }
}

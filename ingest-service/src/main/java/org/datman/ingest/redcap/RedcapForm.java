package org.datman.ingest.redcap;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A completed form as REDCap last had it. Only what is compared is stored: no comment, no name of staff, and of a name that cannot be read
 * only why.
 */
@Entity
@Table(name = "redcap_form")
@IdClass(RedcapFormKey.class)
class RedcapForm {

    @Id
    private String study;

    @Id
    @Column(name = "record_id")
    private String record;

    @Id
    @Column(name = "event_name")
    private String event;

    private String session;

    @Column(name = "scan_day")
    private @Nullable LocalDate day;

    private String fault;

    private Instant recorded;

    /** For Hibernate. */
    protected RedcapForm() {}

    RedcapForm(String study, RedcapKey key, ReadForm form, Instant now) {
        this.study = study;
        this.record = key.record();
        this.event = key.event();
        this.recorded = now;
        this.session = "";
        this.fault = "";
        store(form, now);
    }

    /** Takes over what REDCap has now; the delay begins again when it names another session. */
    final void store(ReadForm form, Instant now) {
        if (!form.session().equals(session)) {
            recorded = now;
        }
        session = form.session();
        day = form.day();
        fault = form.fault();
    }

    RedcapKey key() {
        return new RedcapKey(record, event);
    }

    /** Session or timepoint that it names; empty when it has a fault. */
    String session() {
        return session;
    }

    /** Day of the scan. */
    Optional<LocalDate> day() {
        return Optional.ofNullable(day);
    }

    /** Why it cannot be assigned; empty when it can. */
    String fault() {
        return fault;
    }

    /** When it was first read with this session. */
    Instant recorded() {
        return recorded;
    }
}

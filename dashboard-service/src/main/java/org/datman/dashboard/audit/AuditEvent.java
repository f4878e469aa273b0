package org.datman.dashboard.audit;

import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A row of the audit log. */
@Entity
@Table(name = "audit_event")
class AuditEvent {

    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    private @Nullable Long id;

    private Instant time;
    private String actor;
    private String address;
    private String action;
    private String study;
    private String subject;
    private String detail;

    /** For Hibernate. */
    protected AuditEvent() {}

    AuditEvent(Instant time, String actor, String address, AuditLog.Entry entry) {
        this.time = time;
        this.actor = actor;
        this.address = address;
        this.action = entry.kind();
        this.study = entry.study();
        this.subject = entry.subject();
        this.detail = entry.detail();
    }

    AuditLog.Logged logged() {
        return new AuditLog.Logged(id == null ? 0 : id, time, actor, address, action, study, subject, detail);
    }
}

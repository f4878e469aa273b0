package org.datman.dashboard.acknowledgement;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;

/** That a failure was dismissed or an alarm acknowledged. */
@Entity
@Table(name = "acknowledgement")
@SuppressWarnings("UnusedVariable") // columns that only queries read
class Acknowledgement {

    /** Identity of the failure or alarm. */
    @Id
    @Column(name = "failure")
    private String subject;

    @Column(name = "by")
    private String acknowledgedBy;

    private String note;

    private Instant time;

    /** For Hibernate. */
    protected Acknowledgement() {}

    Acknowledgement(String subject, String acknowledgedBy, String note, Instant time) {
        this.subject = subject;
        this.acknowledgedBy = acknowledgedBy;
        this.note = note;
        this.time = time;
    }
}

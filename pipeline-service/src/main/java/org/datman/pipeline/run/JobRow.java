package org.datman.pipeline.run;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.datman.platform.lease.LeasedRow;

/** A requested run and its state. */
@Entity
@Table(name = "job")
class JobRow extends LeasedRow {

    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    Long id;

    String session;

    String pipeline;

    @Column(name = "run_key")
    String runKey;

    @Column(name = "session_name")
    String sessionName;

    @Column(name = "request_id")
    String requestId;

    /** CloudEvents attributes of the request, as JSON. */
    String headers;

    /** The request, as JSON. */
    String request;

    String state;

    /** As in events: incremented with every start of this run, by any request. */
    int attempt;

    /** How often this job was started. */
    int tries;

    @Column(name = "not_before")
    Instant notBefore;

    /** The runner's handle of the run: a process, a cluster job. */
    String handle;

    /** The last {@code pipeline-updated}, as JSON. */
    String result;
}

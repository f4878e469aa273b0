package org.datman.pipeline.run;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;

/** A run as it was asked for, and how far it is. */
@Entity
@Table(name = "job")
class JobRow {

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

    /** As events say it: grows with every beginning of this run, by whatever request. */
    int attempt;

    /** How often this job was begun. */
    int tries;

    @Column(name = "not_before")
    Instant notBefore;

    String owner;

    /** The runner's name for what runs: a process, a cluster's job. */
    String handle;

    @Column(name = "lease_until")
    Instant leaseUntil;

    /** The last {@code pipeline-updated}, as JSON. */
    String result;
}

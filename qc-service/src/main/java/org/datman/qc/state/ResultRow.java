package org.datman.qc.state;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.time.LocalDate;

/** The last result on an image. */
@Entity
@Table(name = "qc_result")
@IdClass(ResultKey.class)
class ResultRow {

    /** {@code server/accession}. */
    @Id
    String session;

    @Id
    String scan;

    @Id
    String stem;

    @Column(name = "run_key")
    String runKey;

    String event;

    String definitions;

    String study;

    String site;

    String tag;

    /** Of the scan; null where the result does not have it. */
    LocalDate day;
}

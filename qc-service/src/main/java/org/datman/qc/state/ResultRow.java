package org.datman.qc.state;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.time.LocalDate;
import org.datman.platform.lease.LeasedRow;
import org.hibernate.annotations.DynamicUpdate;

/** The last result on an image. */
@Entity
@DynamicUpdate
@Table(name = "qc_result")
@IdClass(ResultKey.class)
class ResultRow extends LeasedRow {

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

    /** How often a person's gold standard required another evaluation since the last one. */
    @Column(name = "judge_again")
    long judgeAgain;

    String study;

    String site;

    String tag;

    /** Of the scan; null where the result does not have it. */
    LocalDate day;
}

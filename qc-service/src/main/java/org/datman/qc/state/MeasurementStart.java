package org.datman.qc.state;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;

/** A measurement that was started and has not ended: a row that outlives its process counts the workers that an image has cost. */
@Entity
@Table(name = "qc_begun")
@SuppressWarnings("UnusedVariable") // columns that only queries compare
@IdClass(ResultKey.class)
class MeasurementStart {

    /** {@code server/accession}. */
    @Id
    private String session;

    @Id
    private String scan;

    @Id
    private String stem;

    private int times;

    /** For Hibernate: rows are inserted by {@link MeasurementStarts#count}. */
    protected MeasurementStart() {}

    /** Number of starts without an end. */
    int times() {
        return times;
    }
}

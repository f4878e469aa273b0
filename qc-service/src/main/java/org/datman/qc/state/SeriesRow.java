package org.datman.qc.state;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;

/** The latest events of a series, as JSON. */
@Entity
@Table(name = "qc_series")
@IdClass(SeriesKey.class)
class SeriesRow {

    @Id
    String accession;

    @Id
    String scan;

    String tagged;

    String exported;
}

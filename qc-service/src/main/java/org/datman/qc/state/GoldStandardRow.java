package org.datman.qc.state;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.time.LocalDate;

/** A gold standard that a person set. */
@Entity
@Table(name = "gold_standard")
@IdClass(GoldStandardKey.class)
class GoldStandardRow {

    @Id
    String study;

    @Id
    String site;

    @Id
    String tag;

    @Id
    @Column(name = "valid_from")
    LocalDate validFrom;

    String event;
}

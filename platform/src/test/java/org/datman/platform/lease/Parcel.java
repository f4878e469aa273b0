package org.datman.platform.lease;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** An item of the queue that the tests use. */
@Entity
@Table(name = "parcel")
class Parcel extends LeasedRow {

    @Id
    @Column(name = "id")
    String id;

    @Column(name = "due")
    boolean due;

    @Column(name = "note")
    String note;
}

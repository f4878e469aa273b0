package org.datman.qc.state;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;

/** The latest event of an associated file. */
@Entity
@Table(name = "qc_resource")
@IdClass(ResourceKey.class)
class ResourceRow {

    @Id
    String accession;

    @Id
    String identity;

    String exported;
}

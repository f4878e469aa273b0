package org.datman.ingest.configuration;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import java.time.Instant;
import org.datman.contracts.study.AcceptedStudies.Accepted;

/** The text of a study that is in force. */
@Entity
public class AcceptedStudy extends PanacheEntityBase {

    /** Study code. */
    @Id
    public String code;

    public String file;
    public String content;
    public String revision;
    public Instant acceptedAt;
    public String acceptedBy;

    Accepted accepted() {
        return new Accepted(code, file, content, revision, acceptedAt, acceptedBy);
    }

    static void keep(Accepted accepted) {
        AcceptedStudy row = findById(accepted.code());
        if (row == null) {
            row = new AcceptedStudy();
            row.code = accepted.code();
        }
        row.file = accepted.file();
        row.content = accepted.text();
        row.revision = accepted.revision();
        row.acceptedAt = accepted.time();
        row.acceptedBy = accepted.by();
        row.persist();
    }
}

package org.datman.ingest.configuration;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import java.time.Instant;
import org.datman.contracts.study.AcceptedStudies.Accepted;

/** The text of a study that is in force. */
@Entity
class AcceptedStudy {

    /** Study code. */
    @Id
    private String code;

    private String file;
    private String content;
    private String revision;
    private Instant acceptedAt;
    private String acceptedBy;

    /** For Hibernate. */
    protected AcceptedStudy() {}

    AcceptedStudy(Accepted accepted) {
        code = accepted.code();
        replace(accepted);
    }

    Accepted accepted() {
        return new Accepted(code, file, content, revision, acceptedAt, acceptedBy);
    }

    /** Another text of the same study is in force. */
    final void replace(Accepted accepted) {
        file = accepted.file();
        content = accepted.text();
        revision = accepted.revision();
        acceptedAt = accepted.time();
        acceptedBy = accepted.by();
    }
}

package org.datman.qc.trend;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.time.LocalDate;
import java.util.Optional;
import org.datman.contracts.event.QcComplete;
import org.datman.contracts.event.QcComplete.Acquisition;
import org.datman.contracts.event.ScanId;
import org.datman.contracts.event.SessionRef;
import org.datman.header.ParameterRecord;
import org.datman.header.RecordJson;
import org.jboss.logging.Logger;

/** The header of an image. */
@Entity
@Table(name = "header_value")
@SuppressWarnings("UnusedVariable") // columns that only queries compare
@IdClass(HeaderValueKey.class)
class HeaderValue {

    private static final Logger LOG = Logger.getLogger(HeaderValue.class);

    /** {@code server/accession}. */
    @Id
    private String session;

    @Id
    private String scan;

    @Id
    private String stem;

    private String study;
    private String site;
    private String tag;
    private String scanner;
    private LocalDate day;

    /** As JSON. */
    private String header;

    /** For Hibernate. */
    protected HeaderValue() {}

    HeaderValue(HeaderValueKey key, QcComplete result, LocalDate scanned, ParameterRecord parameters) {
        this.session = key.session();
        this.scan = key.scan();
        this.stem = key.stem();
        replace(result, scanned, parameters);
    }

    final void replace(QcComplete result, LocalDate scanned, ParameterRecord parameters) {
        study = result.study();
        site = result.site();
        tag = result.tag();
        scanner = result.acquisition().map(Acquisition::scanner).orElse("");
        day = scanned;
        header = RecordJson.write(parameters);
    }

    Optional<History.Header> dated() {
        return parameters().map(read -> new History.Header(SessionRef.of(session), scan, stem, day, read));
    }

    Optional<History.Tagged> tagged() {
        return parameters().map(read -> new History.Tagged(tag, new ScanId(scan), stem, read));
    }

    /** Empty when it cannot be read any more: that must not stop all that come after it. */
    private Optional<ParameterRecord> parameters() {
        try {
            return Optional.of(RecordJson.read(header));
        } catch (IllegalArgumentException e) {
            LOG.errorf(
                    e,
                    "A stored header cannot be read any more and is ignored; 'Re-run QC' replaces it result=%s scan=%s session=%s",
                    stem,
                    scan,
                    session);
            return Optional.empty();
        }
    }
}

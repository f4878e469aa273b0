package org.datman.qc.state;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.Optional;
import org.datman.contracts.event.EventFormatException;
import org.datman.contracts.event.EventJson;
import org.datman.contracts.event.QcComplete;
import org.datman.contracts.event.SessionRef;
import org.datman.contracts.metric.MetricCatalogue;
import org.datman.platform.lease.LeasedRow;
import org.hibernate.annotations.DynamicUpdate;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The last result on an image. */
@Entity
@DynamicUpdate
@Table(name = "qc_result")
@SuppressWarnings("UnusedVariable") // columns that only queries compare
@IdClass(ResultKey.class)
class StoredResult extends LeasedRow {

    private static final Logger LOG = Logger.getLogger(StoredResult.class);

    /** {@code server/accession}. */
    @Id
    private String session;

    @Id
    private String scan;

    @Id
    private String stem;

    @Column(name = "run_key")
    private String runKey;

    /** As JSON. */
    private String event;

    /** Revision of the metric catalogue that it was made by, or is current under all the same. */
    private String definitions;

    /** How often a person's gold standard required another evaluation since the last one. */
    @Column(name = "judge_again")
    private long judgeAgain;

    private @Nullable String study;

    private @Nullable String site;

    private @Nullable String tag;

    /** Of the scan; null where the result does not have it. */
    private @Nullable LocalDate day;

    /** For Hibernate. */
    protected StoredResult() {}

    StoredResult(QcComplete result) {
        this.session = result.session().identity();
        this.scan = result.scan();
        this.stem = result.stem();
        replace(result);
    }

    /** A new result on the same image, by the definitions of this program. */
    final void replace(QcComplete result) {
        runKey = result.runKey();
        event = new String(EventJson.write(result), StandardCharsets.UTF_8);
        definitions = MetricCatalogue.revision();
        study = result.study();
        site = result.site();
        tag = result.tag();
        day = result.date().orElse(null);
    }

    /** The result; empty when it was stored in a form that cannot be read any more, which is logged. */
    Optional<QcComplete> result() {
        try {
            return Optional.of(EventJson.read(event.getBytes(StandardCharsets.UTF_8), QcComplete.class));
        } catch (EventFormatException e) {
            LOG.errorf(
                    e,
                    "A stored result cannot be read any more and is ignored result=%s scan=%s session=%s",
                    stem,
                    scan,
                    session);
            return Optional.empty();
        }
    }

    /** What there is to do about it under these definitions. */
    ToRedo toRedo(String currentDefinitions) {
        return new ToRedo(
                SessionRef.of(session), scan, stem, event, !definitions.equals(currentDefinitions), judgeAgain);
    }
}

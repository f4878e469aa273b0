package org.datman.qc.state;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import org.datman.contracts.event.GoldStandardSet;
import org.datman.contracts.event.QcComplete;
import org.datman.contracts.event.SessionRef;

/** The last results on all images. */
@ApplicationScoped
class StoredResults implements PanacheRepositoryBase<StoredResult, ResultKey> {

    private static final String IMAGE = " where session = ?1 and scan = ?2 and stem = ?3";

    void store(QcComplete result) {
        Optional<StoredResult> known =
                findByIdOptional(new ResultKey(result.session().identity(), result.scan(), result.stem()));
        known.ifPresentOrElse(stored -> stored.replace(result), () -> persist(new StoredResult(result)));
    }

    List<StoredResult> ofSession(SessionRef session) {
        return list("session", session.identity());
    }

    void upToDate(ResultKey image, String definitions) {
        update("definitions = ?4" + IMAGE, image.session(), image.scan(), image.stem(), definitions);
    }

    /** @param asked number of requests that were fulfilled; with more of them meanwhile the result stays marked */
    void evaluated(ResultKey image, long asked) {
        update("judgeAgain = 0" + IMAGE + " and judgeAgain = ?4", image.session(), image.scan(), image.stem(), asked);
    }

    void evaluateAgain(ResultKey image) {
        update("judgeAgain = judgeAgain + 1" + IMAGE, image.session(), image.scan(), image.stem());
    }

    /** Returns how many there are. */
    int evaluateAgain(GoldStandardSet gold) {
        // A result from before the day was recorded may be one of them: an unneeded evaluation changes nothing.
        return update(
                "judgeAgain = judgeAgain + 1"
                        + " where study = ?1 and site = ?2 and tag = ?3 and (day is null or day >= ?4)",
                gold.study(),
                gold.site(),
                gold.tag(),
                gold.validFrom());
    }
}

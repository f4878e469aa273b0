package org.datman.dashboard.preview;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.ClientErrorException;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.datman.contracts.study.RulePreview;
import org.datman.contracts.study.RulePreview.Totals;
import org.datman.contracts.study.StudyConfiguration;
import org.datman.contracts.study.StudyConfigurations;
import org.datman.dashboard.access.GrantedStudies;

/** Compares a candidate text with the texts in force over all known series. Changes nothing. */
@ApplicationScoped
class Previews {

    private final GrantedStudies studies;
    private final KnownSeries known;

    /** A preview uses all processors for a while: one at a time. */
    private final Semaphore one = new Semaphore(1);

    Previews(GrantedStudies studies, KnownSeries known) {
        this.studies = studies;
        this.known = known;
    }

    /** The study as the configuration folder has it now, in force or not. */
    StudyConfigurations proposed() {
        return studies.proposed();
    }

    /**
     * What the candidate would change.
     *
     * @param examples of each kind of change
     * @throws IllegalArgumentException when it claims what another study owns
     * @throws ClientErrorException when another preview is running
     */
    Totals of(StudyConfiguration candidate, int examples) {
        RulePreview preview = new RulePreview(studies.current(), candidate, examples);
        if (!one.tryAcquire()) {
            throw new ClientErrorException(
                    "Another preview is running; ask again when it has ended", Response.Status.CONFLICT);
        }
        try {
            List<String> projects = List.copyOf(preview.projects());
            known.each(projects, preview::addAll);
            return preview.totals();
        } finally {
            one.release();
        }
    }
}

package org.datman.ingest.redcap;

import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.datman.contracts.event.FormChecked;
import org.datman.contracts.event.FormChecked.State;
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.SessionDiscovered;
import org.datman.contracts.naming.DatmanIds;
import org.datman.contracts.naming.NamingException;
import org.datman.contracts.study.RedcapRule;
import org.datman.contracts.study.StudyConfiguration;
import org.datman.ingest.published.SessionStore;
import org.datman.platform.latest.LatestEvents;
import org.datman.platform.latest.RepeatedCheck;
import org.datman.platform.latest.RepeatedCheck.Facts;
import org.jspecify.annotations.Nullable;

/** Compares the forms of a study with its sessions, and publishes what changed since the last time. */
@ApplicationScoped
class FormCheck {

    private static final Facts<FormChecked> FORMS = new Facts<>(
            FormChecked::formRevision,
            FormChecked::configRevision,
            (fact, revision, configRevision) -> fact.withFormRevision(revision).withConfigRevision(configRevision),
            fact -> fact.state() == State.WITHDRAWN,
            FormRules::withdrawn);

    private final RedcapForms forms;
    private final SessionStore sessions;
    private final LatestEvents latest;
    private final RepeatedCheck check;
    private final Clock clock;

    FormCheck(RedcapForms forms, SessionStore sessions, LatestEvents latest, RepeatedCheck check, Clock clock) {
        this.forms = forms;
        this.sessions = sessions;
        this.latest = latest;
        this.check = check;
        this.clock = clock;
    }

    /** @param fault why REDCap could not be read this time; null when it was */
    void check(StudyConfiguration study, RedcapRule rule, @Nullable Reason fault) {
        List<FormChecked> changed = QuarkusTransaction.requiringNew().call(() -> {
            List<FormChecked> now =
                    new ArrayList<>(FormRules.of(study, rule, forms.of(study.code()), arrived(study), clock.instant()));
            if (fault != null) {
                now.add(FormRules.notRead(study, fault));
            }
            return RepeatedCheck.changed(published(study.code()), now, study.revision(), FORMS);
        });
        check.publish(changed);
    }

    /** Codes of the studies of whose forms something holds. */
    Set<String> studiesWithForms() {
        return QuarkusTransaction.requiringNew().call(() -> latest.beginningWith(FormChecked.class, "")).stream()
                .filter(form -> form.state() != State.WITHDRAWN)
                .map(FormChecked::study)
                .collect(Collectors.toSet());
    }

    /** The study expects no forms any more. */
    void withdrawAll(String study) {
        check.publish(QuarkusTransaction.requiringNew()
                .call(() -> RepeatedCheck.changed(published(study), List.of(), null, FORMS)));
    }

    private List<FormChecked> published(String study) {
        return latest.beginningWith(FormChecked.class, study + "/");
    }

    private List<FormRules.Arrived> arrived(StudyConfiguration study) {
        Map<String, Instant> firstSeen = sessions.firstSeen();
        return latest.sessionsOf(study).stream()
                .map(session -> arrived(
                        session, firstSeen.getOrDefault(session.session().identity(), clock.instant())))
                .toList();
    }

    private static FormRules.Arrived arrived(SessionDiscovered session, Instant firstSeen) {
        String name = session.name().orElseThrow();
        String timepoint;
        try {
            timepoint = DatmanIds.parse(name).withTimepoint();
        } catch (NamingException e) {
            // Outside today's grammar: only a form with this very name fits.
            timepoint = name;
        }
        return new FormRules.Arrived(
                name, timepoint, session.phantom(), session.date().orElse(null), firstSeen);
    }
}

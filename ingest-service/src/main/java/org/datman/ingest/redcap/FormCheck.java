package org.datman.ingest.redcap;

import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
import org.datman.platform.event.EventPublisher;
import org.datman.platform.latest.LatestEvents;
import org.datman.platform.outbox.Outbox;
import org.jspecify.annotations.Nullable;

/** Compares the forms of a study with its sessions, and publishes what changed since the last time. */
@ApplicationScoped
class FormCheck {

    /** Events of one transaction. */
    private static final int AT_ONCE = 200;

    private final RedcapForms forms;
    private final SessionStore sessions;
    private final LatestEvents latest;
    private final EventPublisher publisher;
    private final Outbox outbox;
    private final Clock clock;

    FormCheck(
            RedcapForms forms,
            SessionStore sessions,
            LatestEvents latest,
            EventPublisher publisher,
            Outbox outbox,
            Clock clock) {
        this.forms = forms;
        this.sessions = sessions;
        this.latest = latest;
        this.publisher = publisher;
        this.outbox = outbox;
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
            return changed(published(study.code()), now, study.revision());
        });
        publish(changed);
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
        publish(QuarkusTransaction.requiringNew().call(() -> changed(published(study), List.of(), "")));
    }

    private List<FormChecked> published(String study) {
        return latest.beginningWith(FormChecked.class, study + "/");
    }

    private List<FormRules.Arrived> arrived(StudyConfiguration study) {
        Map<String, Instant> firstSeen = sessions.firstSeen();
        return study.sitesByCode().keySet().stream()
                .flatMap(code -> latest.sessionsNamed(code + "_").stream())
                .filter(session -> session.status() != SessionDiscovered.Status.DELETED
                        && session.study().filter(study.code()::equals).isPresent())
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

    /** @param revision of the study configuration; empty when the study is not configured any more */
    static List<FormChecked> changed(List<FormChecked> last, List<FormChecked> now, String revision) {
        Map<String, FormChecked> known = new HashMap<>();
        last.forEach(form -> known.put(form.form(), form));
        List<FormChecked> changed = new ArrayList<>();
        now.forEach(form -> ifNew(known.remove(form.form()), form).ifPresent(changed::add));
        known.values().stream()
                .filter(form -> form.state() != State.WITHDRAWN)
                .flatMap(form ->
                        ifNew(form, FormRules.withdrawn(form, revision.isEmpty() ? form.configRevision() : revision))
                                .stream())
                .forEach(changed::add);
        return changed;
    }

    private static Optional<FormChecked> ifNew(@Nullable FormChecked last, FormChecked now) {
        return last != null && content(last).equals(content(now))
                ? Optional.empty()
                : Optional.of(now.withFormRevision(last == null ? 1 : last.formRevision() + 1));
    }

    private static FormChecked content(FormChecked form) {
        return form.withFormRevision(0).withConfigRevision("");
    }

    /** In transactions of bounded size. What a crash leaves out is found by the next check. */
    private void publish(List<FormChecked> changed) {
        for (int from = 0; from < changed.size(); from += AT_ONCE) {
            List<FormChecked> part = changed.subList(from, Math.min(from + AT_ONCE, changed.size()));
            QuarkusTransaction.requiringNew()
                    .run(() -> part.forEach(form -> {
                        latest.storeIfNewer(publisher.first(form));
                        outbox.publish(form);
                    }));
        }
    }
}

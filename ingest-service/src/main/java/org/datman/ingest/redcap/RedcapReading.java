package org.datman.ingest.redcap;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.scheduler.Scheduled;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.datman.contracts.event.Reason;
import org.datman.contracts.study.RedcapRule;
import org.datman.contracts.study.StudyConfiguration;
import org.datman.ingest.setting.Settings;
import org.datman.platform.event.OutageException;
import org.datman.platform.event.TransientErrors;
import org.datman.platform.study.Studies;
import org.jboss.logging.Logger;

/**
 * Reads the forms of each study from REDCap: the records of triggers at once, what changed since the last time now and then, and all of them
 * once a day; and the visit plan, as a whole now and then. A trigger is a hint, what REDCap exports is the truth: a lost trigger is made up for.
 */
@ApplicationScoped
public class RedcapReading {

    private static final Logger LOG = Logger.getLogger(RedcapReading.class);
    private static final String SINCE = "redcap-read.";
    private static final String ALL = "redcap-read-all.";
    private static final String PLAN = "plan of ";
    private static final int AT_ONCE = 100;

    private final Studies studies;
    private final RedcapApi api;
    private final RedcapForms forms;
    private final FormCheck check;
    private final PlanCheck plans;
    private final Settings stored;
    private final RedcapSettings settings;
    private final Clock clock;
    private final Map<String, Instant> next = new ConcurrentHashMap<>();
    private final Set<String> failed = ConcurrentHashMap.newKeySet();
    private final Map<String, CompletableFuture<Void>> running = new ConcurrentHashMap<>();
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "redcap");
        thread.setDaemon(true);
        return thread;
    });

    RedcapReading(
            Studies studies,
            RedcapApi api,
            RedcapForms forms,
            FormCheck check,
            PlanCheck plans,
            Settings stored,
            RedcapSettings settings,
            Clock clock) {
        this.studies = studies;
        this.api = api;
        this.forms = forms;
        this.check = check;
        this.plans = plans;
        this.stored = stored;
        this.settings = settings;
        this.clock = clock;
    }

    @PreDestroy
    void stop() {
        threads.shutdownNow();
    }

    @Scheduled(
            every = "${datman.redcap.tick:5s}",
            concurrentExecution = Scheduled.ConcurrentExecution.SKIP,
            skipExecutionIf = Scheduled.ApplicationNotRunning.class)
    void tick() {
        begin();
    }

    /**
     * Begins to read what is due, each study in a thread of its own: a REDCap that does not answer delays no other study.
     *
     * @return the readings under way
     */
    Collection<CompletableFuture<Void>> begin() {
        Map<String, StudyConfiguration> expecting = new HashMap<>();
        try {
            studies.current().valid().forEach((code, study) -> {
                if (study.open()
                        && (study.findRedcap().isPresent()
                                || study.findRedcapPlan().isPresent())) {
                    expecting.put(code, study);
                }
            });
        } catch (OutageException e) {
            LOG.warnf("REDCap not read, the studies cannot be read now reason=%s", e.getMessage());
            return List.of();
        }
        running.values().removeIf(CompletableFuture::isDone);
        expecting
                .values()
                .forEach(study -> running.computeIfAbsent(
                        study.code(), code -> CompletableFuture.runAsync(() -> readOrLog(study), threads)));
        if (isDue("")) {
            next.put("", clock.instant().plus(settings.readEvery()));
            Set<String> withForms = expecting.values().stream()
                    .filter(study -> study.findRedcap().isPresent())
                    .map(StudyConfiguration::code)
                    .collect(Collectors.toSet());
            int dropped = QuarkusTransaction.requiringNew().call(() -> forms.forgetTriggersExcept(withForms));
            if (dropped > 0) {
                LOG.infof("Triggers dropped, their studies expect no forms any more count=%d", dropped);
            }
            // What a study has of both that is expected no more, its own thread withdraws.
            check.studiesWithForms().stream()
                    .filter(code -> !expecting.containsKey(code) && !running.containsKey(code))
                    .forEach(this::forget);
            plans.studiesWithPlan().stream()
                    .filter(code -> !expecting.containsKey(code) && !running.containsKey(code))
                    .forEach(plans::withdrawAll);
        }
        return running.values();
    }

    private void readOrLog(StudyConfiguration study) {
        String code = study.code();
        try {
            study.findRedcap().ifPresentOrElse(rule -> read(study, rule), () -> ifDue(code, () -> forget(code)));
        } catch (RuntimeException e) {
            LOG.errorf(e, "Forms of a study not checked, tried again study=%s", code);
        }
        try {
            ifDue(PLAN + code, () -> study.findRedcapPlan()
                    .ifPresentOrElse(
                            plan -> attempt(code, () -> plans.read(study, plan))
                                    .ifPresent(fault -> plans.notRead(study, fault)),
                            () -> plans.withdrawAll(code)));
        } catch (RuntimeException e) {
            LOG.errorf(e, "Visit plan of a study not read, tried again study=%s", code);
        }
    }

    private void ifDue(String what, Runnable work) {
        if (isDue(what)) {
            work.run();
            next.put(what, clock.instant().plus(settings.readEvery()));
        }
    }

    /** The study expects no forms any more. */
    private void forget(String study) {
        QuarkusTransaction.requiringNew().run(() -> {
            forms.deleteAll(study);
            stored.store(SINCE + study, "");
            stored.store(ALL + study, "");
        });
        next.remove(study);
        check.withdrawAll(study);
    }

    private boolean isDue(String what) {
        return !clock.instant().isBefore(next.getOrDefault(what, Instant.MIN));
    }

    private void read(StudyConfiguration study, RedcapRule rule) {
        boolean due = isDue(study.code());
        if (!due && failed.contains(study.code())) {
            return;
        }
        List<String> waiting = QuarkusTransaction.requiringNew().call(() -> forms.waiting(study.code(), AT_ONCE));
        if (!due && waiting.isEmpty()) {
            return;
        }
        // What changed is read though the triggers' records cannot be, and the other way round.
        List<Reason> faults = new ArrayList<>();
        if (!waiting.isEmpty()) {
            attempt(study.code(), () -> readRecords(study, rule, waiting)).ifPresent(faults::add);
        }
        if (due) {
            attempt(study.code(), () -> readChanged(study, rule)).ifPresent(faults::add);
        }
        if (faults.isEmpty()) {
            failed.remove(study.code());
        } else {
            failed.add(study.code());
        }
        if (due || !faults.isEmpty()) {
            next.put(study.code(), clock.instant().plus(settings.readEvery()));
        }
        // Of two, the one about the whole: the records of triggers are among what it reads.
        check.check(study, rule, faults.isEmpty() ? null : faults.get(faults.size() - 1));
    }

    /** One way of reading. */
    @FunctionalInterface
    private interface Reading {
        void run() throws RedcapException;
    }

    /** Why it could not be read, if so. */
    private static Optional<Reason> attempt(String study, Reading reading) {
        try {
            reading.run();
            return Optional.empty();
        } catch (RedcapException e) {
            LOG.warnf("REDCap not read study=%s reason=%s", study, e.reason().code());
            return Optional.of(e.reason());
        } catch (RuntimeException e) {
            if (TransientErrors.isOutage(e)) {
                throw e;
            }
            LOG.errorf(e, "What REDCap exported is not stored study=%s", study);
            return Optional.of(new Reason(
                    "redcap-not-stored",
                    "REDCap was read and what it exported cannot be stored, for a "
                            + e.getClass().getSimpleName(),
                    "Look at the log of ingest; it is read again by itself"));
        }
    }

    /** The records of triggers. One that REDCap refuses to export is dropped with a fact, and holds up no other. */
    private void readRecords(StudyConfiguration study, RedcapRule rule, List<String> records) throws RedcapException {
        try {
            readAtOnce(study, rule, records);
        } catch (RedcapException e) {
            if (!e.isRefusal()) {
                throw e;
            }
            // Throws when REDCap refuses whatever is asked for.
            api.changed(study.code(), rule, clock.instant());
            readInParts(study, rule, records, e);
        }
    }

    private void readInParts(StudyConfiguration study, RedcapRule rule, List<String> records, RedcapException refusal)
            throws RedcapException {
        if (records.size() == 1) {
            LOG.warnf("A trigger is dropped, REDCap refuses to export its record study=%s", study.code());
            Instant now = clock.instant();
            QuarkusTransaction.requiringNew().run(() -> {
                forms.refused(
                        study.code(),
                        records.get(0),
                        ReadForm.faulty(refusal.reason().message()),
                        now);
                forms.read(study.code(), records, now);
            });
            return;
        }
        int half = records.size() / 2;
        for (List<String> part : List.of(records.subList(0, half), records.subList(half, records.size()))) {
            try {
                readAtOnce(study, rule, part);
            } catch (RedcapException e) {
                if (!e.isRefusal()) {
                    throw e;
                }
                readInParts(study, rule, part, e);
            }
        }
    }

    private void readAtOnce(StudyConfiguration study, RedcapRule rule, List<String> records) throws RedcapException {
        Instant begun = clock.instant();
        List<RedcapRow> rows = api.records(study.code(), rule, records);
        Map<RedcapKey, ReadForm> read = completed(study, rule, rows);
        Set<String> found = rows.stream().map(RedcapRow::record).collect(Collectors.toSet());
        records.stream()
                .filter(record -> !found.contains(record))
                .forEach(record -> read.put(
                        new RedcapKey(record, ""),
                        ReadForm.faulty("REDCap sent a trigger for the record and does not export it")));
        store(study.code(), records, read, begun);
    }

    private void store(String study, List<String> records, Map<RedcapKey, ReadForm> read, Instant begun) {
        QuarkusTransaction.requiringNew().run(() -> {
            forms.store(study, new HashSet<>(records), read, begun);
            forms.read(study, records, begun);
        });
    }

    private void readChanged(StudyConfiguration study, RedcapRule rule) throws RedcapException {
        String code = study.code();
        Instant begun = clock.instant();
        Instant since = time(SINCE + code);
        boolean all = since.equals(Instant.EPOCH)
                || Duration.between(time(ALL + code), begun).compareTo(settings.readAllEvery()) >= 0;
        List<RedcapRow> rows = api.changed(code, rule, all ? null : since);
        int known = QuarkusTransaction.requiringNew().call(() -> forms.of(code)).size();
        if (all && rows.isEmpty() && known > 0) {
            throw new RedcapException(new Reason(
                    "redcap-empty",
                    "REDCap exports no record, where it had " + known + " completed forms before; these still count",
                    "Give the account of the API token the right to export the project. If it was emptied on purpose, take Redcap"
                            + " out of the study file for an hour"));
        }
        Set<String> records =
                all ? Set.of() : rows.stream().map(RedcapRow::record).collect(Collectors.toSet());
        Map<RedcapKey, ReadForm> read = completed(study, rule, rows);
        QuarkusTransaction.requiringNew().run(() -> {
            if (all || !records.isEmpty()) {
                forms.store(code, records, read, begun);
            }
            stored.store(SINCE + code, begun.toString());
            if (all) {
                stored.store(ALL + code, begun.toString());
            }
        });
    }

    private Instant time(String name) {
        String value = QuarkusTransaction.requiringNew().call(() -> stored.value(name));
        return value.isEmpty() ? Instant.EPOCH : Instant.parse(value);
    }

    /** The completed forms; of a form that a record has several times none can be assigned. */
    static Map<RedcapKey, ReadForm> completed(StudyConfiguration study, RedcapRule rule, Collection<RedcapRow> rows) {
        Map<RedcapKey, ReadForm> forms = new HashMap<>();
        rows.stream()
                .filter(row -> rule.complete().contains(row.complete()))
                .collect(Collectors.groupingBy(RedcapRow::key))
                .forEach((key, same) -> forms.put(
                        key,
                        same.size() == 1
                                ? ReadForm.of(study, rule, same.get(0))
                                : ReadForm.faulty("the record has it " + same.size() + " times")));
        return forms;
    }
}

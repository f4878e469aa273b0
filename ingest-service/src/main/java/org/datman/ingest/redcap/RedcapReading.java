package org.datman.ingest.redcap;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.datman.contracts.event.Reason;
import org.datman.contracts.study.RedcapRule;
import org.datman.contracts.study.StudyConfiguration;
import org.datman.ingest.setting.Settings;
import org.datman.platform.event.OutageException;
import org.datman.platform.study.Studies;
import org.jboss.logging.Logger;

/**
 * Reads the forms of each study from REDCap: the records of triggers at once, what changed since the last time now and then, and all of them
 * once a day. A trigger is a hint, what REDCap exports is the truth: a lost trigger is made up for.
 */
@ApplicationScoped
public class RedcapReading {

    private static final Logger LOG = Logger.getLogger(RedcapReading.class);
    private static final String SINCE = "redcap-read.";
    private static final String ALL = "redcap-read-all.";
    private static final int AT_ONCE = 100;

    private final Studies studies;
    private final RedcapApi api;
    private final RedcapForms forms;
    private final FormCheck check;
    private final Settings stored;
    private final RedcapSettings settings;
    private final Clock clock;
    private final Map<String, Instant> next = new ConcurrentHashMap<>();
    private final Set<String> failed = ConcurrentHashMap.newKeySet();

    RedcapReading(
            Studies studies,
            RedcapApi api,
            RedcapForms forms,
            FormCheck check,
            Settings stored,
            RedcapSettings settings,
            Clock clock) {
        this.studies = studies;
        this.api = api;
        this.forms = forms;
        this.check = check;
        this.stored = stored;
        this.settings = settings;
        this.clock = clock;
    }

    /** Reads what is due. A study whose REDCap does not answer delays no other. */
    @Scheduled(
            every = "${datman.redcap.tick:5s}",
            concurrentExecution = Scheduled.ConcurrentExecution.SKIP,
            skipExecutionIf = Scheduled.ApplicationNotRunning.class)
    public void read() {
        Map<String, StudyConfiguration> expecting = new HashMap<>();
        try {
            studies.current().valid().forEach((code, study) -> {
                if (study.open() && study.findRedcap().isPresent()) {
                    expecting.put(code, study);
                }
            });
        } catch (OutageException e) {
            LOG.warnf("REDCap not read, the studies cannot be read now reason=%s", e.getMessage());
            return;
        }
        expecting.forEach((code, study) -> {
            try {
                read(study, study.findRedcap().orElseThrow());
            } catch (RuntimeException e) {
                LOG.errorf(e, "Forms of a study not checked, tried again study=%s", code);
            }
        });
        if (isDue("")) {
            next.put("", clock.instant().plus(settings.readEvery()));
            check.studiesWithForms().stream()
                    .filter(code -> !expecting.containsKey(code))
                    .forEach(this::forget);
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
        Reason fault = null;
        try {
            if (!waiting.isEmpty()) {
                readRecords(study, rule, waiting);
            }
            if (due) {
                readChanged(study, rule);
            }
            failed.remove(study.code());
        } catch (RedcapException e) {
            LOG.warnf(
                    "REDCap not read study=%s reason=%s",
                    study.code(), e.reason().code());
            failed.add(study.code());
            fault = e.reason();
        }
        if (due || fault != null) {
            next.put(study.code(), clock.instant().plus(settings.readEvery()));
        }
        check.check(study, rule, fault);
    }

    private void readRecords(StudyConfiguration study, RedcapRule rule, List<String> records) throws RedcapException {
        Instant begun = clock.instant();
        List<RedcapRow> rows = api.records(study.code(), rule, records);
        Map<RedcapKey, ReadForm> read = completed(study, rule, rows);
        Set<String> found = rows.stream().map(RedcapRow::record).collect(Collectors.toSet());
        records.stream()
                .filter(record -> !found.contains(record))
                .forEach(record -> read.put(
                        new RedcapKey(record, ""),
                        ReadForm.faulty("REDCap sent a trigger for the record and does not export it")));
        QuarkusTransaction.requiringNew().run(() -> {
            forms.store(study.code(), new HashSet<>(records), read, begun);
            forms.read(study.code(), records, begun);
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
